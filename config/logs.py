"""Logging to standard error: the standard library's records, rendered by structlog, free of secrets."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from structlog.typing import Processor

OURS = ("bot", "handlers", "integrations", "config")
# They print requests, answers and tokens when asked for details, and some set a level of their own.
TALKATIVE = ("jira", "requests_oauthlib", "slack_bolt", "slack_sdk", "urllib3")
HIDDEN = "[hidden]"
SECRET_KEY = re.compile(r"token|secret|password|authorization|api_?key|cookie|credential", re.IGNORECASE)
TOKEN = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|ATAT[\w=.-]+|ATOA[\w=.-]+|lin_[a-z]+_\w+"
)  # each vendor's forms
AFTER = re.compile(r"((?:Bearer|Basic) |[?&](?:code|state|token)=|://(?=[^/\s@]*@))[^\s&@]+", re.IGNORECASE)
E_MAIL = re.compile(r"['\w.+%-]+@[\w-]+(?:\.[\w-]+)+")


class Scrubber:
    """A structlog processor: the last net under tokens and e-mail addresses, which no line should hold.

    secrets: values that this process knows; they are hidden wherever they stand.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # Short ones would hit ordinary words.
        self._secrets = sorted({secret for secret in secrets if len(secret) >= 8}, key=len, reverse=True)

    def __call__(self, _: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """Return the event without secrets."""
        return {key: self._clean(value, key) for key, value in event.items()}

    def text(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return E_MAIL.sub("[e-mail]", AFTER.sub(rf"\1{HIDDEN}", TOKEN.sub(HIDDEN, text)))

    def _clean(self, value: Any, key: str = "") -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if SECRET_KEY.search(key):
            return HIDDEN
        if isinstance(value, Mapping):
            return {str(k): self._clean(v, str(k)) for k, v in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(item) for item in value]
        return self.text(str(value))


def configure(
    level: str = "INFO", form: str = "console", secrets: Iterable[str] = (), stream: TextIO | None = None
) -> None:
    """Set up the process's logging.

    level: of our own modules, others stay at WARNING; form: "console" or "json";
    secrets: see Scrubber; stream: standard error when None.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Rendered(partial(_formatter, form, secrets, is_terminal=stream.isatty())))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Rendered(logging.Formatter):
    """A formatter that is made for the first record: most commands end without one."""

    def __init__(self, make: Callable[[], logging.Formatter]) -> None:
        super().__init__()
        self._make: Callable[[], logging.Formatter] = cache(make)

    def format(self, record: logging.LogRecord) -> str:
        return self._make().format(record)


def _formatter(form: str, secrets: Iterable[str], *, is_terminal: bool) -> logging.Formatter:
    import structlog
    from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name

    show: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "console":
        # Tracebacks are text by then: a formatter of its own would show local variables.
        show = structlog.dev.ConsoleRenderer(
            colors=is_terminal, exception_formatter=structlog.dev.plain_traceback
        )
    return ProcessorFormatter(
        foreign_pre_chain=[
            add_log_level,
            add_logger_name,
            ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            Scrubber(secrets),
            show,
        ],
    )
