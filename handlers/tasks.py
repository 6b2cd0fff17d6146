"""The queue's tasks by name: what is submitted here is run in `jobs`."""

from __future__ import annotations

from bot.domain.digest import Subscription
from bot.domain.period import Period
from bot.ports import Task

MATCH = Task(name="match", key="match")
ANNOTATE = Task(name="annotate", key="annotate")
CARDS = Task(name="cards", key="cards")
CHANNELS = Task(name="channels", key="channels")
TIDY = Task(name="tidy", key="tidy")
TRUST = Task(name="trust", key="trust")
LEARN = Task(name="learn", key="learn")
THEMES = Task(name="themes", key="themes")
CORRECT = Task(name="correct", key="correct")
EVENTS = Task(name="events", key="events")
ALERTS = Task(name="alerts", key="alerts")


def sync(source: str) -> Task:
    """Return the task that reads what changed at the source."""
    return Task(name="sync", key=f"sync:{source}", arguments={"source": source})


def tickets(tracker: str) -> Task:
    """Return the task that reads what changed in the tracker."""
    return Task(name="tickets", key=f"tickets:{tracker}", arguments={"tracker": tracker})


def reconcile(source: str, after: str = "") -> Task:
    """Return the task that asks the source for some stored conversations by id, those after `after`."""
    return Task(name="reconcile", key=f"reconcile:{source}", arguments={"source": source, "after": after})


def survey(tracker: str, after: int = 0) -> Task:
    """Return the task that asks the tracker for some tickets with voices by id, those after `after`."""
    return Task(name="survey", key=f"survey:{tracker}", arguments={"tracker": tracker, "after": str(after)})


def thread(channel: str, root: str) -> Task:
    """Return the task that stores a thread of the chat as it is by then. root: its first message's ts."""
    return Task(name="thread", key=f"thread:{channel}:{root}", arguments={"channel": channel, "root": root})


def reaction(channel: str, ts: str, user: str, name: str) -> Task:
    """Return the task that looks at whether a person's reaction of that name is on a message by then."""
    arguments = {"channel": channel, "ts": ts, "user": user, "reaction": name}
    return Task(name="reaction", key=":".join(["reaction", *arguments.values()]), arguments=arguments)


def digest(subscription: Subscription) -> Task:
    """Return the task that publishes a subscription's digest when it is due."""
    return Task(
        name="digest", key=f"digest:{subscription.id}", arguments={"subscription": str(subscription.id)}
    )


def digest_now(subscription: Subscription, period: Period) -> Task:
    """Return the task that brings out a digest that was asked for, while its period is the last whole one."""
    return Task(
        name="digest now",
        key=f"digest now:{subscription.id}",
        arguments={"subscription": str(subscription.id), "first": period.first.isoformat()},
    )
