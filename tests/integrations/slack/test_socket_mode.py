from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from integrations.slack.client import web_client
from tests.integrations.slack.samples import card
from tests.integrations.slack.world import ADA, CHANNEL, Slack


@pytest.fixture
def received(slack: Slack) -> Iterator[list[SocketModeRequest]]:
    """Return what reaches an app that slack_sdk's own client connects; it answers commands with text."""
    requests: list[SocketModeRequest] = []

    def listen(client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        requests.append(request)
        answer: dict[str, Any] | None = (
            {"text": "over the socket"} if request.type == "slash_commands" else None
        )
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=answer))

    client = SocketModeClient(
        app_token="xapp-sandbox",
        web_client=web_client("xoxb-sandbox", f"{slack.url}/api"),
        auto_reconnect_enabled=False,
    )
    client.socket_mode_request_listeners.append(listen)
    client.connect()
    yield requests
    client.close()
    slack.stand_in.sockets.stop()


def test_commands_and_presses_come_over_the_socket(slack: Slack, received: list[SocketModeRequest]) -> None:
    ref = slack.messenger().post(CHANNEL, card(), key="card")
    block = slack.messages()[0]["blocks"][-1]["block_id"]
    do = slack.stand_in.interactor

    outcomes = [do.command(ADA, CHANNEL, "status"), do.press(ADA, CHANNEL, ref.id, block, "voc_attach")]

    assert outcomes == [{"status": "ok"}] * 2
    assert [request.type for request in received] == ["slash_commands", "interactive"]
    assert received[0].payload["text"] == "status"
    assert received[1].payload["actions"][0]["value"] == "7"
    assert [e["text"] for e in slack.stand_in.dump()["ephemerals"]] == ["over the socket"]


def test_a_long_payload_survives_the_way(slack: Slack, received: list[SocketModeRequest]) -> None:
    words = "ä" * 70_000

    slack.stand_in.interactor.command(ADA, CHANNEL, words)

    assert received[0].payload["text"] == words


def test_a_bot_token_opens_no_socket(slack: Slack) -> None:
    client = web_client("xoxb-sandbox", f"{slack.url}/api")

    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        client.apps_connections_open(app_token="xoxb-sandbox")
