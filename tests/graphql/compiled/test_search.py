"""A search by number in one statement: its own entry beside what is laid open, on both paths."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hemvist.audit.models import AuditEntry
from hemvist.cases.models import Case
from hemvist.households.models import Person
from hemvist.households.service import FIND_BY_NUMBER, open_number
from hemvist.identity import Actor
from hemvist_graphql.compiled import Why
from hemvist_graphql.compiled.execution import forget
from hemvist_paths import Told, ordinary, planned
from hemvist_world import World, a_number, adult, new_world

WHO = "caseworker SOF-VUX"
SEARCH = """query Search($n: String!) { personByNumber(personalNumber: $n) {
  id givenName familyName personalNumber isProtected households { id alias department } } }"""
PLAIN = "query Plain($n: String!) { personByNumber(personalNumber: $n) { id givenName } }"


@pytest.fixture(scope="module")
def there(database: str) -> World:
    """A household of two, another department's with the same person, and a protected one."""
    world = new_world()
    first = world.case(adult(), adult("partner"))
    number = number_of(world, first)
    world.case(adult(personal_number=number), department="AMF")
    world.registered(world.case(adult(protection="secrecy_mark")))
    return world


def number_of(world: World, case: Case) -> str:
    return open_number(world.rows(Person, id=world.applicant(case))[0])


def same(actor: Actor, document: str, **variables: Any) -> Told:
    by_plan = planned(actor, document, variables)
    assert isinstance(by_plan, Told), by_plan
    assert by_plan == ordinary(actor, document, variables)
    return by_plan


@pytest.mark.parametrize("document", [SEARCH, PLAIN])
def test_everybody_searches_alike(there: World, document: str) -> None:
    numbers = [number_of(there, case) for case in there.rows(Case)]
    for who in (WHO, "caseworker AMF", "manager SOF-VUX", "property"):
        for number in (*numbers, a_number(there.rows(Person)[0].birth_date)):
            same(there[who], document, n=number)


def test_found_and_logged_twice_searched_and_read(there: World) -> None:
    case = there.rows(Case)[0]
    told = same(there[WHO], SEARCH, n=number_of(there, case))
    [person] = json.loads(told.data)["personByNumber"]
    assert person["givenName"] == "Alva" and len(person["households"]) == 1
    search, read = told.logged or ()
    assert search[4] == FIND_BY_NUMBER and read[4] == "Search"
    assert search[6] == read[6] == (there.applicant(case),)
    assert search[5] is search[7] is None and search[9] == "{}"


def test_a_protected_person_is_found_in_their_own_department_alone(there: World) -> None:
    """Whoever knows an alias from a case that was disclosed to them cannot find out whose it is."""
    number = number_of(there, there.rows(Case)[2])
    for who, count in ((WHO, 1), ("property", 0), ("caseworker AMF", 0)):
        told = same(there[who], SEARCH, n=number)
        assert len(json.loads(told.data)["personByNumber"]) == count


def test_a_search_that_finds_nobody_is_logged_too(there: World) -> None:
    told = same(there["caseworker AMF"], PLAIN, n=number_of(there, there.rows(Case)[2]))
    assert told.data == '{"personByNumber":[]}'
    [search] = told.logged or ()
    assert search[4] == FIND_BY_NUMBER and search[6] == ()


def test_a_number_in_the_document_is_looked_for_in_the_callers_kommun(there: World) -> None:
    """The same text by another kommun, and again by the first: the plan is no one's."""
    other = new_world()
    number = number_of(there, there.rows(Case)[0])
    other.case(adult(personal_number=number))
    text = f'{{ a: personByNumber(personalNumber: "{number}") {{ id }}'
    text += f' b: personByNumber(personalNumber: "{number}") {{ id }} }}'
    forget()
    found = [json.loads(same(world[WHO], text).data) for world in (there, other, there)]
    assert all(len(one["a"]) == 1 and one["a"] == one["b"] for one in found)
    assert found[0] == found[2] != found[1]
    assert len(there.rows(AuditEntry, action=FIND_BY_NUMBER)) % 2 == 0


def test_what_is_refused_is_said_by_the_ordinary_path(there: World) -> None:
    for wrong in ("", "x", "19121212-1213", "\0", "9" * 30):
        assert planned(there[WHO], PLAIN, {"n": wrong}) is Why.REFUSED
    there.add("nobody")
    number = number_of(there, there.rows(Case)[0])
    assert planned(there["nobody"], PLAIN, {"n": number}) is Why.REFUSED
