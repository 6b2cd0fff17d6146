"""The example's Intercom half, in the stand-in's form."""

from __future__ import annotations

import html
from datetime import datetime
from itertools import count
from typing import Any

from bot.demo.example import Example, Record, company_facts

SOURCE_TYPES = {"messenger": "conversation", "email": "email"}
ADMIN_TYPES = {"agent": "admin", "bot": "bot"}


def intercom_load(example: Example) -> dict[str, Any]:
    """Return companies, contacts and conversations of what came by Intercom."""
    conversations = [c for c in example.conversations if c["tool"] == "intercom"]
    writers = {c["person"]: c["context"] or {} for c in conversations}
    people = [p for p in example.people if p["id"] in writers]
    companies = {c["id"]: str(n) for n, c in enumerate(example.companies, start=301)}
    agents = {a["id"]: (n, a) for n, a in enumerate(example.agents, start=401)}
    return {
        "companies": [_company(companies[c["id"]], c) for c in example.companies],
        "contacts": [_contact(example, p, writers[p["id"]], companies) for p in people],
        "conversations": [_conversation(example, c, agents) for c in conversations],
    }


def _company(number: str, company: Record) -> Record:
    return {
        "id": number,
        "name": company["name"],
        "website": f"https://www.{company['domains'][0]}",
        "size": company["size"],
        "custom_attributes": company_facts(company),
    }


def _contact(example: Example, person: Record, context: Record, companies: dict[str, str]) -> Record:
    """Return the contact with the device and browser that they used last, as Intercom keeps them."""
    browser, _, version = context.get("browser", "").rpartition(" ")
    is_android = context.get("os", "").startswith("Android")
    phone = "android" if is_android else "ios"
    return {
        "id": person["id"],
        "name": person["name"],
        "email": person["email"],
        "signed_up_at": _unix(example.since(person)),
        "companies": [companies[person["company"]]] if person["company"] else [],
        "custom_attributes": {"job_title": person["role"]},
        "browser": browser or None,
        "browser_version": version or None,
        "browser_language": context.get("locale"),
        "os": context.get("os"),
        f"{phone}_app_version": context.get("app_version"),
        f"{phone}_device": context.get("device"),
    }


def _conversation(example: Example, conversation: Record, agents: dict[str, tuple[int, Record]]) -> Record:
    opening, *following = conversation["turns"]
    number = int(conversation["id"].removeprefix("ic-"))
    numbers = count(number * 100)
    rating = conversation["rating"]
    return {
        "id": str(number),
        "contact_id": conversation["person"],
        "title": conversation["subject"] or None,
        "created_at": _unix(example.starts(conversation)),
        "updated_at": _unix(example.ends(conversation)),
        "tags": conversation["tags"],
        "conversation_rating": {"rating": rating["score"], "remark": rating.get("remark")}
        if rating
        else None,
        "source": {
            "type": SOURCE_TYPES[conversation["channel"]],
            "id": str(next(numbers)),
            "body": _body(opening),
            "author": _author(opening, agents),
            "delivered_as": "customer_initiated" if opening["role"] == "customer" else "admin_initiated",
        },
        "parts": [
            {
                "id": str(next(numbers)),
                "part_type": "note" if turn["role"] == "note" else "comment",
                "body": _body(turn),
                "created_at": _unix(example.said(conversation, turn)),
                "author": _author(turn, agents),
            }
            for turn in following
        ],
    }


def _author(turn: Record, agents: dict[str, tuple[int, Record]]) -> Record:
    if turn["by"] not in agents:
        return {}
    number, agent = agents[turn["by"]]
    return {
        "type": ADMIN_TYPES[agent["kind"]],
        "id": str(number),
        "name": agent["name"],
        "email": agent["email"],
    }


def _body(turn: Record) -> str:
    """Return the turn as Intercom stores it: HTML."""
    if "html" in turn:
        return str(turn["html"])
    return "".join(
        f"<p>{html.escape(line, quote=False)}</p>" for line in turn["text"].split("\n") if line.strip()
    )


def _unix(moment: datetime) -> int:
    return int(moment.timestamp())
