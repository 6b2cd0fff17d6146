"""Where an address leads: the many addresses that a support tool has for one conversation are one place."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

# (host, path) of the tools whose integrations link conversations; the group is the conversation's id.
_ZENDESK = re.compile(r"/(?:agent/tickets|hc/(?:[\w-]+/)?requests|api/v2/tickets)/(\d+)(?:\.json)?(?:/|$)")
_ZENDESK_OWN = re.compile(r"/(?:tickets|requests)/(\d+)(?:\.json)?(?:/|$)")  # of zendesk.com alone
_INTERCOM = re.compile(r"/(?:.*/)?(?:conversations?|inbox/conversation)/(\d+)(?:/|$)")
_FRONT = re.compile(r"/(?:open|conversations)/(cnv_[0-9a-z]+)(?:/|$)")
_TOKEN = re.compile(r"[\w-]+")
_LONGEST = 2_000


def place_of(url: str) -> str:
    """Return a name that all addresses of one conversation share; "" for what is no web address.

    Agents', customers' and API addresses of a Zendesk ticket are one place, and so are those of an Intercom
    or a Front conversation whatever inbox they are seen in. Any other address is its own place, without
    letter case in the host, a slash at the end, a fragment or the parameters that count visits.
    """
    parts = _split(url)
    if parts is None or not parts.hostname:
        return ""
    host, path = parts.hostname.lower(), unquote(parts.path)
    # Older Zendesk addresses name the ticket behind the mark: /agent/#/tickets/1.
    whole = f"{path}#{parts.fragment}".replace("/#/", "/") if parts.fragment.startswith("/") else path
    if found := _ZENDESK.match(whole) or (_is_of(host, "zendesk.com") and _ZENDESK_OWN.match(whole)):
        return f"zendesk {_host(parts)} {found[1]}"
    if _is_of(host, "intercom.com", "intercom.io") and (found := _INTERCOM.search(whole)):
        return f"intercom {found[1]}"
    if _is_of(host, "frontapp.com", "front.com") and (found := _FRONT.search(whole)):
        return f"front {found[1]}"
    kept = sorted((k, v) for k, v in parse_qsl(parts.query) if not k.lower().startswith("utm_"))
    query = "?" + "&".join(f"{name}={value}" for name, value in kept) if kept else ""
    return f"{_host(parts)}{path.rstrip('/')}{query}"


def names_in(url: str) -> list[str]:
    """Return the words of the address that may be a conversation's id, each once."""
    parts = _split(url)
    if parts is None:
        return []
    return list(dict.fromkeys(_TOKEN.findall(unquote(f"{parts.path} {parts.query} {parts.fragment}"))))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip()[:_LONGEST])
        return parts if parts.scheme in ("http", "https") and _host(parts) else None
    except ValueError:
        return None


def _host(parts: SplitResult) -> str:
    """Return the host with a port that is not the scheme's own. Raises ValueError for a port that is none."""
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{(parts.hostname or '').lower()}{port}"


def _is_of(host: str, *domains: str) -> bool:
    return any(host == domain or host.endswith("." + domain) for domain in domains)
