"""What is known of closed cases that their day of thinning depends on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import SWEDISH_TIME
from hemvist.households.models import HouseholdMember, Person
from hemvist.pack_versions import packs_of
from hemvist.policy import Pack, PolicyError
from hemvist.retention.dates import Kept, Mark, Verdict, judge
from hemvist.retention.models import RetentionMark
from hemvist.retention.terms import Terms, terms_on
from hemvist.tenancy import Tenant, TenantSession


def verdicts(session: TenantSession, cases: Sequence[Case], on: date) -> dict[UUID, Verdict]:
    """What becomes of each of the closed ``cases`` on a day, by its id."""
    code = session.get_one(Tenant, session.tenant_id).kommun_code
    known = _known(session, cases)
    terms: dict[str, Terms] = {}
    found: dict[UUID, Verdict] = {}
    for case in cases:
        if case.pack not in terms:
            terms[case.pack] = terms_on(on, _own(session, case, on))
        found[case.id] = judge(terms[case.pack], code, known[case.id], on)
    return found


def verdict(session: TenantSession, case: Case, on: date) -> Verdict:
    """What becomes of one closed case on a day."""
    return verdicts(session, [case], on)[case.id]


def _own(session: TenantSession, case: Case, on: date) -> Pack | None:
    """The guideline as it is on the day; a case closed long ago is kept by what holds now."""
    try:
        return packs_of(session).in_force(case.pack, on)
    except PolicyError:
        return None


def _known(session: TenantSession, cases: Sequence[Case]) -> dict[UUID, Kept]:
    ids = [case.id for case in cases]
    last = {case.id: [case.closed_on or case.opened_on] for case in cases}
    for case_id, occurred, recorded in session.execute(
        select(CaseEvent.case_id, func.max(CaseEvent.occurred_on), func.max(CaseEvent.recorded_at))
        .where(CaseEvent.case_id.in_(ids))
        .group_by(CaseEvent.case_id)
    ):
        # A note is made on the day it is written, though it may tell of an earlier one.
        last[case_id] += [occurred, recorded.astimezone(SWEDISH_TIME).date()]
    births = _births(session, {case.household_id for case in cases})
    marks = _marks(session, ids)
    return {
        case.id: Kept(max(last[case.id]), births[case.household_id], tuple(marks[case.id]))
        for case in cases
    }


def _births(session: TenantSession, households: set[UUID]) -> dict[UUID, tuple[date, ...]]:
    """Days of birth of everybody who is or was in each household."""
    found: dict[UUID, list[date]] = defaultdict(list)
    rows = session.execute(
        select(HouseholdMember.household_id, Person.birth_date_sealed)
        .join(
            Person,
            (Person.tenant_id == HouseholdMember.tenant_id)
            & (Person.id == HouseholdMember.person_id),
        )
        .where(HouseholdMember.household_id.in_(households))
    )
    for household_id, sealed in rows:
        found[household_id].append(Person.birth_date.opened(session.tenant_id, sealed))
    return defaultdict(tuple, {one: tuple(sorted(days)) for one, days in found.items()})


def _marks(session: TenantSession, cases: Sequence[UUID]) -> dict[UUID, list[Mark]]:
    found: dict[UUID, list[Mark]] = defaultdict(list)
    rows = session.execute(
        select(
            RetentionMark.case_id,
            RetentionMark.kind,
            RetentionMark.until,
            Person.birth_date_sealed,
        )
        .outerjoin(
            Person,
            (Person.tenant_id == RetentionMark.tenant_id) & (Person.id == RetentionMark.person_id),
        )
        .where(RetentionMark.case_id.in_(cases), RetentionMark.lifted_on.is_(None))
    )
    for case_id, kind, until, sealed in rows:
        born = None if sealed is None else Person.birth_date.opened(session.tenant_id, sealed)
        found[case_id].append(Mark(kind, until, born))
    return found
