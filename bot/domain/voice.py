"""A piece of feedback with everything needed to judge or show it: the central read model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.capture import ME_TOO
from bot.domain.customer import Person
from bot.domain.feedback import IMPORTANT, SEVERITY, ContextFact, Exclusion
from bot.domain.quote import Quote, Redaction, Span, is_shortened, shorten, shown, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One piece as somebody said it.

    text: the quoted turn's cleaned text; arrived_at: when Voc first stored it.
    """

    feedback_id: int
    conversation_id: int
    source: str
    external_id: str
    ordinal: int = 1
    quote: Quote
    text: str
    redactions: tuple[Redaction, ...]
    said_at: datetime
    arrived_at: datetime
    person: Person
    subject: str = ""
    url: str = ""
    channel: str = ""
    inbox: str = ""
    tags: tuple[str, ...] = ()
    language: str = "und"
    context: tuple[ContextFact, ...] = ()
    excluded: Exclusion | None = None
    words_hash: str = ""

    @property
    def is_important(self) -> bool:
        """Whether the support tool calls it urgent."""
        return any(fact.kind == SEVERITY and fact.value in IMPORTANT for fact in self.context)

    @property
    def words(self) -> str:
        """The customer's words, unredacted: for matching inside the house only."""
        return words_of(self.quote, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedVoice:
    """A voice as it may leave the house: redacted, cut, and traceable to its spans.

    words: as shown; cut: True where the customer said more; company: "" where none is known. agreed: how many
    others said "me too" of it in the chat.
    """

    feedback_id: int
    turn_external_id: str
    spans: tuple[Span, ...]
    words: str
    cut: bool
    said_at: datetime
    company: str = ""
    role: str = ""
    plan: str = ""
    segment: str = ""
    since: datetime | None = None
    language: str = "und"
    url: str = ""
    agreed: int = 0


def quoted(voice: Voice, most_words: int, passage: Quote | None = None) -> QuotedVoice:
    """Return the voice ready to be shown, cut at a word's end to most_words words.

    passage: the part of its quote to show, None for its beginning.
    """
    cut = shorten(passage or voice.quote, voice.text, most_words)
    person, company = voice.person, voice.person.company
    return QuotedVoice(
        feedback_id=voice.feedback_id,
        turn_external_id=cut.turn_external_id,
        spans=cut.spans,
        words=shown(cut, voice.text, voice.redactions),
        cut=is_shortened(cut, voice.quote),
        said_at=voice.said_at,
        company=company.name if company else "",
        role=person.role,
        plan=(company.plan if company else "") or person.plan,
        segment=(company.segment if company else "") or person.segment,
        since=person.since,
        language=voice.language,
        url=voice.url,
        agreed=next((int(fact.value) for fact in voice.context if fact.kind == ME_TOO), 0),
    )
