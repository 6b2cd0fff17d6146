"""Why a ticket was chosen, in words that can be checked at a glance."""

from __future__ import annotations

import pytest

from bot.domain.match import Reason
from bot.i18n import reasons


@pytest.mark.parametrize(
    ("kind", "detail", "said"),
    [
        ("reference", "APP-7", "names APP-7"),
        ("words", "two-factor, SMS", "same words: “two-factor”, “SMS”"),
        ("neighbour", "1", "1 attached piece says the same"),
        ("neighbour", "4", "4 attached pieces say the same"),
        ("neighbour", "2 like it attached", "2 like it attached"),
        ("meaning", "", "means much the same"),
        ("likeness", "", "a little alike in meaning"),
        ("language", "German", "in German, so it asks"),
        ("asks", "3", "its conversation holds 3 asks, so it asks"),
        ("another", "as it is", "as it is"),
    ],
)
def test_a_reason_is_said_plainly(kind: str, detail: str, said: str) -> None:
    assert reasons.said(Reason(kind, detail)) == said
