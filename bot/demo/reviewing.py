"""The example's reviewer: what a careful reader answered in the weeks before the last one, replayed."""

from __future__ import annotations

from bot.app import Bot
from bot.demo.world import USER, World
from bot.domain.week import week_of
from bot.services.review import attach


def replay(bot: Bot, world: World) -> int:
    """Attach the earlier weeks' pieces as the example's truth says, as its reviewer; return how many.

    Only the example has a truth; a folder of data is matched without any help.
    """
    if world.truth is None:
        return 0
    last_week = week_of(bot.clock.now(), bot.settings.digest.zone).after(-1)
    with bot.reading() as unit:
        earlier = unit.pieces.heard(last_week.after(-8).start, last_week.start)
        known = {v.feedback_id: world.truth[world.pieces[v.source, v.external_id]] for v in earlier}
        answers = {piece: key for piece, key in known.items() if key and unit.tickets.by_key(key)}
    for piece, key in answers.items():
        attach(bot.work, bot.clock, piece, USER, ticket_key=key)
    return len(answers)
