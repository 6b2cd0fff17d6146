"""Slack's rate limits: by method, app and workspace; posting by channel."""

from __future__ import annotations

from integrations.sandbox.limits import Limit

_SOURCE = "docs.slack.dev/apis/web-api/rate-limits"
TIER_1 = Limit("tier 1", 1, 60.0, _SOURCE)
TIER_2 = Limit("tier 2", 20, 60.0, _SOURCE)
TIER_3 = Limit("tier 3", 50, 60.0, _SOURCE)
TIER_4 = Limit("tier 4", 100, 60.0, _SOURCE)
POSTS_BY_CHANNEL = Limit("posts by channel", 1, 1.0, _SOURCE)
PERMALINKS = Limit("special tier", 300, 60.0, _SOURCE)

LIMITS = (TIER_1, TIER_2, TIER_3, TIER_4, POSTS_BY_CHANNEL, PERMALINKS)
