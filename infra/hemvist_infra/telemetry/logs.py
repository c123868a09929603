"""Log lines as JSON: what happened and where, never with what values.

A message of an exception may quote a row (PostgreSQL's "Key (…)=(…) already exists"), a parameter
or a part of a document. So no exception's message is ever written, only its type, its SQLSTATE and
the places in the code. What libraries write is cut down to what cannot hold a value.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

#: Libraries whose ordinary lines (below warning) say how a process starts and stops.
_LIBRARY_LENGTH = 200
_FRAMES = 12
#: Lines per request are ours, with the route instead of the address.
_SILENT = ("uvicorn.access", "httpx", "httpx2", "httpcore", "hpack")

#: A line for every task of every second; ours (telemetry.tasks) says what is worth saying.
_QUIET = ("celery.beat", "celery.worker.strategy", "celery.app.trace")

_WARNING = re.compile(r"(\S+:\d+: \w+)")

#: The handler of this process' lines, once ``configure`` has made it.
_handler: logging.StreamHandler[Any] | None = None
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def configure(level: str) -> None:
    """Make every line of this process, also those of libraries, one JSON object on stderr."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
        _tell_exception,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_tell_library, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    global _handler
    _handler = handler
    root = logging.getLogger()
    for old in [old for old in root.handlers if _ours(old)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        # Libraries that brought a handler of their own would write past this one.
        if name.split(".")[0] in ("uvicorn", "celery", "kombu", "amqp"):
            logger.handlers.clear()
            logger.propagate = True
    for name in _SILENT:
        silent = logging.getLogger(name)
        silent.handlers.clear()
        silent.setLevel(logging.CRITICAL)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False
    sys.excepthook = _uncaught


def _ours(handler: logging.Handler) -> bool:
    plain = type(handler) is logging.StreamHandler
    return plain or isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)


def _uncaught(
    kind: type[BaseException], error: BaseException, trace_: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace_)
        return
    structlog.get_logger("hemvist").critical("process_failed", exc_info=(kind, error, trace_))


def write(logger: logging.Logger, event: str, span: trace.Span, **said: Any) -> None:
    """A line of the form that all lines have, for what every request says: texts, numbers, None.

    The way of other lines, through two libraries' processors, costs five times as much.
    """
    if not logger.isEnabledFor(logging.INFO):
        return
    if _handler is None or _handler not in logging.root.handlers:
        structlog.get_logger(logger.name).info(event, **said)
        return
    line = {
        "event": event,
        **said,
        "level": "info",
        "logger": logger.name,
        "timestamp": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
    }
    context = span.get_span_context()
    if context.is_valid:
        line["trace_id"] = f"{context.trace_id:032x}"
        line["span_id"] = f"{context.span_id:016x}"
    text = _ENCODE(line)
    _handler.acquire()
    try:
        _handler.stream.write(text + _handler.terminator)
        _handler.flush()
    finally:
        _handler.release()


def _add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = format(context.trace_id, "032x")
        event["span_id"] = format(context.span_id, "016x")
    return event


def _tell_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put the exception's type and places where structlog would put its text."""
    given = event.pop("exc_info", None)
    event.pop("exc_text", None)
    event.pop("stack_info", None)
    found = _exc_info(given)
    if found is not None:
        event["error"] = describe(found[1])
    return event


def describe(error: BaseException) -> dict[str, Any]:
    """Type, SQLSTATE, places and causes of ``error``, without a word of its messages."""
    told: dict[str, Any] = {"type": _type(error), "at": _places(error.__traceback__)}
    sqlstate = getattr(getattr(error, "orig", error), "sqlstate", None)
    if isinstance(sqlstate, str):
        told["sqlstate"] = sqlstate
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    causes: list[str] = []
    while cause is not None and len(causes) < 5:
        causes.append(_type(cause))
        cause = cause.__cause__ or cause.__context__
    if causes:
        told["caused_by"] = causes
    return told


def _tell_library(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """A library's line: its text with the values filled in only where nothing has gone wrong."""
    record: logging.LogRecord = event["_record"]
    if record.levelno < logging.WARNING and _starts_and_stops(record.name):
        text = str(event["event"])
    else:
        # What is no fixed text (an exception as the message, say) is known by its type.
        text = record.msg if isinstance(record.msg, str) else _type(record.msg)
    if record.name == "py.warnings":
        # "file:line: Category: words", and the words may quote anything.
        found = _WARNING.match(text)
        text = found.group(1) if found else "a warning"
    event["event"] = text.strip().split("\n", 1)[0][:_LIBRARY_LENGTH]
    event.pop("positional_args", None)
    event["exc_info"] = record.exc_info
    return event


def _starts_and_stops(name: str) -> bool:
    return name in ("uvicorn.error", "celery.beat", "celery.worker", "celery.apps.worker")


def _exc_info(given: object) -> ExcInfo | None:
    if isinstance(given, BaseException):
        return type(given), given, given.__traceback__
    if isinstance(given, tuple) and len(given) == 3 and isinstance(given[1], BaseException):
        return type(given[1]), given[1], given[2]
    if given:
        kind, error, trace_ = sys.exc_info()
        if kind is not None and error is not None:
            return kind, error, trace_
    return None


def _type(thing: object) -> str:
    kind = type(thing)
    return (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )


def _places(trace_: TracebackType | None) -> list[str]:
    frames = traceback.walk_tb(trace_)
    places = [
        f"{Path(frame.f_code.co_filename).name}:{line} {frame.f_code.co_name}"
        for frame, line in frames
    ]
    return places[-_FRAMES:]
