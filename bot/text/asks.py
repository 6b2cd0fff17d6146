"""Which of a customer's words say what they need: one piece an ask, each quoted from one turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from bot.domain.quote import Quote, Span, words_of
from bot.text import cues
from bot.text.courtesy import greeting_length, is_closing, is_courtesy
from bot.text.sentences import sentences, word_count
from bot.text.splits import Cut, cuts

# Enough words to say a need; more than these do not make a turn more likely to be the one.
_ENOUGH_WORDS = 15
# Each later turn is that much less likely to open the matter rather than to answer a question about it.
_LATER = 0.8
_ANSWER, _NEED = 0.5, 2.0  # what follows an agent's question; what asks or complains
_SIGNS_OFF_WORDS = 3
_AGENTS_LAST = 1000  # characters of an agent's turn: what is asked stands at its end
# Three times what a labelled conversation holds at most; each piece costs a person a look.
MOST_PIECES = 10


@dataclass(frozen=True, slots=True)
class Said:
    """A public turn's cleaned text."""

    turn_id: str
    text: str
    is_customers: bool = True


@dataclass(frozen=True, slots=True)
class Asks:
    """The conversation's first ask, then the others in order; beyond: asks that are in no piece."""

    pieces: tuple[Quote, ...] = ()
    beyond: int = 0


def asks_of(turns: Sequence[Said]) -> Asks:
    """Return the pieces that a conversation's public turns hold, the first ask in front.

    turns: in order. A later turn that answers, adds or thanks belongs to the first ask, which is quoted where
    it is said best. A piece leaves out greetings before and thanks after its words, nothing between them.
    """
    heads, others, beyond = list[tuple[Quote, float]](), list[Quote](), 0
    said = list(_of_customer(turns))
    for at, (turn, agents) in enumerate(said):
        found = cuts(turn.text, is_later=bool(heads), is_invited=cues.invites(agents))
        kept = found[: MOST_PIECES - 1 - len(others)]
        beyond += 0 if kept else len(found)
        others += _quotes(turn, kept)
        if head := _quote(turn, 0, found[0].end if found else len(turn.text)):
            likely = _LATER**at * (_ANSWER if "?" in agents else 1.0)
            heads.append((head, likely * _weight(turn, head) if len(said) > 1 else likely))
    first = [max(heads, key=itemgetter(1))[0]] if heads else []
    return Asks((*first, *others), beyond)


def _of_customer(turns: Sequence[Said]) -> Iterator[tuple[Said, str]]:
    """Yield the customer's turns, and what an agent said just before as cues read it."""
    agents = ""
    for turn in turns:
        if turn.is_customers:
            yield turn, agents
        agents = "" if turn.is_customers else turn.text[-_AGENTS_LAST:].lower()


def _quotes(turn: Said, kept: Sequence[Cut]) -> Iterator[Quote]:
    """Yield one quote a cut, the last to the turn's end."""
    ends = [*(cut.end for cut in kept[1:]), len(turn.text)]
    for cut, end in zip(kept, ends, strict=False):
        if quote := _quote(turn, cut.start, end):
            yield quote


def _quote(turn: Said, start: int, end: int) -> Quote | None:
    """Return the range without politeness at its ends, None where no other words are left."""
    text = turn.text[start:end]
    span = _without_courtesy(text)
    return Quote(turn.turn_id, (Span(start + span.start, start + span.end),)) if span else None


def _weight(turn: Said, quote: Quote) -> float:
    """Return how likely it is that the quote says the need, by its words."""
    words = words_of(quote, turn.text)
    said = [cues.plain(_cut(words, span)) for span in sentences(words)]
    is_need = any(cues.asks(one) or cues.complains(one) for one in said)
    return min(_ENOUGH_WORDS, word_count(words)) * (_NEED if is_need else 1.0)


def _without_courtesy(text: str) -> Span | None:
    """Return text's range without politeness at its ends, None where no other words are left."""
    said = list(sentences(text))
    first, last = 0, len(said)
    while first < last and is_courtesy(_cut(text, said[first])):
        first += 1
    while last > first and _is_ending(text, said[max(first, last - 2) : last]):
        last -= 1
    if first == last:
        return None
    start, end = said[first].start, said[last - 1].end
    start += greeting_length(text[start:end])
    return Span(start, end) if word_count(text[start:end]) else None


def _is_ending(text: str, said: Sequence[Span]) -> bool:
    """Whether the last of these sentences is courtesy, or a name below a closing."""
    last = _cut(text, said[-1])
    if is_courtesy(last):
        return True
    is_name = last.istitle() and len(last.split()) <= _SIGNS_OFF_WORDS
    return is_name and len(said) > 1 and is_closing(_cut(text, said[-2]))


def _cut(text: str, span: Span) -> str:
    return text[span.start : span.end]
