"""Take pictures into build/pictures. Arguments: scenes' names, else all; --keep renews those of the docs."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from markupsafe import Markup
from PIL import Image

from tests.docs.gallery import occasion_scenes, place_scenes, typing_scenes
from tests.docs.gallery.drawing import Slate
from tests.docs.gallery.shots import VARIANTS, Shot, sheets, take
from tests.docs.gallery.studio import Studio, studio
from tests.docs.gallery.typing_scenes import Scene
from tests.docs.pages import ROOT

PLACE = ROOT / "build" / "pictures"
FULL: tuple[Callable[[Studio, Slate], Scene], ...] = (
    typing_scenes.reading,
    place_scenes.digests,
    place_scenes.reviewing,
    place_scenes.homes,
    place_scenes.capturing,
    place_scenes.telling,
    occasion_scenes.rhythms,
    occasion_scenes.correcting,
    typing_scenes.changing,
    occasion_scenes.strange,
    occasion_scenes.quiet,
)
EMPTY = (typing_scenes.first,)
# What docs/reference/surfaces.md shows: few, and light.
KEPT = {
    "ticket": "light-360/voc-ticket-fld-38",
    "inbox": "dark-360/what-waits",
    "review": "light-360/a-review-its-first-page",
    "home": "dark-360/app-home-of-an-admin",
    "scope": "light-360/the-digest-dialog-of-voc-digest-scope",
    "alert": "dark-360/an-alert",
}
KEEP, COLOURS, HEADING = "--keep", 64, 28


def seen(wanted: list[str]) -> Mapping[str, list[Shot]]:
    """Return what is seen in each scene."""
    found: dict[str, list[Shot]] = {}
    for scenes, is_full in ((FULL, True), (EMPTY, False)):
        chosen = [scene for scene in scenes if not wanted or scene.__name__ in wanted]
        if chosen:
            with studio(is_full=is_full) as place:
                for scene in chosen:
                    found[scene.__name__] = [
                        Shot(_name(title), html) for title, html in scene(place, Slate(place))
                    ]
    return found


def index(scenes: Mapping[str, list[Shot]]) -> str:
    """Return a page with all pictures side by side."""
    rows = []
    for scene, shots in scenes.items():
        rows.append(Markup("<h1>{}</h1>").format(scene))
        for shot in shots:
            images = (
                Markup('<img loading="lazy" src="{}/{}.png" alt="">').format(v, shot.name) for v in VARIANTS
            )
            rows.append(Markup("<h2>{}</h2><div>{}</div>").format(shot.name, Markup("").join(images)))
    style = "body{background:#888;font-family:sans-serif}div{display:flex;gap:8px;align-items:start}"
    head = f'<!doctype html><meta charset="utf-8"><title>Voc in Slack</title><style>{style}</style>'
    return head + "".join(rows)


def keep() -> None:
    """Put the few pictures of the docs where they belong, without their headings."""
    for name, taken in KEPT.items():
        with Image.open(PLACE / f"{taken}.png") as picture:
            cut = picture.crop((0, HEADING, picture.width, picture.height))
        cut.quantize(COLOURS).save(ROOT / "docs" / "images" / f"slack-{name}.png", optimize=True)


def main() -> None:
    """Take them."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    scenes = seen([name for name in sys.argv[1:] if name != KEEP])
    with TemporaryDirectory() as folder:
        for variant in VARIANTS:
            for scene, shots in scenes.items():
                pictures = take(shots, variant, Path(folder))
                (PLACE / variant).mkdir(parents=True, exist_ok=True)
                for name, picture in pictures.items():
                    picture.save(PLACE / variant / f"{name}.png")
                for number, sheet in enumerate(sheets(list(pictures.values())), start=1):
                    sheet.save(PLACE / f"sheet-{scene}-{variant}-{number}.png")
    (PLACE / "index.html").write_text(index(scenes), encoding="utf-8")
    if KEEP in sys.argv:
        keep()
    sys.stdout.write(f"{sum(map(len, scenes.values()))} surfaces: {PLACE / 'index.html'}\n")


def _name(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:80]


if __name__ == "__main__":
    main()
