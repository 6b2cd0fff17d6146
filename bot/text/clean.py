"""A turn as received, made into the text that quotes point into: words are dropped, none added or changed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.feedback import Markup
from bot.text.characters import has_words, tidy
from bot.text.mail import newest_words
from bot.text.markup import text_of
from bot.text.mrkdwn import shown_of, without_emoji

# Nobody quotes or signs here; an unknown channel is read as mail, for mail arrives under many names.
_NOT_MAIL = "chat messag messenger whatsapp sms facebook twitter review store survey call".split()


def clean(original: str, markup: Markup, *, channel: str = "", staff_delimiters: Sequence[str] = ()) -> str:
    """Return the customer's own new words: tidy text, for mail without earlier messages and the signature.

    channel: as the source names it; in a chat, review or survey only white space changes.
    staff_delimiters: lines that the support tool puts above what it quotes, beyond the known ones.
    Never empty where the original shows words; time and memory linear in its length.
    """
    is_mail = not any(kind in channel.lower() for kind in _NOT_MAIL)
    if markup is Markup.MRKDWN:
        original, markup = shown_of(without_emoji(original)), Markup.PLAIN
    if markup is Markup.PLAIN:
        text = tidy(original)
        return newest_words(text, staff_delimiters) if is_mail else text
    if is_mail:
        text = newest_words(tidy(text_of(original, without_quotes=True)), staff_delimiters)
        if has_words(text):
            return text
    return tidy(text_of(original, without_quotes=False))
