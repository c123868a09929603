"""Errors of an operation in words: what a caller is told, and what only our log may know."""

from __future__ import annotations

import traceback
from typing import Any
from uuid import UUID

import structlog
from graphql import FieldNode, GraphQLError

from hemvist.errors import HemvistError, NotAllowed, ValidationFailed
from hemvist.policy import PolicyError
from hemvist_graphql.documents import MAX_MESSAGE
from hemvist_graphql.errors import plain
from hemvist_graphql.failures import Code, RequestFailed
from hemvist_graphql.naming import NAMED, named

_log = structlog.get_logger("hemvist.graphql")


def explained(error: GraphQLError, request_id: UUID) -> dict[str, Any]:
    """An error of a field or of the operation as the caller is told it."""
    told = _explained(error, request_id)
    # Named anew: only now is it known where it happened.
    more = {key: one for key, one in told["extensions"].items() if key not in NAMED}
    return named({**told, "extensions": more}, error)


def _explained(error: GraphQLError, request_id: UUID) -> dict[str, Any]:
    cause = error.original_error
    place: dict[str, Any] = {}
    if error.path is not None:
        place["path"] = list(error.path)
    if isinstance(cause, RequestFailed):
        return {**formatted(cause), **place}
    if isinstance(error, RequestFailed) or (error.extensions or {}).get("code"):
        return {**formatted(error), **place}
    if isinstance(cause, NotAllowed):
        failed = RequestFailed(
            Code.NOT_ALLOWED, f"not allowed: {cause.action}", action=cause.action
        )
        return {**formatted(failed), **place}
    if isinstance(cause, ValidationFailed):
        problems = [
            {"field": one.field, "rule": one.rule, "params": plain(one.params)}
            for one in cause.problems
        ]
        failed = RequestFailed(Code.BAD_INPUT, str(cause)[:MAX_MESSAGE], problems=problems)
        return {**formatted(failed), **place}
    if isinstance(cause, PolicyError):
        # A day before the guideline, say: what a pack is asked has no personal data in it.
        failed = RequestFailed(Code.BAD_INPUT, cause.message[:MAX_MESSAGE], rule=cause.rule)
        return {**formatted(failed), **place}
    asked_wrongly = cause is None or _is_coercion(error) or _is_argument(cause)
    if cause is not None and (isinstance(cause, HemvistError) or not asked_wrongly):
        return {**internal(cause, request_id, error.path), **place}
    # What remains is a value of the wrong type for its variable or argument.
    return {**formatted(RequestFailed(Code.BAD_INPUT, error.message[:MAX_MESSAGE])), **place}


def _is_coercion(error: GraphQLError) -> bool:
    # Variables are coerced before any field, so such an error has no path.
    return error.path is None


def _is_argument(cause: BaseException) -> bool:
    """Whether an argument of a field was refused, such as a variable's null for one that needs a
    value: the error points at something inside the field. What a value cannot be printed as
    points at nothing."""
    nodes = cause.nodes if isinstance(cause, GraphQLError) else None
    return any(not isinstance(node, FieldNode) for node in nodes or ())


def formatted(error: GraphQLError) -> dict[str, Any]:
    """An error as the response has it."""
    told: dict[str, Any] = {
        "message": error.message,
        "extensions": dict(error.extensions or {}),
    }
    if error.locations:
        told["locations"] = [place.formatted for place in error.locations]
    return named(told, error)


def internal(error: BaseException, request_id: UUID, path: Any) -> dict[str, Any]:
    """A failure of ours: the caller gets a number to quote, the log gets where it happened.

    Never the exception's own text: it may hold what somebody wrote about a person.
    """
    _log.error(
        "graphql.failed",
        request_id=str(request_id),
        error=type(error).__name__,
        cause=type(error.__cause__).__name__ if error.__cause__ else None,
        path=[str(step) for step in path] if path else None,
        frames=[
            f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
        ][-12:],
    )
    return named(
        {
            "message": "something went wrong here; quote the request id when you report it",
            "extensions": {"code": Code.INTERNAL.value, "requestId": str(request_id)},
        }
    )
