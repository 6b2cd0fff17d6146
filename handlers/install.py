"""/slack/install and /slack/oauth_redirect: the pages by which a workspace lets Voc in."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, Response, make_response, request
from markupsafe import Markup

from bot.errors import IntegrationError, RequestError, SettingError
from bot.i18n import LANGUAGES, language, speaking, t
from bot.ports import Clock
from bot.repositories import Work
from integrations.slack.installs import Installs
from integrations.slack.oauth import Grant, SlackOAuth

log = logging.getLogger(__name__)

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
COOKIE = "voc_install"
LASTS = timedelta(minutes=10)
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
}
PAGE = Markup(
    "<!doctype html><html lang={language}><meta charset=utf-8><title>Voc</title>"
    "<meta name=viewport content='width=device-width'><style>body{{font:1.1rem/1.5 system-ui;max-width:34rem;"
    "margin:4rem auto;padding:0 1rem;color-scheme:light dark}}a.button{{display:inline-block;"
    "padding:.6rem 1rem;border-radius:.4rem;background:#1f3a5f;color:#fff;text-decoration:none}}"
    "</style><main>{content}</main>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installing:
    """What installing needs.

    teams: ids of the workspaces that may have Voc. scopes: each with what needs it. seal, unseal: keep the
    state from being made by others; unseal raises SettingError for what seal did not make.
    """

    oauth: SlackOAuth
    installs: Installs
    work: Work
    clock: Clock
    teams: Set[str]
    scopes: Mapping[str, str]
    seal: Callable[[bytes], bytes]
    unseal: Callable[[bytes], bytes]


def add_pages(app: Flask, installing: Installing) -> None:
    """Serve both pages."""
    app.add_url_rule(INSTALL, "install", lambda: _spoken(lambda: _offer(installing)))
    app.add_url_rule(REDIRECT, "installed", lambda: _spoken(lambda: _finish(installing)))


def _spoken(page: Callable[[], Response]) -> Response:
    """Return the page in the browser's language; what a person did wrong is a page too."""
    with speaking(request.accept_languages.best_match(LANGUAGES) or ""):
        try:
            answer = page()
        except RequestError as exc:
            answer = _page(t(exc.message, **exc.facts), t("Start again"), INSTALL, status=400)
        except IntegrationError as exc:
            reference = secrets.token_hex(3)
            log.error("workspace not installed", extra={"error": str(exc), "reference": reference})
            said = t("Slack did not let Voc in (reference {reference}).", reference=reference)
            answer = _page(said, t("Start again"), INSTALL, status=502)
    answer.headers.update(HEADERS)
    return answer


def _offer(installing: Installing) -> Response:
    """Show the button. The browser is known again by a cookie when it comes back."""
    browser = secrets.token_urlsafe(24)
    state = {"browser": _digest(browser), "at": installing.clock.now().timestamp()}
    sealed = installing.seal(json.dumps(state).encode()).decode()
    said = t("Voc brings what customers say to the people who build the product.")
    answer = _page(said, t("Add to Slack"), installing.oauth.page(sealed))
    answer.set_cookie(
        COOKIE,
        browser,
        max_age=LASTS,
        path="/slack",
        secure=request.is_secure or request.headers.get("X-Forwarded-Proto") == "https",
        httponly=True,
        samesite="Lax",  # it must come along when Slack sends the browser back
    )
    return answer


def _finish(installing: Installing) -> Response:
    """Take what Slack sent the browser back with."""
    _must_be_ours(installing, request.args.get("state", ""))
    if request.args.get("error") or not (code := request.args.get("code")):
        raise RequestError("Nothing was installed: Slack was told no.")
    grant = installing.oauth.granted(code)
    team = grant.installation.team
    if team not in installing.teams:
        installing.oauth.revoke(grant.access_token)
        raise RequestError(
            "This workspace may not have Voc yet. Whoever runs Voc adds {team} to VOC_SLACK__WORKSPACES.",
            team=team,
        )
    installing.installs.put(grant)
    log.info("workspace installed", extra={"team": team, "scopes": len(grant.installation.scopes)})
    return _done(installing, grant)


def _must_be_ours(installing: Installing, state: str) -> None:
    """Raise RequestError unless this browser was given the state here lately, and uses it the first time."""
    now, cookie = installing.clock.now(), request.cookies.get(COOKIE, "")
    try:
        made = json.loads(installing.unseal(state.encode()))
    except SettingError:
        made = {"browser": "", "at": 0.0}
    is_its = secrets.compare_digest(made["browser"], _digest(cookie))
    is_fresh = 0 <= now.timestamp() - made["at"] <= LASTS.total_seconds()
    with installing.work() as unit:
        is_new = is_its and is_fresh and unit.deliveries.is_new("slack install", _digest(state), now)
        unit.commit()
    if not is_new:
        raise RequestError("This page was used before, or waited for too long. Start again.")


def _done(installing: Installing, grant: Grant) -> Response:
    granted = grant.installation.scopes
    lines = [
        t("Voc is installed in {workspace}.", workspace=grant.installation.name),
        t("Type /invite @voc in the channels that shall hear from it, then /voc help."),
    ]
    lines += [
        t("Not granted: {scope}, needed for {feature}.", scope=scope, feature=feature)
        for scope, feature in installing.scopes.items()
        if scope not in granted
    ]
    answer = _page("\n".join(lines))
    answer.delete_cookie(COOKIE, path="/slack")
    return answer


def _page(said: str, label: str = "", address: str = "", *, status: int = 200) -> Response:
    content = Markup("<h1>Voc</h1>")
    content += Markup("").join(Markup("<p>{}").format(line) for line in said.split("\n"))
    if address:
        content += Markup("<p><a class=button href='{}'>{}</a>").format(address, label)
    return make_response(PAGE.format(language=language(), content=content), status)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
