"""`python -m tools.catalogue`: brings each language's catalogue up to date with the words in the code.

New words come in without a translation, words that are gone leave. It says what is still untranslated.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from bot.i18n import LANGUAGES
from bot.i18n.catalogue import SOURCE, path_of

ROOT = Path(__file__).parent.parent
SAID_IN = (
    "bot/i18n",
    "bot/services",
    "bot/engine",
    "handlers",
    "integrations/linear",
    "integrations/slack",
    "integrations/charts.py",
)
HEAD = "# `python -m tools.catalogue` keeps the list of messages here; people keep the translations.\n\n"
KEYWORDS = {"t": None, "later": None, "nt": (1, 2), "nlater": (1, 2), "RequestError": None}


def words_in_code() -> Catalog:
    """Return every message that the code marks, by the file that says it."""
    found = Catalog(fuzzy=False)
    for path in files():
        name = str(path.relative_to(ROOT))
        for _, message, _, _ in extract_from_file("python", path, keywords=KEYWORDS):
            found.add(message, locations=[(name, 0)])
    return found


def catalogue_of(language: str) -> Catalog:
    """Return the language's catalogue as it is kept; an empty one where there is none."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> Catalog:
    """Return the language's catalogue with the code's words, those known with their translations."""
    known, made = catalogue_of(language), Catalog(locale=language, fuzzy=False)
    for message in words_in_code():
        if message.id:
            before = known.get(message.id)
            made.add(message.id, before.string if before else "", locations=message.locations)
    return made


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the messages that have no translation, or not every form of one."""
    return [
        str(message.id)
        for message in catalogue
        if message.id and not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]


def save(language: str, catalogue: Catalog) -> None:
    """Write the catalogue, by message, without dates, so that it changes only where words do."""
    with path_of(language).open("wb") as file:
        file.write(HEAD.encode())
        write_po(file, catalogue, width=110, omit_header=True, sort_output=True, include_lineno=False)


def main() -> int:
    """Update all catalogues; 1 while something is untranslated."""
    missing = 0
    for language in LANGUAGES:
        if language == SOURCE:
            continue
        catalogue = updated(language)
        save(language, catalogue)
        for message in (left := untranslated(catalogue)):
            print(f"{language}: {message}")
        missing += len(left)
    return 1 if missing else 0


def files() -> Iterator[Path]:
    """Yield the files whose words are Voc's own."""
    for place in (ROOT / name for name in SAID_IN):
        yield from [place] if place.is_file() else sorted(place.rglob("*.py"))


if __name__ == "__main__":
    sys.exit(main())
