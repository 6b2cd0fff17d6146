"""What set-up asks, in order."""

from __future__ import annotations

from dataclasses import dataclass

SLOWEST_PER_S = 4.0  # conversations that are read one by one


@dataclass(frozen=True, slots=True)
class Question:
    """One setting to ask for. A secret goes to `.env`, the others to their place in `voc.toml`."""

    variable: str
    text: str
    default: str = ""
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """One way to sign in. then: the next step where a check is not possible yet."""

    label: str
    questions: tuple[Question, ...]
    then: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """Return what it asks for."""
        return tuple(question.variable for question in self.questions)


@dataclass(frozen=True, slots=True)
class Step:
    """One integration. pieces_per_s: how fast its first import goes, 0 for what is no source."""

    key: str
    title: str
    about: str
    ways: tuple[Way, ...]
    pieces_per_s: float = 0.0


def _secret(variable: str, text: str) -> Question:
    return Question(variable, text, is_secret=True)


PUBLIC_URL = Question("VOC_WEB__PUBLIC_URL", "Address under which Slack reaches this server (https://…)")
BOT_TOKEN = _secret("VOC_SLACK__BOT_TOKEN", "Bot User OAuth Token (OAuth & Permissions; xoxb-…)")
APP_TOKEN = _secret(
    "VOC_SLACK__APP_TOKEN", "App-level token with connections:write (Basic Information; xapp-…)"
)
SIGNING_SECRET = _secret("VOC_SLACK__SIGNING_SECRET", "Signing secret (Basic Information)")
SLACK_CLIENT = Question("VOC_SLACK__CLIENT_ID", "Client id (Basic Information)")
ZENDESK_URL = Question("VOC_ZENDESK__URL", "Address of your Zendesk (https://….zendesk.com)")
JIRA_URL = Question("VOC_JIRA__URL", "Address of your Jira (https://….atlassian.net)")
JIRA_TOKEN = (
    Question("VOC_JIRA__EMAIL", "E-mail address of the account"),
    _secret("VOC_JIRA__API_TOKEN", "API token (id.atlassian.com, Security)"),
)
JIRA_PROJECTS = Question("VOC_JIRA__PROJECTS", "Keys of the projects, with commas between")
LINEAR_TEAMS = Question("VOC_LINEAR__TEAMS", "Keys of the teams, with commas between")
STEPS = (
    Step(
        "zendesk",
        "Zendesk (a source of feedback)",
        "An admin has to allow the access: only admins may read the incremental exports.",
        (
            Way(
                "OAuth client (what Zendesk offers now)",
                (
                    ZENDESK_URL,
                    Question("VOC_ZENDESK__CLIENT_ID", "Identifier of the OAuth client"),
                    _secret("VOC_ZENDESK__CLIENT_SECRET", "Secret of the OAuth client"),
                ),
                then="python -m bot connect zendesk",
            ),
            Way(
                "Access token",
                (ZENDESK_URL, _secret("VOC_ZENDESK__ACCESS_TOKEN", "Access token")),
            ),
            Way(
                "API token made earlier",
                (
                    ZENDESK_URL,
                    Question("VOC_ZENDESK__EMAIL", "E-mail address of its owner"),
                    _secret("VOC_ZENDESK__API_TOKEN", "API token"),
                ),
            ),
        ),
        pieces_per_s=10,
    ),
    Step(
        "intercom",
        "Intercom (a source of feedback)",
        "Make an app in the Developer Hub; its access token is on the page Authentication.",
        (
            Way(
                "Access token",
                (
                    Question(
                        "VOC_INTERCOM__URL",
                        "Address of the API (EU and Australia have their own)",
                        "https://api.intercom.io",
                    ),
                    _secret("VOC_INTERCOM__ACCESS_TOKEN", "Access token"),
                ),
            ),
        ),
        pieces_per_s=SLOWEST_PER_S,
    ),
    Step(
        "jira",
        "Jira (tickets)",
        "The account needs to browse the projects, comment, edit its own comments and link issues.",
        (
            Way("API token (Cloud)", (JIRA_URL, *JIRA_TOKEN, JIRA_PROJECTS)),
            Way(
                "API token with scopes (Cloud), which works at Atlassian's gateway alone",
                (
                    Question(
                        "VOC_JIRA__URL", "The gateway (https://api.atlassian.com/ex/jira/ and the cloud id)"
                    ),
                    Question("VOC_JIRA__SITE_URL", "Address of your Jira (https://….atlassian.net)"),
                    *JIRA_TOKEN,
                    JIRA_PROJECTS,
                ),
            ),
            Way(
                "OAuth 2.0 integration (Cloud)",
                (
                    JIRA_URL,
                    Question("VOC_JIRA__CLIENT_ID", "Client id of the OAuth 2.0 integration"),
                    _secret("VOC_JIRA__CLIENT_SECRET", "Secret of the OAuth 2.0 integration"),
                    JIRA_PROJECTS,
                ),
                then="python -m bot connect jira",
            ),
            Way(
                "Personal access token (Data Center)",
                (
                    Question("VOC_JIRA__URL", "Address of your Jira (https://jira.…)"),
                    _secret("VOC_JIRA__PERSONAL_TOKEN", "Personal access token (Profile)"),
                    JIRA_PROJECTS,
                ),
            ),
        ),
    ),
    Step(
        "linear",
        "Linear (tickets)",
        "A key acts in its owner's name, an OAuth application in its own; only admins may allow the latter.",
        (
            Way(
                "API key",
                (_secret("VOC_LINEAR__API_KEY", "API key (Settings, Security & access)"), LINEAR_TEAMS),
            ),
            Way(
                "OAuth application",
                (
                    Question("VOC_LINEAR__CLIENT_ID", "Client id of the OAuth application"),
                    _secret("VOC_LINEAR__CLIENT_SECRET", "Secret of the OAuth application"),
                    LINEAR_TEAMS,
                ),
                then="python -m bot connect linear",
            ),
        ),
    ),
    Step(
        "slack",
        "Slack (proposals and the weekly digest)",
        "All ways do the same; you can change later.",
        (
            Way("Socket Mode: no public address needed", (BOT_TOKEN, APP_TOKEN)),
            Way(
                "HTTP: Slack calls a public https:// address of this server",
                (
                    PUBLIC_URL,
                    BOT_TOKEN,
                    SIGNING_SECRET,
                ),
            ),
            Way(
                "OAuth: several workspaces, each installs it at this server’s page /slack/install",
                (
                    PUBLIC_URL,
                    SLACK_CLIENT,
                    _secret("VOC_SLACK__CLIENT_SECRET", "Client secret (Basic Information)"),
                    SIGNING_SECRET,
                    Question("VOC_SLACK__WORKSPACES", "Ids of the workspaces (T…), with commas between"),
                ),
                then="python -m bot up, then open /slack/install below that address in each workspace",
            ),
        ),
    ),
)
DIGEST_ZONE = Question("VOC_DIGEST__ZONE", "Time zone of the weekly digest (like Europe/Berlin)", "UTC")
QUESTIONS = tuple(question for step in STEPS for way in step.ways for question in way.questions)
ASKED = frozenset(question.variable for question in QUESTIONS)
SECRETS = frozenset(question.variable for question in QUESTIONS if question.is_secret)


def minutes_of(key: str, count: int) -> str:
    """Return how long the first import of so many conversations takes, as "about 21 minutes"."""
    pieces_per_s = next((step.pieces_per_s for step in STEPS if step.key == key), 0.0) or SLOWEST_PER_S
    minutes = max(1, round(count / pieces_per_s / 60))
    return f"about {minutes:,} minute{'s' if minutes > 1 else ''}"
