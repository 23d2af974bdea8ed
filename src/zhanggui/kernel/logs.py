"""Log lines: JSON or console, on stderr, with the request's id and never with personal data.

`structlog.get_logger()` is how a module speaks: `log.info("job ended", kind=kind, seconds=0.2)`. The event is a
constant; what varies stands in fields. Lines of other libraries (uvicorn, alembic) take the same way out.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import IO, Any, Literal

import structlog

from .guarding import Redact

PERSONAL = frozenset(
    {"name", "phone", "email", "address", "query", "text", "body", "payload", "password", "token", "key", "secret"}
    | {"authorization", "cookie", "title", "comment", "recipient", "birthday", "ip"}
)
"""Fields that are never written, whatever they hold."""
WITHHELD = "[withheld]"
MOST_OF_A_TRACEBACK = 20_000
"""Characters of a traceback that are written; of a longer one the middle is left out."""
_FRAMES = 40
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_ID_CARD = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
_KEY = re.compile(r"\bzg_[A-Za-z0-9_-]{8,}")

Line = MutableMapping[str, Any]


def configure(
    *,
    level: str = "info",
    style: Literal["auto", "json", "console"] = "auto",
    stream: IO[str] | None = None,
    redact: Redact | None = None,
) -> None:
    """Set up logging for this process; may be called again.

    Args:
        level: least level that is written: debug, info, warning, error.
        style: `auto` is console on a terminal, else JSON.
        stream: stderr, unless a test looks elsewhere.
        redact: takes personal data out of every text of a line, however deep; names and addresses too.
    """
    out = stream if stream is not None else sys.stderr
    is_console = style == "console" or (style == "auto" and out.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(lambda seen: traceback_of(seen[1])),
        withhold_personal,
        *((_Redacting(redact),) if redact else ()),
    ]
    shape: Any = structlog.dev.ConsoleRenderer(colors=out.isatty()) if is_console else _json()
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, shape],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("httpx", "httpcore", "asyncio", "alembic.runtime.plugins"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def withhold_personal(_logger: Any, _method: str, line: Line) -> Line:
    """Replace what may be personal: known fields whole; mail addresses, mobile and identity numbers, keys in texts."""
    for field, value in line.items():
        if field in PERSONAL:
            line[field] = WITHHELD
        elif isinstance(value, str):
            line[field] = masked(value)
    return line


def masked(text: str) -> str:
    """`text` with mail addresses, Chinese mobile and identity numbers, and API keys replaced."""
    for pattern in (_EMAIL, _ID_CARD, _PHONE, _KEY):
        text = pattern.sub(WITHHELD, text)
    return text


def traceback_of(error: BaseException) -> str:
    """How `error` came about, in plain lines: where, and what it says; never what the variables held.

    Bounded by `MOST_OF_A_TRACEBACK`. The logger's own way, while nobody has called `configure`, draws every variable of
    every frame, which takes minutes when a frame holds a shop: lines about unforeseen errors carry this text instead.
    """
    told = traceback.TracebackException.from_exception(error, limit=-_FRAMES)
    text = "".join(told.format()).rstrip("\n")
    left_out = "\n[…]\n"
    if len(text) <= MOST_OF_A_TRACEBACK:
        return text
    head = MOST_OF_A_TRACEBACK // 2
    return text[:head] + left_out + text[head + len(left_out) - MOST_OF_A_TRACEBACK :]


class _Redacting:
    """Passes all texts of a line through a guard, but for those that the logger itself writes."""

    OWN = frozenset({"timestamp", "level", "logger", "request_id"})

    def __init__(self, redact: Redact) -> None:
        self._redact = redact

    def __call__(self, _logger: Any, _method: str, line: Line) -> Line:
        for field in line.keys() - self.OWN:
            if not field.startswith("_"):
                line[field] = self._clean(line[field])
        return line

    def _clean(self, value: Any) -> Any:
        match value:
            case str():
                return self._redact(value)
            case dict():
                return {key: WITHHELD if key in PERSONAL else self._clean(one) for key, one in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self._clean(one) for one in value]
            case BaseException():
                return self._redact(masked(str(value)))
            case _:
                return value


@contextmanager
def request_context(request_id: str, **fields: str) -> Iterator[None]:
    """Every line inside carries the request's id, in this task and the threads that it calls."""
    with structlog.contextvars.bound_contextvars(request_id=request_id, **fields):
        yield


def _json() -> Any:
    return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
