"""Carrying out one operation: limits, the schema's executor, the audit row, and errors in words."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from graphql import ExecutionResult, OperationType
from graphql import (
    execute as run_operation,
)

from hemvist.identity import Actor
from hemvist.identity.standing import Proof
from hemvist.outages import Outage, outage_of
from hemvist.running import carry_through
from hemvist.settings import get_settings
from hemvist_graphql import telling
from hemvist_graphql.compiled import (
    NotPlanned,
    Unproven,
    answer_claimed,
    answer_text,
    data_of,
    ready,
)
from hemvist_graphql.context import Context
from hemvist_graphql.documents import MAX_ERRORS, Document, Invalid, Prepared
from hemvist_graphql.documents import document as find
from hemvist_graphql.explaining import explained, formatted, internal
from hemvist_graphql.failures import RequestFailed, not_now
from hemvist_graphql.limits import check_cost
from hemvist_graphql.replying import replied
from hemvist_graphql.schema import executable_schema

Answer = dict[str, Any]


def execute(
    actor: Actor,
    document: str | Document,
    variables: Mapping[str, Any] | None = None,
    operation_name: str | None = None,
) -> Answer:
    """Carry out an operation as ``actor`` and give ``{"data": …, "errors": […]}``.

    The same authorisation and the same audit for everybody: the portal calls this in-process, the
    API over HTTP. ``data`` is missing when the operation was not started. Never raises for what a
    caller sends; every error has ``extensions.code`` (see ``failures.Code``).
    """
    answered = _answered(actor, document, variables or {}, operation_name)
    return {"data": json.loads(answered)} if isinstance(answered, str) else answered


def execute_text(
    actor: Actor,
    document: str | Document,
    variables: Mapping[str, Any] | None = None,
    operation_name: str | None = None,
    proof: Proof | None = None,
) -> str:
    """``execute`` as JSON text; a plan's text goes out as the database wrote it.

    With ``proof``, a plan's statement also proves how ``actor`` stands, so that the next request by
    them may be an ``execute_claimed``.
    """
    answered = _answered(actor, document, variables or {}, operation_name, proof)
    if isinstance(answered, str):
        return f'{{"data":{answered}}}'
    return json.dumps(answered, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def execute_claimed(
    actor: Actor,
    proof: Proof,
    document: str | Document,
    variables: Mapping[str, Any] | None = None,
    operation_name: str | None = None,
) -> str | None:
    """``execute_text`` for an actor who has not been looked up, where one statement does both.

    None wherever it is not that simple: they must be looked up, and nothing has been read or done.
    """
    if not get_settings().compiled_reads:
        return None
    with telling.operation() as span:
        started = time.perf_counter()
        try:
            found = document if isinstance(document, Document) else find(document)
            prepared = found.operation(operation_name)
            check_cost(prepared.cost, variables or {})
            data = answer_claimed(actor, prepared.text, prepared.name, variables or {}, proof)
        except (RequestFailed, Invalid):
            # What is wrong is said to those who have been looked up.
            return None
        if data is None:
            return None
        telling.planned(data)
        kind = OperationType.QUERY.value
        telling.tell(span, started, actor.tenant_id, kind, prepared.fields, "compiled")
        return f'{{"data":{data}}}'


async def execute_at_once(
    actor: Actor, proof: Proof, document: Document, variables: Mapping[str, Any], name: str | None
) -> bytes | None:
    """``execute_claimed`` on an event loop, for what needs no thread; None for everything else.

    Raises ``Unproven`` where the statement was sent in vain, and for a database out of reach.
    """
    if not get_settings().compiled_reads:
        return None
    try:
        prepared = document.operation(name)
        check_cost(prepared.cost, variables)
    except (RequestFailed, Invalid):
        return None
    asked = ready(actor, prepared.text, prepared.name, variables, proof)
    if asked is None:
        return None
    with telling.operation() as span:
        started = time.perf_counter()
        data = await data_of(asked)
        if data is None:
            return None
        telling.planned(data)
        kind = OperationType.QUERY.value
        telling.tell(span, started, actor.tenant_id, kind, prepared.fields, "compiled")
        return b'{"data":%b}' % data


def _answered(
    actor: Actor,
    document: str | Document,
    variables: Mapping[str, Any],
    operation_name: str | None,
    proof: Proof | None = None,
) -> Answer | str:
    """The answer, or the text of its ``data`` where a plan gave it."""
    with telling.operation() as span:
        work = _Work(actor, document, variables, operation_name, proof)
        started = time.perf_counter()
        try:
            return work.answered()
        except RequestFailed as failed:
            return {"errors": [formatted(failed)]}
        except Invalid as invalid:
            return {"errors": [formatted(error) for error in invalid.errors]}
        except Exception as error:
            outage = outage_of(error)
            if outage is None:
                raise
            return _not_now(outage, work.kind)
        finally:
            if work.kind is not None:
                kind = work.kind.value
                telling.tell(span, started, actor.tenant_id, kind, work.fields, work.path)


class _Work:
    """One operation on its way, and what has become known of it."""

    __slots__ = (
        *("_actor", "_document", "_operation_name", "_proof", "_variables"),
        *("fields", "kind", "path"),
    )

    def __init__(
        self,
        actor: Actor,
        document: str | Document,
        variables: Mapping[str, Any],
        operation_name: str | None,
        proof: Proof | None,
    ) -> None:
        self._actor, self._document, self._proof = actor, document, proof
        self._variables, self._operation_name = variables, operation_name
        #: None until there is an operation that can be carried out.
        self.kind: OperationType | None = None
        self.fields = ""
        self.path = "ordinary"

    def answered(self) -> Answer | str:
        """The answer. Raises ``RequestFailed`` and ``Invalid`` for what cannot be begun."""
        prepared = self._prepared()
        self.kind, self.fields = prepared.operation.operation, prepared.fields
        left: UUID | None = None
        if self.kind is OperationType.MUTATION:
            carry_through()
            return self._commanded(prepared)
        if get_settings().compiled_reads:
            made = self._planned(prepared)
            if isinstance(made, str):
                return made
            left = made
        context = Context(self._actor, prepared.name, logged=left)
        return _run(context, prepared, self._variables)

    def _commanded(self, prepared: Prepared) -> Answer | str:
        """The answer of a mutation: one command's reply by a plan, where that is possible."""
        context = Context(self._actor, prepared.name)
        if get_settings().compiled_reads:
            try:
                data = replied(
                    context, prepared.text, prepared.document, prepared.operation, self._variables
                )
            except Exception as error:
                outage = outage_of(error)
                if outage is None:
                    raise
                return _not_now(outage, OperationType.MUTATION, context.carried_out)
            if data is not None:
                self.path = "compiled"
                return data
        return _run(context, prepared, self._variables)

    def _prepared(self) -> Prepared:
        document = self._document
        found = document if isinstance(document, Document) else find(document)
        prepared = found.operation(self._operation_name)
        check_cost(prepared.cost, self._variables)
        return prepared

    def _planned(self, prepared: Prepared) -> str | UUID | None:
        """The response's data by a plan. Otherwise the ordinary path has to answer: None, or the
        audit entry that the plan left before it failed."""
        try:
            data = answer_text(
                self._actor,
                prepared.text,
                prepared.document,
                prepared.operation,
                self._variables,
                self._proof,
            )
        except Unproven:
            # They have been looked up for this request: that it changed since is no news to it.
            telling.ordinary("unproven")
            return None
        except NotPlanned as refused:
            telling.ordinary(refused.why.value)
            return refused.logged
        telling.planned(data)
        self.path = "compiled"
        return data


def _run(context: Context, prepared: Prepared, variables: Mapping[str, Any]) -> Answer:
    operation = prepared.operation
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
            # Not half an answer: nothing of it was read.
            context.abandon()
            return _not_now(outage, operation.operation, context.carried_out)
        answer: Answer = {"data": result.data}
        if result.errors:
            answer["errors"] = [
                explained(error, context.request_id) for error in result.errors[:MAX_ERRORS]
            ]
        if result.data is None:
            # Nothing goes out, so nothing was read.
            context.abandon()
        else:
            context.finish()
        return answer
    except Exception as error:
        context.abandon()
        outage = outage_of(error)
        if outage is not None:
            return _not_now(outage, operation.operation, context.carried_out)
        return {"data": None, "errors": [internal(error, context.request_id, None)]}


def _not_now(outage: Outage, kind: OperationType | None, done: Sequence[str] = ()) -> Answer:
    telling.outage(outage.value)
    command = kind is OperationType.MUTATION
    return {"errors": [formatted(not_now(outage, command=command, done=done))]}
