"""Any message as Slack posts: the first is the message, the rest continue it in its thread."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.message import Card, DigestPost, Inbox, Message, Notice, ThemeAlert, TicketVoices
from bot.i18n import t
from integrations.slack.blocks.card import card_post
from integrations.slack.blocks.digest import digest_post
from integrations.slack.blocks.digest_alert import alert_post
from integrations.slack.blocks.digest_sections import top_ticket
from integrations.slack.blocks.elements import (
    Json,
    Post,
    literal,
    notification,
    plain,
    rich_text,
    showable,
)
from integrations.slack.blocks.fitting import fitting
from integrations.slack.blocks.review import inbox_post
from integrations.slack.blocks.sizes import CHARACTERS_MOST, characters

BLOCKS_MOST = 50
THREAD_QUOTE_MOST, TITLE_MOST = 700, 300
PARAGRAPH_MOST = 1_400  # under half of a text object's 3,000, as an emoji may count as two


def render(message: Message) -> tuple[Post, ...]:
    """Return the message as posts, each within Slack's limits; at least one."""
    match message:
        case Card():
            return (card_post(message),)
        case Inbox():
            return (inbox_post(message),)
        case DigestPost():
            return (digest_post(message),)
        case TicketVoices(ticket, zone):
            name = literal(f"{ticket.key} {ticket.title}", TITLE_MOST)
            said = notification(f"{name}:", t("what customers said"))
            lines = top_ticket(ticket, zone, quotes=5, most=THREAD_QUOTE_MOST)
            return (Post(said, fitting([rich_text(*lines)])),)
        case ThemeAlert():
            return (alert_post(message),)
        case Notice(text):
            return tuple(_pages(text))


def language_of(message: Message) -> str:
    """Return the language that the message asks for, "" for the settings' own."""
    match message:
        case DigestPost(snapshot):
            return snapshot.language
        case TicketVoices() | ThemeAlert():
            return message.language
    return ""


def _pages(words: str) -> Iterator[Post]:
    """Yield the words as posts of sections, cut between lines or words where that can be."""
    blocks: list[Json] = []
    for paragraph in _paragraphs(words):
        block = {"type": "section", "text": plain(paragraph)}
        if blocks and (len(blocks) == BLOCKS_MOST or characters([*blocks, block]) > CHARACTERS_MOST):
            yield Post(notification(blocks[0]["text"]["text"]), blocks)
            blocks = []
        blocks.append(block)
    yield Post(notification(blocks[0]["text"]["text"]), blocks)


def _paragraphs(words: str) -> Iterator[str]:
    """Yield the words in pieces of at most PARAGRAPH_MOST characters; at least one, none empty."""
    rest = showable(words).strip()
    while len(rest) > PARAGRAPH_MOST:
        head = rest[:PARAGRAPH_MOST]
        end = max(head.rfind("\n"), head.rfind(" ")) if not rest[PARAGRAPH_MOST].isspace() else PARAGRAPH_MOST
        end = end if end > PARAGRAPH_MOST // 2 else PARAGRAPH_MOST
        yield head[:end].rstrip() or "…"
        rest = rest[end:].lstrip()
    yield rest or "…"
