"""What a card says of its match, and what it asks."""

from __future__ import annotations

from bot.domain.match import Reason
from bot.domain.message import CardState
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.render import render
from tests.integrations.slack.reading import shown
from tests.integrations.slack.samples import card


def test_a_card_says_how_sure_it_is_and_why_and_who_decided() -> None:
    (proposed,) = render(card())
    (automatic,) = render(card(CardState.ATTACHED, decided_by="voc", is_unmeasured=True))
    (decided,) = render(card(CardState.ATTACHED, decided_by="U0ADA00001"))

    assert "82% sure · same words: “export”, “rows”" in shown(proposed.blocks)
    assert "attached by Voc itself, precision not yet measured" in shown(automatic.blocks)
    assert "Decided by <@U0ADA00001>" in shown(decided.blocks)


def test_an_audit_asks_whether_the_link_is_right_and_an_answered_one_does_not() -> None:
    (asked,) = render(card(CardState.ATTACHED, decided_by="voc", is_audit=True))
    (answered,) = render(card(CardState.ATTACHED, decided_by="U0ADA00001"))

    assert "Voc attached this by itself. Right? SHOP-12" in shown(asked.blocks).replace("\n", "")
    assert _buttons(asked) == ["Right", "Another ticket…", "Not feedback", "Undo"]
    assert _buttons(answered) == ["Undo", "Another ticket…"]


def _buttons(post: Post) -> list[str]:
    return [button["text"]["text"] for button in post.blocks[-1]["elements"]]


def test_a_card_says_first_why_a_sure_match_is_only_proposed() -> None:
    language = Reason("language", "German: Voc matches English best")
    (foreign,) = render(card(reasons=(language, Reason("words", "Export"))))
    (several,) = render(card(reasons=(Reason("asks", "2"), Reason("reference", "SHOP-12"))))

    assert "in German: Voc matches English best, so it asks; same words: “Export”" in shown(foreign.blocks)
    assert "its conversation holds 2 asks, so it asks; names SHOP-12" in shown(several.blocks)
