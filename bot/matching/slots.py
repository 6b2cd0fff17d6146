"""Tickets by slot: a small number under which arrays know the ticket, used again once the ticket is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.matching.growing import Growing, Whole
from bot.matching.texts import NOBODY

_NO_ROW = -1


class Slots:
    """Which ticket has which slot, project and rows of texts. Its own rows are the title's and the body's."""

    def __init__(self) -> None:
        self._slots: dict[int, int] = {}
        self._free: list[int] = []
        self._keys: list[str] = []  # by slot
        self._projects: dict[str, int] = {}
        self._names: list[str] = []  # of projects, by number
        self._members: dict[int, dict[int, int]] = {}  # rows by feedback id, of slots that have any
        self._member_rows: dict[int, Whole] = {}  # the same by feedback id, ascending
        self._ids: Growing[np.int64] = Growing(np.int64)
        self._project: Growing[np.int32] = Growing(np.int32)
        self._own: Growing[np.int32] = Growing(np.int32, 2)
        self._many: Growing[np.int32] = Growing(np.int32)  # members
        self._fingerprints: Growing[np.int64] = Growing(np.int64)
        self._reach(NOBODY + 1)

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, ticket_id: int) -> bool:
        return ticket_id in self._slots

    @property
    def nbytes(self) -> int:
        """Return how much memory its arrays take."""
        return sum(part.nbytes for part in self._parts)

    @property
    def size(self) -> int:
        """Return how many slots there are, free ones too."""
        return len(self._ids)

    @property
    def ids(self) -> Whole:
        """Return each slot's ticket id, 0 of a free one."""
        return self._ids.now

    @property
    def members(self) -> npt.NDArray[np.int32]:
        """Return how many members each slot has."""
        return self._many.now

    def key(self, ticket_id: int) -> str:
        """Return the ticket's key."""
        return self._keys[self._slots[ticket_id]]

    def project(self, ticket_id: int) -> str:
        """Return the ticket's project."""
        return self._names[int(self._project.now[self._slots[ticket_id]])]

    def fingerprint(self, ticket_id: int) -> int | None:
        """Return what `put` was told last, None for an unknown ticket."""
        slot = self._slots.get(ticket_id)
        return None if slot is None else int(self._fingerprints.now[slot])

    def put(self, tickets: Sequence[tuple[int, str, str, int]]) -> list[int]:
        """Return each ticket's slot, a new one if it has none. tickets: id, project, key, fingerprint.

        These are theirs from now on.
        """
        new = [ticket_id for ticket_id, *_ in tickets if ticket_id not in self._slots]
        size, more = self.size, max(0, len(new) - len(self._free))
        self._reach(size + more)
        self._free = [*reversed(range(size, size + more)), *self._free]
        self._slots |= {ticket_id: self._free.pop() for ticket_id in new}
        slots = [self._slots[ticket_id] for ticket_id, *_ in tickets]
        for slot, (_, _, key, _) in zip(slots, tickets, strict=True):
            self._keys[slot] = key
        self._ids.now[slots] = [ticket_id for ticket_id, *_ in tickets]
        self._project.now[slots] = [self._number(project) for _, project, _, _ in tickets]
        self._fingerprints.now[slots] = [fingerprint for *_, fingerprint in tickets]
        return slots

    def _number(self, project: str) -> int:
        if project not in self._projects:
            self._projects[project] = len(self._names)
            self._names.append(project)
        return self._projects[project]

    def at(self, ticket_ids: Iterable[int]) -> Whole:
        """Return the slots of those of the tickets that are here."""
        found = (self._slots.get(ticket_id) for ticket_id in ticket_ids)
        return np.array([slot for slot in found if slot is not None], dtype=np.int64)

    def forget(self, ticket_id: int) -> None:
        """Let the ticket's slot be free; its rows are gone."""
        slot = self._slots.pop(ticket_id)
        self._ids.now[slot], self._keys[slot] = 0, ""
        self._free.append(slot)

    def in_projects(self, projects: Collection[str]) -> npt.NDArray[np.bool_]:
        """Return which slots belong to one of the projects."""
        known = [self._projects[project] for project in projects if project in self._projects]
        return np.isin(self._project.now, known)

    def put_own(self, slots: Sequence[int], rows: Whole, sizes: Sequence[int]) -> None:
        """Let the slots have these own rows, one or two each, one slot's after the other's."""
        ends = np.cumsum(sizes)
        self._own.now[slots, 0] = rows[ends - np.array(sizes)]
        self._own.now[slots, 1] = np.where(np.array(sizes) > 1, rows[ends - 1], _NO_ROW)

    def take_own(self, slots: Whole) -> Whole:
        """Return the slots' own rows, and let them have none."""
        own = self._own.now[slots].ravel()
        self._own.now[slots] = _NO_ROW
        return np.asarray(own[own != _NO_ROW], dtype=np.int64)

    def pairs(self, ticket_id: int) -> list[tuple[int, int]]:
        """Return the (feedback id, ticket id) pairs of the ticket's members."""
        return [(feedback_id, ticket_id) for feedback_id in self._members.get(self._slots[ticket_id], ())]

    def attach(self, pairs: Sequence[tuple[int, int]], rows: Sequence[int]) -> None:
        """Let the (feedback id, known ticket id) pairs have these rows."""
        slots = [self._slots[ticket_id] for _, ticket_id in pairs]
        for (feedback_id, _), slot, row in zip(pairs, slots, rows, strict=True):
            self._members.setdefault(slot, {})[feedback_id] = row
        self._count(slots)

    def detach(self, pairs: Iterable[tuple[int, int]]) -> Whole:
        """Return the rows of those of the pairs that are here, and forget them."""
        rows, slots = [], []
        for feedback_id, ticket_id in pairs:
            slot = self._slots.get(ticket_id)
            row = self._members.get(slot, {}).pop(feedback_id, None) if slot is not None else None
            if slot is not None and row is not None:
                rows.append(row)
                slots.append(slot)
        self._count(slots)
        return np.array(rows, dtype=np.int64)

    def rows(self, slots: Whole, newest: int | None = None) -> tuple[Whole, Whole]:
        """Return the rows of each slot, its own first, and how many each has.

        newest: of its members, only so many, those with the highest feedback ids.
        """
        own = self._own.now[slots].ravel()
        is_there = own != _NO_ROW
        rows = own[is_there].astype(np.int64)
        sizes = is_there.reshape(-1, 2).sum(axis=1)
        with_members = np.flatnonzero(self._many.now[slots])
        if not len(with_members):
            return rows, sizes
        more = [self._member_rows[slot] for slot in slots[with_members].tolist()]
        if newest is not None:
            more = [some[-newest:] for some in more]
        many = np.array([len(some) for some in more])
        at = np.concatenate([np.repeat(np.arange(len(slots)), sizes), np.repeat(with_members, many)])
        order = np.argsort(at.astype(np.int32), kind="stable")
        sizes[with_members] += many
        return np.concatenate([rows, *more])[order], sizes

    def title_rows(self, slots: Whole) -> Whole:
        """Return the row of each slot's title."""
        return np.asarray(self._own.now[slots, 0], dtype=np.int64)

    def member_rows(self, slots: Whole) -> tuple[Whole, Whole]:
        """Return the rows of the slots' members, one slot's after the other's, and how many each has."""
        more = [self._member_rows[slot] for slot in slots.tolist() if slot in self._member_rows]
        return np.concatenate([np.zeros(0, np.int64), *more]), self._many.now[slots].astype(np.int64)

    def _count(self, slots: Iterable[int]) -> None:
        """Bring the members' rows and number in step, after a change."""
        for slot in set(slots):
            members = self._members[slot]
            self._many.now[slot] = len(members)
            if members:
                self._member_rows[slot] = np.array([row for _, row in sorted(members.items())])
            else:
                del self._members[slot], self._member_rows[slot]

    @property
    def _parts(self) -> tuple[Growing[Any], ...]:
        return self._ids, self._project, self._own, self._many, self._fingerprints

    def _reach(self, size: int) -> None:
        before = self.size
        for part in self._parts:
            part.reach(size)
        self._own.now[before:] = _NO_ROW
        self._keys += [""] * (size - len(self._keys))
