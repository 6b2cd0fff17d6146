"""Bare HTTP to the stand-in's Web API, without the adapter."""

from __future__ import annotations

from typing import Any

import requests

from tests.integrations.slack.world import Slack


class Web:
    """Bare HTTP to the Web API."""

    def __init__(self, slack: Slack) -> None:
        self._url, self._session = slack.url, requests.Session()
        self._session.trust_env = False

    def raw(self, method: str, token: str | None = "xoxb-sandbox", **arguments: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self._session.post(f"{self._url}/api/{method}", json=arguments, headers=headers, timeout=5)

    def __call__(self, method: str, **arguments: Any) -> dict[str, Any]:
        answer = self.raw(method, **arguments)
        assert answer.status_code == 200
        return dict(answer.json())

    def form(self, method: str, **arguments: Any) -> dict[str, Any]:
        data = {"token": "xoxb-sandbox", **arguments}
        return dict(self._session.post(f"{self._url}/api/{method}", data=data, timeout=5).json())
