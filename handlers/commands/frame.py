"""Answers shown again: another page in place, or the same for the whole channel, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.effect import Effect
from bot.domain.message import MessageRef
from bot.errors import RequestError
from bot.i18n import speaking, t
from bot.services.outward import Act, Outcome, perform
from handlers.commands.verbs import answer_to, is_shared
from handlers.context import Context
from handlers.interaction import Interaction, show_instead, words
from handlers.roles import must_read
from handlers.subscriptions import member_of, must_be_ours
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.frame import Asked, Paged, framed, shared
from integrations.slack.client import is_direct
from integrations.slack.messenger import metadata

KIND = "share"
LOOKED_FOR = timedelta(hours=1)


def show(context: Context, press: Interaction) -> None:
    """Show another page, or what the button names, in place of the answer that it is under."""
    must_read(context, press)
    asked = Asked.of(press.value)
    show_instead(context, press, page_of(context, press, asked))


def page_of(context: Context, act: Interaction, asked: Asked) -> Post:
    """Return what is asked for, with the buttons that belong under it.

    Between two people nothing is shared: alone with Voc there is nobody else, and elsewhere Voc can't write.
    """
    answer = answer_to(context, _asking(act, asked))
    return framed(answer, asked, may_share=is_shared(asked.text) and not is_direct(act.channel))


def share(context: Context, press: Interaction) -> None:
    """Post the answer to the channel, worked out anew in the channel's language; the same one only once."""
    must_read(context, press)
    asked = Asked.of(press.value)
    if not is_shared(asked.text):
        raise RequestError("This answer is for you alone.")
    must_be_ours(member_of(context, press.channel))
    with speaking(context.language):
        answer = answer_to(context, _asking(press, asked))
        post = shared(answer.post if isinstance(answer, Paged) else answer, press.user, asked.text)
    done = perform(context.work, context.clock, _posting(context, press.channel, post, asked))
    if done.outcome is not Outcome.DONE:
        why = f" ({done.problem.detail})" if done.problem and done.problem.detail else ""
        raise RequestError("It is not shared yet{why}. Press the button again in a moment.", why=why)
    link = context.publisher.messenger.permalink(MessageRef.at(done.result))
    press.reply(words(t("Shared: {link}", link=link)))


def _asking(act: Interaction, asked: Asked) -> Interaction:
    return replace(act, text=asked.text, page=asked.page)


def _posting(context: Context, channel: str, post: Post, asked: Asked) -> Act:
    key = f"share:{asked.token}:{asked.page}"
    messenger = context.publisher.messenger

    def do(effect: Effect) -> str:
        if effect.result:
            return effect.result
        answer = context.slack.write(
            "chat.postMessage",
            "sharing an answer",
            channel=channel,
            text=post.text,
            blocks=post.blocks,
            metadata=metadata(key),
            unfurl_links=False,
            unfurl_media=False,
        )
        return MessageRef(str(answer["channel"]), str(answer["ts"])).address

    def find(effect: Effect) -> str | None:
        found = messenger.find(channel, key, since=context.clock.now() - LOOKED_FOR)
        return found.address if found else None

    return Act(kind=KIND, target=channel, key=key, wanted=key, do=do, find=find)
