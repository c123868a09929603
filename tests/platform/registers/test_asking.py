"""What a register's answer changes, and that no answer changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from hemvist.audit import AuditEntry
from hemvist.clock import today
from hemvist.errors import NotAllowed, NotFound
from hemvist.households.models import Person
from hemvist.households.protection import OF_ANOTHER
from hemvist.households.service import open_number
from hemvist.identity import Actor
from hemvist.outbox.models import OutboxEvent
from hemvist.registers import Answer, due, service, take_in
from hemvist.tenancy import Audience, tenant_session
from hemvist_protection import rely_for
from hemvist_world import World, adult, caseworker_of, new_world

SOURCE = "Folkbokföringen"


@pytest.fixture
def fresh(database: str) -> World:
    return new_world()


def ask(world: World, answers: Mapping[str, Answer], most: int = 100) -> int:
    """One round of the worker, in the worker's own role."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        asked = due(session, today(), most)
        return take_in(session, Actor.system(world.tenant_id), asked, answers, SOURCE)


def answered(world: World, level: str, on: date | None = None) -> Person:
    """The only person after a round in which the register told ``level``."""
    (person,) = world.rows(Person)
    ask(world, {open_number(person): Answer(level, on or today())})
    (person,) = world.rows(Person)
    return person


def test_unknown_is_answered(fresh: World) -> None:
    fresh.household(adult(protection="unknown", protection_checked_on=None))
    person = answered(fresh, "none")
    assert (person.protection, person.protection_source) == ("none", SOURCE)
    assert person.protection_checked_on == person.protection_asked_on == today()
    assert not person.is_protected and person.version == 2
    assert "protection_set" in {event.type for event in fresh.rows(OutboxEvent)}


def test_no_answer_changes_nothing_and_is_not_asked_for_again_at_once(fresh: World) -> None:
    rely_for(fresh.tenant_id, 90)
    old = today() - timedelta(days=200)
    fresh.household(adult(protection="unknown", protection_checked_on=None))
    fresh.household(adult(protection_checked_on=old))
    assert ask(fresh, {}) == 0
    for person in fresh.rows(Person):
        assert person.is_protected and person.protection_asked_on == today()
        assert person.protection_checked_on in (None, old) and person.version == 1
    with tenant_session(Audience.WORKER, fresh.tenant_id) as session:
        assert due(session, today(), 100) == []
        assert len(due(session, today() + timedelta(days=7), 100)) == 2
    (entry,) = [one for one in fresh.rows(AuditEntry) if one.action == "person.look_up_protection"]
    assert entry.details == {"asked": 2, "answered": 0} and len(entry.person_ids) == 2


@pytest.mark.parametrize(
    ("known", "told", "then"),
    [
        ("unknown", "secrecy_mark", "secrecy_mark"),
        ("none", "secrecy_mark", "secrecy_mark"),
        ("none", "protected_registration", "protected_registration"),
        ("secrecy_mark", "protected_registration", "protected_registration"),
        # A protection is never taken away, nor made less, by a register.
        ("secrecy_mark", "none", "secrecy_mark"),
        ("protected_registration", "none", "protected_registration"),
        ("protected_registration", "secrecy_mark", "protected_registration"),
    ],
)
def test_an_answer_raises_and_never_lowers(fresh: World, known: str, told: str, then: str) -> None:
    fresh.household(adult(protection=known, protection_checked_on=today() - timedelta(days=1)))
    assert answered(fresh, told).protection == then


@pytest.mark.parametrize(
    ("told", "then"),
    [("none", "unknown"), ("secrecy_mark", "secrecy_mark")],
)
def test_a_register_unprotects_nobody_whom_another_kommun_handed_over(
    fresh: World, told: str, then: str
) -> None:
    """Whoever was moved for a threat last week may have no mark in the register this week."""
    fresh.household(
        adult(protection="unknown", protection_checked_on=None, protection_source=OF_ANOTHER)
    )
    person = answered(fresh, told)
    assert person.protection == then
    assert person.is_protected


def test_who_is_fictitious_is_not_asked_about(fresh: World) -> None:
    fresh.household(adult(protection="fictitious"))
    with tenant_session(Audience.WORKER, fresh.tenant_id) as session:
        assert due(session, today(), 100) == []


def test_an_older_answer_than_what_is_known_is_passed_over(fresh: World) -> None:
    checked = today() - timedelta(days=3)
    fresh.household(adult(protection_checked_on=checked))
    person = answered(fresh, "secrecy_mark", checked - timedelta(days=1))
    assert (person.protection, person.protection_checked_on) == ("none", checked)


def test_a_renewed_check_makes_no_new_version(fresh: World) -> None:
    """Somebody who has the form open is not told that it was changed."""
    rely_for(fresh.tenant_id, 90)
    fresh.household(adult(protection_checked_on=today() - timedelta(days=80)))
    person = answered(fresh, "none")
    assert (person.version, person.protection_checked_on) == (1, today())
    assert "protection_set" not in {event.type for event in fresh.rows(OutboxEvent)}


def test_asking_for_one_now(fresh: World) -> None:
    fresh.household(adult())
    ask(fresh, {})
    (person,) = fresh.rows(Person)
    for name, refusal in (("manager SOF-VUX", NotAllowed), (caseworker_of("AMF"), NotFound)):
        with pytest.raises(refusal):
            fresh.act(name, service.request_check, person_id=person.id)
    fresh.act(caseworker_of("SOF-VUX"), service.request_check, person_id=person.id)
    with tenant_session(Audience.WORKER, fresh.tenant_id) as session:
        (asked,) = due(session, today(), 100)
    assert asked.person_id == person.id
    assert open_number(person) not in repr(asked)
