"""A review session: what waits, one piece a page, decided by a press; a summary with undo at the end."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from bot.domain.message import Card, CardState
from bot.domain.theme import ThemeState
from bot.errors import IntegrationError, RequestError
from bot.i18n import forms, t
from bot.repositories import UnitOfWork
from bot.services import piece_tickets, review
from bot.services.cards import card_of, put_to_channel
from bot.services.creating import NotCreated
from bot.services.inbox import counts, next_pieces
from bot.services.quiet import quiet_until
from bot.services.review import Decided
from handlers import home
from handlers.actions import standing
from handlers.context import Context
from handlers.interaction import Interaction, must_be_new
from handlers.ownership import owners_of
from handlers.roles import must_decide
from handlers.tasks import ANNOTATE, CARDS, THEMES, TRUST
from handlers.views import open_view, push_view, replace_view
from integrations.slack.blocks import ids
from integrations.slack.blocks.card import as_seen
from integrations.slack.blocks.elements import Json, escape
from integrations.slack.blocks.modals import (
    NEW_THEME,
    piece_theme_view,
    read_piece_form,
)
from integrations.slack.blocks.review import (
    TEN,
    Said,
    Session,
    read_session,
    session_view,
    summary_view,
)
from integrations.slack.blocks.words import local_moment

log = logging.getLogger(__name__)


def begin(context: Context, press: Interaction) -> None:
    """Open a session over what waits for the button's owner, or for the person."""
    must_decide(context, press)
    owners = (press.value,) if press.value not in ("", "mine") else owners_of(context, press.user)
    open_view(context, press.trigger_id, _ten(context, owners, is_home=_is_in_home(press)))


def more(context: Context, press: Interaction) -> None:
    """Go on with the next ones."""
    must_decide(context, press)
    session = read_session(press.body["view"])
    replace_view(context, press.body["view"], _ten(context, session.owners, is_home=session.is_home))


def attach(context: Context, press: Interaction) -> None:
    """Attach the page's piece to what is proposed."""
    _decide(context, press, review.attach)


def attach_to_other(context: Context, press: Interaction) -> None:
    """Attach the page's piece to the ticket that was chosen."""
    chosen = press.body["actions"][0]["selected_option"]["value"]
    _decide(context, press, partial(review.attach, ticket_key=chosen))


def set_aside(context: Context, press: Interaction) -> None:
    """Take the page's piece as no feedback."""
    _decide(context, press, review.set_aside)


def skip(context: Context, press: Interaction) -> None:
    """Leave the page's piece for later."""
    must_decide(context, press)
    _go_on(context, press.body["view"], read_session(press.body["view"]).saying(_piece(press), Said.SKIPPED))


def ask(context: Context, press: Interaction) -> None:
    """Put the page's piece to its channel, as a card that everybody there can decide on."""
    must_decide(context, press)
    must_be_new(context, press)
    put_to_channel(context.presenter, _piece(press))
    context.queue.submit(CARDS)
    session = read_session(press.body["view"])
    _go_on(context, press.body["view"], session.saying(_piece(press), Said.ASKED), _held_back(context))
    show_home(context, press, session)


def _held_back(context: Context) -> str:
    """Return until when a card waits for the end of quiet hours, "" where it is put to the channel now."""
    with context.reading() as unit:
        until = quiet_until(unit, context.rules, context.clock.now())
    if until is None:
        return ""
    zone = context.rules.zone
    at = forms.moment(local_moment(until, zone))
    return t("It is quiet now: the card comes on {moment} ({zone}).", moment=at, zone=zone)


def undo(context: Context, press: Interaction) -> None:
    """Take back what became of the piece; a ticket that was created of it stays, and that is said."""
    must_decide(context, press)
    must_be_new(context, press)
    piece, view = _piece(press), press.body["view"]
    session = read_session(view)
    before, decided = _standing_ticket(context, piece), _undone(context, press, piece)
    if not decided.is_done:
        _go_on(context, view, session, _changed(decided.after))
        return
    notice = t("The ticket {key} stays in the tracker.", key=escape(before)) if before else ""
    _go_on(context, view, session.saying(piece, Said.UNDONE), notice)
    show_home(context, press, session)


def open_theme(context: Context, press: Interaction) -> None:
    """Ask for the theme that the page's piece belongs to."""
    must_decide(context, press)
    with context.reading() as unit:
        living = unit.themes.all([ThemeState.LIVING])
    newest = sorted(living, key=lambda theme: theme.last_heard, reverse=True)
    known = [(theme.id, theme.name) for theme in newest]
    push_view(context, press.trigger_id, piece_theme_view(_piece(press), kept_of(press), known))


def submit_theme(context: Context, act: Interaction) -> None:
    """Let the piece belong to the theme, and go on with the session, which the form lies over."""
    form = read_piece_form(act.body["view"])

    def place() -> str:
        theme_id = None if form.theme == NEW_THEME else int(form.theme)
        review.into_theme(
            context.work, context.clock, form.piece, act.user, theme_id=theme_id, name=form.name
        )
        return ""

    must_decide(context, act)
    must_be_new(context, act)
    page = decided_page(context, act.user, form.piece, form.session, place)
    replace_view(context, {"id": act.body["view"]["root_view_id"]}, page)
    show_home(context, act, read_session({"private_metadata": form.session}))


def what_is_missing(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the acknowledgement that asks for what was left out. From the request alone."""
    form = read_piece_form(body["view"])
    if form.theme != NEW_THEME or form.name.strip():
        return {}
    return {"response_action": "errors", "errors": {ids.NAME: t("Give the new theme a name.")}}


def _decide(context: Context, press: Interaction, decide: Callable[..., Decided]) -> None:
    """Decide about the page's piece and show the next; whoever comes second sees what the first did."""
    must_decide(context, press)
    must_be_new(context, press)
    piece, view = _piece(press), press.body["view"]
    session = read_session(view)
    try:
        decided = decide(
            context.work, context.clock, piece, press.user, is_as_seen=partial(_is_as_seen, press)
        )
    except RequestError as exc:
        _go_on(context, view, session, escape(t(exc.message, **exc.facts)))
        return
    _follow(context)
    if not decided.is_done and decided.after.state is CardState.SUGGESTED:
        _go_on(context, view, session, t("This has changed since you saw it."))
    elif decided.is_done or _is_own(context, piece, press.user):
        _go_on(context, view, session.saying(piece, Said.DECIDED))
    else:
        _go_on(context, view, session.saying(piece, Said.MEANWHILE), _changed(decided.after))
    show_home(context, press, session)


def show_home(context: Context, act: Interaction, session: Session) -> None:
    """Let App Home follow what was decided in a session that was opened there.

    A failure is no failure of the decision: the tab is shown anew whenever it is opened.
    """
    if session.is_home:
        try:
            home.publish(context, act)
        except IntegrationError as exc:
            log.warning("home not shown anew", extra={"error": type(exc).__name__})


def decided_page(context: Context, user: str, piece: int, kept: str, do: Callable[[], str]) -> Json:
    """Do what a form says of the piece, unless others were first; return the session's next page.

    kept: the session, as `kept_of` gave it; do: returns a notice for the page, "" for none.
    """
    session = read_session({"private_metadata": kept})
    said, notice = Said.DECIDED, ""
    with context.reading() as unit:
        card = card_of(unit, piece)
    is_open = card.state is CardState.SUGGESTED
    if not is_open and not _is_own(context, piece, user):
        said, notice = Said.MEANWHILE, _changed(card)
    elif is_open:
        try:
            notice = do()
        except NotCreated:
            raise
        except RequestError as exc:
            said, notice = Said.SKIPPED, escape(t(exc.message, **exc.facts))
        _follow(context)
    return page_of(context, session.saying(piece, said), notice)


def _undone(context: Context, press: Interaction, piece: int) -> Decided:
    seen = partial(_is_as_seen, press)
    decided = review.restore(context.work, context.clock, piece, press.user, is_as_seen=seen)
    _follow(context)
    return decided


def _standing_ticket(context: Context, piece: int) -> str:
    """Return the key of the ticket that was created of the piece and holds it, "" for none."""
    with context.reading() as unit:
        card = card_of(unit, piece)
        is_made = piece_tickets.is_created(unit, piece)
    return card.ticket.key if is_made and card.ticket and card.state is CardState.ATTACHED else ""


def _follow(context: Context) -> None:
    """Let tickets, cards, inboxes, themes and switches follow."""
    for task in (ANNOTATE, CARDS, THEMES, TRUST):
        context.queue.submit(task)


def _ten(context: Context, owners: tuple[str, ...], *, is_home: bool) -> Json:
    with context.reading() as unit:
        pieces = next_pieces(unit, context.rules, owners, TEN)
        session = Session(owners=owners, pieces=tuple(pieces), is_home=is_home)
        return _page(context, unit, session, "")


def _go_on(context: Context, view: Mapping[str, Any], session: Session, notice: str = "") -> None:
    replace_view(context, view, page_of(context, session, notice))


def page_of(context: Context, session: Session, notice: str = "") -> Json:
    """Return the page of the next piece that is open, or the summary."""
    with context.reading() as unit:
        return _page(context, unit, session, notice)


def _page(context: Context, unit: UnitOfWork, session: Session, notice: str) -> Json:
    """Return the next open piece's page, or the summary; what was decided by others meanwhile is passed."""
    while (piece := session.piece) is not None:
        card = card_of(unit, piece)
        if card.state is CardState.SUGGESTED:
            return session_view(session, card, notice)
        session = session.saying(piece, Said.MEANWHILE)
    cards = [card_of(unit, piece) for piece in session.pieces]
    left = counts(unit, context.rules)
    return summary_view(session, cards, sum(left.get(owner, 0) for owner in session.owners), notice)


def _is_own(context: Context, piece: int, user: str) -> bool:
    """Return whether what was decided of the piece is the person's own, e.g. by an earlier press."""
    with context.reading() as unit:
        answer = unit.answers.latest_of(piece)
    return answer is not None and answer.by == user


def _changed(card: Card) -> str:
    """Return what became of the piece meanwhile; of words that were removed, that nobody was first."""
    is_decided = card.state is not CardState.WITHDRAWN
    return " ".join([*([t("Somebody else was first.")] if is_decided else []), standing(card)])


def _is_in_home(press: Interaction) -> bool:
    return (press.body.get("view") or {}).get("type") == "home"


def _piece(press: Interaction) -> int:
    return int(press.block_id.split("-")[1])


def _is_as_seen(press: Interaction, card: Card) -> bool:
    return press.block_id.endswith(as_seen(card))


def kept_of(press: Interaction) -> str:
    """Return the session of the pressed button's page, for a form to keep."""
    return json.dumps(asdict(read_session(press.body["view"])))
