"""What vendors send as times."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from integrations.records import UNEXPECTED_SHAPE, moment


def test_seconds_since_1970_are_a_time() -> None:
    assert moment(1_795_424_400) == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("stamp", [10**12, 67_768_036_191_676_800, 10**30, -(10**30), float("inf")])
def test_a_number_that_no_calendar_holds_is_of_unexpected_shape(stamp: float) -> None:
    with pytest.raises(UNEXPECTED_SHAPE):
        moment(stamp)
