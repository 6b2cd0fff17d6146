"""The page's application: renders the stand-ins' state, and turns presses into what Slack would send."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, jsonify, render_template, request, send_file

from integrations.sandbox.serving import Sandbox
from integrations.sandbox.slack.stand_in import SlackStandIn
from integrations.sandbox.viewer.linear import LinearPage, linear_issues
from integrations.sandbox.viewer.reading import JiraPage, Json, SlackPage, annotated_issues, slack_state

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def viewer_app(sandbox: Sandbox) -> Flask:
    """Return the application: `/` shows it all, `/main` what changes, `/act` takes presses as JSON."""
    app = Flask("viewer", root_path=__file__.rpartition("/")[0])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(_refuse_strangers)
    app.after_request(_protect)
    app.add_url_rule("/", "page", lambda: render_template("page.html", **_context(sandbox)))
    app.add_url_rule("/main", "main", lambda: render_template("main.html", **_context(sandbox)))
    app.add_url_rule("/file/<file_id>", "file", lambda file_id: _file(_slack(sandbox), file_id))
    app.add_url_rule("/act", "act", lambda: _act(_slack(sandbox)), methods=["POST"])
    return app


def _slack(sandbox: Sandbox) -> SlackStandIn:
    stand_in = sandbox.stand_ins["slack"]
    assert isinstance(stand_in, SlackStandIn)  # noqa: S101 - the registry's only one of that name
    return stand_in


def _context(sandbox: Sandbox) -> Json:
    state = slack_state(sandbox)
    people = state["users"]
    person = request.args.get("as") or (people[0]["id"] if people else "")
    slack, jira = SlackPage(state, person), JiraPage(annotated_issues(sandbox))
    linear = LinearPage(linear_issues(sandbox))
    channels = slack.channels()
    first = next((c["id"] for c in channels if c["count"]), "")
    show = request.args.get("show") or f"channel:{first}"
    kind, _, name = show.partition(":")
    return {
        "team": state["team"],
        "people": people,
        "person": person,
        "channels": channels,
        "jira": jira,
        "linear": linear,
        "show": show,
        "channel": next((c for c in channels if kind == "channel" and c["id"] == name), None),
        "messages": slack.messages(name) if kind == "channel" else [],
        "ticket": jira.ticket(name) if kind == "ticket" else None,
        "issue": linear.ticket(name) if kind == "linear" else None,
        "modal": slack.modal(),
        "home": slack.home() if show == "home" else None,
    }


def _file(slack: SlackStandIn, file_id: str) -> Response:
    with slack.lock:
        file = slack.space.files.get(file_id)
        content = file.content if file else None
    if content is None or not content.startswith(b"\x89PNG"):
        abort(404)
    return send_file(io.BytesIO(content), mimetype="image/png")


def _act(slack: SlackStandIn) -> Response:
    """Do what the person did and answer how Slack took it. A thing that has changed meanwhile is "gone"."""
    body = request.get_json()
    person, do, values = str(body["as"]), slack.interactor, body.get("values") or {}
    where = (str(body.get("block")), str(body.get("action")))
    acts: dict[str, Callable[[], Json]] = {
        "command": lambda: do.command(person, body["channel"], body["text"]),
        "press": lambda: do.press(person, body["channel"], body["ts"], *where, body.get("value")),
        "dispatch": lambda: do.act_in_view(person, body["view"], *where, body.get("value")),
        "home": lambda: {"status": "ok", "told": bool(slack.talking.open_home(person))},
        "suggest": lambda: do.suggest(person, body["view"], *where, str(body.get("value") or "")),
        "submit": lambda: do.submit(person, body["view"], values),
        "close": lambda: do.close(person, body["view"]),
    }
    try:
        outcome: Json = acts[str(body["do"])]()
    except (KeyError, ValueError, StopIteration):
        outcome = {"status": "gone"}
    return jsonify(outcome)


def _refuse_strangers() -> None:
    """Refuse what another web page sends: another host name or origin, or a body that a form can make."""
    if urlsplit(f"//{request.host}").hostname not in ("127.0.0.1", "localhost"):
        abort(403)
    home = request.host_url.rstrip("/")
    if request.method == "POST" and (not request.is_json or request.headers.get("Origin", home) != home):
        abort(403)


def _protect(answer: Response) -> Any:
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer
