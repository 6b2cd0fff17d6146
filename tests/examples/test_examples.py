"""Checks that the bundled example stays whole: its size, its references and each special case."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "examples"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEK_MIN = 7 * 24 * 60
Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    """Return a JSON file's rows."""
    found: list[Row] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


COMPANIES, PEOPLE, AGENTS, TICKETS = (
    rows(f"{name}.json") for name in ("companies", "people", "agents", "tickets")
)
CONVERSATIONS: list[Row] = [
    json.loads(line) for line in (FOLDER / "conversations.jsonl").read_text(encoding="utf-8").splitlines()
]
TRUTH: dict[str, str | None] = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
PERSON = {person["id"]: person for person in PEOPLE}


def turns(conversation: Row, *roles: str) -> str:
    """Return the bodies of the turns by these roles, one below the other."""
    return "\n".join(t.get("html") or t["text"] for t in conversation["turns"] if t["role"] in roles)


def minute(record: Row) -> int:
    """Return the record's moment in minutes from the start of week 0."""
    day, hour, minutes = re.fullmatch(r"(\w{3}) ([01]\d|2[0-3]):([0-5]\d)", record["at"]).groups()  # type: ignore[union-attr]
    return int(record["week"]) * WEEK_MIN + DAYS.index(day) * 1440 + int(hour) * 60 + int(minutes)


def about(name: str) -> list[Row]:
    """Return the conversations that are about this ticket or theme."""
    return [c for c in CONVERSATIONS if TRUTH[c["id"]] == name]


def passes_luhn(digits: str) -> bool:
    """Tell whether the check digit of a card number is right."""
    doubled = (int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def passes_mod_97(iban: str) -> bool:
    """Tell whether the check digits of an IBAN are right (ISO 13616)."""
    return int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1


def test_has_the_promised_size() -> None:
    customers = [p for p in PEOPLE if not p["staff"]]

    assert (len(COMPANIES), len(customers), len(TICKETS)) == (15, 30, 30)
    assert Counter(t["key"].split("-")[0] for t in TICKETS) == {"FLD": 15, "OFC": 15}
    assert Counter(c["tool"] for c in CONVERSATIONS) == {"zendesk": 67, "intercom": 55}


def test_ids_are_unique() -> None:
    ids = [r.get("id") or r["key"] for r in [*COMPANIES, *PEOPLE, *AGENTS, *TICKETS, *CONVERSATIONS]]
    contacts = [p["email"] for p in [*PEOPLE, *AGENTS]] + [d for c in COMPANIES for d in c["domains"]]

    assert len(ids) == len(set(ids))
    assert len(contacts) == len(set(contacts))


def test_every_reference_resolves() -> None:
    companies, agents = {c["id"]: c for c in COMPANIES}, {a["id"]: a["kind"] for a in AGENTS}
    keys = {t["key"] for t in TICKETS}

    for person in PEOPLE:
        if person["company"]:
            assert person["email"].split("@")[1] in companies[person["company"]]["domains"]
    assert {p["company"] for p in PEOPLE} == {*companies, None}
    for conversation in CONVERSATIONS:
        assert conversation["tool"] in PERSON[conversation["person"]]["tools"]
        for turn in conversation["turns"]:
            own = {"customer": "person", "agent": "agent", "note": "agent", "bot": "bot"}[turn["role"]]
            assert turn["by"] == conversation["person"] if own == "person" else agents[turn["by"]] == own
    assert list(TRUTH) == [c["id"] for c in CONVERSATIONS]
    assert {t for t in TRUTH.values() if t and not t.startswith("theme:")} <= keys


def test_everyone_is_heard_and_uses_each_tool_that_is_claimed() -> None:
    used = {(c["person"], c["tool"]) for c in CONVERSATIONS}

    assert used == {(p["id"], tool) for p in PEOPLE for tool in p["tools"]}


def test_every_domain_is_reserved_for_examples() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json*"))

    assert set(re.findall(r"@[\w.-]+\.(\w+)", text)) == {"example"}
    assert all(d.endswith(".example") for c in COMPANIES for d in c["domains"])
    assert set(re.findall(r"https?://[\w.-]+\.(\w+)", text)) == {"example"}


def test_the_languages_are_there_and_english_leads() -> None:
    spoken = Counter(PERSON[c["person"]]["language"].split("-")[0] for c in CONVERSATIONS)

    assert set(spoken) == {"en", "de", "fr", "es", "pt", "ja"}
    assert spoken["en"] > len(CONVERSATIONS) / 2


def test_weeks_are_full_and_records_in_range() -> None:
    weeks = Counter(c["week"] for c in CONVERSATIONS)

    assert set(weeks) == set(range(-9, 1))
    assert all(9 <= weeks[w] <= 17 for w in range(-9, 0))
    assert [c["at"] for c in CONVERSATIONS if c["week"] == 0] == ["Mon 00:10", "Mon 00:20", "Mon 00:30"]
    assert [minute(c) for c in CONVERSATIONS] == sorted(minute(c) for c in CONVERSATIONS)
    assert any(c["at"] > "Sun 23:50" for c in CONVERSATIONS)
    assert any(c["week"] < 0 and "Mon 00:00" <= c["at"] < "Mon 00:10" for c in CONVERSATIONS)


def test_turns_follow_one_another_and_none_lies_ahead() -> None:
    for conversation in CONVERSATIONS:
        after = [turn["after_min"] for turn in conversation["turns"]]

        assert after[0] == 0
        assert after == sorted(set(after))
        assert minute(conversation) + after[-1] <= 30
        assert turns(conversation, "customer").strip()
        assert all(("html" in t) != ("text" in t) for t in conversation["turns"])


def test_only_done_tickets_are_resolved_and_all_are_older_than_their_feedback() -> None:
    for ticket in TICKETS:
        assert minute(ticket) < -9 * WEEK_MIN
        assert ("resolved_week" in ticket) == (ticket["status"] == "Done")
        assert len(ticket["title"]) <= 255
        assert len(ticket["description"]) >= 150
    assert {t["status"] for t in TICKETS} == {"To Do", "In Progress", "Done"}


def test_most_conversations_fit_one_ticket_and_some_tickets_are_never_heard_of() -> None:
    fitting = [t for t in TRUTH.values() if t and not t.startswith("theme:")]

    assert 0.6 <= len(fitting) / len(TRUTH) <= 0.7
    assert {t["key"] for t in TICKETS} - set(fitting) == {"FLD-41", "OFC-121"}


@pytest.mark.parametrize("theme", sorted({t for t in TRUTH.values() if t and t.startswith("theme:")}))
def test_a_theme_is_shared_by_three_people_or_more(theme: str) -> None:
    assert len({c["person"] for c in about(theme)}) >= 3


def test_one_theme_rises_in_the_last_complete_week() -> None:
    weekly = Counter(c["week"] for c in about("theme:equipment-booking"))

    assert weekly[-1] >= 5 * max(weekly[w] for w in range(-9, -1))


def test_one_ticket_is_carried_by_one_large_account() -> None:
    voices = {c["person"] for c in about("OFC-112")}

    assert len(about("OFC-112")) >= 5
    assert len(voices) >= 3
    assert {PERSON[v]["company"] for v in voices} == {"halvorsen-lind"}


def test_a_person_repeats_a_need_across_tools() -> None:
    said = {(c["person"], c["tool"]) for c in about("FLD-12")}

    assert {("gaz", "zendesk"), ("gaz", "intercom")} <= said


def test_keys_are_named_by_a_customer_by_agents_and_in_notes() -> None:
    chats = [c for c in CONVERSATIONS if c["channel"] == "messenger"]
    named = {
        role: {c["id"] for c in searched if str(TRUTH[c["id"]]) in turns(c, role)}
        for role, searched in (("customer", chats), ("agent", CONVERSATIONS), ("note", CONVERSATIONS))
    }

    assert len(named["customer"]) == 1
    assert len(named["agent"]) >= 2
    assert len(named["note"]) >= 5


def test_done_tickets_are_thanked_for_and_one_is_heard_again() -> None:
    resolved = {t["key"]: t["resolved_week"] for t in TICKETS if "resolved_week" in t}
    after = [c for c in CONVERSATIONS if resolved.get(TRUTH[c["id"]] or "", 0) < c["week"]]

    assert {TRUTH[c["id"]] for c in after if (c["rating"] or {}).get("score") in (5, "good")} == set(resolved)
    assert any((c["rating"] or {}).get("score") == 3 for c in after)


def test_ratings_come_with_and_without_words_on_each_scale() -> None:
    kinds = {(c["rating"]["scale"], "remark" in c["rating"]) for c in CONVERSATIONS if c["rating"]}

    assert kinds == {(scale, remark) for scale in ("good/bad", "1-5") for remark in (True, False)}
    for rating in (c["rating"] for c in CONVERSATIONS if c["rating"]):
        assert rating["score"] in (("good", "bad") if rating["scale"] == "good/bad" else range(1, 6))


def test_each_mail_program_quotes_in_its_own_way() -> None:
    mail = "\n".join(turns(c, "customer") for c in CONVERSATIONS if c["channel"] == "email")

    for mark in ("gmail_quote", "divRplyFwdMsg", 'blockquote type="cite"', "WordSection1", "gmail_signature"):
        assert mark in mail


def test_staff_and_conversations_about_nothing_are_there() -> None:
    by_staff = [c for c in CONVERSATIONS if PERSON[c["person"]]["staff"]]
    customers_words = [turns(c, "customer") for c in CONVERSATIONS]

    assert [PERSON[c["person"]]["email"].split("@")[1] for c in by_staff] == ["torvekit.example"]
    assert "ok thanks" in customers_words
    assert any(words.startswith("test test") for words in customers_words)


def private_data() -> Iterator[tuple[str, str]]:
    """Yield each private detail in a customer's own words, with its kind."""
    for conversation in CONVERSATIONS:
        words = re.sub(r"<[^>]*>|&lt;.*?&gt;", " ", turns(conversation, "customer"))
        words = words.replace("help@torvekit.example", "").replace(
            PERSON[conversation["person"]]["email"], ""
        )
        yield from (("address", m) for m in re.findall(r"[\w.]+@[\w.-]+", words))
        yield from (("phone", m) for m in re.findall(r"020 7946 0\d{3}|\(\d{3}\) 555-01\d\d", words))
        yield from (("card", m) for m in re.findall(r"\b(?:\d{4} ){3}\d{4}\b(?! )", words))
        yield from (("iban", m) for m in re.findall(r"\b[A-Z]{2}\d{2}(?: \d{4})+ \d{2}\b", words))


def test_private_data_looks_real_and_is_not() -> None:
    found = list(private_data())

    assert {kind for kind, _ in found} == {"address", "phone", "card", "iban"}
    assert all(passes_luhn(text.replace(" ", "")) for kind, text in found if kind == "card")
    assert all(passes_mod_97(text.replace(" ", "")) for kind, text in found if kind == "iban")


def test_the_readme_points_at_conversations_that_exist() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")

    assert set(re.findall(r"\b(?:zd|ic)-\d+", readme)) <= {c["id"] for c in CONVERSATIONS}
