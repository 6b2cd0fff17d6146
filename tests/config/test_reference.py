"""The reference of settings is what the settings are."""

from __future__ import annotations

from pathlib import Path

from config.names import variables_of
from config.reference import reference
from config.settings import Settings


def test_the_page_is_up_to_date(root: Path) -> None:
    page = (root / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")

    assert page == reference(), "run: python -m config.reference > docs/reference/settings.md"


def test_every_setting_has_words_an_example_and_something_that_needs_it() -> None:
    names = variables_of(Settings).values()

    assert [name.path for name in names if not (name.field.description and name.field.examples)] == []
    assert [name.path for name in names if not name.feature] == []
