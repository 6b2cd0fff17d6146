"""What each project's answers have shown, and the models that were fitted from answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.domain.precision import Share
from bot.domain.trust import Trust
from bot.repositories import ModelVersion
from bot.storage.sql import put_row
from bot.storage.tables import model_version, project_trust

_VERSIONS = select(*(column for column in model_version.c if column.name != "id"))


class SqlTrusts:
    """What projects have shown, on SQL. One unit of work asks once for each project."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, Trust] = {}

    def of(self, project: str) -> Trust:
        """Return it; a fresh one for a project that nothing is known of."""
        if project not in self._known:
            query = select(project_trust).where(project_trust.c.project == project)
            row = self._connection.execute(query).one_or_none()
            self._known[project] = _trust(row) if row else Trust(project=project)
        return self._known[project]

    def save(self, trust: Trust) -> None:
        """Replace the project's."""
        values = {
            "threshold": trust.threshold,
            "shown_right": trust.shown.right,
            "shown_of": trust.shown.of,
            "is_measured": trust.is_measured,
            "turned_at": trust.turned_at,
            "turned_right": trust.turned_by.right,
            "turned_of": trust.turned_by.of,
            "closed_at": trust.closed_at,
            "is_told": trust.is_told,
        }
        put_row(self._connection, project_trust, {"project": trust.project}, values)
        self._known[trust.project] = trust

    def told(self, project: str, turned_at: datetime) -> None:
        """Note that the owners know of that turn, unless another has come since."""
        its = (project_trust.c.project == project, project_trust.c.turned_at == turned_at)
        self._connection.execute(update(project_trust).where(*its).values(is_told=True))
        self._known.pop(project, None)

    def all(self) -> Mapping[str, Trust]:
        """Return all by project."""
        rows = self._connection.execute(select(project_trust).order_by(project_trust.c.project))
        return {row.project: _trust(row) for row in rows}


class SqlModelVersions:
    """Models on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, version: ModelVersion) -> None:
        """Keep it; one that is active takes the place of the one before; see the port."""
        if version.is_active:
            self._retire()
        self._connection.execute(insert(model_version), asdict(version))

    def active(self) -> ModelVersion | None:
        """Return the one in use."""
        query = _VERSIONS.where(model_version.c.is_active)
        row = self._connection.execute(query).one_or_none()
        return ModelVersion(**row._mapping) if row else None

    def activate(self, name: str | None) -> None:
        """Use that one, or with None the shipped model. Raises KeyError for an unknown name."""
        self._retire()
        if name is not None:
            its = update(model_version).where(model_version.c.name == name).values(is_active=True)
            if not self._connection.execute(its).rowcount:
                raise KeyError(name)

    def all(self) -> list[ModelVersion]:
        """Return all, oldest first."""
        rows = self._connection.execute(_VERSIONS.order_by(model_version.c.id))
        return [ModelVersion(**row._mapping) for row in rows]

    def _retire(self) -> None:
        its = update(model_version).where(model_version.c.is_active).values(is_active=False)
        self._connection.execute(its)


def _trust(row: Row[Any]) -> Trust:
    return Trust(
        project=row.project,
        threshold=row.threshold,
        shown=Share(row.shown_right, row.shown_of),
        is_measured=row.is_measured,
        turned_at=row.turned_at,
        turned_by=Share(row.turned_right, row.turned_of),
        closed_at=row.closed_at,
        is_told=row.is_told,
    )
