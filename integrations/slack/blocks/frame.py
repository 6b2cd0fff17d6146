"""What all answers have in common: pages to turn, and a button that shares them with the channel."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.i18n import t
from integrations.slack.blocks import ids
from integrations.slack.blocks.elements import Json, Post, actions, button, context, literal, plain
from integrations.slack.blocks.fitting import fitting

VALUE_MOST, COMMAND_MOST = 2_000, 300


@dataclass(frozen=True, slots=True)
class Asked:
    """Which answer is meant. text: what was typed after /voc; token: another for every answer."""

    text: str
    token: str
    page: int = 1

    @property
    def value(self) -> str:
        """Return it as a button carries it, "" where it is too long for one."""
        value = json.dumps([self.text, self.token, self.page], ensure_ascii=False, separators=(",", ":"))
        return value if len(value.encode("utf-16-le", "surrogatepass")) // 2 <= VALUE_MOST else ""

    @classmethod
    def of(cls, value: str) -> Asked:
        """Return what a button carries."""
        return cls(*json.loads(value))


@dataclass(frozen=True, slots=True)
class Paged:
    """One page of an answer. page: from 1; may_share: whether it says anything to others."""

    post: Post
    page: int = 1
    pages: int = 1
    may_share: bool = True


def pages_of(items: int, size: int) -> int:
    """Return how many pages of that size the items fill; at least one."""
    return max(1, -(-items // size))


def framed(answer: Post | Paged, asked: Asked, *, may_share: bool) -> Post:
    """Return the answer with what can be done with it."""
    paged = answer if isinstance(answer, Paged) else Paged(answer)
    row: list[Json] = []
    if paged.page > 1:
        row.append(_turn(t("‹ Back"), "back", asked, paged.page - 1))
    if paged.page < paged.pages:
        row.append(_turn(t("More ›"), "on", asked, paged.page + 1))
    if may_share and paged.may_share:
        row.append(button(t("Share here"), ids.SHARE, replace(asked, page=paged.page).value))
    row = [element for element in row if element["value"]]
    blocks = [*paged.post.blocks]
    if paged.pages > 1:
        blocks.append(context(t("Page {page} of {pages}", page=paged.page, pages=paged.pages)))
    if row:
        blocks.append(actions(f"frame-{asked.token}-{paged.page}", *row))
    return Post(paged.post.text, fitting(blocks))


def choice(words: str, name: str, asked: Asked) -> Json:
    """Return a button that shows another answer. name: another for each of a row."""
    return button(words, f"{ids.SHOW}{name}", asked.value)


def shared(post: Post, user: str, command: str) -> Post:
    """Return the answer as the channel sees it: with who shared it, and nothing to press."""
    by = {"type": "mrkdwn", "text": t("Shared by {person}", person=f"<@{user}>")}
    lead: Json = {"type": "context", "elements": [by, plain(literal(f"/voc {command}", COMMAND_MOST))]}
    return Post(post.text, fitting([lead, *_without_buttons(post.blocks)]))


def _without_buttons(blocks: Sequence[Json]) -> list[Json]:
    return [block for block in blocks if block["type"] != "actions"]


def _turn(words: str, name: str, asked: Asked, page: int) -> Json:
    return choice(words, name, replace(asked, page=page))
