"""Taking a landlord's notice back: the lease goes on as before it."""

from __future__ import annotations

from datetime import date

from hemvist.assessments.recorded import answered_by_act
from hemvist.cases.journal import record
from hemvist.cases.leaving import TAKEN_BACK
from hemvist.cases.models import Case
from hemvist.contracts.forms import form_of
from hemvist.contracts.models import Contract
from hemvist.errors import Conflict, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession


def take_back(
    session: TenantSession, actor: Actor, case: Case, contract: Contract, *, on: date
) -> Contract:
    """Let a locked contract go on that notice was given of; the notice stays in the record.

    What the guideline asks of earlier notices is answered anew. Raises ``Conflict`` (``no_notice``)
    when none stands, ``ValidationFailed`` for a day before it.
    """
    if contract.state != "signed" or contract.notice_given_on is None:
        raise Conflict("no_notice", "no notice stands", state=contract.state)
    given = contract.notice_given_on
    if on < given:
        raise ValidationFailed.one(
            "on", "too_early", f"may not lie before {given}", earliest=str(given)
        )
    contract.notice_given_on = contract.notice_ends_on = None
    contract.version += 1
    form = form_of(case, contract)
    asks = None if form is None else form.notice_answers
    if asks is not None and asks.given is not None:
        answered_by_act(
            session, actor, case, fact=asks.given, value=False, on=on, source="notice_taken_back"
        )
    record(
        session,
        actor,
        case,
        TAKEN_BACK,
        on,
        action=Action.CONTRACT_END,
        subject_type="contract",
        subject_id=contract.id,
        data={"given_on": given.isoformat()},
    )
    return contract
