"""What is asked: three operations and the portal's five busiest pages, with their variables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from graphql_bench.scene import Matter, Person, Scene

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, in the words of every variant."""

    person: Person
    #: Variables of our own document.
    variables: dict[str, Any]
    #: Row ids and plain values, for a statement or another schema.
    values: dict[str, Any]
    #: An id that the answer must hold; it is of the asker's kommun.
    holds: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its document, its asks, and what every variant's answer must agree on."""

    name: str
    title: str
    document: str
    asks: Callable[[Scene], Iterator[Ask]]
    #: Response keys whose values are counted and compared between the variants.
    shared: frozenset[str]
    writes: bool = False


def _own(name: str) -> str:
    return (HERE / "documents" / f"{name}.graphql").read_text()


def _page(name: str) -> str:
    from hemvist_portal.documents import document

    return document(name)


def _lists(scene: Scene) -> Iterator[Ask]:
    for person in scene.people:
        for state in ("open", "closed"):
            yield Ask(
                person, {"filter": {"state": state}, "lang": "sv"}, {**_who(person), "state": state}
            )


def _cases(scene: Scene) -> Iterator[Ask]:
    return (_of_row(matter, "Case", matter.case) for matter in scene.matters)


def _households(scene: Scene) -> Iterator[Ask]:
    return (_of_row(matter, "Household", matter.household) for matter in scene.matters)


def _days(scene: Scene) -> Iterator[Ask]:
    from hemvist.clock import today

    first = today()
    for person in scene.people:
        days = {"today": first.isoformat(), "soon": (first + timedelta(days=14)).isoformat()}
        yield Ask(person, {"lang": "sv"}, {**_who(person), **days})


def openings(scene: Scene) -> Iterator[Ask]:
    """A case for one household after another, under a new key each."""
    from hemvist_graphql.ids import global_id

    for person, household in scene.homes:
        given = {
            "idempotencyKey": uuid4().hex,
            "householdId": global_id("Household", household),
            "department": person.department,
        }
        pack, version = scene.pack
        values = {
            **_who(person),
            "household": str(household),
            "key": given["idempotencyKey"],
            "pack": pack,
            "version": version,
        }
        yield Ask(person, {"input": given}, {**values, **_rows_of_opening(values)})


def _rows_of_opening(values: dict[str, Any]) -> dict[str, Any]:
    """The rows themselves, for a schema that writes rows and has no command."""
    now = datetime.now(UTC)
    case, tenant, actor = str(uuid4()), values["tenant"], values["principal"]
    pack, version = values["pack"], values["version"]
    row = {"tenantId": tenant}
    return {
        "case": {
            **row,
            "rowId": case,
            "number": f"B-{case}",
            "householdId": values["household"],
            "department": values["department"],
            "handlerId": actor,
            "pack": pack,
            "packVersion": version,
            "state": "open",
            "openedOn": now.date().isoformat(),
            "version": "1",
        },
        "event": {
            **row,
            "rowId": str(uuid4()),
            "caseId": case,
            "kind": "case_opened",
            "occurredOn": now.date().isoformat(),
            "recordedAt": now.isoformat(),
            "principalId": actor,
            "actorName": values["name"],
            "subjectType": "case",
            "subjectId": case,
            "data": {"pack": pack, "version": version},
        },
        "audit": {
            **row,
            "rowId": str(uuid4()),
            "at": now.isoformat(),
            "kind": "write",
            "principalId": actor,
            "roles": ["caseworker"],
            "channel": "api",
            "action": "case.open",
            "caseId": case,
            "personIds": [],
            "subjectType": "case",
            "subjectId": case,
            "details": {"event": "case_opened"},
        },
        "told": {
            **row,
            "rowId": str(uuid4()),
            "occurredAt": now.isoformat(),
            "type": "case_opened",
            "payload": {"case_id": case, "department": values["department"], "by": actor},
            "traceContext": {},
        },
        "receipt": {
            **row,
            "rowId": str(uuid4()),
            "principalId": actor,
            "key": values["key"],
            "command": "openCase",
            "requestHash": "aGVtdmlzdA==",
            "response": {"id": case},
            "createdAt": now.isoformat(),
        },
    }


def _of_row(matter: Matter, type_name: str, row: UUID) -> Ask:
    from hemvist_graphql.ids import global_id

    person, known = matter.person, global_id(type_name, row)
    values = {**_who(person), type_name.lower(): str(row)}
    return Ask(person, {"id": known, "lang": "sv"}, values, known)


def _who(person: Person) -> dict[str, Any]:
    return {
        "tenant": str(person.tenant),
        "principal": str(person.principal),
        "department": person.department,
        "name": person.name,
    }


#: Without names: they are sealed, and the peers hand on what the column holds.
_HEAD = ("number", "alias", "role")


def operations() -> dict[str, Operation]:
    """Every operation by name."""
    found = (
        Operation(
            "q1",
            "Q1 list of 50 cases with everything nested",
            _own("q1"),
            _lists,
            frozenset(
                {*_HEAD, "openedOn", "submittedOn", "decidedOn", "code", "dueOn", "startsOn"}
            ),
        ),
        Operation(
            "q2",
            "Q2 one case deep",
            _own("q2"),
            _cases,
            # Not the address: ours alone withholds that of a protected household.
            frozenset({*_HEAD, "heldOn", "occurredOn"}),
        ),
        Operation(
            "q3",
            "Q3 a case is opened",
            _own("q3"),
            openings,
            frozenset(),
            writes=True,
        ),
        Operation(
            "today", "page: today", _page("today"), _days, frozenset({"dueOn", "number", "alias"})
        ),
        Operation(
            "cases",
            "page: cases",
            _page("cases"),
            _lists,
            frozenset({*_HEAD, "openedOn", "closedOn"}),
        ),
        Operation(
            "case",
            "page: case",
            _page("case"),
            _cases,
            frozenset({"number", "alias", "signedOn", "agreedOn", "happenedOn"}),
        ),
        Operation(
            "household",
            "page: household",
            _page("household"),
            _households,
            frozenset({*_HEAD, "openedOn"}),
        ),
        Operation(
            "follow_ups",
            "page: follow-ups",
            _page("follow_ups"),
            _cases,
            frozenset({"number", "heldOn", "dueOn", "agreedOn"}),
        ),
    )
    return {one.name: one for one in found}


def endless(asks: Iterator[Ask]) -> Iterator[Ask]:
    """The asks again and again."""
    return cycle(asks)
