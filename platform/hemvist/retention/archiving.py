"""Making the archive's package of a case that is kept for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import MetaData, select

from hemvist import audit
from hemvist.cases.journal import person_ids
from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.db import Audience
from hemvist.errors import Conflict, NotFound
from hemvist.identity import Actor
from hemvist.retention import sip
from hemvist.retention.dates import Fate, Verdict
from hemvist.retention.exported import exported
from hemvist.retention.reading import verdict
from hemvist.tenancy import Tenant, TenantSession, tenant_session


@dataclass(frozen=True, slots=True)
class Package:
    """A package: what it says of itself, and its files by path."""

    about: sip.About
    files: dict[str, bytes]


def package(
    tenant_id: UUID, number: str, metadata: MetaData, *, matter: str, on: date | None = None
) -> Package:
    """The package of the case with this number; that it was made stands in the log with ``matter``.

    Raises ``NotFound``; ``Conflict`` when the case is open, or is not kept for good: then it is thinned
    and no copy of it leaves the house.
    """
    day = on or today()
    with tenant_session(Audience.WORKER, tenant_id) as session:
        case, found = judged(session, number, day)
        if found.fate is not Fate.KEEP:
            raise Conflict("not_kept", "only what is kept for good goes to the archive")
        tenant = session.get_one(Tenant, tenant_id)
        about = sip.About(
            tenant_id=tenant_id,
            kommun=tenant.name,
            kommun_code=tenant.kommun_code,
            case_id=case.id,
            number=case.number,
            department=case.department,
            opened_on=case.opened_on.isoformat(),
            closed_on="" if case.closed_on is None else case.closed_on.isoformat(),
            rule=found.rule,
            cite=found.cite,
        )
        audit.record(
            session,
            Actor.system(tenant_id),
            "retention.package",
            kind="read",
            persons=person_ids(session, case.household_id),
            case_id=case.id,
            subject_type="case",
            subject_id=case.id,
            details={"rule": found.rule, "matter": matter},
        )
    with tenant_session(Audience.THINNING, tenant_id) as session:
        content = exported(session, metadata, about.case_id)
    return Package(about, sip.packaged(about, content, now()))


def judged(session: TenantSession, number: str, on: date) -> tuple[Case, Verdict]:
    """The closed case with this number, and what becomes of it on a day.

    Raises ``NotFound``; ``Conflict`` while it is open.
    """
    case = session.scalar(select(Case).where(Case.number == number))
    if case is None:
        raise NotFound("Case")
    if case.state != "closed":
        raise Conflict("case_open", "the case is open: its last note is not written yet")
    return case, verdict(session, case, on)
