"""What a benchmark writes, and how it says that something is missed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.__main__ import BENCHMARKS, _benchmark
from benchmarks.figures import Figure, Skipped, data_folder, keep, median, show


def test_each_named_benchmark_is_there() -> None:
    assert all(callable(_benchmark(place)) for place in BENCHMARKS.values())


def test_a_figure_is_kept_with_its_peer_and_their_ratio(tmp_path: Path) -> None:
    figure = Figure(name="speed", figure=3.0, unit="s", runs=5, wanted="< 2", peer="other", peer_figure=2.0)

    keep(figure, tmp_path / "bench")

    assert json.loads((tmp_path / "bench" / "speed.json").read_text(encoding="utf-8")) == {
        "name": "speed",
        "figure": 3.0,
        "unit": "s",
        "runs": 5,
        "wanted": "< 2",
        "met": False,
        "peer": "other",
        "peer_figure": 2.0,
        "ratio": 1.5,
    }


@pytest.mark.parametrize(
    ("wanted", "is_met"), [("", True), ("< 2", False), ("≤ 2", True), ("≥ 2", True), ("≥ 2.1", False)]
)
def test_a_figure_says_whether_it_is_as_wanted(wanted: str, is_met: bool) -> None:
    assert Figure(name="speed", figure=2.0, unit="s", wanted=wanted).is_met is is_met


def test_several_runs_are_told_by_their_median() -> None:
    assert median("speed", [9, 1, 2], "s") == Figure(name="speed", figure=2, unit="s", runs=3)


def test_the_table_marks_what_is_missed() -> None:
    out = io.StringIO()

    show(Console(file=out, width=200), [Figure(name="speed", figure=2.0, unit="s", wanted="< 1")])

    assert "< 1 missed" in out.getvalue()


def test_without_the_data_a_benchmark_is_skipped_with_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOC_DATA_DIR", str(tmp_path))

    with pytest.raises(Skipped, match="VOC_DATA_DIR"):
        data_folder("nextcloud")
