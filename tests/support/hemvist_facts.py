"""Facts of many households at once, written as rows: what counting would leave of a busy kommun."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from hemvist.ids import new_id
from hemvist_world import World, as_owner

#: A fact that says nothing but that it happened.
PLAIN = {
    "ends": None,
    "programme": "",
    "step": "",
    "area": "",
    "groups": [],
    "amount": None,
    "met": None,
}


def many_cases(world: World, count: int) -> list[UUID]:
    """Cases of a household each: copies of one that was opened as cases are."""
    case = world.case()
    made = [(str(new_id()), str(new_id()), number) for number in range(count - 1)]
    with as_owner(world.tenant_id) as connection:
        given = {"case": case.id, "household": case.household_id, "made": json.dumps(made)}
        connection.execute(
            "INSERT INTO households SELECT (jsonb_populate_record(h, jsonb_build_object('id',"
            " m->>1, 'alias', 'T-' || (m->>2)))).* FROM households h, jsonb_array_elements(%(made)s::jsonb) m"
            " WHERE h.id = %(household)s",
            given,
        )
        connection.execute(
            "INSERT INTO cases SELECT (jsonb_populate_record(c, jsonb_build_object('id', m->>0,"
            " 'household_id', m->>1, 'number', 'T-' || (m->>2)))).*"
            " FROM cases c, jsonb_array_elements(%(made)s::jsonb) m WHERE c.id = %(case)s",
            given,
        )
    return [case.id, *(UUID(one) for one, _, _ in made)]


def write_facts(world: World, facts: Iterable[Mapping[str, Any]]) -> None:
    """Facts, each with ``case_id``, ``indicator``, ``begins`` and what is not as in ``PLAIN``."""
    rows = [
        {**PLAIN, "tenant_id": world.tenant_id, "id": new_id(), "of": new_id(), **one}
        for one in facts
    ]
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "INSERT INTO indicator_facts SELECT * FROM"
            " jsonb_populate_recordset(NULL::indicator_facts, %s::jsonb)",
            [json.dumps(rows, default=str)],
        )
