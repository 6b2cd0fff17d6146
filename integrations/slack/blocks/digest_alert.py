"""The message of a theme that rises between digests."""

from __future__ import annotations

from bot.domain.message import ThemeAlert, content_hash
from bot.i18n import t
from integrations.slack.blocks import words
from integrations.slack.blocks.elements import Post, line, literal, notification, rich_text, text
from integrations.slack.blocks.themes import theme_choices

NAME_MOST, QUOTE_MOST = 90, 400


def alert_post(alert: ThemeAlert) -> Post:
    """Return the alert; one that is over says so in a line, and can't be decided any more."""
    name = literal(alert.name, NAME_MOST) if alert.name else t("said in different words")
    if not alert.is_rising:
        over = t("No longer rising: {name}", name=name)
        return Post(notification(over), [rich_text(line(text(over)))])
    lead = t("Rising, without a ticket: {name}", name=name)
    numbers = t(
        "{pieces} from {reach} in seven days",
        pieces=words.count(alert.pieces, "piece"),
        reach=words.reach(alert.reach),
    )
    trend = t("Pieces a week: {trend}", trend=words.weekly(alert.trend, is_rising=True))
    said = words.quotation(alert.quote, alert.zone, most=QUOTE_MOST, facts=2) if alert.quote else []
    told = rich_text(line(text(lead, bold=True)), line(text(numbers)), line(text(trend)), *said)
    choices = theme_choices(alert.theme_id, f"alert-{alert.theme_id}-{content_hash(alert)[:12]}")
    return Post(notification(f"{lead}.", f"{numbers}."), [told, choices])
