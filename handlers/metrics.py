"""Prometheus metrics, read from the store when they are asked for, so that every process tells the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.ports import Clock
from bot.repositories import Work
from bot.services.status import Status, status_of


class StatusCollector(Collector):
    """Gauges of sources, pieces and outward acts."""

    def __init__(self, reading: Work, clock: Clock) -> None:
        self._reading, self._clock = reading, clock

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Yield nothing: names are known once the store was asked, not when the collector is registered."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield every gauge as things stand."""
        status = status_of(self._reading, self._clock)
        yield from _of_sources(status)
        yield GaugeMetricFamily("voc_conversations", "Stored conversations", value=status.conversations)
        yield GaugeMetricFamily("voc_tickets", "Stored tickets", value=status.tickets)
        yield GaugeMetricFamily("voc_unreadable_items", "Items of unexpected shape", value=status.unreadable)
        pieces = GaugeMetricFamily("voc_pieces", "Pieces by where they stand", labels=["standing"])
        for standing, number in status.pieces.items():
            pieces.add_metric([standing], number)
        yield pieces
        acts = GaugeMetricFamily("voc_outward_acts", "Outward acts", labels=["kind", "state"])
        for (kind, state), number in status.acts.items():
            acts.add_metric([kind, state.value], number)
        yield acts


def _of_sources(status: Status) -> Iterator[GaugeMetricFamily]:
    failures = GaugeMetricFamily(
        "voc_source_failures", "Failed runs in a row since the last success", labels=["source"]
    )
    success = GaugeMetricFamily(
        "voc_source_last_success_timestamp_seconds", "When a whole run last went through", labels=["source"]
    )
    change = GaugeMetricFamily(
        "voc_source_last_change_timestamp_seconds", "The newest change that was read", labels=["source"]
    )
    for source in status.sources:
        failures.add_metric([source.name], source.failures)
        _add(success, source.name, source.last_success_at)
        _add(change, source.name, source.last_change_at)
    yield from (failures, success, change)


def _add(gauge: GaugeMetricFamily, source: str, moment: datetime | None) -> None:
    if moment is not None:
        gauge.add_metric([source], moment.timestamp())
