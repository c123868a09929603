"""The alarm before a second-hand tenancy gives a right to extension (JB 12:45), as an obligation."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.cases.packs import departments_with, pack_of
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.policy import add_months
from hemvist.policy.legal import law_pack
from hemvist.tenancy import TenantSession

CODE = "tenure_alarm"
#: The obligation belongs to no programme of the pack: it is the law's, and replanning leaves it.
PROGRAMME = "law"
_LABEL = {
    "sv": "Besluta hur boendet går vidare innan hyresgästen får rätt till förlängning",
    "en": "Decide how the home goes on before the tenant has a right to extension",
}


def alarm_day(contract: Contract, waived_until: date | None, block: bool) -> date:
    """The day by which somebody must have acted.

    As many months before the two years as the law pack says; before a waiver ends, likewise. In a
    block letting the right is there from the start, so without a waiver the day is the first.
    """
    on = contract.starts_on
    law = law_pack()
    free, alarm = law.param("tenure_free_months", on), law.param("tenure_alarm_months", on)
    assert isinstance(free, int) and isinstance(alarm, int)
    if waived_until is not None:
        return max(on, add_months(waived_until, alarm - free))
    return on if block else add_months(on, alarm)


def raise_alarm(session: TenantSession, case: Case, contract: Contract, due_on: date) -> Obligation:
    """Lay the alarm out, in the place of an earlier one of the contract."""
    ordinal = cancel_alarm(session, contract) + 1
    law = law_pack()
    return session.save(
        Obligation(
            case_id=case.id,
            programme=PROGRAMME,
            code=CODE,
            ordinal=ordinal,
            due_on=due_on,
            anchor="moved_in",
            anchor_id=contract.id,
            anchored_on=contract.starts_on,
            by=["property"],
            departments=departments_with(pack_of(case), "property"),
            cite="JB 12:45",
            label=_LABEL,
            agenda=[],
            creates=None,
            pack=law.name,
            pack_version=law.version,
            state="open",
        )
    )


def cancel_alarm(session: TenantSession, contract: Contract) -> int:
    """Nothing is to be decided any more; how many alarms there have been."""
    rows = session.scalars(
        select(Obligation)
        .where(
            Obligation.case_id == contract.case_id,
            Obligation.anchor_id == contract.id,
            Obligation.code == CODE,
        )
        .with_for_update()
    ).all()
    for row in rows:
        if row.state == "open":
            row.state, row.done_on = "cancelled", None
            row.version += 1
    session.flush()
    return len(rows)


def tenure_reached(contract: Contract, waived_until: date | None, block: bool) -> date:
    """The first day with a right to extension."""
    free = law_pack().param("tenure_free_months", contract.starts_on)
    assert isinstance(free, int)
    by_time = contract.starts_on if block else add_months(contract.starts_on, free)
    return max(by_time, waived_until) if waived_until is not None else by_time
