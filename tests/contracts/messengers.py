"""The messengers that the contract runs, each with its far end. A new one joins by one line in MESSENGERS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.ports import Messenger
from integrations.slack.messenger import SlackMessenger
from tests.integrations.slack import world as slack_harness

WRITE, READ, SHARE = "write", "read", "share"


@dataclass
class Seen:
    """A message as the far end shows it."""

    id: str
    words: str
    thread: str | None
    alt_texts: tuple[str, ...] = ()


@dataclass
class Harness:
    """A messenger and its far end. fault: makes the next call of that kind (write, read, share) fail."""

    messenger: Messenger
    channel: str
    channel_name: str
    closed_channel: str
    person: str
    now: Callable[[], datetime]
    seen: Callable[[], list[Seen]]
    seen_by_person: Callable[[], list[str]]
    fault: Callable[[str, str], None]
    revoke: Callable[[], object]


def _words(message: dict[str, object]) -> str:
    blocks = message.get("blocks") or []
    assert isinstance(blocks, list)
    return "\n".join(str(b.get("text", {}).get("text", "")) for b in blocks) or str(message["text"])


@contextmanager
def slack() -> Iterator[Harness]:
    methods = {WRITE: "chat.*", READ: "conversations.*", SHARE: "files.completeUploadExternal"}
    with slack_harness.slack_world() as world:

        def seen() -> list[Seen]:
            return [
                Seen(
                    m["ts"],
                    _words(m),
                    m["thread_ts"] if m.get("thread_ts", m["ts"]) != m["ts"] else None,
                    tuple(f["alt_txt"] for f in m.get("files", [])),
                )
                for m in world.messages()
            ]

        def fault(kind: str, do: str) -> None:
            if do == "slow":
                world.fault("slow", methods[kind], delay_s=2.0)
            elif do == "429":
                world.fault("status", methods[kind], status=429, retry_after_s=3)
            elif do == "second lost":
                world.fault("lost", methods[kind], skip=1)
            elif do == "503":
                world.fault("status", methods[kind], status=503)
            else:
                world.fault(do, methods[kind])

        api = world.api(timeout_s=1)
        yield Harness(
            messenger=SlackMessenger(api, clock=world.clock),
            channel=slack_harness.CHANNEL,
            channel_name="#product",
            closed_channel=slack_harness.STRANGE,
            person=slack_harness.ADA,
            now=world.clock.now,
            seen=seen,
            seen_by_person=lambda: [_words(m) for m in world.stand_in.dump()["ephemerals"]],
            fault=fault,
            revoke=lambda: world.stand_in.load({"app": {"token": "xoxb-other"}}),
        )


MESSENGERS: list[Callable[[], AbstractContextManager[Harness]]] = [slack]
