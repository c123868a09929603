"""A kommun with cases in many states, people in many roles, and others beside it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from psycopg import sql

from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.identity import Actor, Membership, Role
from hemvist.ids import new_id
from hemvist_figures import write_fact, write_run, write_told
from hemvist_operations import known_of
from hemvist_rows import fill
from hemvist_testing import forget_settings, owner_connection
from hemvist_values import Known
from hemvist_world import World, a_number, adult, as_owner, child, new_world

#: Far from UTC, and not by whole hours.
TIME_ZONE = "America/St_Johns"


@dataclass(frozen=True)
class Populated:
    """A world, everybody in it who asks, what there is to ask for, and other kommuner."""

    world: World
    actors: list[Actor]
    known: Known
    #: A kommun of its own with one case.
    other: World
    #: A kommun with a made-up row in every table; ``odd`` sees them.
    filled: World
    #: Nothing but people.
    empty: World


@pytest.fixture(scope="module")
def populated(database: str) -> Populated:
    """Protected households, several departments, disclosures, and every role."""
    _far_from_utc(database)
    world = new_world()
    world.housed(world.case())
    world.submitted(world.case(adult(protection="secrecy_mark")))
    world.offer(world.registered(world.case(adult(), adult("partner"))), world.unit(size_m2=41.0))
    world.propose(world.case())
    world.draft(world.case(department="SOF-BUF"))
    world.case(adult(), child())
    world.registered(world.case(adult(protection="unknown", protection_checked_on=None)))
    world.unit(rooms=2)
    _twice(world)
    for role in Role:
        world.add(f"{role.value} FF", Membership(role, "FF"))
        world.add(f"{role.value} all", Membership(role, ""))
    world.add(
        "both",
        Membership(Role.CASEWORKER, "SOF-VUX"),
        Membership(Role.PROPERTY_OFFICER, "FF"),
    )
    world.add("nobody")
    world.add("caseworker two", Membership(Role.CASEWORKER, "SOF-VUX"))
    _investigations(world)
    _figures(world)
    number = a_number(date(1985, 3, 14))
    world.household(adult(personal_number=number), adult("partner", protection="secrecy_mark"))
    world.household(adult(personal_number=number), department="AMF")
    other = new_world()
    other.housed(other.case())
    filled, empty = _filled(), new_world()
    actors = [
        *world.people.values(),
        other["caseworker SOF-VUX"],
        filled["odd"],
        empty["caseworker SOF-VUX"],
    ]
    known = known_of(world, actors, [other, filled])
    numbers = [number, a_number(date(1985, 3, 14)), "19850314-1234", "x"]
    known = replace(known, words={**known.words, "personalNumber": numbers})
    return Populated(world, actors, known, other, filled, empty)


def _far_from_utc(database: str) -> None:
    """And without waiting for the disk, since nothing here is to outlive the test."""
    with owner_connection() as connection:
        name = sql.Identifier(urlsplit(database).path.removeprefix("/"))
        for setting, value in (("timezone", TIME_ZONE), ("synchronous_commit", "off")):
            connection.execute(
                sql.SQL("ALTER DATABASE {} SET {} = {}").format(
                    name, sql.Identifier(setting), sql.Literal(value)
                )
            )
    forget_settings()


def _twice(world: World) -> None:
    """A household with a closed case and an open one, and notices of it to two departments."""
    first = world.case(days_ago=300)
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE cases SET state = 'closed', closed_on = opened_on + 9 WHERE id = %s",
            (first.id,),
        )
    world.act(
        "caseworker SOF-VUX",
        cases.open_case,
        household_id=first.household_id,
        department="SOF-VUX",
        opened_on=today() - timedelta(days=20),
    )
    with as_owner(world.tenant_id) as connection:
        for hour, (role, department) in itertools.product(
            range(2, 23, 5), (("caseworker", "SOF-VUX"), ("property_officer", "FF"))
        ):
            # All hours of the day, in no order.
            connection.execute(
                "INSERT INTO notices (tenant_id, id, created_at, kind, role, department, case_id,"
                " subject_type, subject_id, source_id) SELECT tenant_id, %s,"
                " timestamptz '2026-03-04 00:30:15.25+00' + %s * interval '1 hour', 'case_opened',"
                " %s, %s, id, 'case', id, %s FROM cases WHERE department = 'SOF-VUX'"
                " ORDER BY number DESC LIMIT 1",
                (new_id(), (hour * 7) % 24, role, department, new_id()),
            )


def _investigations(world: World) -> None:
    """More than one day's list holds, opened in no order, all with one caseworker."""
    for at in range(13):
        household = world.household(department="SOF-VUX")
        world.act(
            "caseworker two",
            cases.open_case,
            household_id=household.id,
            department="SOF-VUX",
            opened_on=today() - timedelta(days=10 + (at * 7) % 13),
        )


def _figures(world: World) -> None:
    """Facts of cases in all departments, of what lies open and what does not, and told numbers."""
    codes = itertools.cycle(("waiting", "time_to_home", "returned", "transfers", "offers_declined"))
    for at, (case, code) in enumerate(zip(world.rows(Case), codes, strict=False)):
        begins = today() - timedelta(days=40 * (at % 4))
        write_fact(
            world,
            case,
            code,
            begins=begins,
            ends=begins + timedelta(days=30) if at % 3 == 0 else None,
            programme=case.programme or "",
            step="referral" if at % 2 else "",
            area=("Dalhem", "", "Närlunda")[at % 3],
            groups=["sex:woman"] if at % 2 else ["sex:man", "children:yes"],
            amount=at * 7 if at % 4 else None,
            met=(True, False, None)[at % 3],
        )
    write_told(world, "waiting", facts=20)
    write_told(world, "waiting", margin="programme", cells=["", "municipal_contract"], facts=20)
    write_told(world, "offers_declined", facts=16, met_least=5, met_most=8)
    write_told(world, "guarantee_exposure", facts=9, amount=4_000_000_000)
    write_run(world, differed=2)


def _filled() -> World:
    """Rows as no service makes them: a number beyond 32 bits, JSON's null where none may be."""
    world = new_world()
    fill(world.tenant_id)
    with as_owner(world.tenant_id) as connection:
        departments = [
            str(row[0])
            for table in ("cases", "households", "persons")
            for row in connection.execute(
                sql.SQL("SELECT department FROM {}").format(sql.Identifier(table))
            ).fetchall()
        ]
        connection.execute("UPDATE units SET rent_ore = 3000000000")
        connection.execute("UPDATE case_events SET data = 'null'")
    world.add(
        "odd",
        Membership(Role.PROPERTY_OFFICER, departments[0]),
        *(Membership(Role.CASEWORKER, one) for one in departments),
    )
    return world
