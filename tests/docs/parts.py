"""`python -m tests.docs.parts`: makes the README's digest and table of settings anew."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from config.names import names_of
from config.sections import Fields, RouteSettings
from config.settings import Settings
from tests.docs.demo import demo_page, posted_digest
from tests.docs.pages import README, marks

REFERENCE = "docs/reference/settings.md"


def digest() -> str:
    """Return the digest that the demo posts, as the README shows it."""
    with tempfile.TemporaryDirectory() as folder, demo_page(Path(folder)) as address:
        return f"```text\n{posted_digest(address)}\n```"


def settings() -> str:
    """Return the table of settings: a row a section, its keys with their defaults."""
    return "\n".join(["| section | is about | keys, with their defaults |", "|---|---|---|", *_rows()])


def _rows() -> Iterator[str]:
    for section, names in groupby(names_of(Settings), key=lambda name: name.section):
        rows = list(names)
        about = (rows[0].section_type.__doc__ or "").split(".")[0] if rows[0].section_type else "All of it"
        keys = (_key(name.key, name.field) + " 🔑" * name.is_secret for name in rows)
        title, anchor = (section, section) if section else ("at the top", "for-all")
        yield f"| [{title}]({REFERENCE}#{anchor}) | {about} | {', '.join(keys)} |"
    for title, anchor, about, model in (
        ("routes", "routes", "Where feedback belongs, and which channels hear of it", RouteSettings),
        ("fields", "fieldssource", "The source's custom fields", Fields),
    ):
        keys = (_key(key, field) for key, field in model.model_fields.items())
        yield f"| [{title}]({REFERENCE}#{anchor}) | {about} | {', '.join(keys)} |"


def _key(key: str, field: FieldInfo) -> str:
    default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    shown = ", ".join(default) if isinstance(default, tuple) else str("" if default is None else default)
    return f"`{key} = {shown}`" if shown else f"`{key}`"


def main() -> None:
    """Write both into the README."""
    text = README.read_text(encoding="utf-8")
    for name, made in (("digest", digest()), ("settings", settings())):
        begin, end = marks(name)
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}\n{made}\n{end}{rest.partition(end)[2]}"
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
