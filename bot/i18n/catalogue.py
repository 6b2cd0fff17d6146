"""The catalogues: one .po file a language, read when it is first spoken."""

from __future__ import annotations

from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

HERE = Path(__file__).parent
SOURCE = "en"  # what stands in the code


@cache
def translations(language: str) -> NullTranslations:
    """Return the language's words. Raises FileNotFoundError for a language without a catalogue."""
    if language == SOURCE:
        return NullTranslations()
    with path_of(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def path_of(language: str) -> Path:
    """Return where the language's catalogue is kept."""
    return HERE / f"{language}.po"
