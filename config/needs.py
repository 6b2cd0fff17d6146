"""What settings call for in others, and which contradict one another: each account has one way to sign in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from bot.errors import SettingError

if TYPE_CHECKING:
    from config.settings import Settings

# Whether it is called for, its path, its value.
Need = tuple[bool, str, object]

OTHER_WAYS = {
    "jira.api_token": " (with VOC_JIRA__EMAIL). Other ways: VOC_JIRA__PERSONAL_TOKEN for Data Center, "
    "VOC_JIRA__CLIENT_ID for OAuth, or VOC_SECRET_KEY and `python -m bot connect jira`",
    "linear.api_key": ". Other ways: VOC_LINEAR__CLIENT_ID for OAuth, "
    "or VOC_SECRET_KEY and `python -m bot connect linear`",
}


def missing(settings: Settings) -> Iterator[str]:
    """Yield the path of each setting that others call for."""
    parts = (_of_zendesk, _of_jira, _of_linear, _of_slack, _of_matching)
    for is_called_for, path, value in chain.from_iterable(part(settings) for part in parts):
        if is_called_for and not value:
            yield path


def _of_zendesk(settings: Settings) -> Iterator[Need]:
    zendesk = settings.zendesk
    by_client = bool(zendesk.client_id or zendesk.client_secret)
    can_sign_in = by_client or bool(zendesk.access_token or zendesk.api_token)
    yield by_client, "zendesk.client_id", zendesk.client_id
    yield by_client, "zendesk.client_secret", zendesk.client_secret
    yield by_client, "secret_key", settings.secret_key
    yield bool(zendesk.api_token), "zendesk.email", zendesk.email
    yield bool(zendesk.email) and not can_sign_in, "zendesk.api_token", zendesk.api_token
    yield bool(zendesk.url) and not zendesk.email and not can_sign_in, "zendesk.client_id", None
    yield can_sign_in, "zendesk.url", zendesk.url


def _of_jira(settings: Settings) -> Iterator[Need]:
    jira = settings.jira
    by_client = bool(jira.client_id or jira.client_secret)
    given = (jira.url, jira.email, jira.api_token, jira.personal_token, jira.webhook_secret)
    is_used = by_client or any(given)
    has_way = by_client or bool(jira.personal_token or settings.secret_key)
    yield is_used, "jira.url", jira.url
    yield bool(jira.api_token) or (is_used and not has_way), "jira.email", jira.email
    yield is_used and not has_way, "jira.api_token", jira.api_token
    yield by_client, "jira.client_id", jira.client_id
    yield by_client, "jira.client_secret", jira.client_secret
    yield by_client, "secret_key", settings.secret_key
    yield is_used, "jira.projects", settings.jira_projects


def _of_linear(settings: Settings) -> Iterator[Need]:
    linear = settings.linear
    by_client = bool(linear.client_id or linear.client_secret)
    is_used = by_client or settings.has_linear or bool(linear.webhook_secret)
    yield is_used and not by_client and not settings.secret_key, "linear.api_key", linear.api_key
    yield by_client, "linear.client_id", linear.client_id
    yield by_client, "linear.client_secret", linear.client_secret
    yield by_client, "secret_key", settings.secret_key
    yield is_used, "linear.teams", settings.linear_teams


def _of_slack(settings: Settings) -> Iterator[Need]:
    slack = settings.slack
    has_channels = any(route.owner_channel or route.digest_channels for route in settings.routes)
    has_channels = has_channels or bool(settings.channels)
    by_client = bool(slack.client_id or slack.client_secret or slack.workspaces)
    is_used = has_channels or bool(slack.app_token or slack.signing_secret)
    yield is_used and not by_client, "slack.bot_token", slack.bot_token
    yield by_client, "slack.client_id", slack.client_id
    yield by_client, "slack.client_secret", slack.client_secret
    yield by_client, "slack.signing_secret", slack.signing_secret
    yield by_client, "slack.workspaces", slack.workspaces
    yield by_client, "web.public_url", settings.web.public_url
    yield by_client, "secret_key", settings.secret_key


def _of_matching(settings: Settings) -> Iterator[Need]:
    matching = settings.matching
    yield matching.embedder == "onnx", "matching.model_dir", matching.model_dir
    yield matching.embedder == "openai", "matching.url", matching.url
    yield matching.embedder in ("fastembed", "openai"), "matching.model", matching.model


def contradictions(settings: Settings) -> Iterator[SettingError]:
    """Yield what can't both be meant."""
    jira, linear = settings.jira, settings.linear
    yield from _one_of(
        jira.feature,
        {
            "VOC_JIRA__API_TOKEN": jira.api_token,
            "VOC_JIRA__PERSONAL_TOKEN": jira.personal_token,
            "VOC_JIRA__CLIENT_ID": jira.client_id,
        },
    )
    yield from _one_of(
        linear.feature, {"VOC_LINEAR__API_KEY": linear.api_key, "VOC_LINEAR__CLIENT_ID": linear.client_id}
    )
    slack = settings.slack
    yield from _one_of(
        slack.feature, {"VOC_SLACK__BOT_TOKEN": slack.bot_token, "VOC_SLACK__CLIENT_ID": slack.client_id}
    )
    yield from _of_deployment(settings)
    if settings.has_jira and set(jira.projects) & set(linear.teams):
        problem = "shares a key with VOC_JIRA__PROJECTS"
        remedy = "Voc tells projects and teams apart by their keys: leave it out of one, or rename one"
        yield SettingError("VOC_LINEAR__TEAMS", problem, feature=linear.feature, remedy=remedy)


def _one_of(feature: str, ways: dict[str, object]) -> Iterator[SettingError]:
    first, *others = [variable for variable, value in ways.items() if value] or [""]
    for other in others:
        remedy = "Choose one way to sign in, and take the other out"
        yield SettingError(other, f"contradicts {first}", feature=feature, remedy=remedy)


def _of_deployment(settings: Settings) -> Iterator[SettingError]:
    jira = settings.jira
    strangers = {"server": ("api_token", "client_id"), "cloud": ("personal_token",)}
    for key in strangers.get(jira.deployment or "", ()):
        if getattr(jira, key):
            problem = f"does not go with VOC_JIRA__DEPLOYMENT={jira.deployment}"
            remedy = "Data Center takes a personal access token, Cloud an API token or OAuth"
            yield SettingError(f"VOC_JIRA__{key.upper()}", problem, feature=jira.feature, remedy=remedy)
    if jira.client_id and "/ex/jira/" in (jira.url or ""):
        problem, remedy = "must be the site's own address with OAuth", "Example: https://acme.atlassian.net"
        yield SettingError("VOC_JIRA__URL", problem, feature=jira.feature, remedy=remedy)
