"""A thread as a conversation: who speaks as a customer, what they said, and who agreed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.capture import ME_TOO, Capture, ChannelRules
from bot.domain.customer import mail_domain
from bot.domain.feedback import (
    AuthorRole,
    ContextFact,
    Markup,
    ReceivedCompany,
    ReceivedConversation,
    ReceivedPerson,
    ReceivedTurn,
)
from integrations.records import text
from integrations.slack.directory import Member

ORIGIN = "slack reactions"
# Other kinds are Slack's own words: somebody joined, a topic was set, a message was deleted.
SAID = frozenset({"", "file_share", "me_message", "thread_broadcast", "bot_message"})
SLACKBOT = "USLACKBOT"  # whom Slack takes for no bot: it says reminders and canned answers
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Message = Mapping[str, Any]
People = Callable[[str], Member]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A thread as Slack shows it now, and what the operator and people said of it.

    own: the messages that Voc wrote; they quote what it has, so they are nobody's feedback.
    """

    external_id: str
    messages: Sequence[Message]
    rules: ChannelRules
    capture: Capture | None
    url: str = ""
    inbox: str = ""
    own: frozenset[str] = frozenset()


def is_said(message: Message) -> bool:
    """Return whether somebody said the message."""
    return message.get("type", "message") == "message" and (message.get("subtype") or "") in SAID


def author_of(message: Message) -> str:
    """Return the id of the person who wrote it, else of the app."""
    return str(message.get("user") or message.get("bot_id") or "")


def moment(ts: str) -> datetime:
    """Return when that was, to the microsecond, as a ts is also an id."""
    seconds, _, rest = ts.partition(".")
    return EPOCH + timedelta(seconds=int(seconds), microseconds=int(rest.ljust(6, "0")[:6] or 0))


def ts_of(at: datetime) -> str:
    """Return the moment as Slack writes it."""
    since = at - EPOCH
    return f"{since.days * 86400 + since.seconds}.{since.microseconds:06d}"


def changed_at(root: Message) -> str:
    """Return when a thread changed last, as far as a channel's listing tells: written, edited or answered."""
    edited = (root.get("edited") or {}).get("ts") or ""
    return max(str(root["ts"]), str(edited), str(root.get("latest_reply") or ""))


def conversation_of(thread: Thread, people: People) -> ReceivedConversation | None:
    """Return the thread as a conversation, None where nobody took it as feedback or no customer speaks.

    Raises IntegrationError where Slack does not say who somebody is.
    """
    picked = _picked(thread, people)
    customers = _customers(thread, picked, people)
    turns = [_turn(message, thread, _role(message, picked, customers, people)) for message in thread.messages]
    first = next((m for m, turn in zip(thread.messages, turns, strict=True) if _speaks(turn)), None)
    is_taken = thread.rules.is_feedback or thread.capture is not None or bool(picked)
    if first is None or not is_taken:
        return None
    area = thread.capture.area if thread.capture else ""
    agreed = _agreed(thread, customers)
    return ReceivedConversation(
        external_id=thread.external_id,
        created_at=turns[0].said_at,
        updated_at=max(moment(ts) for m in thread.messages for ts in _times(m)),
        customer=_speaker(_author(first, people), thread),
        turns=tuple(turns),
        url=thread.url,
        channel="chat",
        inbox=thread.inbox,
        tags=(area,) if area else (),
        context=(ContextFact(ME_TOO, str(len(agreed)), ORIGIN),) if agreed else (),
    )


def is_outside(member: Member) -> bool:
    """Return whether the person is not one of ours, so that what they say is a customer's."""
    return member.is_external or member.is_guest


def _picked(thread: Thread, people: People) -> frozenset[str]:
    """Return the messages that were taken as feedback, whoever but Voc posted them."""
    picked = {*(thread.capture.picked if thread.capture else ()), *_captured(thread, people)}
    first = thread.messages[0] if thread.messages else {}
    if thread.rules.is_feedback and thread.rules.takes_everyone and _is_person(first):
        picked.add(first["ts"])
    return frozenset(picked & {m["ts"] for m in thread.messages} - thread.own)


def _customers(thread: Thread, picked: frozenset[str], people: People) -> frozenset[str]:
    """Return who speaks as a customer: outsiders, and whoever wrote what was taken as feedback."""
    authors = {m["user"]: False for m in thread.messages if _is_person(m)}
    authors |= {m["user"]: True for m in thread.messages if _is_person(m) and m["ts"] in picked}
    return frozenset(user for user, is_picked in authors.items() if is_picked or is_outside(people(user)))


def _captured(thread: Thread, people: People) -> list[str]:
    """Return the messages that bear the reaction for feedback, put by one of ours."""
    wanted = thread.rules.capture
    return [
        message["ts"]
        for message in thread.messages
        if wanted and any(not is_outside(people(user)) for user in reacted(message, wanted))
    ]


def _agreed(thread: Thread, customers: frozenset[str]) -> frozenset[str]:
    """Return who reacted to a customer's message with "me too", except whoever wrote it."""
    wanted = thread.rules.me_too
    return frozenset(
        user
        for message in thread.messages
        if wanted and message.get("user") in customers
        for user in reacted(message, wanted)
        if user != message["user"]
    )


def reacted(message: Message, reaction: str) -> frozenset[str]:
    """Return who put that reaction on the message, in any tone of skin."""
    given = (r for r in message.get("reactions") or [] if plain(r["name"]) == reaction)
    return frozenset(user for one in given for user in one.get("users") or ())


def plain(reaction: str) -> str:
    """Return the reaction's name without a tone of skin."""
    return reaction.partition("::")[0]


def _is_person(message: Message) -> bool:
    return message.get("user") not in (None, "", SLACKBOT) and not message.get("bot_id")


def _turn(message: Message, thread: Thread, role: AuthorRole) -> ReceivedTurn:
    ts = message["ts"]
    return ReceivedTurn(
        external_id=ts,
        role=role,
        said_at=moment(ts),
        original=text(message.get("text")),
        markup=Markup.MRKDWN,
        author_id=author_of(message),
        part=thread.capture.picked.get(ts, "") if thread.capture else "",
    )


def _speaks(turn: ReceivedTurn) -> bool:
    return turn.role is AuthorRole.CUSTOMER


def _author(message: Message, people: People) -> Member:
    """Return who wrote it; what an app passed on has the app for its author."""
    if _is_person(message):
        return people(message["user"])
    return Member(id=str(message.get("bot_id") or message.get("user") or ""))


def _role(message: Message, picked: frozenset[str], customers: frozenset[str], people: People) -> AuthorRole:
    if message["ts"] in picked:
        return AuthorRole.CUSTOMER
    if not _is_person(message):
        return AuthorRole.BOT
    if message["user"] in customers:
        return AuthorRole.CUSTOMER
    return AuthorRole.BOT if people(message["user"]).is_bot else AuthorRole.AGENT


def _times(message: Message) -> Sequence[str]:
    edited = (message.get("edited") or {}).get("ts")
    return [message["ts"], *([edited] if edited else [])]


def _speaker(member: Member, thread: Thread) -> ReceivedPerson:
    """Return whose words these are: the customer that was named, else the author with their company."""
    if thread.capture and thread.capture.customer:
        return named_customer(thread.capture.customer)
    company = None
    domain = mail_domain(member.email)
    if thread.rules.company and (is_outside(member) or thread.rules.takes_everyone):
        company = ReceivedCompany(
            external_id=company_id(thread.rules.company),
            name=thread.rules.company,
            domains=(domain,) if domain and is_outside(member) else (),
            is_name_alone=True,
        )
    return ReceivedPerson(
        external_id=member.id, name=member.name, email=member.email, language=member.language, company=company
    )


def named_customer(name: str) -> ReceivedPerson:
    """Return the customer that a colleague named: by an e-mail address, else by their company."""
    if "@" in name:
        return ReceivedPerson(external_id=f"named:{name.strip().lower()}", email=name.strip())
    company = ReceivedCompany(external_id=company_id(name), name=name.strip(), is_name_alone=True)
    return ReceivedPerson(external_id=f"named:{name.strip().casefold()}", company=company)


def company_id(name: str) -> str:
    """Return the id under which the source knows a company that goes by a name alone."""
    return f"named:{name.strip().casefold()}"


def alone(capture: Capture, ts: str, author: str, shown: str, people: People) -> ReceivedConversation:
    """Return the conversation of one message whose thread cannot be read. shown: its words as seen."""
    thread = Thread(
        external_id=capture.external_id, messages=(), rules=ChannelRules(channel=""), capture=capture
    )
    turn = ReceivedTurn(
        external_id=ts,
        role=AuthorRole.CUSTOMER,
        said_at=moment(ts),
        original=shown,
        author_id=author,
        part=capture.picked.get(ts, ""),
    )
    return ReceivedConversation(
        external_id=capture.external_id,
        created_at=turn.said_at,
        updated_at=turn.said_at,
        customer=_speaker(people(author), thread),
        turns=(turn,),
        channel="chat",
        tags=(capture.area,) if capture.area else (),
        keep_missing_turns=True,
    )
