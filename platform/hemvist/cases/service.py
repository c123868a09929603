"""Opening cases and laying them open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select

from hemvist.cases.checks import effective_day
from hemvist.cases.journal import record
from hemvist.cases.models import Case, CaseDisclosure
from hemvist.cases.packs import choose_pack, departments_with
from hemvist.cases.stage import RESTART
from hemvist.errors import Conflict, ValidationFailed
from hemvist.households.access import household_for
from hemvist.identity import Action, Actor, require
from hemvist.tenancy import TenantSession
from hemvist.tenancy.counters import NextUnless
from hemvist.tenancy.statements import of_tenant

#: The next number, unless a case is open already.
_NUMBER = NextUnless(
    select(Case.number).where(
        Case.tenant_id == of_tenant(),
        Case.household_id == bindparam("household"),
        Case.department == bindparam("department"),
        Case.state == "open",
    )
)


def open_case(
    session: TenantSession,
    actor: Actor,
    *,
    household_id: UUID,
    department: str,
    pack: str | None = None,
    opened_on: date | None = None,
) -> Case:
    """Open a case for a household in a department and pin the pack's version of that day.

    Raises ``NotFound`` (household), ``NotAllowed``, ``ValidationFailed`` (department, pack, date),
    ``Conflict`` when the department already has an open case for the household.
    """
    # Two may open a case for one household at once: its row is the lock.
    household = household_for(session, actor, household_id, Action.CASE_OPEN, locked=True)
    day = effective_day(opened_on, field="openedOn", not_before=household.registered_on)
    chosen = choose_pack(session, pack, day)
    referring = departments_with(chosen, "referring")
    if department not in referring:
        raise ValidationFailed.one(
            "department", "unknown_department", "not a referring department", allowed=referring
        )
    require(actor, Action.CASE_OPEN, department=department)
    running, number = _NUMBER.of(
        session, f"case-{day.year}", household=household_id, department=department
    )
    if running is not None:
        raise Conflict(
            "case_already_open", "the household already has an open case", number=running
        )
    case = session.save(
        Case(
            number=f"{day.year}-{number:06d}",
            household_id=household_id,
            department=department,
            handler_id=actor.principal_id,
            pack=chosen.name,
            pack_version=chosen.version,
            opened_on=day,
        )
    )
    record(
        session,
        actor,
        case,
        "case_opened",
        day,
        action=Action.CASE_OPEN,
        subject_type="case",
        subject_id=case.id,
        data={"pack": case.pack, "version": case.pack_version},
    )
    return case


def choose_programme(session: TenantSession, case: Case, programme: str) -> None:
    """Set the programme that the case goes on in: its first decision or a referral chooses it."""
    case.programme = programme
    session.flush()


def go_on_in(
    session: TenantSession,
    actor: Actor,
    case: Case,
    programme: str,
    on: date,
    *,
    decision_id: UUID,
) -> None:
    """Let the case go on in another programme, by the decision that grants it (vidare till nästa).

    What the guideline counts of the new programme counts from here; duties of the earlier one stay
    until the home that they are about is left.
    """
    before = case.programme
    choose_programme(session, case, programme)
    record(
        session,
        actor,
        case,
        RESTART,
        on,
        action=Action.DECISION_DECIDE,
        subject_type="decision",
        subject_id=decision_id,
        data={"from": before, "to": programme},
    )


def disclose(
    session: TenantSession,
    case: Case,
    *,
    departments: Sequence[str],
    ground: str,
    fields: Sequence[str],
    on: date,
) -> None:
    """Lay the case open to other departments, with the legal ground and what of it.

    A department that it lies open to already gets the new fields on a line of its own.
    """
    for department in departments:
        session.save(
            CaseDisclosure(
                case_id=case.id,
                department=department,
                ground=ground,
                fields=list(fields),
                disclosed_on=on,
            )
        )
