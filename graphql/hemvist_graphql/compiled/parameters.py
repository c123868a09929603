"""A plan's parameters: what is the plan's own, and what each request gives anew.

A plan is made once for everybody who holds the same roles. So it is made for a stand-in with those
roles, and the stand-in's ids are found again among the parameters of the finished statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Executable, bindparam
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from hemvist.identity import Actor
from hemvist_graphql.compiled.refusal import NotPlanned, Why

_MARK = "5ec2e700"
_TENANT = UUID(f"{_MARK}-0000-7000-8000-00000000aaaa")
_PRINCIPAL = UUID(f"{_MARK}-0000-7000-8000-00000000bbbb")
_STANDS_FOR = {_TENANT: "tenant", _PRINCIPAL: "principal"}
_NAME = f"{_MARK} stand-in"
#: $1, $2 … as PostgreSQL itself counts them: the driver need not look through the text.
_DIALECT: Any = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


def stand_in(actor: Actor) -> Actor:
    """Somebody with ``actor``'s roles and nothing else of theirs."""
    principal = None if actor.principal_id is None else _PRINCIPAL
    return replace(actor, tenant_id=_TENANT, principal_id=principal, name=_NAME)


class Given:
    """Parameters that each request gives anew, by name."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.names: set[str] = set(values)

    def __call__(self, name: str, type_: Any) -> BindParameter[Any]:
        """The parameter ``name``."""
        self.names.add(name)
        return bindparam(name, self.values.get(name), type_=type_)


Processor = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Text:
    """A finished statement. Each parameter is a name to look up, or a value of the plan's own."""

    sql: str
    parameters: tuple[tuple[str | None, Any], ...]
    #: How values of some names are made what the driver takes.
    processors: Mapping[str, Processor]

    def filled(self, values: Mapping[str, Any]) -> list[Any]:
        """The parameters in order, with this request's values."""
        if self.processors:
            known = {name: made(values[name]) for name, made in self.processors.items()}
            values = {**values, **known}
        return [value if name is None else values[name] for name, value in self.parameters]


def finished(statement: Executable, given: Given) -> Text:
    """``statement`` as text. Raises ``NotPlanned`` (CONDITION) for what cannot be given anew."""
    compiled: Any = statement.compile(  # type: ignore[attr-defined]
        dialect=_DIALECT, compile_kwargs={"render_postcompile": True}
    )
    values = compiled.params
    processors: Mapping[str, Processor] = compiled._bind_processors
    sources = tuple(
        _source(name, values[name], given, processors.get(name)) for name in compiled.positiontup
    )
    renewed = {name for name, _ in sources if name is not None}
    return Text(
        compiled.string,
        sources,
        {name: made for name, made in processors.items() if name in renewed},
    )


def _source(
    name: str, value: Any, given: Given, process: Processor | None
) -> tuple[str | None, Any]:
    if name in given.names:
        return name, None
    if isinstance(value, UUID) and value in _STANDS_FOR:
        return _STANDS_FOR[value], None
    if _MARK in str(value):
        raise NotPlanned(Why.CONDITION, "a value made of who asks")
    return None, value if process is None else process(value)
