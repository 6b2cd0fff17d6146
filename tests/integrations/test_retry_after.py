"""How long a vendor asks us to wait, in seconds or until a date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests

from integrations.http import retry_after_s


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0", 0.0), ("1.5", 1.5), ("", None), ("soon", None), ("-3", None), ("1.2.3", None)],
)
def test_reads_how_long_to_wait(header: str, seconds: float | None) -> None:
    answer = requests.Response()
    answer.headers["Retry-After"] = header

    assert retry_after_s(answer) == seconds


def test_reads_until_when_to_wait() -> None:
    answer = requests.Response()
    answer.headers["Retry-After"] = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)

    assert retry_after_s(answer) == pytest.approx(89, abs=3)


def test_the_vendors_own_date_counts_where_it_tells_one() -> None:
    wrong = datetime(2001, 1, 1, tzinfo=UTC)
    answer = requests.Response()
    answer.headers["Date"] = format_datetime(wrong, usegmt=True)
    answer.headers["Retry-After"] = format_datetime(wrong + timedelta(seconds=90), usegmt=True)

    assert retry_after_s(answer) == 90
