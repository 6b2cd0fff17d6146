"""The digest, what waits for a decision, App Home, and what is passed on, as people come upon them."""

from __future__ import annotations

from bot.demo.world import DIGEST_CHANNEL, REVIEW_CHANNEL, USER
from bot.domain.message import ThemeAlert
from bot.domain.week import week_of
from bot.errors import AccessError
from bot.services.cards import put_to_channel, show, show_marked
from bot.services.inbox import show_inboxes
from bot.services.theme_views import views
from handlers.outages import Watch, tell_of
from integrations.slack.blocks import ids
from tests.docs.gallery.drawing import Slate
from tests.docs.gallery.studio import GUEST, MEMBER, Json, Studio
from tests.docs.gallery.typing_scenes import Scene

PLACES = {
    "C0SHORT001": "short",
    "C0LONG0001": "long",
    "C0GERMAN01": "language de",
    "C0FRENCH01": "language fr",
}
LINKS = "C0LINKS001"
BUTTONS = (f"{ids.DIGEST_LIST}:0", f"{ids.DIGEST_LIST}:1", ids.DIGEST_PAUSE, ids.DIGEST_SCOPE)
DECIDING = (ids.SESSION_ATTACH, ids.SESSION_ASIDE, ids.SESSION_ASK, *[ids.SESSION_SKIP] * 7)


def digests(studio: Studio, slate: Slate) -> Scene:
    """Look at the digest in its lengths and languages, and press what is under it."""
    posted, *others = studio.messages(DIGEST_CHANNEL)
    thread = [one for one in others if one.get("thread_ts") == posted["ts"]]
    yield "the digest and its thread", slate.message(posted, *thread)
    yield "the digest as a notification", slate.notification(posted)
    for channel, wish in PLACES.items():
        for words in ("schedule mon 9:00", wish, "now"):
            studio.types(f"digest {words}", channel=channel)
        yield f"the digest, {wish}", slate.message(*studio.messages(channel)[:2])
    yield "voc digest preview", slate.message(studio.types("digest preview"))
    for action in BUTTONS:
        studio.presses(posted, action, channel=DIGEST_CHANNEL)
        yield f"the digest, dialog of {action}", slate.modal(studio.modal())
    shorter = studio.presses(posted, ids.DIGEST_SHORTER, channel=DIGEST_CHANNEL)
    yield "the digest, shorter", slate.message(shorter)


def reviewing(studio: Studio, slate: Slate) -> Scene:
    """Go through what waits."""
    waiting = studio.messages(REVIEW_CHANNEL)[0]
    yield "what waits", slate.message(waiting)
    yield "what waits, as a notification", slate.notification(waiting)
    studio.presses(waiting, ids.OTHER_TICKET)
    view = studio.modal()
    yield "another ticket", slate.modal(view)
    offered = studio.do.suggest(USER, view["id"], ids.TICKET, ids.TICKET, "hours")
    yield "another ticket, typing", slate.options(offered["options"])
    studio.do.close(USER, view["id"])
    studio.presses(waiting, ids.REVIEW)
    yield "a review, its first page", slate.modal(studio.modal())
    yield "a review, create a ticket", slate.modal(studio.uses(ids.SESSION_CREATE))
    studio.do.close(USER, studio.modal()["id"])
    studio.presses(waiting, ids.REVIEW)
    yield "a review, no ticket yet", slate.modal(studio.uses(ids.SESSION_THEME))
    studio.do.close(USER, studio.modal()["id"])
    for action in DECIDING:
        studio.uses(action)
    yield "a review, its end", slate.modal(studio.modal())
    answer = studio.presses(waiting, ids.NOT_FEEDBACK)
    yield "what waits, the answer to a press", slate.message(answer)
    show_marked(studio.bot.presenter)
    show_inboxes(studio.bot.presenter)
    yield "what waits, after that", slate.message(studio.messages(REVIEW_CHANNEL)[0])
    for title, card in _cards(studio):
        yield f"a card, {title}", slate.message(card)


def homes(studio: Studio, slate: Slate) -> Scene:
    """Open App Home as an admin, as a member and as a guest."""
    home = studio.home()
    yield "App Home of an admin", slate.home(home)
    yield "App Home of a member", slate.home(studio.home(MEMBER))
    yield "App Home of a guest", slate.home(studio.home(GUEST))
    for action in (ids.HOME_THRESHOLD, ids.HOME_QUIET):
        yield f"App Home, dialog of {action}", slate.modal(studio.uses(action, view=home))
        studio.do.close(USER, studio.modal()["id"])
    studio.uses(ids.REVIEW, view=home)
    yield "App Home, review", slate.modal(studio.modal())


def capturing(studio: Studio, slate: Slate) -> Scene:
    """Pass on what a customer said."""
    said = studio.says("Acme says that the lift schedule is wrong again after the update.")
    for shortcut in (ids.ADD_MESSAGE, ids.ATTACH_MESSAGE, ids.WHO_ELSE):
        studio.do.message_shortcut(USER, DIGEST_CHANNEL, said["ts"], shortcut)
        studio.pool.settle()
        yield f"shortcut {shortcut}", slate.modal(studio.modal())
        studio.do.close(USER, studio.modal()["id"])
    studio.do.shortcut(USER, ids.ADD)
    studio.pool.settle()
    yield f"shortcut {ids.ADD}", slate.modal(studio.modal())
    typed = {ids.SAID_BLOCK: {ids.SAID: "The night shift cannot see the rota."}}
    before = len(studio.slack.space.ephemerals), _directly(studio)
    studio.do.submit(USER, studio.modal()["id"], typed)
    studio.pool.settle()
    told = [*studio.slack.space.ephemerals[before[0] :], *_directly(studio)[len(before[1]) :]]
    yield f"shortcut {ids.ADD}, its answer", slate.message(told[-1])


def telling(studio: Studio, slate: Slate) -> Scene:
    """Be told of what nobody asked for."""
    with studio.bot.reading() as unit:
        ticket = unit.tickets.by_key("FLD-38")
    address = ticket.url if ticket else ""
    guest = studio.slack.space.users.pop(GUEST)  # with a guest among them nothing is shown
    yield "a ticket's link", slate.message(studio.says(f"Have you seen {address} yet?", LINKS))
    studio.slack.space.users[GUEST] = guest
    messenger = studio.bot.messenger
    with studio.bot.reading() as unit:
        view = views(unit, week_of(studio.bot.clock.now(), "UTC"))[0]
    alert = ThemeAlert(
        theme_id=view.theme.id, name=view.theme.name, is_rising=True, pieces=view.pieces, reach=view.reach,
        trend=view.trend, quote=view.quote,
    )  # fmt: skip
    for title, one in (
        ("an alert", alert),
        ("an alert that is over", ThemeAlert(theme_id=1, name=view.theme.name, is_rising=False)),
    ):
        messenger.post(REVIEW_CHANNEL, one, key=title)
        yield title, slate.message(studio.messages(REVIEW_CHANNEL)[-1])
    fault = AccessError(
        "zendesk", "reading conversations", "401", remedy="make a new token in Zendesk's admin centre"
    )
    with studio.bot.work() as unit:
        unit.sources.failed("zendesk", str(fault), studio.bot.clock.now())
        unit.commit()
    tell_of(Watch(studio.bot.work, studio.bot.clock, studio.bot.rules, messenger), "zendesk", fault)
    yield "a source that fails", slate.message(studio.messages(REVIEW_CHANNEL)[-1])
    yield "voc status, a source failing", slate.message(studio.types("status"))
    yield "App Home, a source failing", slate.home(studio.home(MEMBER))


def _cards(studio: Studio) -> list[tuple[str, Json]]:
    """Return a card in each of its states."""
    with studio.bot.reading() as unit:
        proposed = unit.insights.proposed(limit=1)[0]
    put_to_channel(studio.bot.presenter, proposed)
    show(studio.bot.presenter, proposed)
    ts = studio.messages(REVIEW_CHANNEL)[-1]["ts"]

    def again() -> Json:
        return next(m for m in studio.messages(REVIEW_CHANNEL) if m["ts"] == ts)

    made = [("proposed", again())]
    for title, action in (
        ("attached", ids.ATTACH),
        ("taken back", ids.UNDO),
        ("set aside", ids.NOT_FEEDBACK),
    ):
        studio.presses(again(), action)
        made.append((title, again()))
    return made


def _directly(studio: Studio) -> list[Json]:
    channels = studio.slack.space.channels.values()
    return [message for channel in channels if channel.user for message in channel.messages]
