"""What was tried and refused is in the log: who, what and why not; nothing else is left of it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from hemvist.audit.models import AuditEntry
from hemvist.audit.origin import coming_from
from hemvist.cases.models import Case
from hemvist_api import command, execute
from hemvist_graphql.ids import global_id
from hemvist_world import World, as_owner, manager_of, new_world

WHO, MANAGER = "caseworker SOF-VUX", manager_of("SOF-VUX")


@pytest.fixture
def fresh(database: str) -> World:
    """A kommun of this test's own: its log holds only what the test did."""
    return new_world()


def open_case(world: World, who: str, **changed: Any) -> dict[str, Any]:
    household = world.household()
    values = {"householdId": global_id("Household", household.id), "department": "SOF-VUX"}
    return command(world[who], "openCase", {**values, **changed}, "case { id }")


def refused(world: World) -> AuditEntry:
    (entry,) = world.rows(AuditEntry, kind="refused")
    return entry


def test_who_may_not_is_logged_with_the_right_that_was_missing(fresh: World) -> None:
    before = len(fresh.rows(AuditEntry, kind="write"))
    with coming_from("10.1.2.3"):
        assert open_case(fresh, MANAGER)["__typename"] == "NotAllowed"
    entry = refused(fresh)
    assert entry.action == "openCase"
    assert entry.principal_id == fresh[MANAGER].principal_id
    assert entry.roles == ["department_manager"]
    assert entry.details["code"] == "not_allowed"
    assert entry.origin == "10.1.2.0/24"
    assert entry.person_ids == []
    # The household was registered; of the case there is nothing.
    assert fresh.rows(Case) == []
    assert len(fresh.rows(AuditEntry, kind="write")) == before + 1


def test_what_was_tried_on_somebody_elses_row_names_the_row(fresh: World) -> None:
    unknown = uuid4()
    answer = execute(
        fresh[WHO],
        "mutation Do($input: OpenCaseInput!) { openCase(input: $input) { __typename } }",
        {
            "input": {
                "idempotencyKey": str(uuid4()),
                "householdId": global_id("Household", unknown),
                "department": "SOF-VUX",
            }
        },
    )
    assert answer.get("errors") or answer["data"]["openCase"]["__typename"] != "OpenCaseDone"
    entry = refused(fresh)
    assert entry.details["code"] == "not_found"
    assert entry.details["about"] == [str(unknown)]


def test_a_field_that_does_not_hold_is_named_and_not_quoted(fresh: World) -> None:
    open_case(fresh, WHO, department="Alvas hemlighet")
    entry = refused(fresh)
    assert "Alva" not in str(entry.details)


def test_a_refusal_that_cannot_be_logged_is_not_told(fresh: World) -> None:
    with as_owner(fresh.tenant_id) as connection:
        connection.execute(
            "CREATE FUNCTION no_line() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no line'; END $$"
        )
        connection.execute(
            "CREATE TRIGGER no_line BEFORE INSERT ON audit_entries FOR EACH ROW"
            f" WHEN (NEW.tenant_id = '{fresh.tenant_id}' AND NEW.kind = 'refused')"
            " EXECUTE FUNCTION no_line()"
        )
    try:
        household = fresh.household()
        answer = execute(
            fresh[MANAGER],
            "mutation Do($input: OpenCaseInput!) { openCase(input: $input) { __typename } }",
            {
                "input": {
                    "idempotencyKey": str(uuid4()),
                    "householdId": global_id("Household", household.id),
                    "department": "SOF-VUX",
                }
            },
        )
    finally:
        with as_owner(fresh.tenant_id) as connection:
            connection.execute("DROP FUNCTION no_line CASCADE")
    assert answer["errors"]
    assert "NotAllowed" not in str(answer)
