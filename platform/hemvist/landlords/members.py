"""A landlord's people and districts, looked after by the landlord's own administrators.

Everything here happens in the landlords' own tenant.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select

from hemvist import audit
from hemvist.clock import now
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.identity.models import Principal
from hemvist.identity.sessions import revoke_sessions_of
from hemvist.landlords.invitations import administers, check_districts
from hemvist.landlords.models import LandlordDistrict, LandlordDistrictProperty, LandlordMember
from hemvist.outbox import emit
from hemvist.tenancy import Tenant, TenantSession

MAX_NAME = 100
MAX_DESIGNATION = 200
#: Of a district, in all kommuner together. Who has more makes another district.
MAX_PROPERTIES = 200
#: Of the outbox.
ENDED = "landlord_member_ended"


def remove(
    session: TenantSession, actor: Actor, *, member_id: UUID, expected_version: int
) -> LandlordMember:
    """End a membership, at once: the next statement of whoever held it sees nothing of the landlord.

    Their sessions are shut where this was the last landlord they acted for. The last administrator
    cannot be removed. Raises ``NotFound``, ``Conflict``.
    """
    row = session.find(LandlordMember, member_id)
    # Two administrators who remove each other at once: the second is none any more.
    lock = f"landlord:{row.landlord_id}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(lock, 0))))
    _require_administrator(session, actor, row.landlord_id)
    session.change(row, expected_version)
    if row.status != "active":
        raise Conflict("landlord_member", "the membership has ended already")
    if row.level == "administrator" and _administrators(session, row.landlord_id) < 2:
        raise Conflict("last_administrator", "a landlord keeps one administrator")
    row.status, row.ended_at, row.ended_by = "ended", now(), actor.principal_id
    row.email_sealed = None
    session.flush()
    left = session.scalar(
        select(func.count())
        .select_from(LandlordMember)
        .where(LandlordMember.principal_id == row.principal_id, LandlordMember.status == "active")
    )
    if not left:
        principal = session.find(Principal, row.principal_id)
        revoke_sessions_of(
            session,
            issuer=principal.issuer,
            principal_id=principal.id,
            reason="administrator",
        )
    _record(session, actor, row.id, "landlord_member", "remove")
    emit(session, ENDED, {"landlord_member_id": row.id})
    return row


def set_districts(
    session: TenantSession,
    actor: Actor,
    *,
    member_id: UUID,
    districts: Sequence[UUID],
    expected_version: int,
) -> LandlordMember:
    """Give an agent its districts; none means every property of the landlord."""
    row = session.find(LandlordMember, member_id)
    _require_administrator(session, actor, row.landlord_id)
    problems = check_districts(session, row.landlord_id, districts)
    if row.level == "administrator" and districts:
        problems.append(Problem("districts", "whole_landlord", "an administrator sees everything"))
    if problems:
        raise ValidationFailed(problems)
    session.change(row, expected_version)
    if row.status != "active":
        raise Conflict("landlord_member", "the membership has ended")
    row.districts = list(dict.fromkeys(districts))
    _record(session, actor, row.id, "landlord_member", "districts")
    return row


def make_district(
    session: TenantSession, actor: Actor, *, landlord_id: UUID, name: str
) -> LandlordDistrict:
    """A new district of the landlord, without properties. Raises ``ValidationFailed``."""
    _require_administrator(session, actor, landlord_id)
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME:
        raise ValidationFailed([Problem("name", "district_name", "a name", {"limit": MAX_NAME})])
    known = session.scalar(
        select(LandlordDistrict.id).where(
            LandlordDistrict.landlord_id == landlord_id, LandlordDistrict.name == name
        )
    )
    if known is not None:
        raise ValidationFailed.one("name", "district_known", "there is one of that name")
    row = session.save(LandlordDistrict(landlord_id=landlord_id, name=name))
    _record(session, actor, row.id, "landlord_district", "make")
    return row


def set_properties(
    session: TenantSession,
    actor: Actor,
    *,
    district_id: UUID,
    kommun_id: UUID,
    designations: Sequence[str],
    expected_version: int,
) -> LandlordDistrict:
    """Say which properties (fastighetsbeteckningar) of a kommun the district has: these and no others."""
    row = session.find(LandlordDistrict, district_id)
    _require_administrator(session, actor, row.landlord_id)
    wanted = list(dict.fromkeys(" ".join(text.split()) for text in designations if text.strip()))
    problems = [
        Problem(
            "designations",
            "too_long",
            f"at most {MAX_DESIGNATION} characters",
            {"limit": MAX_DESIGNATION},
        )
        for text in wanted
        if len(text) > MAX_DESIGNATION
    ][:1]
    elsewhere = session.scalar(
        select(func.count())
        .select_from(LandlordDistrictProperty)
        .where(
            LandlordDistrictProperty.district_id == district_id,
            LandlordDistrictProperty.kommun_id != kommun_id,
        )
    )
    if len(wanted) + (elsewhere or 0) > MAX_PROPERTIES:
        problems.append(
            Problem(
                "designations",
                "too_many_properties",
                f"at most {MAX_PROPERTIES}",
                {"limit": MAX_PROPERTIES},
            )
        )
    if problems:
        raise ValidationFailed(problems)
    known = session.scalar(select(Tenant.id).where(Tenant.id == kommun_id, Tenant.kind == "kommun"))
    if known is None:
        raise NotFound("Tenant")
    session.change(row, expected_version)
    session.execute(
        delete(LandlordDistrictProperty).where(
            LandlordDistrictProperty.district_id == district_id,
            LandlordDistrictProperty.kommun_id == kommun_id,
        )
    )
    for text in wanted:
        session.add(
            LandlordDistrictProperty(
                district_id=district_id, kommun_id=kommun_id, property_designation=text
            )
        )
    session.flush()
    _record(session, actor, row.id, "landlord_district", "properties")
    return row


def _require_administrator(session: TenantSession, actor: Actor, landlord_id: UUID) -> None:
    # What is another landlord's is not there, in the same words.
    if not administers(session, actor, landlord_id):
        raise NotFound("Landlord")


def _administrators(session: TenantSession, landlord_id: UUID) -> int:
    rows = session.scalars(
        select(LandlordMember.id).where(
            LandlordMember.landlord_id == landlord_id,
            LandlordMember.level == "administrator",
            LandlordMember.status == "active",
        )
    )
    return len(rows.all())


def _record(
    session: TenantSession, actor: Actor, row_id: UUID, subject_type: str, what: str
) -> None:
    audit.record(
        session,
        actor,
        Action.LANDLORD_ADMIT,
        subject_type=subject_type,
        subject_id=row_id,
        details={"did": what},
    )
