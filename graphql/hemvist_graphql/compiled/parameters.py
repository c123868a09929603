"""A plan's parameters: what is the plan's own, and what each request gives anew.

A plan is made once for everybody who holds the same roles. So it is made for a stand-in with those
roles, and the stand-in's ids are found again among the parameters of the finished statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Executable, bindparam
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from hemvist.identity import Actor
from hemvist.wire import Line
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

    #: As bytes: the driver knows a statement again by them, and bytes keep their hash.
    sql: bytes
    parameters: tuple[tuple[str | None, Any], ...]
    #: How values of some names are made what the driver takes.
    processors: Mapping[str, Processor]

    def filled(self, values: Mapping[str, Any]) -> list[Any]:
        """The parameters in order, with this request's values."""
        if self.processors:
            known = {name: made(values[name]) for name, made in self.processors.items()}
            values = {**values, **known}
        return [value if name is None else values[name] for name, value in self.parameters]

    def shared(self, values: Mapping[str, Any]) -> Shared:
        """The statement with ``values`` filled in; the names that they lack are left open."""
        line: list[Any] = []
        rest: list[tuple[int, str, Processor | None]] = []
        for place, (name, value) in enumerate(self.parameters):
            if name is not None and name not in values:
                rest.append((place, name, self.processors.get(name)))
                line.append(None)
                continue
            made = self.processors.get(name) if name is not None else None
            given = value if name is None else values[name]
            line.append(given if made is None else made(given))
        return Shared(self.sql, tuple(line), tuple(rest), Line.of(line))


@dataclass(frozen=True, slots=True)
class Shared:
    """A finished statement with what many requests have in common filled in."""

    sql: bytes
    line: tuple[Any, ...]
    rest: tuple[tuple[int, str, Processor | None], ...]
    #: The same, ready to be sent without the driver's cursor; None where it cannot be.
    sending: Line | None

    def filled(self, values: Mapping[str, Any]) -> list[Any]:
        """The parameters in order, with this request's own values."""
        line = list(self.line)
        for place, value in self.own(values):
            line[place] = value
        return line

    def own(self, values: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
        """This request's own values and their places."""
        for place, name, made in self.rest:
            yield place, values[name] if made is None else made(values[name])


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
    sql, sources = _written_out(compiled.string, sources)
    renewed = {name for name, _ in sources if name is not None}
    return Text(
        sql.encode(),
        sources,
        {name: made for name, made in processors.items() if name in renewed},
    )


_PLACE = re.compile(r"\$([0-9]+)")
Sources = tuple[tuple[str | None, Any], ...]


def _written_out(sql: str, sources: Sources) -> tuple[str, Sources]:
    """``sql`` with the plan's own words and numbers as literals: nobody sends them each time, and
    the planner knows them. What is left is counted anew."""
    places = [int(found) for found in _PLACE.findall(sql)]
    if set(places) != set(range(1, len(sources) + 1)):
        # A dollar of another kind, in a literal perhaps: then all stays as it is.
        return sql, sources
    left: list[tuple[str | None, Any]] = []
    written: list[str] = []
    for source in sources:
        literal = _literal(source[1]) if source[0] is None else None
        if literal is None:
            left.append(source)
            literal = f"${len(left)}"
        written.append(literal)
    return _PLACE.sub(lambda found: written[int(found[1]) - 1], sql), tuple(left)


def _literal(value: Any) -> str | None:
    """``value`` as PostgreSQL reads it (with standard_conforming_strings, the default since 9.1)."""
    if type(value) is str and "\0" not in value and "\\" not in value:
        return "'" + value.replace("'", "''") + "'"
    if type(value) is int and value >= 0:
        return str(value)
    return None


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
