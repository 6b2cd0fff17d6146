"""Which stand-ins a sandbox serves."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from integrations.sandbox.intercom.stand_in import IntercomStandIn
from integrations.sandbox.jira.stand_in import JiraStandIn
from integrations.sandbox.linear.stand_in import LinearStandIn
from integrations.sandbox.serving import Sandbox, StandInType
from integrations.sandbox.slack.stand_in import SlackStandIn
from integrations.sandbox.viewer.app import viewer_app
from integrations.sandbox.zendesk.stand_in import ZendeskStandIn

STAND_INS: tuple[StandInType, ...] = (
    ZendeskStandIn,
    IntercomStandIn,
    JiraStandIn,
    LinearStandIn,
    SlackStandIn,
)
EXTRAS: dict[str, Callable[[Sandbox], Flask]] = {"viewer": viewer_app}
