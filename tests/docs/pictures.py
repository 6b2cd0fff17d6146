"""`python -m tests.docs.pictures`: takes the README's pictures from the demo's page. Needs Chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.request import urlopen

from PIL import Image, ImageChops

from bot.demo.world import DIGEST_CHANNEL
from tests.docs.demo import demo_page
from tests.docs.pages import ROOT

SHOWN = {"digest": f"channel:{DIGEST_CHANNEL}", "ticket": "ticket:FLD-12", "linear": "linear:OFC-112"}
WIDTH, HEIGHT, MARGIN = 560, 3000, 12  # a phone held upright, about
COLOURS = 128
HEAD = """<!doctype html><meta charset="utf-8"><base href="{address}/">
<link rel="stylesheet" href="static/viewer.css">
<style>nav, #command {{ display: none }} #main {{ display: block; height: auto }}</style><div id="main">"""
OPTIONS = """--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking
--disable-sync --disable-component-update --disable-quic --hide-scrollbars --virtual-time-budget=4000"""


def take(address: str, show: str, file: Path, folder: Path) -> None:
    """Write what the page shows as a PNG, without the page's own navigation, empty space below cut off."""
    browser = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    page, shot = folder / "page.html", folder / "shot.png"
    with urlopen(f"{address}/main?show={show}", timeout=30) as answer:
        page.write_text(HEAD.format(address=address) + answer.read().decode(), encoding="utf-8")
    size, profile = f"--window-size={WIDTH},{HEIGHT}", f"--user-data-dir={folder / 'profile'}"
    command = [browser, *OPTIONS.split(), size, profile, f"--screenshot={shot}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    with Image.open(shot) as taken:
        picture = taken.convert("RGB")
    empty = Image.new("RGB", picture.size, picture.getpixel((WIDTH - 1, HEIGHT - 1)))
    _, _, _, bottom = ImageChops.difference(picture, empty).getbbox() or (0, 0, WIDTH, HEIGHT)
    picture.crop((0, 0, WIDTH, min(HEIGHT, bottom + MARGIN))).quantize(COLOURS).save(file, optimize=True)


def main() -> None:
    """Take all pictures."""
    images = ROOT / "docs" / "images"
    images.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, demo_page(Path(name)) as address:
        for picture, show in SHOWN.items():
            take(address, show, images / f"{picture}.png", Path(name))
            sys.stdout.write(f"{picture}.png: {(images / f'{picture}.png').stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
