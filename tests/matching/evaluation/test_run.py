"""A whole evaluation of a folder small enough to know its figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.errors import RequestError, SettingError
from bot.matching.embed import embedder_named
from bot.matching.evaluation.run import run
from bot.matching.evaluation.sample import Sample
from bot.matching.evaluation.table import render
from bot.ports import Embedder
from tests.matching.evaluation.folders import FEEDBACK, HISTORY, TICKETS, TRUTH, WordEmbedder, write

FIGURE: dict[str, Any] = {"type": ["number", "null"]}
INTERVAL: dict[str, Any] = {
    "type": ["array", "null"],
    "items": {"type": "number"},
    "minItems": 2,
    "maxItems": 2,
}


def form(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def group(*names: str, **more: Any) -> dict[str, Any]:
    figures, intervals = dict.fromkeys(names, FIGURE), dict.fromkeys(names, INTERVAL)
    return form(**figures, interval95=form(**intervals), **more)


RETRIEVAL = ("top1", "top3", "top10", "mrr")
BIN = form(lower=FIGURE, upper=FIGURE, n={"type": "integer"}, stated=FIGURE, real=FIGURE,
           interval95=form(real=INTERVAL))  # fmt: skip
COLUMN = {
    "embedder": {"type": "string"},
    "retrieval": group(*RETRIEVAL),
    "pairs": group("auc", "average_precision", "brier"),
    "decision": group(
        "precision",
        "recall",
        "coverage",
        "coverage_of_answerable",
        "wrong_attach_share",
        "wrong_attach_share_of_unanswerable",
        threshold={"type": "number"},
    ),
    "calibration": group(
        "brier", "gap", bins={"type": "array", "items": BIN, "minItems": 10, "maxItems": 10}
    ),
    "learning": {
        "type": ["array", "null"],
        "items": group("top1", "top3", examples={"enum": [0, 1, 3, 5, 10, 30]}),
        "minItems": 6,
        "maxItems": 6,
    },
    "speed": form(pieces_per_second=FIGURE),
    "memory_mb": FIGURE,
    "paired": group("auc", "top10", reference={"const": "sum_of_four"}),
}
SCHEMA = form(
    **COLUMN,
    peers={"type": "object", "additionalProperties": group(*RETRIEVAL, "auc")},
    data={"type": "object"},
    compared={"type": "array", "items": form(**COLUMN)},
)


def load(name: str) -> Embedder:
    return WordEmbedder(32) if name == "minilm" else embedder_named(name)


def stable(result: dict[str, Any]) -> dict[str, Any]:
    return {name: told for name, told in result.items() if name not in {"speed", "memory_mb"}}


def intervals(told: Any, where: str = "") -> Iterator[tuple[str, float, list[float]]]:
    """Yield each figure that has an interval, with both."""
    if isinstance(told, list):
        for at, one in enumerate(told):
            yield from intervals(one, f"{where}[{at}]")
    elif isinstance(told, dict):
        for name, interval in told.get("interval95", {}).items():
            assert (told[name] is None) == (interval is None), f"{where}.{name}"
            if interval is not None:
                yield f"{where}.{name}", told[name], interval
        for name, one in told.items():
            yield from intervals(one, f"{where}.{name}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, feedback=FEEDBACK, tickets=TICKETS)


@pytest.fixture
def whole(folder: Path) -> Path:
    return write(folder, truth=TRUTH, history=HISTORY)


def test_known_answers_give_every_figure(whole: Path) -> None:
    result = run(whole, ["wordllama"], load=load)

    jsonschema.validate(result, SCHEMA)
    assert [result["retrieval"][name] for name in RETRIEVAL] == [1.0, 1.0, 1.0, 1.0]
    assert (result["pairs"]["auc"], result["pairs"]["average_precision"]) == (1.0, 1.0)
    assert result["decision"]["wrong_attach_share"] == 0.0
    assert sum(one["n"] for one in result["calibration"]["bins"]) == 3
    assert [row["examples"] for row in result["learning"]] == [0, 1, 3, 5, 10, 30]
    assert list(result["peers"]) == ["bm25", "tfidf", "wordllama", "minilm", "sum_of_four"]
    assert result["paired"]["top10"] == 0.0
    assert result["memory_mb"] > 50
    assert result["data"] == {
        "pieces": 3, "judged": 3, "answerable": 2, "tickets": 3, "attached": 4,
        "left_out": 0, "examples": None, "seed": 20261123,
    }  # fmt: skip
    assert json.loads(json.dumps(result)) == result


def test_every_interval_holds_its_figure(whole: Path) -> None:
    found = list(intervals(run(whole, ["wordllama"], load=load)))

    assert len(found) > 40
    assert [one for one in found if not one[2][0] <= one[1] <= one[2][1]] == []


def test_the_same_seed_gives_the_same_figures(whole: Path) -> None:
    sample = Sample(leave_out=1, examples=1, seed=4)

    assert stable(run(whole, ["wordllama"], sample)) == stable(run(whole, ["wordllama"], sample))


def test_without_answers_the_figures_that_need_them_are_null(folder: Path) -> None:
    result = run(folder, ["wordllama"], load=load)

    jsonschema.validate(result, SCHEMA)
    assert list(intervals(result)) == []
    assert result["retrieval"]["top1"] is None
    assert (result["decision"]["threshold"], result["decision"]["precision"]) == (0.9, None)
    assert result["learning"] is None
    assert result["speed"]["pieces_per_second"] > 0
    assert "retrieval    top1                                -" in render(result)


def test_a_folder_without_tickets_finds_nothing(folder: Path) -> None:
    write(folder, tickets=TICKETS.splitlines()[0] + "\n", truth="feedback_id,ticket_key,fits,how\na,,0,x\n")

    result = run(folder, ["wordllama"])

    jsonschema.validate(result, SCHEMA | {"properties": SCHEMA["properties"] | {"paired": {}, "peers": {}}})
    assert result["decision"]["wrong_attach_share_of_unanswerable"] == 0.0
    assert result["calibration"]["bins"][0]["n"] == 1


def test_an_empty_ticket_key_says_that_no_ticket_fits(folder: Path) -> None:
    write(folder, truth="feedback_id,ticket_key,fits,how\na,,0,x\nb,APP-2,1,x\n")

    result = run(folder, ["wordllama"])

    assert (result["data"]["judged"], result["data"]["answerable"]) == (2, 1)
    assert result["retrieval"]["top1"] == 1.0


def test_pieces_whose_tickets_are_left_out_are_judged_as_having_none(whole: Path) -> None:
    result = run(whole, ["wordllama"], Sample(leave_out=2))

    assert result["data"]["tickets"] == 1
    assert (result["data"]["judged"], result["data"]["answerable"]) == (3, 0)
    assert result["retrieval"]["top1"] is None
    assert result["decision"]["coverage_of_answerable"] is None
    assert result["decision"]["wrong_attach_share_of_unanswerable"] is not None


def test_examples_are_those_of_the_learning_curve(tmp_path: Path) -> None:
    words = "photo dark invoice login calendar search".split()
    lines = [f"h{at},,chat,{words[at % 6]} {words[at // 6 % 6]},APP-{1 + at % 3}" for at in range(36)]
    history = "\n".join([HISTORY.splitlines()[0], *lines]) + "\n"
    write(tmp_path, feedback=FEEDBACK, tickets=TICKETS, truth=TRUTH, history=history)

    result = run(tmp_path, ["wordllama"], Sample(examples=3, seed=2))

    learnt = {row["examples"]: row for row in result["learning"]}
    assert result["data"]["attached"] == 9
    assert {name: result["retrieval"][name] for name in ("top1", "top3")} == {
        name: learnt[3][name] for name in ("top1", "top3")
    }


def test_several_embedders_stand_side_by_side(whole: Path) -> None:
    result = run(whole, ["wordllama", "minilm"], load=load)

    jsonschema.validate(result, SCHEMA)
    assert result["memory_mb"] is None
    assert [column["embedder"] for column in result["compared"]] == ["words-32"]
    header = render(result).splitlines()[3].split()
    assert header == [result["embedder"], "words-32"]
    assert run(whole, ["minilm"], load=load)["retrieval"] == result["compared"][0]["retrieval"]


def test_what_can_t_run_here_says_so_in_the_table(whole: Path) -> None:
    def without_minilm(name: str) -> Embedder:
        if name == "minilm":
            raise SettingError("VOC_X", "not here", feature="matching", remedy="Install it")
        return embedder_named(name)

    table = render(run(whole, ["wordllama"], load=without_minilm))

    assert "minilm        not available: VOC_X" in table
    assert "sum_of_four   not available without minilm" in table


def test_an_unknown_embedder_is_refused(whole: Path) -> None:
    with pytest.raises(SettingError, match="gpt"):
        run(whole, ["gpt"])


@pytest.mark.parametrize("sample", [Sample(leave_out=3), Sample(examples=1)])
def test_what_is_not_there_cannot_be_asked_for(folder: Path, sample: Sample) -> None:
    write(folder, truth=TRUTH)

    with pytest.raises(RequestError, match=r"--leave-out 3: only 2|--examples: history.csv holds nothing"):
        run(folder, ["wordllama"], sample)


def test_the_guide_explains_every_figure(root: Path) -> None:
    guide = (root / "docs" / "how-to" / "evaluate.md").read_text(encoding="utf-8")
    groups = ("retrieval", "pairs", "decision", "calibration", "speed")
    figures = {name for told in groups for name in SCHEMA["properties"][told]["properties"]}

    assert [name for name in sorted(figures - {"bins"}) if f"`{name}`" not in guide] == []
    assert [name for name in SCHEMA["properties"] if f"`{name}" not in guide] == ["embedder", "peers", "data"]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_sure_answer_is_right_even_where_many_tickets_are_missing(data_dir: Path) -> None:
    result = run(data_dir / "banking77", ["wordllama"], Sample(leave_out=20, examples=10))

    assert result["data"]["answerable"] < result["data"]["judged"] == 3_080
    assert result["decision"]["precision"] >= 0.95
    assert result["calibration"]["gap"] <= 0.03
