"""A workspace with Voc in it: the Slack stand-in, a SQLite store, and the app served over HTTP."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests

from bot.domain.feedback import (
    AuthorRole,
    ReceivedCompany,
    ReceivedConversation,
    ReceivedPerson,
    ReceivedTurn,
)
from bot.domain.match import AUTOMATIC, Candidate, Decision, MatchState, Reason, Verdict
from bot.domain.route import FieldMap, Route, Routes, Rules
from bot.domain.ticket import ReceivedTicket, Ticket, TicketRef, TicketStage
from bot.engine.clock import SystemClock
from bot.engine.cron import next_time
from bot.services.cards import Presenter, put_to_channel, show
from bot.services.creating import Ticketing
from bot.services.ingest import ingest
from bot.services.publish import Publisher
from bot.services.search import Searcher
from bot.storage.database import Database
from config.scopes import EVENTS, SCOPES
from handlers.context import Context, Health
from handlers.install import Installing
from handlers.slack_app import slack_app
from handlers.web import web_app
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.serving import Sandbox, Server
from integrations.sandbox.slack.responses import new_response
from integrations.sandbox.slack.sending import signed
from integrations.sandbox.slack.stand_in import SlackStandIn
from integrations.slack.client import Apis, SlackApi, web_client
from integrations.slack.directory import Directory
from integrations.slack.gate import ChannelGate
from integrations.slack.groups import ChannelMembers, Groups
from integrations.slack.messenger import SlackMessenger
from tests.databases import hasty
from tests.fakes.tracker import FakeTracker
from tests.handlers.reading import threads_of
from tests.handlers.running import Pool, Queue

NOW = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)  # a Wednesday
OWNERS, PRODUCT, PRIVATE = "C0OWNERS01", "C0PRODUCT1", "C0PRIVATE1"
ANNA, BEN = "U0ANNA0001", "U0BEN00001"
SECRET = "sandbox-signing-secret"
RULES = Rules(
    routes=Routes((Route(projects=("FLD",), owner_channel=OWNERS, digest_channels=(PRODUCT,)),)),
    fields={"zendesk": FieldMap(plan="plan", revenue="mrr", currency="EUR")},
)


class World:
    """Anna and Ben in a workspace with the owners' channel, a product one, and a private one without Voc."""

    def __init__(self, folder: Path, template: Path, **context: Any) -> None:
        shutil.copy(template, folder / "voc.db")
        self.clock = SandboxClock(NOW, frozen=True)
        self.sandbox = Sandbox([SlackStandIn], clock=self.clock, profile="open")
        self.sandbox.start()
        stand_in = self.sandbox.stand_ins["slack"]
        assert isinstance(stand_in, SlackStandIn)
        self.slack = stand_in
        self.database = Database(hasty(f"sqlite:///{folder / 'voc.db'}"))
        self.queue, self.pool, self.tracker = Queue(), Pool(), FakeTracker()
        self._heard = 0
        self.context = self._context(**context)
        self.url = self._serve()
        self._people()

    def close(self) -> None:
        """Stop everything."""
        self.pool.shutdown()
        self.sandbox.stop()
        self._server.stop()
        self.database.close()

    def says(self, user: str, text: str, channel: str = PRODUCT) -> str:
        """Type `/voc …` and return all that was answered since, as text."""
        before = len(self.slack.space.ephemerals)
        outcome = self.slack.interactor.command(user, channel, text)
        self.pool.settle()
        assert outcome["status"] == "ok"
        return "\n".join(shown(m) for m in self.slack.space.ephemerals[before:])

    def presses(self, user: str, message: Mapping[str, Any], action_id: str, channel: str = OWNERS) -> str:
        """Press the message's button as it was seen, and return all that was answered since, as text."""
        before = len(self.slack.space.ephemerals)
        block = next(
            b["block_id"]
            for b in message["blocks"]
            if any(e.get("action_id") == action_id for e in b.get("elements", []))
        )
        outcome = self.slack.interactor.press(user, channel, message["ts"], block, action_id)
        self.pool.settle()
        assert outcome["status"] == "ok"
        return "\n".join(shown(m) for m in self.slack.space.ephemerals[before:])

    def deliver(self, payload: Mapping[str, Any]) -> None:
        """Send an interaction's payload, signed, and wait until it is dealt with."""
        self.deliver_form({"payload": json.dumps(payload)})

    def deliver_form(self, form: Mapping[str, Any]) -> None:
        """Send a form, signed, and wait until it is dealt with."""
        body = urlencode(form)
        headers = signed(SECRET, body, int(time.time()))
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = requests.post(f"{self.url}/slack/events", data=body, headers=headers, timeout=5)
        assert answer.status_code == 200
        self.pool.settle()

    def hears(self) -> None:
        """Wait until every event that reached the app since the last time is dealt with."""
        reached = sum(d["status"] == "ok" for d in self.slack.space.deliveries)
        for _ in range(reached - self._heard):
            self.pool.settle()
        self._heard = reached

    def response_url(self, user: str, channel: str) -> str:
        """Return a fresh address for answers to the person."""
        return f"{self.slack.base_url}/response/{new_response(self.slack.space, channel, user)}"

    def messages(self, channel: str) -> list[dict[str, Any]]:
        """Return the channel's messages, oldest first."""
        return list(self.slack.space.channels[channel].messages)

    def modal(self, user: str) -> dict[str, Any]:
        """Return the view that the person has open."""
        return dict(self.slack.space.views[self.slack.space.modals[user][-1]])

    def ticket(self, key: str, title: str, **facts: Any) -> Ticket:
        """Store a ticket."""
        received = ReceivedTicket(
            ref=TicketRef("jira", f"id-{key}"),
            key=key,
            project=key.partition("-")[0],
            title=title,
            body="",
            stage=TicketStage.OPEN,
            status="To do",
            created_at=NOW - timedelta(days=90),
            updated_at=NOW,
            url=f"https://acme.atlassian.net/browse/{key}",
            **facts,
        )
        with self.context.work() as unit:
            ticket, _ = unit.tickets.save(received, NOW)
            unit.commit()
        return ticket

    def piece(self, words: str, *, person: str = "1", company: str = "Acme", days_ago: int = 7) -> int:
        """Store one conversation of one piece and return the piece's id."""
        said_at = NOW - timedelta(days=days_ago)
        name = f"c{person}-{abs(hash(words))}"
        received = ReceivedConversation(
            external_id=name,
            created_at=said_at,
            updated_at=said_at,
            customer=ReceivedPerson(
                external_id=person,
                company=ReceivedCompany(
                    external_id=company, name=company, fields={"plan": "Team", "mrr": "100"}
                ),
            ),
            turns=(ReceivedTurn(external_id="1", role=AuthorRole.CUSTOMER, said_at=said_at, original=words),),
            url=f"https://acme.zendesk.com/agent/tickets/{name}",
        )
        with self.context.work() as unit:
            ingest(unit, RULES, "zendesk", received, said_at)
            conversation = unit.conversations.find("zendesk", name)
            assert conversation is not None
            piece = unit.pieces.of_conversation(conversation.id)[0]
            unit.commit()
        return piece.id

    def suggest(self, piece: int, ticket: Ticket, *others: Ticket, attached: bool = False) -> dict[str, Any]:
        """Let the matcher propose (or attach) the ticket, and return the card that is put to the channel."""
        self.decide(piece, ticket, *others, attached=attached)
        put_to_channel(self.context.presenter, piece)
        show(self.context.presenter, piece)
        return self.messages(OWNERS)[-1]

    def decide(self, piece: int, ticket: Ticket, *others: Ticket, attached: bool = False) -> None:
        """Let the matcher propose (or attach) the ticket."""
        state = MatchState.ATTACHED if attached else MatchState.SUGGESTED
        reasons = (Reason("words", "export, rows"),)
        verdict = Verdict(
            Decision(state.value),
            Candidate(ticket.id, 0.8, reasons),
            tuple(Candidate(other.id, 0.4) for other in others),
        )
        now = self.clock.now()
        with self.context.work() as unit:
            unit.pieces.record_verdict(piece, verdict, unit.pieces.voice(piece).words_hash, now)
            unit.matches.withdraw_automatic(piece, keep=ticket.id, now=now)
            unit.matches.decide(piece, ticket.id, state, score=0.8, reasons=reasons, by=AUTOMATIC, now=now)
            unit.commit()

    def states(self, piece: int) -> dict[str, str]:
        """Return each ticket's key with where its pair with the piece stands."""
        with self.context.reading() as unit:
            return {unit.tickets.get(m.ticket_id).key: m.state.value for m in unit.matches.of_feedback(piece)}

    def _context(self, **changes: Any) -> Context:
        work = self.database.work
        api = SlackApi(lambda: web_client("xoxb-sandbox", f"{self.slack.base_url}/api"), sleep=self._sleep)
        routes = changes.get("rules", RULES).routes
        slack = SlackMessenger(self.apis(api), clock=self.clock, channels=routes.channels)
        messenger = ChannelGate(slack, work, self.clock, is_shared=slack.is_shared)
        publisher = Publisher(
            work=work,
            reading=self.database.reading,
            clock=self.clock,
            messenger=messenger,
            rules=RULES,
            chart=lambda snapshot: None,
            next_time=next_time,
        )
        directory, channels = Directory(api, self.clock), changes.get("rules", RULES).channels
        facts: dict[str, Any] = {
            "work": work,
            "reading": self.database.reading,
            "keeping": self.database.quick,
            "clock": self.clock,
            "rules": RULES,
            "presenter": Presenter(work, self.clock, messenger, RULES),
            "publisher": publisher,
            "queue": self.queue,
            "slack": api,
            "directory": directory,
            "threads": threads_of(api, directory, messenger.channel_id, self.clock, self.database, channels),
            "groups": Groups(api, self.clock),
            "members": ChannelMembers(api, self.clock),
            "ticketing": Ticketing(work, self.clock, lambda: {"jira": self.tracker}, {"FLD": "jira"}),
            "searcher": Searcher(self.database.reading),
            "zone": "UTC",
        }
        return Context(**{**facts, **changes})

    def apis(self, api: SlackApi) -> Apis:
        """Return the workspaces that Voc is in: this one."""
        return api

    def installing(self) -> Installing | None:
        """Return what lets workspaces in: nothing does."""
        return None

    def _sleep(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def _serve(self) -> str:
        self.bolt = slack_app(self.context, f"{self.slack.base_url}/api", self.pool)
        health = Health(reading=self.database.reading, clock=SystemClock(), ready=lambda: None)
        self.web = web_app(health, self.bolt, SECRET, installing=self.installing())
        self._server = Server(self.web)
        return self._server.url

    def _people(self) -> None:
        self.slack.load(
            {
                "bot": {"url": f"{self.url}/slack/events", "signing_secret": SECRET},
                "app": {"scopes": list(SCOPES), "events": list(EVENTS)},
                "users": [
                    {"id": ANNA, "name": "anna", "real_name": "Anna", "tz": "Europe/Berlin"},
                    {"id": BEN, "name": "ben", "real_name": "Ben", "tz": "America/New_York"},
                ],
                "channels": [
                    {"id": OWNERS, "name": "voc"},
                    {"id": PRODUCT, "name": "product"},
                    {"id": PRIVATE, "name": "secret", "is_private": True, "is_member": False},
                ],
            }
        )


def shown(message: Mapping[str, Any]) -> str:
    """Return all words that a message shows."""

    def words(node: Any) -> list[str]:
        if isinstance(node, list):
            return [w for item in node for w in words(item)]
        if not isinstance(node, dict):
            return []
        own = [node["text"]] if isinstance(node.get("text"), str) else []
        return own + [w for key, value in node.items() for w in words(value) if key != "metadata"]

    return "\n".join(words(message))
