"""`/voc digest …`: this channel's digest, or in a direct message one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.digest import Length, Subscription
from bot.domain.message import DigestPost, Showing
from bot.errors import RequestError
from bot.i18n import LANGUAGES, locale_of, speaking, t
from bot.services.outward import Outcome
from bot.services.previews import preview
from bot.services.publish import Published, next_of, period_of, publish_now
from bot.services.subscribing import change, scheduled
from handlers import tasks
from handlers.commands.dates import span_of
from handlers.commands.parser import nearest, parse
from handlers.commands.schedule import schedule_of
from handlers.context import Context
from handlers.interaction import Interaction, must_be_new, words
from handlers.roles import must_read
from handlers.subscriptions import (
    NONE_YET,
    Place,
    changeable,
    described,
    found,
    fresh,
    in_words,
    is_direct,
    must_be_meant,
    must_be_ours,
    must_change,
    next_said,
    place_of,
)
from integrations.slack.blocks import words as wording
from integrations.slack.blocks.digest_history import history_answer
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.render import render

MADE_GOOD_AFTER = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(days=366)
TOLD_OF = 10


def digest_answer(context: Context, act: Interaction, rest: str) -> Post:
    """Do what the word after "digest" says; without one, say what comes; else offer the nearest."""
    word, *more = rest.split(None, 1) or [""]
    if not word:
        return show_state(context, act, rest)
    if (known := WORDS.get(word.lower())) is not None:
        return known(context, act, "".join(more))
    if near := nearest(word, WORDS):
        raise RequestError(
            "`/voc digest {typed}` is not a command. Did you mean `/voc digest {near}`?",
            typed=word[:40],
            near=near,
        )
    raise RequestError(
        "`/voc digest {typed}` is not a command. It takes {words}.", typed=word[:40], words=", ".join(WORDS)
    )


def show_state(context: Context, act: Interaction, rest: str) -> Post:
    """Return what comes here, when, and how to change it."""
    must_read(context, act)
    known = found(context, place_of(context, act))
    if known is None:
        raise RequestError(NONE_YET)
    more = t("`/voc digest` takes {words}.", words=", ".join(WORDS))
    return words(f"{described(context, known)} {more}")


def show_preview(context: Context, act: Interaction, rest: str) -> Post:
    """Return the last whole period's digest, as it was told or would be now; nothing is posted."""
    must_read(context, act)
    place = place_of(context, act) if is_direct(act) else Place(act.channel, act.body.get("channel_name", ""))
    subscription = found(context, place) or replace(fresh(context, act, place), zone=context.zone)
    snapshot = preview(context.publisher, subscription)
    with speaking(snapshot.language or context.language):
        return render(DigestPost(snapshot, Showing.PREVIEW))[0]


def post_now(context: Context, act: Interaction, rest: str) -> Post:
    """Post the last whole period's digest, and return where it is or why it is not out yet."""
    subscription = changeable(context, act)
    must_be_meant(context, place_of(context, act))
    must_be_new(context, act)
    started = context.clock.now()
    # A kill between here and the post is made good by the task; what is out by then stays as it is.
    task = tasks.digest_now(subscription, period_of(subscription, started))
    context.queue.submit(task, not_before=started + MADE_GOOD_AFTER)
    published = publish_now(context.publisher, subscription)
    return words(_outcome(context, subscription, published, started))


def start_schedule(context: Context, act: Interaction, rest: str) -> Post:
    """Set when the digest comes here, and return the next date in words."""
    must_read(context, act)
    wanted = schedule_of(parse(rest).text)
    place = place_of(context, act)
    must_be_ours(place)
    known = found(context, place)
    if not place.person:
        must_change(context, act, known)
    usual = known or fresh(context, act, place)
    zone = wanted.zone or (context.directory.zone(act.user) or context.zone)
    own = replace(usual, cron=wanted.cron, zone=zone, rhythm=wanted.rhythm)
    stored = scheduled(context.work, context.publisher, own, known)
    when, next_one = wanted.said, next_said(context, stored)
    return words(t("The digest comes here {when} ({zone}). {next}", when=when, zone=zone, next=next_one))


def pause(context: Context, act: Interaction, rest: str) -> Post:
    """Let no digest come for a while, and return when the next one does."""
    span = span_of(rest)
    if span is None or span > LONGEST_PAUSE:
        raise RequestError("For how long, at most a year? Say for example `/voc digest pause 2w` or `3d`.")
    return words(paused(context, changeable(context, act), span))


def paused(context: Context, subscription: Subscription, span: timedelta) -> str:
    """Pause the digest for so long, and return when the next one comes.

    Raises RequestError where none comes at present: a pause would bring it back.
    """
    if subscription.next_at is None:
        raise RequestError(next_said(context, subscription))
    until = context.clock.now() + span
    next_at = next_of(context.publisher, subscription, until)
    change(context.work, subscription, paused_until=until, next_at=next_at)
    return t(
        "Paused. The next digest comes on {moment}; `/voc digest resume` brings it back before.",
        moment=in_words(next_at, subscription.zone),
    )


def resume(context: Context, act: Interaction, rest: str) -> Post:
    """Let digests come again, and return when the next one does."""
    subscription = changeable(context, act)
    next_at = next_of(context.publisher, subscription, context.clock.now())
    stored = change(context.work, subscription, paused_until=None, next_at=next_at)
    return words(t("The digest goes on. {next}", next=next_said(context, stored)))


def set_length(length: Length) -> Callable[[Context, Interaction, str], Post]:
    """Return what sets how much the digest tells."""

    def set_it(context: Context, act: Interaction, rest: str) -> Post:
        subscription = changeable(context, act)
        return words(lengthened(context, subscription, length))

    return set_it


def lengthened(context: Context, subscription: Subscription, length: Length) -> str:
    """Set how much the digest tells, and return what it is then."""
    stored = change(context.work, subscription, length=length)
    return t("Changed from the next digest on. {described}", described=described(context, stored))


def set_language(context: Context, act: Interaction, rest: str) -> Post:
    """Set the language that the digest is told in."""
    spoken = {name.lower(): tag for tag in LANGUAGES for name in _names(tag)}
    tag = spoken.get(rest.lower())
    if tag is None:
        known = ", ".join(f"{tag} ({wording.language(tag)})" for tag in LANGUAGES)
        raise RequestError(
            "Voc speaks {languages}. Say for example `/voc digest language de`.", languages=known
        )
    stored = change(context.work, changeable(context, act), language=tag)
    return words(t("Changed from the next digest on. {described}", described=described(context, stored)))


def show_history(context: Context, act: Interaction, rest: str) -> Post:
    """Return the digests that were told here, each with its versions to open."""
    must_read(context, act)
    subscription = found(context, place_of(context, act))
    if subscription is None:
        raise RequestError(NONE_YET)
    with context.reading() as unit:
        newest = unit.subscriptions.newest(subscription.id, TOLD_OF)
    return history_answer([stored.snapshot for stored in newest], subscription.zone)


WORDS: Mapping[str, Callable[[Context, Interaction, str], Post]] = {
    "preview": show_preview,
    "now": post_now,
    "schedule": start_schedule,
    "pause": pause,
    "resume": resume,
    **{length.value: set_length(length) for length in Length},
    "language": set_language,
    "history": show_history,
}


def _names(tag: str) -> tuple[str, str, str]:
    """Return what people call the language: its tag, its own name, its English one."""
    own, english = locale_of(tag), locale_of("en")
    return tag, own.languages[tag], english.languages[tag]


def _outcome(context: Context, subscription: Subscription, published: Published, started: datetime) -> str:
    with context.reading() as unit:
        posted = unit.effects.of("digest", subscription.channel)
    if published.message is None:
        why = f" ({posted[-1].note})" if posted and posted[-1].note else ""
        if published.outcome is Outcome.PARKED:
            return t("The digest could not be posted{why}. An operator has to look at it.", why=why)
        return t("The digest is not out yet{why}. Voc tries again within minutes.", why=why)
    link = context.publisher.messenger.permalink(published.message)
    result = published.message.address
    done_at = next((e.done_at for e in posted if e.result == result), None)
    if done_at is not None and done_at < started:
        moment = in_words(done_at, subscription.zone)
        return t("It was already posted on {moment}: {link}", moment=moment, link=link)
    return t("Posted: {link}", link=link)
