"""Browser and system, told from a user-agent text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.user_agent import browser_and_os

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "told"),
    [
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/141.0.0.0 Safari/537.36",
            ["Chrome 141", "Windows"],
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0) {WEBKIT} Chrome/141.0 Safari/537.36 Edg/141.0",
            ["Edge 141", "Windows"],
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {WEBKIT} Chrome/141.0 Mobile",
            ["Chrome 141", "Android 15"],
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605 Version/18.2 Safari/604",
            ["Safari 18.2", "iOS 18.2"],
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", ["Firefox 140", "Linux"]),
        ("curl/8.5.0", []),
        ("", []),
    ],
)
def test_tells_browser_and_system(user_agent: str, told: list[str]) -> None:
    assert [value for _, value in browser_and_os(user_agent)] == told


@given(st.text(max_size=300))
def test_any_text_gives_at_most_one_of_each(user_agent: str) -> None:
    kinds = [kind for kind, _ in browser_and_os(user_agent)]

    assert kinds in ([], ["browser"], ["os"], ["browser", "os"])
