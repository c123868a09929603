"""Errors of the request itself: each has a code that a program can act on.

What a command refuses is not here: that is an answer, typed in the schema (``errors``).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from graphql import GraphQLError


class Code(StrEnum):
    """``extensions.code`` of an error. Stable: callers compare with it."""

    BAD_REQUEST = "BAD_REQUEST"
    REQUEST_TOO_LARGE = "REQUEST_TOO_LARGE"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    PARSE_FAILED = "PARSE_FAILED"
    INVALID_DOCUMENT = "INVALID_DOCUMENT"
    UNKNOWN_OPERATION = "UNKNOWN_OPERATION"
    DOCUMENT_TOO_LARGE = "DOCUMENT_TOO_LARGE"
    TOO_DEEP = "TOO_DEEP"
    TOO_MANY_ALIASES = "TOO_MANY_ALIASES"
    TOO_COSTLY = "TOO_COSTLY"
    BAD_INPUT = "BAD_INPUT"
    BAD_PAGE = "BAD_PAGE"
    BAD_CURSOR = "BAD_CURSOR"
    NOT_ALLOWED = "NOT_ALLOWED"
    INTERNAL = "INTERNAL"


class RequestFailed(GraphQLError):
    """A request, or one field of it, that cannot be answered."""

    def __init__(self, code: Code, message: str, **details: Any) -> None:
        super().__init__(message, extensions={"code": code.value, **details})
        self.code = code
