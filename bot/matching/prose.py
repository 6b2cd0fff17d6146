"""What a ticket's body says in words, without the template, code and logs around it."""

from __future__ import annotations

import re

_BLOCKS = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|<!--.*?(?:-->|\Z)|<details>.*?(?:</details>|\Z)"
    r"|\{code[^}\n]{0,100}\}.*?(?:\{code\}|\Z)|\{noformat[^}\n]{0,100}\}.*?(?:\{noformat\}|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_LINKS = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)")
_INLINE = re.compile(r"https?://\S+|</?[a-zA-Z][^>\n]{0,200}>|[*_`|]+")
_LINE_TO_DROP = re.compile(
    r"""\s*(?:
        \#{1,6}\s | h[1-6]\.\s | ={3,} | -{3,} | \*{3,}      # headings and rules
      | [-*+]\s+\[[ xX]\]                                    # check-lists
      | at\s+[\w$.<>/]+\( | (?:Caused\sby|Suppressed):       # stack traces
      | \.\.\.\s\d+\smore | File\s".*",\sline\s\d | Traceback\s
      | (?:\w+\.){2,}\w*(?:Exception|Error)\b
      | \[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d | \[?\d\d-\d\d\s\d\d:\d\d | \d\d:\d\d:\d\d  # log lines
      | [VDIWEF]/[\w.]+\s*\( | [VDIWEF]\s+\S+\s*:
      | [{}\[\]"'<>]                                         # data
    )""",
    re.VERBOSE,
)
_FACT = re.compile(r"\s*(?:[-+]\s+)?[\w()/ .-]{2,40}:\s*(?:\S+(?:\s+\S+){0,3})?\s*$")  # "Android version: 9"


def prose(body: str) -> str:
    """Return the body's sentences, one line each; "" where it holds none.

    Left out: code, comments, logs, stack traces, headings, check-lists, "name: value" lines, addresses.
    """
    text = _BLOCKS.sub("\n", body)
    lines = (line for line in text.splitlines() if not _LINE_TO_DROP.match(line))
    inline = (_INLINE.sub(" ", _LINKS.sub(r"\1", line)).strip() for line in lines)
    return "\n".join(line for line in inline if line and not _FACT.match(line))
