"""What the guideline says of an obligation that is carried out by a follow-up."""

from __future__ import annotations

from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.deadlines.models import Obligation
from hemvist.deadlines.service import BY_PERSON
from hemvist.errors import Conflict
from hemvist.policy.programmes import Obligation as Duty


def duty_of(case: Case, obligation: Obligation) -> Duty | None:
    """The duty as the case's guideline has it now; None when another one laid it out (the law, or an
    earlier version)."""
    pack = pack_of(case)
    programme = pack.programmes.get(obligation.programme)
    duties = () if programme is None else programme.obligations
    return next((duty for duty in duties if duty.id == obligation.code), None)


def refuse_other_duties(case: Case, obligation: Obligation) -> None:
    """Raise ``Conflict`` for what no follow-up carries out: a decision does (say, to execute another
    decision), or sending a form."""
    if obligation.anchor == BY_PERSON:
        raise Conflict("no_follow_up", "an act of its own carries this out, and no follow-up")
    programme = pack_of(case).programme(obligation.programme)
    by_decision = {event for kind in programme.decisions for event in (kind.grants, kind.refuses)}
    duty = programme.obligation(obligation.code)
    if by_decision.intersection(duty.ends):
        raise Conflict("no_follow_up", "a decision carries this out, and no follow-up")
    if duty.sends is not None:
        raise Conflict("sent_form", "sending the filled-in form carries this out")
