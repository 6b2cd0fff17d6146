"""What was there before, and what is done then, for the rows of the table."""

from __future__ import annotations

import json
from typing import Any

from bot.domain.asking import FieldKind, TicketField, TicketForm
from bot.domain.theme import Seat
from bot.services import review
from bot.services.cards import show_marked
from bot.services.inbox import show_inboxes
from bot.services.marks import CARD, mark
from integrations.sandbox.slack.sending import JSON, Request
from integrations.slack.blocks import ids
from tests.handlers.chat import ACME, CARA
from tests.handlers.deliveries.office import Office
from tests.handlers.world import ANNA, NOW, OWNERS, PRODUCT

WORDS = "Please add a dark mode to the app, my eyes hurt at night."
Json = dict[str, Any]


def proposed(world: Office) -> Json:
    """Return the card of a piece that is proposed for FLD-1, FLD-2 next best."""
    first, second = world.ticket("FLD-1", "Export all rows"), world.ticket("FLD-2", "Export to Excel")
    return world.suggest(world.piece("The export drops rows after page two."), first, second)


def attached(world: Office) -> Json:
    world.presses(ANNA, proposed(world), ids.ATTACH)
    return world.messages(OWNERS)[0]


def theme(world: Office) -> Json:
    """Return the answer that lists a theme of three people."""
    pieces = [
        world.piece(f"{WORDS} {n}", person=str(n), company=f"C{n}", days_ago=7 * n + 3) for n in range(3)
    ]
    with world.context.work() as unit:
        made = unit.themes.add(
            name="dark mode, eyes", terms=(), first_heard=NOW, last_heard=NOW, now=NOW, central=pieces
        )
        unit.themes.place(dict.fromkeys(pieces, made.id), Seat.CLUSTERED)
        unit.commit()
    return answer(world, "themes")


def dismissed(world: Office) -> Json:
    world.presses(ANNA, theme(world), ids.THEME_DISMISS, PRODUCT)
    return dict(world.slack.space.ephemerals[-1])


def digest(world: Office) -> Json:
    """Return a posted digest, with something in each of its sections."""
    proposed(world)
    report = world.ticket("FLD-3", "Report")
    late = world.piece("The export stops, and the report is late.", person="2", company="Beta")
    world.suggest(late, report, attached=True)
    theme(world)
    aside = world.piece("Thanks, bye!", person="3")
    review.set_aside(world.context.work, world.clock, aside, ANNA)
    world.says(ANNA, "digest schedule mon 9:00 Europe/Berlin")
    world.says(ANNA, "digest now")
    return next(m for m in world.messages(PRODUCT) if m.get("blocks"))


def inbox(world: Office) -> Json:
    """Return the channel's message of twelve pieces that wait."""
    ticket, other = world.ticket("FLD-1", "Export all rows"), world.ticket("FLD-2", "Export to Excel")
    pieces = [world.piece(f"The export drops rows after page {n}.", person=str(n)) for n in range(12)]
    for piece in pieces:
        world.decide(piece, ticket, other)
    with world.context.work() as unit:
        for piece in pieces:
            mark(unit, CARD, piece, world.clock.now())
        unit.commit()
    show_marked(world.context.presenter)
    show_inboxes(world.context.presenter)
    return world.messages(OWNERS)[-1]


def session(world: Office) -> Json:
    world.presses(ANNA, inbox(world), ids.REVIEW)
    return world.modal(ANNA)


def searched(world: Office) -> Json:
    """Return the session with tickets offered to its select."""
    view = session(world)
    block, _ = first(view["blocks"], ids.TICKET)
    world.slack.interactor.suggest(ANNA, view["id"], block["block_id"], ids.TICKET, "FLD-2")
    return view


def first_page(world: Office) -> Json:
    """Return an answer that has more pages."""
    inbox(world)
    return answer(world, "search export")


def summary(world: Office) -> Json:
    """Return the session's last page, one piece decided."""
    use(ids.SESSION_ATTACH, world, session(world))
    while any_element(world.modal(ANNA)["blocks"], ids.SESSION_SKIP):
        use(ids.SESSION_SKIP, world, world.modal(ANNA))
    return world.modal(ANNA)


def form(action: str, world: Office) -> Json:
    """Return the form that the session's button opens."""
    use(action, world, session(world))
    return world.modal(ANNA)


def many_choices(world: Office) -> Json:
    """Return the form of a new ticket with more choices than a list holds."""
    choices = tuple((str(number), f"Label {number}") for number in range(101))
    labels = TicketField(id="labels", name="Labels", kind=FieldKind.CHOICES, choices=choices)
    world.tracker.forms = {"": TicketForm(fields=(labels,))}
    return form(ids.SESSION_CREATE, world)


def home(world: Office) -> Json:
    """Return App Home as it is shown."""
    world.slack.talking.open_home(ANNA)
    world.hears()
    return dict(world.slack.space.views[world.slack.space.homes[ANNA]])


def set_up(action: str, world: Office) -> Json:
    """Return the form that the button in App Home opens."""
    use(action, world, home(world))
    return world.modal(ANNA)


def opened(action: str, arrange: Any, channel: str, world: Office) -> Json:
    """Return the modal that the button opens."""
    press(action, world, arrange(world), channel)
    world.pool.settle()
    return world.modal(ANNA)


def message(world: Office) -> str:
    """Return the ts of a message in a channel where messages are not feedback by themselves."""
    ts = world.chat.talk.say(ANNA, PRODUCT, "Acme says that the export drops rows.")
    world.chat.settle()
    return ts


def reacted(world: Office) -> str:
    ts = message(world)
    world.chat.talk.react(ANNA, PRODUCT, ts, "memo")
    world.chat.settle()
    return ts


def passed(world: Office) -> Json:
    world.slack.interactor.message_shortcut(ANNA, PRODUCT, message(world), ids.ADD_MESSAGE)
    world.pool.settle()
    return world.modal(ANNA)


def by_hand(world: Office) -> Json:
    world.slack.interactor.shortcut(ANNA, ids.ADD)
    world.pool.settle()
    return world.modal(ANNA)


def answer(world: Office, words: str) -> Json:
    """Return what the command answers."""
    world.says(ANNA, words)
    return dict(world.slack.space.ephemerals[-1])


def press(action: str, world: Office, shown: Json, channel: str = OWNERS) -> None:
    """Press the first button, or choose the first of a menu, whose action id begins so."""
    block, element = first(shown["blocks"], action)
    chosen = element["options"][0]["value"] if "options" in element else None
    place = block["block_id"], element["action_id"]
    world.slack.interactor.press(ANNA, channel, shown["ts"], *place, chosen)


def act_in(action: str, world: Office, view: Json, value: Any = None) -> None:
    """Use the first element of the open dialog whose action id begins so."""
    block, element = first(view["blocks"], action)
    world.slack.interactor.act_in_view(ANNA, view["id"], block["block_id"], element["action_id"], value)


def use(action: str, world: Office, view: Json) -> None:
    """Use it, and wait until that is dealt with."""
    act_in(action, world, view)
    world.pool.settle()


def submit(values: Json, world: Office, view: Json) -> None:
    """Submit the dialog. values: what is entered, by the name of both block and element."""
    typed = {name: {name: value} for name, value in values.items()}
    world.slack.interactor.submit(ANNA, view["id"], typed)


def say(words: str, world: Office, arranged: object) -> None:
    world.slack.interactor.command(ANNA, PRODUCT, words)


def write(world: Office, arranged: object) -> None:
    world.chat.talk.say(CARA, ACME, "The export drops half the rows.")


def linked(world: Office) -> None:
    world.slack.load({"app": {"unfurl_domains": ["acme.atlassian.net"]}})
    attached(world)


def share(world: Office, arranged: object) -> None:
    world.chat.talk.say(ANNA, PRODUCT, "Look at https://acme.atlassian.net/browse/FLD-1 please")


def happen(event: str, world: Office, arranged: object) -> None:
    """Have Slack tell of something in the owners' channel that people can't be made to do here."""
    about: Any = {"id": OWNERS, "name": "renamed"} if event.endswith("rename") else OWNERS
    told = {"type": event, "channel": about, "user": world.slack.space.app["user_id"], "event_ts": "1.2"}
    bot = {"user_id": world.slack.space.app["user_id"], "is_bot": True}
    payload = {
        "type": "event_callback",
        "team_id": world.slack.space.team["id"],
        "api_app_id": world.slack.space.app["id"],
        "event_id": world.slack.space.new_id("Ev"),
        "event": told,
        "authorizations": [bot],
    }
    world.slack.sender.sent.append(Request("events_api", payload, json.dumps(payload), JSON))


def first(blocks: Any, action: str) -> tuple[Json, Json]:
    found = any_element(blocks, action)
    assert found, f"nothing begins with {action}"
    return found[0]


def any_element(blocks: Any, action: str) -> list[tuple[Json, Json]]:
    return [
        (block, element)
        for block in blocks
        for element in (*block.get("elements", ()), block.get("accessory"), block.get("element"))
        if element and str(element.get("action_id")).startswith(action)
    ]
