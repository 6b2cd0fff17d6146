"""What a card says of its match, and what it asks."""

from __future__ import annotations

import pytest

from bot.domain.match import Reason
from bot.domain.message import CardState
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.help import GROUPS, VERBS, help_answer
from integrations.slack.blocks.render import render
from integrations.slack.blocks.words import quotation
from tests.integrations.slack.reading import shown
from tests.integrations.slack.samples import card, voice


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


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("One is here. Two is there.", "One is here. Two is there."),
        ("The first sentence ends here. The second goes on for long.", "The first sentence ends here. […]"),
        (
            "No. Only then it goes on and on without an end to it, you see.",
            "No. Only then it goes on […]",
        ),
        (
            "No. Only then it winds without any end to it, you see.",
            "No. Only then it winds without any…",
        ),
        (
            "行がありません。もう一度試してください。それでも同じです、毎朝そうなります、ほんとうに。それで困ります。",
            None,
        ),
    ],
)
def test_a_long_quote_ends_with_a_whole_sentence_or_clause_where_enough_of_it_fits(
    words: str, told: str | None
) -> None:
    said, _ = quotation(voice(words), most=36)

    [leaf] = said["elements"]
    assert leaf["text"] == (told or "行がありません。もう一度試してください。 […]")


def test_help_shows_each_verb_once_and_those_of_the_digest_by_its_name() -> None:
    grouped = [name for names in GROUPS.values() for name in names]

    assert len(set(grouped)) == len(grouped)
    assert {name for name in VERBS if name not in grouped} <= {n for n in VERBS if n.startswith("digest ")}
    assert "/voc digest pause 2w" in shown(help_answer("digest").blocks)
    assert "For example" not in shown(help_answer("themes").blocks)
