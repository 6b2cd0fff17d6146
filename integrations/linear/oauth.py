"""Linear's authorisation server."""

from __future__ import annotations

from urllib.parse import urlsplit

from integrations.oauth import AuthServer

VENDOR = "linear"
# One fixed set: a token asked for with another is said to end the application's others.
SCOPES = ("read", "write", "issues:create", "comments:create", "customer:read", "customer:write")
REMEDY = "Connect again as an admin of the workspace: python -m bot connect linear"


def auth_server(auth_url: str, api_url: str) -> AuthServer:
    """Return Linear's. api_url: of the GraphQL API, whose host makes the tokens too.

    actor=app: what Voc writes bears the application's name, not that of the admin who connected it.
    """
    api = urlsplit(api_url)
    return AuthServer(
        vendor=VENDOR,
        page=f"{auth_url.rstrip('/')}/oauth/authorize",
        base_url=f"{api.scheme}://{api.netloc}",
        path="/oauth/token",
        scopes=SCOPES,
        separator=",",
        page_asks={"actor": "app", "prompt": "consent"},
        is_form=True,
        remedy=REMEDY,
    )
