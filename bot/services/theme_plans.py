"""What becomes of the pieces that match nothing: which themes they make. Pure: read before, stored after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.theme import Seat, Theme, ThemeState, heirs, is_enough, origin
from bot.domain.voice import Voice
from bot.matching.naming import Lexicon, Name
from bot.matching.themes import FREE, clusters, middle_first, nearest
from bot.repositories import Place

if TYPE_CHECKING:
    from bot.ports import Vectors

CENTRAL = 5


@dataclass(frozen=True, slots=True)
class Pool:
    """What matches nothing, as it was read: oldest first, in an order that does not depend on arrival.

    themes: living and dismissed. foreign: pieces in languages that are not understood. decisions: people's.
    """

    voices: Sequence[Voice]
    places: Mapping[int, Place]
    themes: Mapping[int, Theme]
    foreign: Sequence[int] = ()
    decisions: int = 0

    def held(self, feedback_id: int) -> int:
        """Return the theme that a person keeps the piece in, FREE for one that may go anywhere."""
        place = self.places[feedback_id]
        is_held = place.seat is Seat.HELD and place.theme_id in self.themes
        return place.theme_id if is_held and place.theme_id is not None else FREE

    def members(self, *seats: Seat) -> dict[int, set[int]]:
        """Return the themes' pieces of these seats."""
        found = defaultdict[int, set[int]](set)
        for place in self.places.values():
            if place.theme_id in self.themes and place.theme_id is not None and place.seat in seats:
                found[place.theme_id].add(place.feedback_id)
        return found


@dataclass(frozen=True, slots=True)
class Cluster:
    """Pieces that make a theme: a known one, or a new one. name: None where it keeps its own."""

    theme: Theme | None
    members: Sequence[Voice]
    central: tuple[int, ...]
    name: Name | None
    came_from: int | None = None

    @property
    def ids(self) -> set[int]:
        """The pieces' ids."""
        return {voice.feedback_id for voice in self.members}


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of the pool. seat: what its pieces take. waiting: alike with too few.

    ended: themes, each with the one that took most of its members in.
    """

    clusters: Sequence[Cluster]
    seat: Seat
    waiting: Sequence[int] = ()
    ended: Mapping[int, int | None] | None = None


def anew(pool: Pool, vectors: Vectors, floor: float) -> Plan:
    """Return the plan of a clustering from scratch, in which known themes find their heirs."""
    held = [pool.held(voice.feedback_id) for voice in pool.voices]
    found = clusters(vectors, floor, held)
    ids = [{pool.voices[row].feedback_id for row in rows} for rows in found]
    given, known = _identities(pool, ids), pool.members(Seat.CLUSTERED, Seat.HELD)
    living = (pool.themes[theme_id] for theme_id in given.values())
    lexicon = Lexicon(pool.voices, (_name_of(theme) for theme in living if theme.is_settled))
    made = list[Cluster]()
    for at, rows in enumerate(found):
        theme, members = pool.themes.get(given.get(at, FREE)), [pool.voices[row] for row in rows]
        if theme is None and not is_enough(members):
            continue
        before = _name_of(theme) if theme and theme.is_settled else None
        name = None if theme and theme.is_named_by_hand else lexicon.name(ids[at], before)
        came_from = None if theme else origin(ids[at], known)
        made.append(Cluster(theme, members, _central(members, vectors[rows]), name, came_from))
    taken = set().union(*(cluster.ids for cluster in made))
    waiting = [v.feedback_id for v in pool.voices if v.feedback_id not in taken]
    return Plan(made, Seat.CLUSTERED, [*waiting, *pool.foreign], _ended(pool, made))


def joined(pool: Pool, vectors: Vectors, floor: float, shrunk: Iterable[int] = ()) -> Plan:
    """Return the plan for what is new since then: a piece joins a theme, or makes one with others as new.

    shrunk: themes that lost members: their names must be in the words of those who are left.
    """
    seated, fresh = defaultdict[int, list[int]](list), list[int]()
    for row, voice in enumerate(pool.voices):
        place = pool.places[voice.feedback_id]
        if place.seat is None:
            fresh.append(row)
        elif place.theme_id in pool.themes and place.theme_id is not None:
            seated[place.theme_id].append(row)
    joins = nearest(vectors[fresh], {name: vectors[rows] for name, rows in seated.items()}, floor)
    grown, left = defaultdict[int, list[int]](list), list[int]()
    for row, nearest_id in zip(fresh, joins, strict=True):
        (left if nearest_id is None else grown[nearest_id]).append(row)
    lexicon = Lexicon(pool.voices, (_name_of(pool.themes[theme_id]) for theme_id in seated))
    made = list[Cluster]()
    for theme_id in sorted(grown.keys() | (set(shrunk) & seated.keys())):
        theme, rows = pool.themes[theme_id], seated[theme_id] + grown[theme_id]
        members = [pool.voices[row] for row in rows]
        ids = [v.feedback_id for v in members]
        is_renamed = theme_id in shrunk and not theme.is_named_by_hand
        name = lexicon.name(ids, _name_of(theme)) if is_renamed else None
        made.append(Cluster(theme, members, _central(members, vectors[rows]), name))
    for group in clusters(vectors[left], floor):
        rows = [left[at] for at in group]
        members = [pool.voices[row] for row in rows]
        if is_enough(members):
            name = lexicon.name([v.feedback_id for v in members])
            made.append(Cluster(None, members, _central(members, vectors[rows]), name))
    return Plan(made, Seat.LIVE)


def _identities(pool: Pool, found: Sequence[set[int]]) -> dict[int, int]:
    """Return which theme each cluster is: where people hold pieces; else by members as they were.

    Members of before the day count first, so that the order in which the day's came in changes nothing.
    """
    held = [max(map(pool.held, pieces)) for pieces in found]  # of one theme at most, and FREE is below all
    given = {at: theme for at, theme in enumerate(held) if theme != FREE}
    for seats in ((Seat.CLUSTERED,), (Seat.LIVE,)):
        taken = set(given.values())
        free = {theme: members for theme, members in pool.members(*seats).items() if theme not in taken}
        left = [at for at in range(len(found)) if at not in given]
        given |= {left[at]: theme for at, theme in heirs(free, [found[at] for at in left]).items()}
    return given


def _ended(pool: Pool, made: Sequence[Cluster]) -> dict[int, int | None]:
    """Return the living themes that no cluster is, each with the one that took most of its members."""
    found = {cluster.theme.id: cluster.ids for cluster in made if cluster.theme}
    return {
        theme: origin(members, found)
        for theme, members in pool.members(*Seat).items()
        if theme not in found and pool.themes[theme].state is ThemeState.LIVING
    }


def _central(members: Sequence[Voice], vectors: Vectors) -> tuple[int, ...]:
    return tuple(members[row].feedback_id for row in middle_first(vectors)[:CENTRAL])


def _name_of(theme: Theme) -> Name:
    return Name(theme.name, theme.terms)
