"""What the law says of a case as it stands: clocks that run while nobody acts."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select

from hemvist.cases.journal import happened
from hemvist.cases.legality import findings
from hemvist.cases.models import Case, CaseDisclosure
from hemvist.cases.packs import pack_of
from hemvist.decisions.execution import Waiting, waiting_in
from hemvist.milestones.legality import case_contract_facts
from hemvist.policy.legal import Finding
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import Ask, of_tenant

#: The beginning of a stored ground → what the law pack calls it.
GROUNDS = (
    ("OSL 10:28", "statutory_duty"),
    ("OSL 10:27", "general_clause"),
    ("OSL 10:2", "necessity"),
    ("OSL 10:1", "consent"),
    ("OSL 12:2", "consent"),
)
_GROUNDS = Ask(
    select(CaseDisclosure.ground).where(
        CaseDisclosure.tenant_id == of_tenant(),
        CaseDisclosure.case_id == bindparam("case"),
        CaseDisclosure.disclosed_on <= bindparam("day"),
    )
)


def case_findings(session: TenantSession, case: Case, on: date) -> tuple[Finding, ...]:
    """The checks of the law pack at ``case``: tenure, carrying out, the border of secrecy.

    A clock that has nothing to count from yet is left out.
    """
    waiting = waiting_in(session, case, on)
    facts = _decision(waiting) | _disclosures(session, case, on)
    rented = case_contract_facts(session, case, on)
    facts |= {"tenancy": False} if _over(session, case, on) else rented or {"tenancy": False}
    found = findings(pack_of(case), "case", facts, on)
    return tuple(one for one in found if one.flag != "LF-8" or waiting.granted)


def _over(session: TenantSession, case: Case, on: date) -> bool:
    """Whether the resident has taken the lease over or left after the latest contract was signed:
    the kommun lets nothing then."""
    signed = happened(session, case, "contract_signed")
    ends = (happened(session, case, kind) for kind in ("lease_taken_over", "keys_returned"))
    days = [one.occurred_on for one in ends if one is not None and one.occurred_on <= on]
    return signed is not None and any(day >= signed.occurred_on for day in days)


def _decision(waiting: Waiting) -> dict[str, object]:
    if waiting.since is None:
        return {"executed": True}
    return {"executed": False, "favourable_decision_on": waiting.since}


def _disclosures(session: TenantSession, case: Case, on: date) -> dict[str, object]:
    stored = [ground for (ground,) in _GROUNDS.rows(session, case=case.id, day=on)]
    if not stored:
        return {"discloses": False}
    grounds = [_ground(ground) for ground in stored]
    # The weakest decides: one that breaks no secrecy, then one that nobody can read.
    worst = next((one for one in grounds if one == "general_clause"), None)
    if worst is None and None not in grounds:
        worst = grounds[0]
    return {"discloses": True} | ({} if worst is None else {"disclosure_ground": worst})


def _ground(stored: str) -> str | None:
    return next((name for start, name in GROUNDS if stored.startswith(start)), None)
