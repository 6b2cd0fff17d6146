"""The example's Zendesk half, in the stand-in's form."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from bot.demo.example import Example, Record, company_facts

AGENT_ROLES = {"agent": "agent", "bot": "agent"}
VIA = {"email": "email", "web": "web", "chat": "chat"}
WEBKIT = "Mozilla/5.0 ({os}) AppleWebKit/537.36 (KHTML, like Gecko)"
BROWSERS = {
    "Chrome": WEBKIT + " Chrome/{version}.0.0.0 Safari/537.36",
    "Edge": WEBKIT + " Chrome/{version}.0.0.0 Safari/537.36 Edg/{version}.0.0.0",
    "Firefox": "Mozilla/5.0 ({os}; rv:{version}.0) Gecko/20100101 Firefox/{version}.0",
    "Safari": "Mozilla/5.0 ({os}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{version} Safari/605.1.15",
}
SYSTEMS = {"Windows": "Windows NT 10.0; Win64; x64", "macOS": "Macintosh; Intel Mac OS X 10_15_7"}


def zendesk_load(example: Example) -> dict[str, Any]:
    """Return organisations, users, brands and tickets of the conversations that came by Zendesk."""
    conversations = [c for c in example.conversations if c["tool"] == "zendesk"]
    companies = {c["id"]: n for n, c in enumerate(example.companies, start=101)}
    users = {p["id"]: n for n, p in enumerate([*example.people, *example.agents], start=201)}
    brands = {
        name: n for n, name in enumerate(sorted({c["brand_or_inbox"] for c in conversations}), start=11)
    }
    return {
        "organizations": [_organization(companies[c["id"]], c) for c in example.companies],
        "users": [
            *(_person(example, users[p["id"]], p, companies) for p in example.people),
            *(_agent(users[a["id"]], a) for a in example.agents),
        ],
        "brands": [{"id": n, "name": name, "subdomain": f"torvekit-{n}"} for name, n in brands.items()],
        "tickets": [_ticket(example, c, users, brands) for c in conversations],
    }


def _organization(number: int, company: Record) -> Record:
    return {
        "id": number,
        "name": company["name"],
        "domain_names": company["domains"],
        "organization_fields": company_facts(company),
    }


def _person(example: Example, number: int, person: Record, companies: dict[str, int]) -> Record:
    return {
        "id": number,
        "name": person["name"],
        "email": person["email"],
        "locale": person["language"],
        "time_zone": person["time_zone"],
        "organization_id": companies.get(person["company"]),
        "user_fields": {"job_title": person["role"]},
        "created_at": _iso(example.since(person)),
    }


def _agent(number: int, agent: Record) -> Record:
    return {"id": number, "name": agent["name"], "email": agent["email"], "role": AGENT_ROLES[agent["kind"]]}


def _ticket(example: Example, conversation: Record, users: dict[str, int], brands: dict[str, int]) -> Record:
    rating = conversation["rating"]
    score = {"score": rating["score"], "comment": rating.get("remark")} if rating else {"score": "unoffered"}
    numbers = count(int(conversation["id"].removeprefix("zd-")) * 100)
    return {
        "id": int(conversation["id"].removeprefix("zd-")),
        "subject": conversation["subject"],
        "requester_id": users[conversation["person"]],
        "submitter_id": users[conversation["turns"][0]["by"]],
        "brand_id": brands[conversation["brand_or_inbox"]],
        "via": {"channel": VIA[conversation["channel"]]},
        "tags": conversation["tags"],
        "created_at": _iso(example.starts(conversation)),
        "updated_at": _iso(example.ends(conversation)),
        "satisfaction_rating": score,
        "comments": [
            _comment(example, conversation, turn, users, next(numbers)) for turn in conversation["turns"]
        ],
    }


def _comment(
    example: Example, conversation: Record, turn: Record, users: dict[str, int], number: int
) -> Record:
    body = {"html_body": turn["html"]} if "html" in turn else {"body": turn["text"]}
    client = _client(conversation["context"] or {}) if turn["role"] == "customer" else None
    return {
        "id": number,
        "author_id": users[turn["by"]],
        "public": turn["role"] != "note",
        "created_at": _iso(example.said(conversation, turn)),
        "metadata": {"system": {"client": client} if client else {}, "custom": {}},
        **body,
    }


def _client(context: Record) -> str | None:
    """Return a user agent that tells of the browser and the system, as Zendesk records one."""
    name, _, version = context.get("browser", "").rpartition(" ")
    system = SYSTEMS.get(context.get("os", "").split()[0] if context.get("os") else "")
    pattern = BROWSERS.get(name)
    return pattern.format(os=system, version=version) if pattern and system else None


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
