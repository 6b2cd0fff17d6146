"""What does not happen each week: other rhythms, a failed source, a correction, long names, a quiet week."""

from __future__ import annotations

from datetime import timedelta

from bot.demo.world import DIGEST_CHANNEL, REVIEW_CHANNEL
from bot.services.cards import put_to_channel, show
from bot.services.corrections import correct_marked
from integrations.slack.blocks import ids
from tests.docs.gallery.drawing import Slate
from tests.docs.gallery.studio import GERMAN, Studio
from tests.docs.gallery.typing_scenes import Scene

RHYTHMS = {"C0TWOWEEKS": "mon 9:00 every two weeks", "C0MONTHLY1": "mon 9:00 monthly"}
FAILING, QUIET, LATER = "C0FAILING1", "C0QUIET001", "C0LATER001"
NAME = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mbH & Co. KGaA 🚢⚡"
SAID = (
    "אי אפשר לייצא את השעות לאקסל (Excel), גם לא אחרי העדכון ל-4.2. "
    "🙏🙏🏽 " + "Bitte, please, s’il vous plaît, لا أستطيع رؤية الجدول. " + "Wirklichsehrlang" * 12
)


def rhythms(studio: Studio, slate: Slate) -> Scene:
    """Be told every two weeks, monthly, and in German."""
    for channel, when in RHYTHMS.items():
        studio.types(f"digest schedule {when}", channel=channel)
        studio.types("digest now", channel=channel)
        yield f"the digest, {when}", slate.message(studio.messages(channel)[0])
        yield f"/voc digest, {when}", slate.message(studio.types("digest", channel=channel))
    yield "App Home in German", slate.home(studio.home(GERMAN))
    for text in ("help", "status", "ticket FLD-38", "themes", "top 30d"):
        yield f"/voc {text}, in German", slate.message(studio.types(text, user=GERMAN))


def correcting(studio: Studio, slate: Slate) -> Scene:
    """Set aside what a digest quoted, and look at what it says then."""
    posted = studio.messages(DIGEST_CHANNEL)[0]
    with studio.bot.reading() as unit:
        own = next(one for one in unit.subscriptions.all() if one.channel == DIGEST_CHANNEL)
        voice = unit.subscriptions.newest(own.id, 1)[0].snapshot.voice
    assert voice is not None
    piece = voice.feedback_id
    put_to_channel(studio.bot.presenter, piece)
    show(studio.bot.presenter, piece)
    studio.presses(studio.messages(REVIEW_CHANNEL)[-1], ids.NOT_FEEDBACK)
    correct_marked(studio.bot.publisher)
    corrected = next(m for m in studio.messages(DIGEST_CHANNEL) if m["ts"] == posted["ts"])
    yield "the digest, corrected", slate.message(corrected)


def strange(studio: Studio, slate: Slate) -> Scene:
    """Hear of a long name, and words from the right to the left."""
    yield "/voc add, strange words", slate.message(studio.types(f'add "{SAID}" for {NAME}'))
    yield "/voc search, strange words", slate.message(studio.types("search Excel 4.2"))
    yield "/voc customer, a long name", slate.message(studio.types(f"customer {NAME[:30]}"))


def quiet(studio: Studio, slate: Slate) -> Scene:
    """Be told while a source fails, and of weeks in which nobody spoke."""
    now = studio.bot.clock.now
    with studio.bot.work() as unit:
        unit.sources.failed("zendesk", "AccessError reading", now())
        unit.commit()
    for title, channel, weeks in (
        ("a source failing", FAILING, 0),
        ("a quiet week, a source failing", QUIET, 2),
    ):
        studio.sandbox.clock.advance(timedelta(weeks=weeks).total_seconds())
        studio.types("digest schedule mon 9:00", channel=channel)
        studio.types("digest now", channel=channel)
        yield f"the digest, {title}", slate.message(*studio.messages(channel))
    with studio.bot.work() as unit:
        for source in ("intercom", "jira", "linear", "zendesk"):
            unit.sources.succeeded(source, now())
        unit.commit()
    studio.types("digest schedule mon 9:00", channel=LATER)
    studio.types("digest now", channel=LATER)
    yield "the digest, a quiet week", slate.message(*studio.messages(LATER))
