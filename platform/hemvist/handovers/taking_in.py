"""Taking the household in: a new alias and a case of its own, in one transaction with the handover."""

from __future__ import annotations

from uuid import UUID

from hemvist.cases import service as cases
from hemvist.cases.checks import effective_day
from hemvist.errors import Conflict
from hemvist.handovers.access import handled, log
from hemvist.handovers.content import ToldPerson
from hemvist.handovers.models import Handover
from hemvist.handovers.service import opened
from hemvist.households import service as households
from hemvist.households.protection import OF_ANOTHER
from hemvist.households.service import NewMember
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession


def take_in(
    session: TenantSession,
    actor: Actor,
    *,
    handover_id: UUID,
    department: str,
    expected_version: int,
    pack: str | None = None,
) -> Handover:
    """Register the household under a new alias and open its case, by a handler who may do so.

    Nobody is unprotected because another kommun once said so: that counts as not known, and no
    register makes an end of it, but a person here. Raises ``NotFound``, ``NotAllowed``,
    ``ValidationFailed``, ``Conflict``.
    """
    row = handled(session, actor, handover_id)
    told, _ = opened(session, row)
    session.change(row, expected_version)
    if row.state not in ("expected", "opened"):
        raise Conflict("handover_state", f"the handover is {row.state}", state=row.state)
    household = households.register(
        session,
        actor,
        department=department,
        members=[_member(one) for one in told.members],
    )
    case = cases.open_case(
        session, actor, household_id=household.id, department=department, pack=pack
    )
    row.opened_on = row.opened_on or effective_day(None)
    row.state = "taken_in"
    row.household_id, row.case_id = household.id, case.id
    session.flush()
    log(session, actor, row, "taken_in")
    return row


def _member(told: ToldPerson) -> NewMember:
    return NewMember(
        role=told.role,
        given_name=told.given_name,
        family_name=told.family_name,
        personal_number=told.personal_number,
        protection="unknown" if told.protection == "none" else told.protection,
        protection_source=OF_ANOTHER,
    )
