"""Watching when a lease can be taken over: from the first day of the contract."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import exists, select

from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.milestones.service import earliest_takeover
from hemvist.policy.takeover import Takeover as TakeoverRules
from hemvist.takeovers.models import OPEN, Takeover
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import add_missing

#: Events after which the day is reckoned anew.
RECKONED_AFTER = frozenset(
    {
        *("contract_signed", "moved_in", "day_corrected"),
        *("absence_recorded", "case_migrated", "takeover_postponed"),
    }
)
#: Events by which a watched contract is over.
OVER_AFTER = frozenset({"contract_ended", "earlier_contract_ended", "case_closed"})


def rules_of(case: Case) -> TakeoverRules | None:
    """What the case's guideline says of taking over the lease; None where it says nothing."""
    pack = pack_of(case)
    if case.programme is None or case.programme not in pack.programmes:
        return None
    return pack.programme(case.programme).takeover


def takeover_of(session: TenantSession, case: Case) -> Takeover | None:
    """The case's open takeover, watched from now on if its running contract was not."""
    contract = session.scalars(
        select(Contract)
        .where(Contract.case_id == case.id, Contract.state == "signed")
        .order_by(Contract.signed_on.desc(), Contract.id.desc())
        .limit(1)
    ).first()
    if contract is None or contract.follows_id is not None or rules_of(case) is None:
        return None
    of_contract = select(Takeover).where(Takeover.contract_id == contract.id)
    found = session.scalars(of_contract).first()
    if found is not None:
        return found
    row = {
        "case_id": case.id,
        "contract_id": contract.id,
        "programme": case.programme,
        "state": "waiting",
        "postponed_because": "",
        "answer_reason": "",
        "tribunal_number": "",
        "version": 1,
    }
    # Two may begin to watch it at once: one row comes of it.
    add_missing(session, Takeover, [row], ("tenant_id", "contract_id"))
    watched = session.scalars(of_contract).one()
    reckon(session, case, watched)
    return watched


def reckon(session: TenantSession, case: Case, takeover: Takeover) -> None:
    """Set the first day anew, from the guideline's time, the absences and what was postponed."""
    rules = rules_of(case)
    if rules is None or takeover.state not in OPEN:
        return
    earliest = earliest_takeover(session, case, rules)
    takeover.earliest_on = earliest
    takeover.eligible_on = later(earliest, takeover.postponed_until)
    session.flush()


def later(earliest: date | None, postponed: date | None) -> date | None:
    """The later of two days; None when the first is unknown."""
    if earliest is None or postponed is None:
        return earliest
    return max(earliest, postponed)


def over(session: TenantSession, case: Case) -> None:
    """Close what is watched of contracts that have ended, or of a case that is closed."""
    rows = session.scalars(
        select(Takeover).where(Takeover.case_id == case.id, Takeover.state.in_(OPEN))
    ).all()
    for row in rows:
        contract = session.find(Contract, row.contract_id)
        if contract.state == "ended" or case.state != "open":
            row.state = "closed"
    session.flush()


def unwatched(session: TenantSession, limit: int) -> list[UUID]:
    """Open cases, at most ``limit``, with a running contract of the kommun that nobody watches."""
    watched = exists().where(
        Takeover.tenant_id == Contract.tenant_id, Takeover.contract_id == Contract.id
    )
    rows = session.execute(
        select(Contract.case_id, Case)
        .join(Case, (Case.tenant_id == Contract.tenant_id) & (Case.id == Contract.case_id))
        .where(
            Contract.state == "signed",
            Contract.follows_id.is_(None),
            Case.state == "open",
            ~watched,
        )
        .order_by(Contract.case_id)
    )
    found: list[UUID] = []
    for case_id, case in rows:
        if rules_of(case) is not None:
            found.append(case_id)
        if len(found) == limit:
            break
    return found


def watch(session: TenantSession, case_id: UUID, event: str) -> None:
    """Begin to watch, reckon anew or close, after an event of the case."""
    case = session.find(Case, case_id)
    if event in OVER_AFTER:
        over(session, case)
    elif case.state == "open":
        found = takeover_of(session, case)
        if found is not None:
            reckon(session, case, found)


def due(takeover: Takeover, on: date | None = None) -> bool:
    """Whether the first day has come."""
    return takeover.eligible_on is not None and takeover.eligible_on <= (on or today())
