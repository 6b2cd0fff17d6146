"""Errors as an operator reads them: one line, with the next step."""

from __future__ import annotations

from bot.errors import AccessError, VocError


def told(error: Exception) -> str | None:
    """Return the line for an error that an operator can act on, None for a fault of ours."""
    if isinstance(error, AccessError) and error.remedy:
        return f"{error}. {error.remedy}"
    return str(error) if isinstance(error, VocError) else _told_of_database(error)


def _told_of_database(error: Exception) -> str | None:
    from sqlalchemy.exc import DatabaseError, OperationalError

    # The class itself is what a file that is no database raises; most subclasses are faults of ours.
    if not isinstance(error, OperationalError) and type(error) is not DatabaseError:
        return None
    why = next(iter(str(error.orig).splitlines()), type(error.orig).__name__)
    return f"the database does not answer ({why}). DATABASE_URL or VOC_DATABASE__URL says where it is"
