"""What /voc can do, on one screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.i18n import later, t
from integrations.slack.blocks.elements import Post, context, escape, header, literal, section

NAME_MOST = 40
VERBS: Mapping[str, tuple[str, str]] = {  # what to type after /voc, what it does
    "search": (
        "search words [since:30d]",
        later("what customers say, in their words"),
    ),
    "ticket": ("ticket KEY", later("who asked for a ticket, in their words, and how many")),
    "customer": ("customer NAME", later("all that a person or company said, and what became of it")),
    "top": ("top [7d] [by people|companies|revenue]", later("the loudest tickets")),
    "themes": (
        "themes",
        later("what customers say that has no ticket yet: attach, create a ticket, or not us"),
    ),
    "inbox": ("inbox", later("proposals that wait for a yes or no")),
    "add": ('add "text" [for CUSTOMER]', later("record feedback that you heard")),
    "attach": ("attach #123 KEY", later("attach a piece of feedback to a ticket")),
    "unlink": ("unlink #123", later("take a piece off its ticket")),
    "digest preview": ("digest preview", later("this channel’s digest as it stands, shown to you alone")),
    "digest now": ("digest now", later("post the last whole week’s digest here now")),
    "digest schedule": (
        "digest schedule mon 9:00 [Europe/Berlin] [every two weeks, monthly]",
        later("when the digest comes to this channel, or in a direct message to you"),
    ),
    "digest pause": ("digest pause 2w", later("no digest for a while; `digest resume` brings it back")),
    "digest resume": ("digest resume", later("let digests come again")),
    "digest short": ("digest short", later("how much it tells: `short`, `normal` or `long`")),
    "digest normal": ("digest normal", later("the usual length")),
    "digest long": ("digest long", later("more quotes")),
    "digest language": ("digest language de", later("the digest’s language: en, de or fr")),
    "digest history": ("digest history", later("the digests told here, in all their versions")),
    "subscribe": (
        "subscribe project:APP area:… label:… segment:… source:…",
        later("what this channel hears about; `subscribe list`, `alerts:on`"),
    ),
    "unsubscribe": ("unsubscribe", later("no digest here any more")),
    "status": ("status", later("each source, what waits for an answer, and what is stuck")),
    "help": ("help [verb]", later("this page, or one verb’s examples")),
}
GROUPS: Mapping[str, tuple[str, ...]] = {  # what the one screen shows; the rest is told of by its verb
    later("Hear customers"): ("search", "ticket", "customer", "top"),
    later("Decide"): ("inbox", "themes", "add", "attach", "unlink"),
    later("This channel’s digest"): ("digest preview", "digest schedule", "subscribe", "unsubscribe"),
    later("Voc itself"): ("status", "help"),
}
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "search": (
        "search export since:30d",
        'search "dark mode" company:"CUSTOMER"',
        "search login since:2026-10-01 until:2w",
    ),
    "ticket": ("ticket KEY",),
    "customer": ("customer CUSTOMER", "customer ann@example.com"),
    "top": ("top 30d", "top 12w by companies"),
    "themes": ("themes",),
    "inbox": ("inbox",),
    "add": ('add "The export drops rows" for CUSTOMER', 'add "Dark mode, please"'),
    "attach": ("attach #123 KEY", "attach voc:zendesk:4711:1 KEY"),
    "unlink": ("unlink #123",),
    "status": ("status",),
}


@dataclass(frozen=True, slots=True)
class Examples:
    """What the examples name, from this workspace; "" where there is nothing yet."""

    key: str = ""
    customer: str = ""

    def fill(self, usage: str) -> str:
        """Return the usage with a real ticket and customer in it, as mrkdwn."""
        key = literal(self.key or "KEY", NAME_MOST).replace("`", "'")
        customer = literal(self.customer or "Acme", NAME_MOST).replace("`", "'").replace('"', "'")
        return escape(usage.replace("KEY", key).replace("CUSTOMER", customer))


def help_answer(verb: str = "", examples: Examples = Examples()) -> Post:
    """Return one screen of help. verb: one of VERBS, or the first word of several, for that alone."""
    chosen = [name for name in VERBS if name == verb or name.startswith(f"{verb} ")]
    if not chosen:
        groups = (section(f"*{t(title)}*\n{_told(names, examples)}") for title, names in GROUPS.items())
        said = t("What /voc can do")
        more = context(t("More on one of them: {example}", example="/voc help digest"))
        return Post(said, [header(said), *groups, more])
    said = f"/voc {verb}"
    blocks = [header(said), section(_told(chosen, examples))]
    shown = [one for one in EXAMPLES.get(verb, ()) if one != VERBS[verb][0]]
    if shown:
        lines = (f"`/voc {examples.fill(one)}`" for one in shown)
        blocks.append(section("\n".join([t("For example"), *lines])))
    if verb == "search":
        blocks.append(context(t("Filters: {filters}", filters=FILTERS)))
    return Post(said, blocks)


def _told(names: Sequence[str], examples: Examples) -> str:
    """Return a line a verb, as mrkdwn."""
    return "\n".join(f"`/voc {examples.fill(VERBS[name][0])}`  {t(VERBS[name][1])}" for name in names)


FILTERS = 'since: until: (30d, 2w, 3m, 2026-10-01), source: segment: project: company:"two words"'
