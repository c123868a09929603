"""Asking for one person to be looked up now."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from hemvist import audit
from hemvist.errors import NotFound
from hemvist.households.models import Person
from hemvist.households.service import seen_by
from hemvist.identity import Action, Actor, require
from hemvist.tenancy import TenantSession


def request_check(session: TenantSession, actor: Actor, *, person_id: UUID) -> Person:
    """Let the register be asked about a person in the worker's next round, some minutes away.

    Raises ``NotFound``, ``NotAllowed``.
    """
    person = session.scalar(select(Person).where(Person.id == person_id, seen_by(actor)))
    if person is None:
        raise NotFound("Person")
    require(actor, Action.HOUSEHOLD_REGISTER, department=person.department)
    audit.record(
        session,
        actor,
        "person.request_check",
        persons=[person.id],
        subject_type="person",
        subject_id=person.id,
    )
    person.protection_asked_on = None
    session.flush()
    return person
