"""The log holds facts, as JSON or for people, and no secret."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.logs import OURS, TALKATIVE, Scrubber, configure

log = logging.getLogger("bot.services.ingest")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in (None, *OURS, *TALKATIVE)]
    levels, handlers = [logger.level for logger in loggers], logging.root.handlers[:]
    yield
    logging.root.handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_json_has_one_object_a_line_with_the_facts() -> None:
    stream = io.StringIO()
    configure("INFO", "json", stream=stream)

    log.info("feedback ingested", extra={"source": "zendesk", "new": 12})
    log.info("second line")

    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "feedback ingested",
        "level": "info",
        "logger": "bot.services.ingest",
        "source": "zendesk",
        "new": 12,
    }
    assert second["event"] == "second line"


def test_console_shows_the_facts_without_colour_in_a_file() -> None:
    stream = io.StringIO()
    configure("INFO", "console", stream=stream)

    log.info("feedback ingested", extra={"source": "zendesk", "new": 12})

    assert "feedback ingested" in stream.getvalue()
    assert "source=zendesk" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_shows_neither_secrets_nor_local_variables(form: str) -> None:
    stream = io.StringIO()
    configure("INFO", form, secrets=["abcdefgh12345678"], stream=stream)

    try:
        customers_words = "the export is broken"
        raise ValueError(f"refused abcdefgh12345678 and xoxb-1-2 {len(customers_words)}")
    except ValueError:
        log.exception("source failed")

    assert "ValueError: refused [hidden] and [hidden] 20" in stream.getvalue()
    assert "export is broken" not in stream.getvalue()


def test_libraries_that_print_bodies_stay_quiet_whatever_our_level() -> None:
    stream = io.StringIO()
    configure("DEBUG", "json", stream=stream)

    for name in (*TALKATIVE, "unheard.of"):
        logging.getLogger(name).debug("body")
        logging.getLogger(name).info("body")
        logging.getLogger(f"{name}.part").debug("body")
    log.debug("detail")

    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["detail"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("token xoxb-12-ab_C and xapp-1-A2", "token [hidden] and [hidden]"),
        ("lin_api_8d2K lin_wh_4f lin_oauth_1a", "[hidden] [hidden] [hidden]"),
        ("ATATT3xF-a=1 ATOAhi.b is ATTACHED to lineage", "[hidden] [hidden] is ATTACHED to lineage"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [hidden]"),
        ("basic YTpi", "basic [hidden]"),
        ("postgresql+psycopg://me:pw@host/voc", "postgresql+psycopg://[hidden]@host/voc"),
        ("GET /callback?code=1a2b&state=xyz HTTP", "GET /callback?code=[hidden]&state=[hidden] HTTP"),
        ("from ann.o'neil+x@mail.acme.example.", "from [e-mail]."),
        ("https://acme.example/browse/FLD-1", "https://acme.example/browse/FLD-1"),
    ],
)
def test_known_forms_of_secrets_are_hidden(text: str, shown: str) -> None:
    assert Scrubber().text(text) == shown


def test_values_under_telling_names_are_hidden_at_any_depth() -> None:
    event = {"event": "x", "facts": [{"api_token": "abc", "n": 1}], "Authorization": ["a"], "none": None}

    scrubbed = Scrubber()(None, "info", event)

    assert scrubbed == {
        "event": "x",
        "facts": [{"api_token": "[hidden]", "n": 1}],
        "Authorization": "[hidden]",
        "none": None,
    }


@given(st.text(min_size=8).filter(lambda s: s not in "[hidden][e-mail]"), st.text(), st.text())
def test_a_known_secret_never_comes_through(secret: str, before: str, after: str) -> None:
    scrubbed = Scrubber([secret])(None, "info", {"event": before + secret + after})

    assert secret not in str(scrubbed["event"])
