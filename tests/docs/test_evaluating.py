"""The arithmetic of the guide to evaluating holds."""

from __future__ import annotations

from math import comb, sqrt

import pytest

from tests.docs.pages import ROOT

GUIDE = (ROOT / "docs" / "how-to" / "evaluate.md").read_text(encoding="utf-8")


def rows(header: str) -> list[list[str]]:
    """Return the cells of the table below that header."""
    table = GUIDE.partition(header)[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()[1:]]


def chance_of_at_most(wrong: int, n: int, share: float) -> float:
    return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(wrong + 1))


def least(wrong: int, certainty: float) -> int:
    return next(n for n in range(1, 1_000) if chance_of_at_most(wrong, n, 0.05) <= 1 - certainty)


def test_so_many_attached_pieces_show_a_precision_of_95_percent() -> None:
    told = [
        (int(wrong), int(n)) for wrong, n in rows("| wrong ones among them | attached pieces, at least |")
    ]

    assert told == [(wrong, least(wrong, 0.95)) for wrong in range(4)]
    assert f"at {least(0, 0.975)} of {least(0, 0.975)}" in GUIDE
    assert f"0.95⁵⁹ = {0.95**59:.4f}" in GUIDE
    assert f"20 right of 20 is [{0.025 ** (1 / 20):.3f}, 1]" in GUIDE


def test_a_share_in_the_middle_is_as_sure_as_told() -> None:
    told = {int(n.replace(",", "")): float(reach) for n, reach in rows("| judged pieces | to either side |")}

    assert told == {n: pytest.approx(1.96 * sqrt(0.25 / n), abs=5e-4) for n in (50, 100, 400, 1_000)}
