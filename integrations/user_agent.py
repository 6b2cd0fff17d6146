"""Browser and operating system from a user-agent text: as much as a developer needs to try the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

# In this order: each of the later names also stands in the text of an earlier browser.
BROWSERS = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/(\d+)")),
    ("Opera", re.compile(r"\bOPR/(\d+)")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/(\d+)")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/(\d+)")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS)/(\d+)")),
    ("Safari", re.compile(r"\bVersion/(\d+(?:\.\d+)?).* Safari/")),
)
SYSTEMS = (
    ("iOS", re.compile(r"\b(?:iPhone|iPad|iPod)\b(?:.*? OS (\d+(?:_\d+)?))?")),
    ("Android", re.compile(r"\bAndroid(?: (\d+(?:\.\d+)?))?")),
    ("Windows", re.compile(r"\bWindows NT\b()")),  # the number has stood still at 10.0
    ("macOS", re.compile(r"\bMac OS X\b()")),  # and this one at 10_15_7
    ("ChromeOS", re.compile(r"\bCrOS\b()")),
    ("Linux", re.compile(r"\bLinux\b()")),
)


def browser_and_os(user_agent: str) -> Iterator[tuple[str, str]]:
    """Yield ("browser", "Chrome 61") and ("os", "macOS"), each where it can be told."""
    for kind, known in (("browser", BROWSERS), ("os", SYSTEMS)):
        for name, pattern in known:
            if found := pattern.search(user_agent):
                yield kind, f"{name} {(found[1] or '').replace('_', '.')}".strip()
                break
