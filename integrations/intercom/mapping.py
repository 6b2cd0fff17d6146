"""Intercom's records as the domain's: whose words they are, who said them, and in what circumstances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.domain.feedback import (
    SEVERITY,
    AuthorRole,
    ContextFact,
    Markup,
    Rating,
    ReceivedCompany,
    ReceivedConversation,
    ReceivedPerson,
    ReceivedTurn,
)
from integrations.records import moment, text

Record = dict[str, Any]
CONTACTS = frozenset({"user", "lead", "contact"})
RATING_SCALE = 5
APP_HOSTS = {"EU": "app.eu.intercom.com", "AU": "app.au.intercom.com"}


def conversation(
    found: Record, contact: Record | None, company: Record | None, workspace: Record
) -> ReceivedConversation:
    """Return the conversation. Raises one of UNEXPECTED_SHAPE.

    contact, company: as read by their ids, None where they are gone. workspace: the "app" of the own admin.
    """
    parts = found["conversation_parts"]["conversation_parts"]
    statistics = found.get("statistics") or {}
    turns = [_opening(found), *(_turn(part) for part in parts if part.get("body") or part.get("redacted"))]
    return ReceivedConversation(
        external_id=str(found["id"]),
        created_at=moment(found["created_at"]),
        updated_at=moment(found["updated_at"]),
        customer=_person(found, contact, company),
        turns=tuple(turn for turn in turns if turn),
        subject=text(found.get("title") or found["source"].get("subject")),
        url=_url(str(found["id"]), workspace),
        channel=text(found["source"].get("type")),
        inbox=str(found.get("team_assignee_id") or ""),
        tags=tuple(text(tag["name"]) for tag in (found.get("tags") or {}).get("tags") or ()),
        rating=_rating(found),
        context=(*_severity(found), *_context(contact or {})),
        keep_missing_turns=(statistics.get("count_conversation_parts") or 0) > len(parts),
    )


def customer_id(found: Record) -> str | None:
    """Return the id of the contact whose conversation it is."""
    listed = (found.get("contacts") or {}).get("contacts") or ()
    if listed:
        return str(listed[0]["id"])
    author = (found.get("source") or {}).get("author") or {}
    return str(author["id"]) if author.get("type") in CONTACTS else None


def company_id(found: Record, contact: Record | None) -> str | None:
    """Return the id of the company in whose name the contact speaks: the conversation's, else their first."""
    if named := (found.get("company") or {}).get("id"):
        return str(named)
    linked = ((contact or {}).get("companies") or {}).get("data") or ()
    return str(linked[0]["id"]) if linked else None


def _opening(found: Record) -> ReceivedTurn | None:
    """Return the message that opened the conversation; campaigns and bots open some, and nobody others."""
    source = found["source"]
    if not (source.get("body") or source.get("redacted")):
        return None
    role = _role(source.get("author") or {})
    opener = source.get("delivered_as")
    if role is AuthorRole.CUSTOMER and (opener != "customer_initiated" or source.get("type") == "twitter"):
        role = AuthorRole.UNKNOWN
    if role is AuthorRole.AGENT and opener != "admin_initiated":
        role = AuthorRole.BOT
    return _said(f"source-{source['id']}", source, role, found["created_at"], public=True)


def _turn(part: Record) -> ReceivedTurn:
    kind = str(part.get("part_type") or "")
    role = _role(part.get("author") or {})
    if role is AuthorRole.CUSTOMER and kind != "comment":
        role = AuthorRole.UNKNOWN
    return _said(str(part["id"]), part, role, part["created_at"], public=not kind.startswith("note"))


def _said(external_id: str, message: Record, role: AuthorRole, said_at: int, *, public: bool) -> ReceivedTurn:
    is_redacted = message.get("redacted") is True
    return ReceivedTurn(
        external_id=external_id,
        role=role,
        said_at=moment(said_at),
        # A redacted body holds the vendor's notice, which nobody said.
        original="" if is_redacted else text(message["body"]),
        markup=Markup.HTML,
        author_id=str((message.get("author") or {}).get("id") or ""),
        public=public,
        redacted=is_redacted,
    )


def _role(author: Record) -> AuthorRole:
    kind = author.get("type")
    if kind == "bot" or author.get("from_ai_agent") or author.get("is_ai_answer"):
        return AuthorRole.BOT
    if kind in CONTACTS:
        return AuthorRole.CUSTOMER
    return AuthorRole.AGENT if kind in ("admin", "team") else AuthorRole.UNKNOWN


def _person(found: Record, contact: Record | None, company: Record | None) -> ReceivedPerson:
    contact_id = customer_id(found)
    if contact_id is None:
        raise ValueError("a conversation with nobody")
    author = found["source"].get("author") or {}
    known = contact or (author if str(author.get("id")) == contact_id else {})
    since = known.get("signed_up_at") or known.get("created_at")
    return ReceivedPerson(
        external_id=contact_id,
        name=text(known.get("name")),
        email=text(known.get("email")),
        language=text(known.get("language_override") or known.get("browser_language")),
        since=moment(since) if since else None,
        company=_company(company) if company else None,
        fields=_flat({"external_id": known.get("external_id")}, known),
    )


def _company(company: Record) -> ReceivedCompany:
    facts = {key: company.get(key) for key in ("company_id", "monthly_spend", "size", "industry")}
    facts["plan"] = (company.get("plan") or {}).get("name")
    host = urlsplit(company.get("website") or "").hostname or ""
    return ReceivedCompany(
        external_id=str(company["id"]),
        name=text(company.get("name")),
        domains=(host.removeprefix("www."),) if host else (),
        fields=_flat(facts, company),
    )


def _flat(facts: Mapping[str, Any], record: Record) -> dict[str, str]:
    """Return all facts that have a value as text, the record's custom attributes under their prefix."""
    custom = record.get("custom_attributes") or {}
    named = {**facts, **{f"custom_attributes.{key}": value for key, value in custom.items()}}
    return {
        key: str(value)
        for key, value in named.items()
        if isinstance(value, (str, int, float)) and value != ""
    }


def _rating(found: Record) -> Rating | None:
    given = found.get("conversation_rating") or {}
    if given.get("rating"):
        return Rating(int(given["rating"]), RATING_SCALE, text(given.get("remark")))
    given = found.get("ai_agent") or {}
    if given.get("rating"):
        return Rating(int(given["rating"]), RATING_SCALE, text(given.get("rating_remark")))
    return None


def _severity(found: Record) -> Iterator[ContextFact]:
    if found.get("priority") == "priority":
        yield ContextFact(SEVERITY, "priority", "intercom conversation")


def _context(contact: Record) -> Iterator[ContextFact]:
    """Yield what the contact used last; where they are stays behind."""
    told = (
        ("locale", contact.get("browser_language")),
        ("browser", _named(contact, "browser", "browser_version")),
        ("os", contact.get("os")),
        ("app_version", contact.get("ios_app_version") or contact.get("android_app_version")),
        ("device", contact.get("ios_device") or contact.get("android_device")),
    )
    yield from (ContextFact(kind, str(value), "intercom contact") for kind, value in told if value)


def _named(record: Record, name: str, version: str) -> str:
    return f"{record.get(name) or ''} {record.get(version) or ''}".strip() if record.get(name) else ""


def _url(conversation_id: str, workspace: Record) -> str:
    host = APP_HOSTS.get(str(workspace.get("region")), "app.intercom.com")
    return f"https://{host}/a/inbox/{workspace.get('id_code', '')}/inbox/conversation/{conversation_id}"
