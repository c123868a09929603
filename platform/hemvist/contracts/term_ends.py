"""A fixed term that runs out is a duty for a person: let the contract go on, or end it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import exists, select

from hemvist.cases.models import Case
from hemvist.cases.packs import departments_with, pack_of
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.deadlines.service import mark_done
from hemvist.policy import add_months
from hemvist.policy.legal import law_pack
from hemvist.tenancy import TenantSession

CODE = "term_runs_out"
#: The obligation belongs to no programme of the pack, so that replanning leaves it.
PROGRAMME = "law"
#: The platform's own reminder: how long before its day the duty is seen.
AHEAD_MONTHS = 1
_LABEL = {
    "sv": "Hyrestiden går ut: förläng kontraktet eller avsluta det",
    "en": "The term runs out: extend the contract or end it",
}


def raise_duties(session: TenantSession, on: date, limit: int) -> list[Obligation]:
    """Lay out the duty to extend or end each contract whose fixed term runs out; at most ``limit``.

    The duty is the property department's and is due on the day on which the term is out. A contract
    that notice was given of ends by that.
    """
    duty = (
        select(Obligation.id)
        .where(
            Obligation.tenant_id == Contract.tenant_id,
            Obligation.case_id == Contract.case_id,
            Obligation.anchor_id == Contract.id,
            Obligation.code == CODE,
            Obligation.due_on == Contract.ends_on,
        )
        .correlate(Contract)
    )
    found = session.scalars(
        select(Contract)
        .join(Case, (Case.tenant_id == Contract.tenant_id) & (Case.id == Contract.case_id))
        .where(
            Case.state == "open",
            Contract.state == "signed",
            Contract.ends_on <= add_months(on, AHEAD_MONTHS),
            Contract.notice_ends_on.is_(None),
            ~exists(duty),
        )
        .order_by(Contract.ends_on, Contract.id)
        .limit(limit)
    ).all()
    return [_raise(session, contract) for contract in found]


def settle(session: TenantSession, contract: Contract, done_on: date | None) -> int:
    """The open duty is done on a day, or falls away with None; how many there have been."""
    rows = session.scalars(
        select(Obligation)
        .where(
            Obligation.case_id == contract.case_id,
            Obligation.anchor_id == contract.id,
            Obligation.code == CODE,
        )
        .order_by(Obligation.ordinal)
        .with_for_update()
    ).all()
    for row in rows:
        if row.state != "open":
            continue
        if done_on is not None:
            mark_done(session, row, done_on)
        else:
            row.state = "cancelled"
            row.version += 1
    session.flush()
    return len(rows)


def _raise(session: TenantSession, contract: Contract) -> Obligation:
    case = session.find(Case, contract.case_id)
    law = law_pack()
    assert contract.ends_on is not None
    return session.save(
        Obligation(
            case_id=case.id,
            programme=PROGRAMME,
            code=CODE,
            ordinal=settle(session, contract, None) + 1,
            due_on=contract.ends_on,
            anchor="moved_in",
            anchor_id=contract.id,
            anchored_on=contract.starts_on,
            by=["property"],
            departments=departments_with(pack_of(case), "property"),
            cite="JB 12:3",
            label=_LABEL,
            agenda=[],
            creates=None,
            pack=law.name,
            pack_version=law.version,
            state="open",
        )
    )
