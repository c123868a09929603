"""What a person who asks is told of the log about them (logg om en person)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, and_, cast, func, not_, or_, select

from hemvist import audit
from hemvist.arrears.models import RentAccount
from hemvist.audit import AuditEntry
from hemvist.cases.models import Case
from hemvist.clock import SWEDISH_TIME, today
from hemvist.errors import Problem, ValidationFailed
from hemvist.households.models import HouseholdMember, Person
from hemvist.households.personal_number import parse_number
from hemvist.households.service import NUMBER_FIELD
from hemvist.identity import Action, Actor, Role, require
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys

#: Entries that a person is told of, the newest first.
MOST = 1_000
#: Of a protected move nobody is told, also not by the role of who works with one: somebody of the same
#: household may be whom it is kept from (OSL 26:1).
_MOVES = ("transfer", "handover")
_OF_MOVES = frozenset({Role.TRANSFER_COORDINATOR.value})


@dataclass(frozen=True, slots=True)
class Line:
    """What a person is told of one entry: when, by whom in what role, and what was done."""

    at: datetime
    roles: list[str]
    channel: str
    kind: str
    action: str


class _Stay(NamedTuple):
    """A case of a household that the person is or was in, and until when."""

    case_id: UUID
    since: date
    until: date | None


def person_log(session: TenantSession, actor: Actor, *, personal_number: str) -> list[Line]:
    """Who has read or changed a person's data, for the person who asks, the newest first.

    A log reviewer makes it, by the number alone. It says roles and no names, and nothing of anybody
    else: neither of moves that are kept secret, nor what was done in a case after the person had left the
    household. What the kommun's departments each have of the person is taken together, with what
    landlords tell of their rent. A person who is closed to a circle is found by who is in it. That it was
    made is logged, also where there is nobody.

    Source: SFS 2001:637 section 15 (search by number only), SoLPUL (2001:454) section 10.
    Raises ``NotAllowed``, ``ValidationFailed``.
    """
    require(actor, Action.LOG_REVIEW)
    number = parse_number(personal_number, "personalNumber", today())
    if isinstance(number, Problem):
        raise ValidationFailed([number])
    index = tenant_keys(session.tenant_id).blind_index(NUMBER_FIELD, number.digits)
    persons = session.scalars(select(Person.id).where(Person.number_index == index)).all()
    accounts = session.scalars(
        select(RentAccount.id).where(RentAccount.number_index == index)
    ).all()
    rows = session.execute(
        select(
            AuditEntry.at,
            AuditEntry.roles,
            AuditEntry.channel,
            AuditEntry.kind,
            AuditEntry.action,
        )
        .where(_about(persons, accounts, _stays(session, persons)), *_told())
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(MOST)
    ).all()
    audit.record(
        session,
        actor,
        Action.LOG_REVIEW,
        kind="read",
        persons=persons,
        details={
            "log": "person",
            **({"rents": [str(one) for one in accounts]} if accounts else {}),
        },
    )
    return [
        Line(at, [one for one in roles if one not in _OF_MOVES], channel, kind, action)
        for at, roles, channel, kind, action in rows
    ]


def _about(
    persons: Sequence[UUID], accounts: Sequence[UUID], stays: Sequence[_Stay]
) -> ColumnElement[bool]:
    """Entries that name the person, or a case of theirs and nobody in it, or what is owed by them."""
    named = AuditEntry.person_ids.op("&&")(cast(sorted(persons), ARRAY(Uuid())))
    left = [
        and_(
            AuditEntry.kind == "write",
            AuditEntry.case_id == one.case_id,
            AuditEntry.at >= _midnight(one.until + timedelta(days=1)),
        )
        for one in stays
        if one.until is not None
    ]
    of_case = [
        and_(
            func.cardinality(AuditEntry.person_ids) == 0,
            or_(
                AuditEntry.case_id == one.case_id,
                AuditEntry.details["cases"].op("?")(cast(str(one.case_id), Text)),
            ),
            AuditEntry.at >= _midnight(one.since),
            *(
                ()
                if one.until is None
                else (AuditEntry.at < _midnight(one.until + timedelta(days=1)),)
            ),
        )
        for one in stays
    ]
    owed = AuditEntry.details["rents"].op("?|")(cast([str(one) for one in accounts], ARRAY(Text())))
    return or_(and_(named, not_(or_(*left))) if left else named, *of_case, owed)


def _told() -> list[ColumnElement[bool]]:
    """What is told to whoever asks."""
    return [
        *(not_(AuditEntry.action.startswith(f"{one}.", autoescape=True)) for one in _MOVES),
        *(
            not_(func.coalesce(AuditEntry.subject_type, "").startswith(one, autoescape=True))
            for one in _MOVES
        ),
        AuditEntry.details["looked_at"].is_(None),
    ]


def _stays(session: TenantSession, persons: Sequence[UUID]) -> list[_Stay]:
    found = session.execute(
        select(Case.id, HouseholdMember.since, HouseholdMember.until)
        .join(
            HouseholdMember,
            (HouseholdMember.tenant_id == Case.tenant_id)
            & (HouseholdMember.household_id == Case.household_id),
        )
        .where(HouseholdMember.person_id.in_(sorted(persons)))
    ).all()
    return [_Stay(*row) for row in found]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SWEDISH_TIME).astimezone(UTC)
