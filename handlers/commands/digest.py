"""`/voc digest preview | now | schedule`: this channel's digest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from bot.domain.digest import Subscription
from bot.domain.message import DigestPost
from bot.domain.week import week_of
from bot.errors import AccessError, AnswerError, NotFoundError, RequestError
from bot.services.outward import Outcome
from bot.services.publish import Published, preview, publish_now
from handlers import tasks
from handlers.commands.schedule import DAYS, schedule_of
from handlers.context import Context
from handlers.interaction import Interaction, must_be_new, words
from handlers.roles import must_decide
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.render import render

NAME = "weekly"
MADE_GOOD_AFTER = timedelta(minutes=2)
INVITE = "Voc is not in this channel. Type `/invite @voc` here, then try again."


def digest_answer(context: Context, act: Interaction, rest: str) -> Post:
    """Do what the word after "digest" says; an unknown one is offered the nearest."""
    word, _, rest = rest.partition(" ")
    if not word:
        raise RequestError("`/voc digest preview`, `now` or `schedule mon 9:00`?")
    if (known := WORDS.get(word.lower())) is not None:
        return known(context, act, rest)
    near = get_close_matches(word.lower(), WORDS, 1, 0.5)
    offer = f"Did you mean `/voc digest {near[0]}`?" if near else f"It takes {', '.join(WORDS)}."
    raise RequestError(f"`/voc digest {word[:40]}` is not a command. {offer}")


def show_preview(context: Context, act: Interaction, rest: str) -> Post:
    """Return the last whole week's digest as it would be now; nothing is stored or posted."""
    subscription = _subscription(context, act.channel, _name_of(act)) or Subscription(
        id=0,
        channel=act.channel,
        name=NAME,
        cron=context.cron,
        zone=context.zone,
        projects=_projects(context, act.channel, _name_of(act)),
    )
    snapshot = preview(context.publisher, subscription)
    return render(DigestPost(snapshot, is_preview=True))[0]


def post_now(context: Context, act: Interaction, rest: str) -> Post:
    """Post the last whole week's digest, and return where it is or why it is not out yet."""
    must_decide(context, act)
    name = must_be_member(context, act.channel)
    subscription = _subscription(context, act.channel, name)
    if subscription is None:
        raise RequestError("This channel gets no digest yet. `/voc digest schedule mon 9:00` starts one.")
    must_be_new(context, act)
    started = context.clock.now()
    week = week_of(started, subscription.zone).after(-1)
    # A kill between here and the post is made good by the task; what is out by then stays as it is.
    context.queue.submit(tasks.digest_now(subscription, week), not_before=started + MADE_GOOD_AFTER)
    published = publish_now(context.publisher, subscription)
    return words(_outcome(context, subscription, published, started))


def start_schedule(context: Context, act: Interaction, rest: str) -> Post:
    """Set when this channel's digest comes, and return the next date in words."""
    must_decide(context, act)
    wanted = schedule_of(rest)
    name = must_be_member(context, act.channel)
    zone = wanted.zone or (context.directory.zone(act.user) or context.zone)
    next_at = context.publisher.next_time(wanted.cron, zone, context.clock.now())
    known = _subscription(context, act.channel, name)
    channel = known.channel if known else act.channel
    projects = known.projects if known else _projects(context, act.channel, name)
    with context.work() as unit:
        unit.subscriptions.put(channel, NAME, cron=wanted.cron, zone=zone, projects=projects, next_at=next_at)
        unit.commit()
    return words(f"The digest comes here on {wanted} ({zone}). The next one: {in_words(next_at, zone)}.")


WORDS: Mapping[str, Callable[[Context, Interaction, str], Post]] = {
    "preview": show_preview,
    "now": post_now,
    "schedule": start_schedule,
}


def must_be_member(context: Context, channel: str) -> str:
    """Return the channel's name. Raises RequestError, with what to do, unless Voc is in it."""
    if channel.startswith("D"):
        raise RequestError("Digests go to channels. Type this in the channel that should get it.")
    try:
        answer = context.slack.read("conversations.info", "looking at the channel", channel=channel)
    except (AccessError, AnswerError, NotFoundError) as exc:
        if exc.detail == "channel_not_found":
            raise RequestError(INVITE) from exc
        raise
    about = answer["channel"]
    if about.get("is_archived"):
        raise RequestError("This channel is archived.")
    if not about.get("is_member"):
        raise RequestError(INVITE)
    return str(about["name"])


def in_words(moment: datetime, zone: str) -> str:
    """Return e.g. "Monday, 30 November 2026 at 9:00"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{DAYS[local.weekday()]}, {local.day} {local:%B} {local.year} at {local.hour}:{local:%M}"


def _name_of(act: Interaction) -> str:
    """Return the channel's name as a command tells it, which for a private one it does not."""
    return str(act.body.get("channel_name", ""))


def _subscription(context: Context, channel: str, name: str) -> Subscription | None:
    """Return the channel's subscription: made here under its id, by the operator's routes under its name."""
    with context.reading() as unit:
        return unit.subscriptions.find(channel, NAME) or unit.subscriptions.find(f"#{name}", NAME)


def _projects(context: Context, channel: str, name: str) -> tuple[str, ...]:
    """Return the projects of the routes that send digests to the channel; none means all."""
    names = {channel, f"#{name}"}
    routes = [r for r in context.rules.routes.routes if names & set(r.digest_channels)]
    if any(not r.projects for r in routes):
        return ()
    return tuple(dict.fromkeys(project for r in routes for project in r.projects))


def _outcome(context: Context, subscription: Subscription, published: Published, started: datetime) -> str:
    with context.reading() as unit:
        posted = unit.effects.of("digest", subscription.channel)
    if published.message is None:
        why = f" ({posted[-1].note})" if posted and posted[-1].note else ""
        if published.outcome is Outcome.PARKED:
            return f"The digest could not be posted{why}. An operator has to look at it."
        return f"The digest is not out yet{why}. Voc tries again within minutes."
    link = context.publisher.messenger.permalink(published.message)
    result = published.message.address
    done_at = next((e.done_at for e in posted if e.result == result), None)
    if done_at is not None and done_at < started:
        return f"It was already posted on {in_words(done_at, subscription.zone)}: {link}"
    return f"Posted: {link}"
