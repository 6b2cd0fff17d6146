from __future__ import annotations

import pytest

from bot.text.references import ticket_keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Is there news about FLD-42? And FLD-42, APP-7.", ["FLD-42", "APP-7"]),
        ("https://corp.example/browse/fld-42", ["FLD-42"]),
        ("fld-42 in lower case, FLD-042, XFLD-42-1 and A-1", []),
        ("UTF-8 only looks like one", ["UTF-8"]),
    ],
)
def test_ticket_keys_are_told_from_other_words(text: str, keys: list[str]) -> None:
    assert ticket_keys(text) == keys
