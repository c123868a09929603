"""Whom to look up, and what an answer changes.

An answer may say that somebody is protected, or more so than was known; it never takes a protection
away, since a mark may have another ground than the register's. Nor does it make anybody unprotected whom
another kommun handed over: a person does. No answer changes nothing: what was known before grows old,
and then counts as unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update

from hemvist import audit, outbox
from hemvist.clock import today
from hemvist.households.models import Person
from hemvist.households.protection import OF_ANOTHER
from hemvist.households.service import open_number
from hemvist.identity import Actor
from hemvist.registers.answers import TOLD, Answer
from hemvist.tenancy import TenantSession

#: Nobody is looked up again before so many days have passed, answered or not.
AGAIN = timedelta(days=7)
LOOKED_UP = "person.look_up_protection"
_GRAVITY = ("none", "unknown", *TOLD[1:], "fictitious")


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody to look up. The number is for the register alone and is never logged."""

    person_id: UUID
    number: str

    def __repr__(self) -> str:
        """Without the number, wherever it may be printed."""
        return f"Asked(person_id={self.person_id})"


def due(session: TenantSession, on: date, most: int) -> list[Asked]:
    """At most ``most`` persons whom nobody has looked up for a week; those asked longest ago first."""
    persons = session.scalars(
        select(Person)
        .where(
            Person.protection != "fictitious",
            or_(Person.protection_asked_on.is_(None), Person.protection_asked_on <= on - AGAIN),
        )
        .order_by(Person.protection_asked_on.asc().nulls_first(), Person.id)
        .limit(most)
    )
    return [Asked(person.id, open_number(person)) for person in persons]


def take_in(
    session: TenantSession,
    actor: Actor,
    asked: Sequence[Asked],
    answers: Mapping[str, Answer],
    source: str,
) -> int:
    """Note that they were asked about, and what was answered; returns how many answers there were.

    That each was looked up stands in the log, once for all of them.
    """
    if not asked:
        return 0
    day = today()
    ids = [one.person_id for one in asked]
    session.execute(update(Person).where(Person.id.in_(ids)).values(protection_asked_on=day))
    told = {one.person_id: answers[one.number] for one in asked if one.number in answers}
    for person in session.scalars(
        select(Person).where(Person.id.in_(list(told))).order_by(Person.id).with_for_update()
    ):
        _take(session, person, told[person.id], source)
    audit.record(
        session,
        actor,
        LOOKED_UP,
        kind="read",
        persons=ids,
        subject_type="register",
        details={"asked": len(ids), "answered": len(told)},
    )
    session.flush()
    return len(told)


def _take(session: TenantSession, person: Person, answer: Answer, source: str) -> None:
    level = answer.level
    known = person.protection_checked_on
    if level not in TOLD or (known is not None and answer.on < known):
        return
    if level == "none" and person.protection not in ("none", "unknown"):
        return
    if level == "none" and person.protection_source == OF_ANOTHER:
        # Who was moved for a threat may have no mark yet: the register knows nothing of the threat.
        return
    if level != "none" and _GRAVITY.index(level) < _GRAVITY.index(person.protection):
        return
    changed = level != person.protection
    stale = person.is_protected
    person.protection = level
    person.protection_source = source
    person.protection_checked_on = answer.on
    if changed:
        person.version += 1
    if changed or stale:
        outbox.emit(session, "protection_set", {"person_id": person.id, "on": today()})
