"""Both ways of answering one read, side by side: what they say, byte for byte, and what they log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from graphql import DocumentNode, get_operation_ast, parse
from sqlalchemy import select

from hemvist.audit.models import AuditEntry
from hemvist.households.service import FIND_BY_NUMBER
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.settings import get_settings
from hemvist.tenancy import Audience, tenant_session
from hemvist_graphql.compiled import NotPlanned, Why, answer_text
from hemvist_graphql.compiled.execution import forget
from hemvist_graphql.costs import cost_of
from hemvist_graphql.execution import execute_text
from hemvist_graphql.failures import RequestFailed
from hemvist_graphql.limits import check_cost, check_shape
from hemvist_graphql.schema import executable_schema

__all__ = ["Told", "bare", "forget", "ordinary", "planned", "without_plans"]

_DATA = '{"data":'
#: A text of JSON, or white space outside of one.
_SPACE = re.compile(r'("(?:[^"\\]|\\.)*")|[ \t\r\n]+')


@dataclass(frozen=True)
class Told:
    """What one path answered: the JSON of ``data`` without white space, and what was logged.

    Where the whole answer is not data alone, ``data`` is the whole answer.
    """

    data: str
    logged: tuple[Any, ...] | None

    @property
    def failed(self) -> bool:
        """Whether there are errors in it."""
        return self.data.startswith(('{"errors":', _DATA))


def bare(text: str) -> str:
    """JSON without white space between its tokens; nothing else about it is changed."""
    return _SPACE.sub(lambda found: found[1] or "", text)


def planned(
    actor: Actor,
    document: str,
    variables: Mapping[str, Any] | None = None,
    name: str | None = None,
) -> Told | Why:
    """The answer by a plan, or why there is none."""
    parsed = _parsed(document)
    operation = get_operation_ast(parsed, name)
    assert operation is not None
    try:
        check_shape(parsed)
        check_cost(cost_of(executable_schema(), parsed, operation), variables or {})
    except RequestFailed:
        return Why.REFUSED
    mark = new_id()
    try:
        text = answer_text(actor, document, parsed, operation, variables or {})
    except NotPlanned as refused:
        # A field of Python can fail after the statement has logged: the other path knows the entry.
        told = refused.logged or logged_since(actor, mark) is None
        assert told, "logged, and not answered"
        if refused.why is Why.DATABASE:
            raise AssertionError(f"database: {refused.what}") from refused.__context__
        return refused.why
    return Told(bare(text), logged_since(actor, mark))


def ordinary(
    actor: Actor,
    document: str,
    variables: Mapping[str, Any] | None = None,
    name: str | None = None,
) -> Told:
    """The answer of the schema's executor; with errors, the whole answer stands for the data."""
    mark = new_id()
    with without_plans():
        text = bare(execute_text(actor, document, variables or {}, name))
    if text.startswith(_DATA) and set(json.loads(text)) == {"data"}:
        text = text[len(_DATA) : -1]
    return Told(text, logged_since(actor, mark))


@contextmanager
def without_plans() -> Iterator[None]:
    """Every operation by the ordinary path."""
    settings = get_settings()
    before = settings.compiled_reads
    settings.compiled_reads = False
    try:
        yield
    finally:
        settings.compiled_reads = before


@lru_cache(maxsize=512)
def _parsed(document: str) -> DocumentNode:
    return parse(document)


def logged_since(actor: Actor, mark: UUID) -> tuple[Any, ...] | None:
    """The entry of the actor's kommun after ``mark``, a fresh id: ids rise with time.

    A search by number has one of its own besides; then all of them, the searches first.
    """
    with tenant_session(Audience.STAFF, actor.tenant_id) as session:
        found = session.scalars(
            select(AuditEntry).where(AuditEntry.id > mark).order_by(AuditEntry.id)
        ).all()
        searches = [_said(entry) for entry in found if entry.action == FIND_BY_NUMBER]
        reads = [_said(entry) for entry in found if entry.action != FIND_BY_NUMBER]
        assert len(reads) <= 1, "logged twice"
        if searches:
            return (*searches, *reads)
        return reads[0] if reads else None


def _said(entry: AuditEntry) -> tuple[Any, ...]:
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
        json.dumps(entry.details, sort_keys=True),
    )
