"""The pictures of Slack can be made: each surface is come upon, drawn, and called by a name of its own."""

from __future__ import annotations

import pytest
from PIL import Image

from tests.docs.gallery.__main__ import KEPT, index, seen
from tests.docs.gallery.shots import SHEET_HEIGHT, VARIANTS, sheets


@pytest.mark.slow
def test_every_scene_is_drawn_and_each_picture_has_its_own_name() -> None:
    scenes = seen([])

    names = [shot.name for shots in scenes.values() for shot in shots]
    assert len(names) > 100
    assert len(set(names)) == len(names)
    assert {name.partition("/")[2] for name in KEPT.values()} <= set(names)
    assert all(shot.html for shots in scenes.values() for shot in shots)
    assert index(scenes).count("<img") == len(names) * len(VARIANTS)


def test_sheets_show_all_of_every_picture() -> None:
    heights = [100, SHEET_HEIGHT + 1, 700, 900, 3 * SHEET_HEIGHT]
    colours = [(n * 40 + 20, 0, 0) for n in range(len(heights))]
    pictures = [Image.new("RGB", (10, h), c) for h, c in zip(heights, colours, strict=True)]

    shown = [sheet.getcolors() or [] for sheet in sheets(pictures)]

    for height, colour in zip(heights, colours, strict=True):
        assert sum(number for found in shown for number, seen_ in found if seen_ == colour) == 10 * height
