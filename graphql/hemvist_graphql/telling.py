"""What an operation tells of itself: measured, traced, and never in its caller's words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from typing import Any
from uuid import UUID

from graphql import FieldNode, OperationDefinitionNode
from opentelemetry import metrics, trace
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.trace import SpanKind

from hemvist.measuring import Durations

_METER = metrics.get_meter("hemvist.graphql")
_duration = Durations(_METER, "graphql.operation.duration", "Time of one GraphQL operation.")
#: Counted by hand and read when metrics are collected: a request only adds to a number.
_lock = Lock()
_reads: dict[tuple[str, str], int] = {}
_bytes: dict[str, int] = {}
_finished: dict[str, int] = {}
tracer = trace.get_tracer("hemvist.graphql")
_outages = _METER.create_counter(
    "graphql.outages", description="Operations that time, a full house or a lost database ended."
)
_STATEMENT = {"db.system.name": "postgresql", "db.operation.name": "SELECT"}
_NOTHING: AbstractContextManager[object] = nullcontext()


def root_fields(operation: OperationDefinitionNode) -> str:
    """What is asked for, in the schema's words: the operation's own name is the caller's to choose,
    and so may hold anything."""
    roots = operation.selection_set.selections
    return ",".join(sorted({node.name.value for node in roots if isinstance(node, FieldNode)})[:5])


def outage(why: str) -> None:
    """Count an operation that time, a full house or a lost database ended."""
    _outages.add(1, {"why": why})


def ordinary(why: str) -> None:
    """Count an operation that the ordinary path answers, and why no plan does."""
    with _lock:
        _reads["ordinary", why] = _reads.get(("ordinary", why), 0) + 1


def planned(text: str | bytes) -> None:
    """Count an operation that a plan answered with ``text``."""
    with _lock:
        _reads["compiled", ""] = _reads.get(("compiled", ""), 0) + 1
        _bytes["compiled"] = _bytes.get("compiled", 0) + len(text)


def finished(fields: int) -> None:
    """Count fields of a planned read that were computed in Python."""
    with _lock:
        _finished["compiled"] = _finished.get("compiled", 0) + fields


def operation() -> AbstractContextManager[trace.Span]:
    """The span of an operation; where its trace is not kept, that of whatever is around it.

    A span that nobody keeps costs as much as one that somebody does, until it is written out.
    """
    around = trace.get_current_span()
    if around.get_span_context().is_valid and not around.is_recording():
        return nullcontext(around)
    return tracer.start_as_current_span(
        "graphql", record_exception=False, set_status_on_exception=False
    )


def statement() -> AbstractContextManager[object]:
    """A span for the one statement of a plan, where the operation's trace is kept at all."""
    if not trace.get_current_span().is_recording():
        return _NOTHING
    return tracer.start_as_current_span(
        "plan", kind=SpanKind.CLIENT, attributes=_STATEMENT, record_exception=False
    )


def tell(
    span: trace.Span, started: float, tenant_id: UUID, kind: str, fields: str, path: str
) -> None:
    """What ``span`` and the metrics say of an operation that has been carried out.

    The duration is measured inside the span: where that is sampled, the histogram keeps its trace
    as an exemplar.
    """
    said = {"hemvist.tenant_id": str(tenant_id), "graphql.fields": fields, "graphql.path": path}
    if span.is_recording():
        span.set_attributes({"graphql.operation.type": kind, **said})
    if "," in fields:
        # Which are asked together is the caller's choice: each choice would be a series of its own.
        said = {**said, "graphql.fields": "several"}
    _duration.record(time.perf_counter() - started, said, span)


def observe_stores(stores: dict[str, Any]) -> None:
    """Let the metrics say how ``stores`` (``Kept``, by name) are used."""

    def used(what: str) -> Any:
        def observed(_: CallbackOptions) -> Iterator[Observation]:
            for name, store in stores.items():
                yield Observation(getattr(store, what), {"hemvist.store": name})

        return observed

    for what, told in (
        ("hits", "Times that something kept was found."),
        ("misses", "Times that it had to be made."),
        ("evictions", "Times that newer ones pushed it out."),
    ):
        _METER.create_observable_counter(f"graphql.kept.{what}", [used(what)], description=told)


def _told_reads(_: CallbackOptions) -> Iterator[Observation]:
    for (path, why), count in list(_reads.items()):
        yield Observation(count, {"path": path, "why": why})


def _told_bytes(_: CallbackOptions) -> Iterator[Observation]:
    for path, count in list(_bytes.items()):
        yield Observation(count, {"path": path})


def _told_finished(_: CallbackOptions) -> Iterator[Observation]:
    for path, count in list(_finished.items()):
        yield Observation(count, {"path": path})


_METER.create_observable_counter(
    "graphql.fields.finished",
    [_told_finished],
    description="Fields of planned reads that were computed in Python.",
)
_METER.create_observable_counter(
    "graphql.reads",
    [_told_reads],
    description="Operations by the path that answered, and why not by a plan.",
)
_METER.create_observable_counter(
    "graphql.answers.length", [_told_bytes], description="Length of what plans answered with."
)
