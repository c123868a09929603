"""Errors of the request itself: each has a code that a program can act on.

What a command refuses is not here: that is an answer, typed in the schema (``errors``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from graphql import GraphQLError

from hemvist.outages import Outage


class Code(StrEnum):
    """``extensions.code`` of an error. Stable: callers compare with it."""

    BAD_REQUEST = "BAD_REQUEST"
    REQUEST_TOO_LARGE = "REQUEST_TOO_LARGE"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    PARSE_FAILED = "PARSE_FAILED"
    INVALID_DOCUMENT = "INVALID_DOCUMENT"
    UNKNOWN_OPERATION = "UNKNOWN_OPERATION"
    UNKNOWN_DOCUMENT = "UNKNOWN_DOCUMENT"
    TOO_MANY_DOCUMENTS = "TOO_MANY_DOCUMENTS"
    TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS"
    DOCUMENT_TOO_LARGE = "DOCUMENT_TOO_LARGE"
    TOO_DEEP = "TOO_DEEP"
    TOO_MANY_ALIASES = "TOO_MANY_ALIASES"
    NOT_A_LIST = "NOT_A_LIST"
    TOO_COSTLY = "TOO_COSTLY"
    BAD_INPUT = "BAD_INPUT"
    BAD_PAGE = "BAD_PAGE"
    BAD_CURSOR = "BAD_CURSOR"
    NOT_ALLOWED = "NOT_ALLOWED"
    TIMEOUT = "TIMEOUT"
    BUSY = "BUSY"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


class RequestFailed(GraphQLError):
    """A request, or one field of it, that cannot be answered."""

    def __init__(self, code: Code, message: str, **details: Any) -> None:
        super().__init__(message, extensions={"code": code.value, **details})
        self.code = code


#: HTTP status of an answer without data, by the code of its error; 400 for every other.
STATUS: Mapping[str, int] = {
    Code.TIMEOUT: 503,
    Code.BUSY: 503,
    Code.UNAVAILABLE: 503,
    Code.TOO_MANY_DOCUMENTS: 429,
    Code.TOO_MANY_REQUESTS: 429,
}
#: Seconds after which to ask again. Not after a time limit: the same would take as long again.
RETRY_AFTER: Mapping[str, int] = {Code.BUSY: 1, Code.UNAVAILABLE: 5}

_SENTENCES: Mapping[Outage, tuple[Code, str]] = {
    Outage.TIMEOUT: (Code.TIMEOUT, "it took too long and was stopped"),
    Outage.BUSY: (Code.BUSY, "too many requests are being answered: ask again in a moment"),
    Outage.UNAVAILABLE: (Code.UNAVAILABLE, "the database is away: ask again in a moment"),
}
_AGAIN = "send it again with the same idempotencyKey, it is carried out once"


def not_now(outage: Outage, *, command: bool = False, done: Sequence[str] = ()) -> RequestFailed:
    """The error of an operation that ``outage`` ended; ``done`` names commands carried out before."""
    code, said = _SENTENCES[outage]
    if done:
        said = f"{said}; carried out before that: {', '.join(done)}; for its answer {_AGAIN}"
        return RequestFailed(code, said, carriedOut=list(done))
    if command and outage is Outage.UNAVAILABLE:
        # It may have been lost on the way to us, or its answer on the way back.
        said = f"{said}; whether the command was carried out is not known: {_AGAIN}"
    elif command:
        said = f"{said}; nothing was done"
    return RequestFailed(code, said)
