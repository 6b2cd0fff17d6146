"""Feedback comes in: cleaned, joined to its person, cut into pieces, set aside where the rules say so.

Upserts throughout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.feedback import (
    AuthorRole,
    ContextFact,
    Exclusion,
    ReceivedConversation,
    ReceivedPerson,
    ReceivedTurn,
)
from bot.domain.match import MatchState
from bot.domain.route import FieldMap, Rules
from bot.domain.voice import Voice
from bot.repositories import Attributes, ConversationDraft, TurnDraft, UnitOfWork
from bot.services.cutting import cut
from bot.services.marks import ANNOTATION, CARD, mark
from bot.text.clean import clean
from bot.text.language import language_of
from bot.text.redact import find_private
from bot.text.references import ticket_keys

REFERENCE = "reference"
MOST_REFERENCES = 20


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one conversation did to the store."""

    is_new: bool
    is_changed: bool
    pieces: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A conversation with its turns cleaned: the slow part, done before any transaction."""

    received: ReceivedConversation
    turns: tuple[TurnDraft, ...]
    language: str


def prepare(rules: Rules, received: ReceivedConversation) -> Prepared:
    """Return the conversation ready to be stored. Pure."""
    turns = tuple(_turn(turn, received, rules) for turn in received.turns)
    said = " ".join(t.text for t in turns if t.role is AuthorRole.CUSTOMER)
    return Prepared(received, turns, language_of(said or received.subject))


def ingest(
    unit: UnitOfWork, rules: Rules, source: str, received: ReceivedConversation, now: datetime
) -> Ingested:
    """Prepare and store one conversation within the caller's transaction."""
    return store(unit, rules, source, prepare(rules, received), now)


def store(
    unit: UnitOfWork,
    rules: Rules,
    source: str,
    prepared: Prepared,
    now: datetime,
    *,
    again: bool = False,
    speaker: int | None = None,
) -> Ingested:
    """Store one conversation as it is now, within the caller's transaction, which takes its turn.

    again: cut it anew though no word of it changed, since what counts of its words may be other. speaker: the
    stored person who speaks, where that is known otherwise than by what was received.
    """
    unit.take_turn()
    received = prepared.received
    known = unit.conversations.find(source, received.external_id)
    person_id = _speaker(unit, rules, source, received.customer, now) if speaker is None else speaker
    draft = _draft(source, prepared, person_id)
    conversation, changed = unit.conversations.save(draft, now)
    if not (changed or again) and known is not None and not known.gone:
        return Ingested(False, False, 0)
    excluded = _exclusion(received.customer, received.tags, rules)
    pieces = cut(conversation, received, _stored(unit, conversation.id) if known else [], excluded)
    stored = unit.pieces.put(conversation.id, pieces, now)
    if known is not None:
        for piece in stored:
            mark_piece(unit, piece.id, now)
    return Ingested(known is None, True, sum(1 for p in pieces if p.excluded is None))


def withdraw(unit: UnitOfWork, source: str, external_ids: Sequence[str], now: datetime) -> int:
    """Follow deletions at the source: pieces become GONE, tickets and cards that showed them are marked.

    Return how many.
    """
    unit.take_turn()
    gone = unit.conversations.mark_gone(source, external_ids, now)
    for conversation_id in gone:
        for piece in unit.pieces.of_conversation(conversation_id):
            unit.pieces.exclude(piece.id, Exclusion.GONE)
            mark_piece(unit, piece.id, now)
    return len(gone)


def _stored(unit: UnitOfWork, conversation_id: int) -> list[Voice]:
    """Return the conversation's pieces with the words that they were cut from."""
    return unit.pieces.voices([piece.id for piece in unit.pieces.of_conversation(conversation_id)])


def mark_piece(unit: UnitOfWork, feedback_id: int, now: datetime) -> None:
    """Ask that everything which shows the piece is looked at again."""
    mark(unit, CARD, feedback_id, now)
    for pair in unit.matches.of_feedback(feedback_id):
        if pair.state in (MatchState.ATTACHED, MatchState.DETACHED):
            mark(unit, ANNOTATION, pair.ticket_id, now)


def _speaker(unit: UnitOfWork, rules: Rules, source: str, customer: ReceivedPerson, now: datetime) -> int:
    """Return the id of the stored person that the customer is, their company joined."""
    mapping = rules.fields.get(source, FieldMap())
    company_id = None
    if company := customer.company:
        if company.is_name_alone:
            unit.people.know_company(source, company.external_id, company.name)
        attributes = _attributes(source, mapping, company.fields)
        company_id = unit.people.company(source, company, attributes, now).id
    person = replace(customer, role=customer.role or customer.fields.get(mapping.role, ""))
    return unit.people.person(
        source, person, company_id, _attributes(source, mapping, customer.fields), now
    ).id


def _draft(source: str, prepared: Prepared, person_id: int) -> ConversationDraft:
    received, turns = prepared.received, prepared.turns
    return ConversationDraft(
        source=source,
        external_id=received.external_id,
        person_id=person_id,
        created_at=received.created_at,
        updated_at=received.updated_at,
        turns=turns,
        subject=received.subject,
        url=received.url,
        channel=received.channel,
        inbox=received.inbox,
        tags=received.tags,
        language=prepared.language,
        rating=received.rating,
        context=received.context + _references(received, turns),
        keep_missing_turns=received.keep_missing_turns,
    )


def _turn(turn: ReceivedTurn, received: ReceivedConversation, rules: Rules) -> TurnDraft:
    text = clean(turn.original, turn.markup, channel=received.channel)
    return TurnDraft(
        external_id=turn.external_id,
        role=turn.role,
        said_at=turn.said_at,
        original=turn.original,
        text=text,
        redactions=find_private(text, regions=rules.phone_regions)
        if turn.role is AuthorRole.CUSTOMER
        else (),
        public=turn.public,
        redacted=turn.redacted,
    )


def _references(received: ReceivedConversation, turns: Sequence[TurnDraft]) -> tuple[ContextFact, ...]:
    """Return ticket keys named anywhere in the conversation; an agent's private note counts too."""
    found = dict.fromkeys(ticket_keys("\n".join([received.subject, *(t.text for t in turns)])))
    return tuple(ContextFact(REFERENCE, key, "conversation") for key in list(found)[:MOST_REFERENCES])


def _exclusion(person: ReceivedPerson, tags: Sequence[str], rules: Rules) -> Exclusion | None:
    own = rules.exclusions
    if own.is_staff(person.email):
        return Exclusion.STAFF
    if {person.email.lower(), person.external_id} & own.test_accounts:
        return Exclusion.TEST_ACCOUNT
    return Exclusion.TAG if {t.lower() for t in tags} & own.tags else None


def _attributes(source: str, mapping: FieldMap, fields: Mapping[str, str]) -> Attributes:
    used = [name for name in (mapping.plan, mapping.segment, mapping.revenue) if fields.get(name)]
    return Attributes(
        plan=fields.get(mapping.plan, ""),
        segment=fields.get(mapping.segment, ""),
        revenue=mapping.revenue_of(fields),
        origin=f"{source} {', '.join(used)}" if used else "",
    )
