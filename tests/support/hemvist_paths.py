"""Both ways of answering one read, side by side: what they say and what they log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import get_operation_ast, parse
from sqlalchemy import select

from hemvist.audit.models import AuditEntry
from hemvist.identity import Actor
from hemvist.tenancy import Audience, tenant_session
from hemvist_graphql import execute
from hemvist_graphql.compiled import NotPlanned, Why, answer_text
from hemvist_graphql.failures import RequestFailed
from hemvist_graphql.limits import check_cost, check_shape
from hemvist_graphql.schema import executable_schema


@dataclass(frozen=True)
class Told:
    """What one path answered: data as canonical JSON, and the audit entry's contents."""

    data: str
    logged: tuple[Any, ...] | None


def canonical(value: Any) -> str:
    """JSON with sorted keys, and a whole number printed as one."""
    return json.dumps(_whole(value), sort_keys=True, ensure_ascii=False)


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def planned(actor: Actor, document: str, variables: Mapping[str, Any] | None = None) -> Told | Why:
    """The answer by a plan, or why there is none."""
    parsed = parse(document)
    operation = get_operation_ast(parsed)
    assert operation is not None
    try:
        check_shape(parsed)
        check_cost(executable_schema(), parsed, operation, variables or {})
    except RequestFailed:
        return Why.REFUSED
    before = _entries(actor)
    try:
        text = answer_text(actor, document, parsed, operation, variables or {})
    except NotPlanned as refused:
        assert _new(actor, before) is None
        if refused.why is Why.DATABASE:
            raise AssertionError(refused.what) from refused.__context__
        return refused.why
    return Told(canonical(json.loads(text)), _new(actor, before))


def ordinary(actor: Actor, document: str, variables: Mapping[str, Any] | None = None) -> Told:
    """The answer of the schema's executor; an error stands in it for the data."""
    before = _entries(actor)
    answer = execute(actor, document, variables)
    told = answer["errors"] if "errors" in answer else answer["data"]
    return Told(canonical(told), _new(actor, before))


def _entries(actor: Actor) -> list[AuditEntry]:
    with tenant_session(Audience.STAFF, actor.tenant_id) as session:
        newest = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(4)
        return list(session.scalars(newest))


def _new(actor: Actor, before: list[Any]) -> tuple[Any, ...] | None:
    known = {entry.id for entry in before}
    # Only the newest are looked at.
    new = [entry for entry in _entries(actor) if entry.id not in known]
    assert len(new) <= 1
    if not new:
        return None
    [entry] = new
    return (
        entry.kind,
        entry.principal_id,
        tuple(entry.roles),
        entry.channel,
        entry.action,
        entry.case_id,
        tuple(entry.person_ids),
        entry.subject_type,
        entry.subject_id,
        canonical(entry.details),
    )
