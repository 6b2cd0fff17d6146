"""What `/voc` answers, in a workspace that has listened for weeks and in one that has not begun."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from tests.docs.gallery.drawing import Slate
from tests.docs.gallery.studio import GUEST, Studio

Scene = Iterator[tuple[str, Markup]]
READING = (
    "help",
    "help search",
    "help digest",
    "status",
    "search export",
    "search lift since:30d source:zendesk",
    "search zzzz",
    "search",
    "ticket FLD-38",
    "ticket OFC-126",
    "ticket FLD-999",
    "ticket",
    "customer Halvorsen",
    "customer a",
    "customer Nobody",
    "customer",
    "top 30d",
    "top 12w by companies",
    "top 1d",
    "themes",
    "inbox",
)
CHANGING = (
    'add "The night shift cannot see the rota." for Acme',
    'add "Dark mode, please"',
    "add",
    "attach #5 FLD-38",
    "attach #5 FLD-999",
    "attach",
    "unlink #5",
    "unlink",
    "subscribe",
    "subscribe list",
    "subscribe project:FLD",
    "subscribe prject:FLD",
    "subscribe project:NONE",
    "digest",
    "digest schedule tue 8:30",
    "digest schedule noday",
    "digest pause 2w",
    "digest resume",
    "digest language de",
    "digest language en",
    "digest history",
    "digest now",
    "digest prevew",
    "unsubscribe",
    "serach export",
    "frobnicate",
)
FIRST = (
    "status",
    "search export",
    "ticket FLD-1",
    "customer Acme",
    "top",
    "themes",
    "inbox",
    "digest",
    "subscribe",
    "subscribe list",
    "digest preview",
    "digest history",
    "digest pause 2w",
    "unsubscribe",
    "help ticket",
)


def reading(studio: Studio, slate: Slate) -> Scene:
    """Type what only reads, and turn a page."""
    for text in READING:
        yield f"/voc {text}", slate.message(studio.types(text))
    yield "/voc inbox, next page", slate.message(studio.presses(studio.types("inbox"), "voc_show_on"))
    studio.presses(studio.types("ticket FLD-38"), "voc_share")
    yield "shared with the channel", slate.message(studio.messages("C0DIGEST")[-1])


def changing(studio: Studio, slate: Slate) -> Scene:
    """Type what changes something."""
    for text in CHANGING:
        yield f"/voc {text}", slate.message(studio.types(text))
    yield "/voc status, as a guest", slate.message(studio.types("status", user=GUEST))


def first(studio: Studio, slate: Slate) -> Scene:
    """Type into a workspace in which nothing was heard yet."""
    for text in FIRST:
        yield f"/voc {text}, nothing heard yet", slate.message(studio.types(text))
    yield "App Home, nothing heard yet", slate.home(studio.home())
    studio.types("digest schedule mon 9:00")
    studio.types("digest now")
    yield "digest, nothing heard", slate.message(studio.messages("C0DIGEST")[-1])
