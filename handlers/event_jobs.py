"""The queue's task for events of the chat that a process acknowledged, and then did not come to."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handlers.jobs import Workshop

log = logging.getLogger(__name__)

HANDLED_WITHIN, TRIED_FOR, AT_ONCE = timedelta(minutes=1), timedelta(hours=1), 100


def handle_left(shop: Workshop, _: Mapping[str, str]) -> None:
    """Handle them. One that fails is tried again each minute, for an hour."""
    now = shop.clock.now()
    with shop.work() as unit:
        left = unit.deliveries.unfinished(now - HANDLED_WITHIN, limit=AT_ONCE)
        for one in left:
            if one.at < now - TRIED_FOR:
                log.warning("event given up", extra={"event_id": one.id})
                unit.deliveries.finish(one.id, now, was_handled=True)
        unit.commit()
    for one in left:
        if one.at >= now - TRIED_FOR:
            shop.happened(one.body)
