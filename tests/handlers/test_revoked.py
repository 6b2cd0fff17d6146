"""A tracker that takes our access back: left alone, told of once, and taken up again after a new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from integrations.linear.oauth import SCOPES, auth_server
from integrations.linear.tracker import LinearTracker
from integrations.oauth import OAuthClient, OAuthTokens
from integrations.sandbox.linear.stand_in import LinearStandIn
from integrations.sandbox.serving import Sandbox
from tests.handlers.shop import HOUR, MINUTE, Shop
from tests.handlers.world import World
from tests.integrations.authorities import Store


class Workspace:
    """Linear's stand-in with our application in it. store: where Voc keeps its pair."""

    def __init__(self, world: World) -> None:
        self.sandbox = Sandbox([LinearStandIn], clock=world.clock, profile="open")
        url, self.store, self._clock = self.sandbox.start()["linear"], Store(), world.clock
        stand_in = self.sandbox.stand_ins["linear"]
        assert isinstance(stand_in, LinearStandIn)
        self._linear = stand_in
        stand_in.load({"teams": [{"key": "APP", "name": "App"}]})
        stand_in.oauth.grants.add("voc", "hush", "http://127.0.0.1/callback")
        client = OAuthClient("voc", "hush", "http://127.0.0.1/callback")
        server = auth_server(url, f"{url}/graphql")
        tokens = OAuthTokens(server, client, self.store, world.clock, sleep=lambda _: None)
        self.tracker = LinearTracker(f"{url}/graphql", tokens, ["APP"], sleep=lambda _: None)

    def connect(self) -> None:
        """Store a new pair, as `connect linear` does in another process."""
        grants = self._linear.oauth.grants
        pair = grants.issue(grants.clients["voc"], SCOPES)
        ends_s = self._clock.now().timestamp() + 86_399
        self.store.replace(
            {"access_token": pair.access_token, "refresh_token": pair.refresh_token, "expires_s": ends_s}
        )

    def revoke(self) -> None:
        """Remove our application."""
        self._linear.oauth.grants.revoke()
        self._linear.workspace.tokens.clear()


@pytest.fixture
def workspace(world: World) -> Iterator[Workspace]:
    made = Workspace(world)
    yield made
    made.sandbox.stop()


def test_it_pauses_is_told_once_and_resumes_by_itself(world: World, workspace: Workspace) -> None:
    shop = Shop(world)
    shop.workshop = replace(shop.workshop, trackers={"linear": workspace.tracker})
    workspace.connect()
    shop.tick()
    workspace.revoke()
    before = len(workspace.sandbox.ledger.rows())

    for _ in range(180):
        shop.tick(MINUTE)
    asked, told = len(workspace.sandbox.ledger.rows()) - before, shop.told()
    workspace.connect()
    shop.tick(HOUR)

    assert len(told) == 1
    assert "Linear could not be read" in told[0]
    assert "python -m bot connect linear" in told[0]
    assert asked < 60
    assert len(shop.told()) == 2
    assert "Linear answers again" in shop.told()[1]
