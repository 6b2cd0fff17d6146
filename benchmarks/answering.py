"""How soon each command is acknowledged and answered, with a large store, at twenty requests a second."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests

from benchmarks import world
from benchmarks.figures import Figure
from benchmarks.processes import ready, run, serving, start
from benchmarks.slack_side import TEAM, USER, SlackSide, slack_side
from benchmarks.stored import Size, cards, databases, fill, message_of
from bot.adapters.embedders import embedder
from bot.app import build
from bot.domain.message import content_hash
from bot.services.cards import card_of
from config.settings import settings_of
from handlers.commands import VERBS
from integrations.sandbox.slack.sending import signed
from integrations.slack.blocks import ids

SIZE = Size(pieces=100_000, tickets=10_000)
A_SECOND, LASTS_S, RUNS, WARM_UP_S, ANSWERED_WITHIN_S = 20, 30, 3, 5, 30
SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 - the stand-in's
PRESS = "press attach"
EXAMPLES: Mapping[str, str] = {
    "help": "help",
    "search": "search export rows since:90d",
    "status": "status",
    "ticket": f"ticket {world.PROJECT}-1",  # the loudest: thousands of pieces
    "customer": "customer Company 7",
    "top": "top 30d",
    "themes": "themes",
    "inbox": "inbox",
    "add": 'add "The export drops rows since this morning." for "Company 7"',
    "attach": f"attach 1 {world.PROJECT}-2",
    "unlink": "unlink 1",
    "digest": "digest preview",
    "subscribe": f"subscribe project:{world.PROJECT}",
    "unsubscribe": "unsubscribe",
}


@dataclass(frozen=True, slots=True)
class Act:
    """One request. name: the command's verb or PRESS; id: what its answer is known by."""

    name: str
    id: str
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds from the request to the acknowledgement, and to the answer."""

    name: str
    acknowledged: float
    answered: float


def slack_answers() -> Iterator[Figure]:
    """Yield medians and 95th percentiles, of all and of each command, on SQLite and on PostgreSQL.

    The peer is a Bolt app that does nothing but acknowledge and answer, under the same load.
    """
    with (
        tempfile.TemporaryDirectory(prefix="voc-bench-") as temporary,
        slack_side() as side,
        databases(Path(temporary)) as urls,
    ):
        peer = list(_bare(side))
        for database, url in urls.items():
            yield from _figures(database, list(_voc(side, url, Path(temporary))), peer)


def _voc(side: SlackSide, url: str, folder: Path) -> Iterator[list[Took]]:
    values = {
        f"VOC_{section}__{key}".upper(): value
        for section, own in settings_values(side, url).items()
        for key, value in own.items()
    }
    (folder / "voc.toml").write_text(
        f'[[routes]]\nprojects = ["{world.PROJECT}"]\nowner_channel = "{world.OWNER}"\n', encoding="utf-8"
    )
    environment = {"VOC_CONFIG": str(folder / "voc.toml"), **values}
    run(["-m", "bot", "migrate"], environment, cwd=folder)
    presses = stored(side, url)
    side.came.clear()
    with serving(environment, cwd=folder) as (_, address):
        acts = _mixed(side, presses)
        _drive(address, side, list(islice(acts, A_SECOND * WARM_UP_S)))
        for _ in range(RUNS):
            yield _drive(address, side, list(islice(acts, A_SECOND * LASTS_S)))


def _bare(side: SlackSide) -> Iterator[list[Took]]:
    with ready(lambda port: start(["-m", "benchmarks.bare_bolt", port, SECRET])) as (_, address):
        acts = (command(side, "help") for _ in count())
        for _ in range(RUNS):
            yield _drive(address, side, list(islice(acts, A_SECOND * LASTS_S)))


def _drive(address: str, side: SlackSide, acts: Sequence[Act]) -> list[Took]:
    """Send the acts at their times, whether or not the ones before are answered; return what each took."""
    began = time.perf_counter() + 0.1

    def send(at: float, act: Act) -> tuple[float, float]:
        time.sleep(max(at - time.perf_counter(), 0))
        body = urlencode(act.form)
        head = {"Content-Type": "application/x-www-form-urlencoded", **signed(SECRET, body, int(time.time()))}
        sent = time.perf_counter()
        requests.post(f"{address}/slack/events", data=body, headers=head, timeout=30).raise_for_status()
        return sent, time.perf_counter() - sent

    with ThreadPoolExecutor(40) as people:
        sent = list(people.map(send, (began + n / A_SECOND for n in range(len(acts))), acts))
    until = time.monotonic() + ANSWERED_WITHIN_S
    while missing := [act for act in acts if act.id not in side.came]:
        if time.monotonic() > until:
            raise RuntimeError(f"{len(missing)} of {len(acts)} were not answered, e.g. {missing[0].name}")
        time.sleep(0.2)
    pairs = zip(acts, sent, strict=True)
    return [Took(act.name, took, side.came[act.id] - at) for act, (at, took) in pairs]


def _figures(database: str, runs: Sequence[list[Took]], peer: Sequence[list[Took]]) -> Iterator[Figure]:
    by_name: dict[str, list[list[Took]]] = defaultdict(list)
    for took in runs:
        for name in sorted({one.name for one in took}):
            by_name[name].append([one for one in took if one.name == name])
    for what, most in (("acknowledged", 100), ("answered", 1_000)):
        yield from _pair(f"slack_{database}", what, runs, most, peer)
        for name, own in by_name.items():
            yield from _pair(f"slack_{database}_{name.replace(' ', '_')}", what, own, most)


def _pair(
    name: str, what: str, runs: Sequence[list[Took]], most: int, peer: Sequence[list[Took]] = ()
) -> Iterator[Figure]:
    for percent in (50, 95):
        yield Figure(
            name=f"{name}_{what}_p{percent}_ms",
            figure=_percentile(runs, what, percent),
            unit="ms",
            runs=len(runs),
            wanted=f"< {most}" if percent == 95 else "",
            peer="a Bolt app that does nothing" if peer else "",
            peer_figure=_percentile(peer, what, percent) if peer else None,
        )


def _percentile(runs: Sequence[list[Took]], what: str, percent: int) -> float:
    """Return the median of the runs' percentiles, in milliseconds."""
    found = [statistics.quantiles([getattr(t, what) for t in took], n=100)[percent - 1] for took in runs]
    return float(round(1000 * statistics.median(found), 1))


def _mixed(side: SlackSide, presses: Iterator[Act]) -> Iterator[Act]:
    """Yield the commands and presses in turn, for ever."""
    for name in cycle([*VERBS, PRESS]):
        yield next(presses) if name == PRESS else command(side, name)


_ids = count(1)


def command(side: SlackSide, name: str) -> Act:
    """Return the command of that verb, a new one each time."""
    act = f"act-{next(_ids)}"
    form = {
        "command": "/voc",
        "text": EXAMPLES[name],
        "user_id": USER,
        "team_id": TEAM,
        "channel_id": world.OWNER,
        "trigger_id": act,
        "response_url": side.response_url(act),
        "is_enterprise_install": "false",
    }
    return Act(name, act, form)


def stored(side: SlackSide, url: str) -> Iterator[Act]:
    """Fill the migrated database; return presses of Attach on the cards of proposed pieces, newest first."""
    settings = settings_of(settings_values(side, url))
    bot = build(settings)
    fill(bot.database.engine, SIZE, embedder(settings, settings.matching.embedder))
    with bot.reading() as unit:
        proposed = {n: content_hash(card_of(unit, n)) for n in cards(bot.database.engine, world.OWNER)}
    bot.close()
    return iter([_press(piece, seen) for piece, seen in proposed.items()])


def settings_values(side: SlackSide, url: str) -> dict[str, dict[str, str]]:
    """Return the settings, nested, that lead to the stand-in and the database."""
    return {
        "database": {"url": url},
        "slack": {"api_url": f"{side.url}/api", "bot_token": "xoxb-bench", "signing_secret": SECRET},
        "log": {"level": "WARNING"},
    }


def _press(piece: int, seen: str) -> Act:
    ts = message_of(piece)
    team: dict[str, Any] = {"id": TEAM, "domain": "bench"}
    payload = {
        "type": "block_actions",
        "team": team,
        "user": {"id": USER, "team_id": TEAM},
        "trigger_id": f"press-{piece}",
        "container": {"type": "message", "message_ts": ts, "channel_id": world.OWNER},
        "channel": {"id": world.OWNER, "name": "voc"},
        "response_url": f"http://127.0.0.1:9/{piece}",
        "actions": [
            {
                "type": "button",
                "action_id": ids.ATTACH,
                "block_id": f"card-{piece}-{seen[:12]}",
                "value": str(piece),
                "action_ts": "1.0",
            }
        ],
    }
    return Act(PRESS, ts, {"payload": json.dumps(payload)})
