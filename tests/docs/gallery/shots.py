"""Pictures of pieces of HTML, by Chromium: light and dark, on a phone's width and on a desk's."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup
from PIL import Image

from tests.docs.pages import ROOT
from tests.docs.pictures import OPTIONS

LIGHT, DARK = 1, 0  # as Chromium counts them
VARIANTS = {
    f"{name}-{width}": (scheme, width)
    for width in (360, 900)
    for name, scheme in (("light", LIGHT), ("dark", DARK))
}
CUT = (255, 0, 255)
A_PAGE, TALLEST = 6, 16_000
SHEET_HEIGHT, SHEET_WIDTH, GAP = 1_560, 1_480, 8
PAPER = (128, 128, 128)
STYLES = (ROOT / "integrations/sandbox/viewer/static/viewer.css", Path(__file__).with_name("gallery.css"))


@dataclass(frozen=True, slots=True)
class Shot:
    """One surface. name: also its file's."""

    name: str
    html: Markup


def take(shots: Sequence[Shot], variant: str, folder: Path) -> dict[str, Image.Image]:
    """Return a picture of each."""
    taken: dict[str, Image.Image] = {}
    for start in range(0, len(shots), A_PAGE):
        some = shots[start : start + A_PAGE]
        whole = _taken(_page(some), *VARIANTS[variant], folder)
        taken |= zip((shot.name for shot in some), _pieces(whole), strict=True)
    return taken


def sheets(pictures: Sequence[Image.Image]) -> Iterator[Image.Image]:
    """Yield sheets with all pictures, columns from left to right; what is too tall goes on in the next."""
    width = pictures[0].width
    columns: list[list[Image.Image]] = [[]]
    for picture in pictures:
        for top in range(0, picture.height, SHEET_HEIGHT):
            piece = picture.crop((0, top, width, min(top + SHEET_HEIGHT, picture.height)))
            if sum(one.height + GAP for one in columns[-1]) + piece.height > SHEET_HEIGHT + GAP:
                columns.append([])
            columns[-1].append(piece)
    a_sheet = max(1, SHEET_WIDTH // (width + GAP))
    for start in range(0, len(columns), a_sheet):
        yield _sheet(columns[start : start + a_sheet], width)


def _sheet(columns: Sequence[Sequence[Image.Image]], width: int) -> Image.Image:
    height = max(sum(one.height + GAP for one in column) for column in columns)
    sheet = Image.new("RGB", (len(columns) * (width + GAP), height), PAPER)
    for number, column in enumerate(columns):
        top = 0
        for one in column:
            sheet.paste(one, (number * (width + GAP), top))
            top += one.height + GAP
    return sheet


def _page(shots: Sequence[Shot]) -> str:
    styles = "\n".join(style.read_text(encoding="utf-8") for style in STYLES)
    body = Markup("").join(
        Markup('<section class="shot"><h6>{}</h6>{}</section><div class="cut"></div>').format(
            shot.name, shot.html
        )
        for shot in shots
    )
    return f'<!doctype html><meta charset="utf-8"><style>{styles}</style>{body}'


def _taken(html: str, scheme: int, width: int, folder: Path) -> Image.Image:
    browser = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    page, shot = folder / "page.html", folder / "shot.png"
    page.write_text(html, encoding="utf-8")
    look = f"--blink-settings=preferredColorScheme={scheme}"
    size, profile = f"--window-size={width},{TALLEST}", f"--user-data-dir={folder / 'profile'}"
    command = [browser, *OPTIONS.split(), look, size, profile, f"--screenshot={shot}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    with Image.open(shot) as taken:
        return taken.convert("RGB")


def _pieces(whole: Image.Image) -> Iterator[Image.Image]:
    """Yield what lies above each cut."""
    top = 0
    column = whole.crop((1, 0, 2, whole.height)).tobytes()
    for y in range(whole.height):
        if tuple(column[y * 3 : y * 3 + 3]) == CUT:
            if y > top:
                yield whole.crop((0, top, whole.width, y))
            top = y + 1
