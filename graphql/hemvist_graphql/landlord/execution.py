"""Carrying out one operation of a landlord's: limits, the executor, the log, and errors in words."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import ExecutionResult, OperationType
from graphql import execute as run_operation

from hemvist.identity import Actor
from hemvist.outages import Outage, outage_of
from hemvist.running import carry_through
from hemvist_graphql import telling
from hemvist_graphql.documents import MAX_ERRORS, Document, Invalid, Library, Prepared
from hemvist_graphql.explaining import explained, formatted, internal
from hemvist_graphql.failures import RequestFailed, not_now
from hemvist_graphql.landlord.context import Context
from hemvist_graphql.landlord.declaring import LENGTHS
from hemvist_graphql.landlord.schema import executable_schema
from hemvist_graphql.limits import check_cost

Answer = dict[str, Any]

#: The documents of the landlords' API.
LIBRARY = Library(executable_schema, lambda: LENGTHS)


def execute(
    actor: Actor,
    document: str | Document,
    variables: Mapping[str, Any] | None = None,
    operation_name: str | None = None,
) -> Answer:
    """Carry out an operation as ``actor``, of the landlords' tenant: ``{"data": …, "errors": […]}``.

    As ``hemvist_graphql.execute`` does for a kommun's own people: the portal calls this in-process,
    the API over HTTP. Never raises for what a caller sends; every error has ``extensions.code``.
    """
    with telling.operation() as span:
        started, prepared = time.perf_counter(), None
        try:
            found = LIBRARY.document(document) if isinstance(document, str) else document
            prepared = found.operation(operation_name)
            check_cost(prepared.cost, variables or {})
            return _run(actor, prepared, variables or {})
        except RequestFailed as failed:
            return {"errors": [formatted(failed)]}
        except Invalid as invalid:
            return {"errors": [formatted(error) for error in invalid.errors]}
        finally:
            if prepared is not None:
                kind = prepared.operation.operation.value
                telling.tell(span, started, actor.tenant_id, kind, prepared.fields, "landlord")


def execute_text(
    actor: Actor,
    document: str | Document,
    variables: Mapping[str, Any] | None = None,
    operation_name: str | None = None,
) -> str:
    """``execute`` as JSON text."""
    answer = execute(actor, document, variables, operation_name)
    return json.dumps(answer, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _run(actor: Actor, prepared: Prepared, variables: Mapping[str, Any]) -> Answer:
    kind = prepared.operation.operation
    context = Context(actor, prepared.name)
    if kind is OperationType.MUTATION:
        carry_through()
    try:
        result = run_operation(
            executable_schema(),
            prepared.document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=prepared.name,
        )
        assert isinstance(result, ExecutionResult)
        outages = (outage_of(error.original_error) for error in result.errors or ())
        outage = next((one for one in outages if one is not None), None)
        if outage is not None:
            context.abandon()
            return _not_now(outage, kind, context.carried_out)
        answer: Answer = {"data": result.data}
        if result.errors:
            answer["errors"] = [
                explained(error, context.request_id) for error in result.errors[:MAX_ERRORS]
            ]
        if result.data is None:
            context.abandon()
        else:
            context.finish()
        return answer
    except Exception as error:
        context.abandon()
        outage = outage_of(error)
        if outage is not None:
            return _not_now(outage, kind, context.carried_out)
        return {"data": None, "errors": [internal(error, context.request_id, None)]}


def _not_now(outage: Outage, kind: OperationType, done: Sequence[str]) -> Answer:
    telling.outage(outage.value)
    command = kind is OperationType.MUTATION
    return {"errors": [formatted(not_now(outage, command=command, done=done))]}
