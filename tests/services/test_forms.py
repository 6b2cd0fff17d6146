"""What new tickets need is remembered for a while, and not without end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.asking import TicketForm
from bot.services.forms import KEPT_FOR, MOST_KEPT, Forms

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FORM = TicketForm(kinds=(("10", "Task"),), kind="10")


def test_a_form_is_known_by_its_kind_and_as_the_usual_one_for_ten_minutes() -> None:
    forms = Forms()

    forms.keep("APP", "", FORM, NOON)

    assert forms.recent("APP", "", NOON) is forms.recent("APP", "10", NOON) is FORM
    assert forms.recent("APP", "11", NOON) is forms.recent("WEB", "10", NOON) is None
    assert forms.recent("APP", "10", NOON + KEPT_FOR - timedelta(seconds=1)) is FORM
    assert forms.recent("APP", "10", NOON + KEPT_FOR) is None


def test_the_oldest_forms_go_first() -> None:
    forms = Forms()
    for number in range(MOST_KEPT):
        forms.keep(f"P{number}", "10", FORM, NOON)

    forms.keep("P0", "10", FORM, NOON)
    forms.keep("NEW", "10", FORM, NOON)

    assert [forms.recent(name, "10", NOON) is FORM for name in ("P0", "P1", "NEW")] == [True, False, True]
