"""Recording the figures that shares are taken of, and saying what one home counts towards."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from hemvist import audit
from hemvist.agreements.models import Agreement, AgreementVersion
from hemvist.agreements.quota_models import QuotaTerm
from hemvist.agreements.service import found
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.clock import today
from hemvist.errors import Conflict, NotFound, Problem, ValidationFailed, too_long
from hemvist.identity import Action, Actor, require
from hemvist.landlord_events import tell_landlord
from hemvist.landlords.models import Landlord
from hemvist.landlords.service import check_organisation_number
from hemvist.quotas.models import BASES, MARKET_WIDE, QuotaBase, QuotaPlacement
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

MAX_TEXT = 2_000
MAX_AREA = 200
MOST_HOMES = 10_000_000


def record_base(
    session: TenantSession,
    actor: Actor,
    *,
    kind: str,
    homes: int,
    from_on: date,
    to_on: date | None = None,
    landlord_organisation_number: str | None = None,
    agreement_id: UUID | None = None,
    area: str = "",
    source: str,
    on: date | None = None,
) -> QuotaBase:
    """Record a figure that shares are taken of.

    ``vacated``: homes of the landlord that became vacant on the days ``from_on`` to ``to_on``.
    ``stock``: the landlord's homes from a day. ``market`` and ``need``: all landlords' homes, and the
    homes that the kommun needs a year, from a day; of no landlord. ``production``: homes of a land deal
    completed on a day. Raises ``ValidationFailed``, ``Conflict`` (``figure_known``), ``NotFound``,
    ``NotAllowed``.
    """
    agreement = None if agreement_id is None else found(session, actor, Agreement, agreement_id)
    require(actor, Action.AGREEMENT_MANAGE)
    day = effective_day(on)
    landlord_id = _landlord(session, landlord_organisation_number)
    problems = _check_base(kind, homes, from_on, to_on, landlord_id)
    problems += too_long("area", area, MAX_AREA) + required_text("source", source, MAX_TEXT)
    if agreement_id is not None and kind != "production":
        problems.append(Problem("agreementId", "not_for_kind", "only for homes of a land deal"))
    raise_if(problems)
    if agreement is not None and agreement.landlord_id != landlord_id:
        raise NotFound("Agreement")
    # Two may record the same figure at once: the second waits here, and sees the first.
    name = f"figure:{session.tenant_id}:{kind}:{landlord_id}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
    _require_new(session, kind, landlord_id, area.strip(), from_on, to_on)
    row = session.save(
        QuotaBase(
            landlord_id=landlord_id,
            agreement_id=agreement_id,
            kind=kind,
            area=area.strip(),
            from_on=from_on,
            to_on=to_on,
            homes=homes,
            source=source.strip(),
            recorded_on=day,
            recorded_by=actor.principal_id,
        )
    )
    _log(session, actor, "quota_base", row.id)
    return row


def take_back_base(
    session: TenantSession,
    actor: Actor,
    *,
    base_id: UUID,
    on: date | None = None,
    expected_version: int,
) -> QuotaBase:
    """A figure that was wrong counts no more; it stays in the record.

    Raises ``Conflict`` (``figure_taken_back``), ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    row = found(session, actor, QuotaBase, base_id)
    day = effective_day(on)
    session.change(row, expected_version)
    if row.taken_back_on is not None:
        raise Conflict("figure_taken_back", "it was taken back already")
    row.taken_back_on = day
    row.taken_back_by = actor.principal_id
    session.flush()
    _log(session, actor, "quota_base", row.id)
    return row


def place_home(
    session: TenantSession,
    actor: Actor,
    *,
    unit_id: UUID,
    agreement_id: UUID | None = None,
    code: str | None = None,
    because: str,
) -> QuotaPlacement:
    """Say which quota a home counts towards, or with neither agreement nor code that it counts to none.

    The same word on the same home again takes the place of the former one. The landlord is told.
    Raises ``ValidationFailed``, ``NotFound``, ``NotAllowed``.
    """
    unit = found(session, actor, Unit, unit_id)
    agreement = None if agreement_id is None else found(session, actor, Agreement, agreement_id)
    problems = required_text("because", because, MAX_TEXT)
    if (agreement_id is None) != (code is None):
        problems.append(Problem("code", "required", "agreement and quota go together"))
    raise_if(problems)
    if agreement is not None:
        if agreement.landlord_id != unit.landlord_id:
            raise NotFound("Agreement")
        known = session.scalar(
            select(QuotaTerm.id)
            .join(
                AgreementVersion,
                (AgreementVersion.tenant_id == QuotaTerm.tenant_id)
                & (AgreementVersion.id == QuotaTerm.version_id),
            )
            .where(
                QuotaTerm.agreement_id == agreement.id,
                QuotaTerm.code == code,
                AgreementVersion.state == "in_force",
            )
            .limit(1)
        )
        if known is None:
            raise_if([Problem("code", "unknown_quota", "no such quota in the agreement")])
    session.lock(unit)
    row = session.scalar(select(QuotaPlacement).where(QuotaPlacement.unit_id == unit.id))
    if row is None:
        row = session.save(
            QuotaPlacement(
                unit_id=unit.id,
                agreement_id=agreement_id,
                code=code,
                because=because.strip(),
                placed_on=today(),
                placed_by=actor.principal_id,
            )
        )
    else:
        session.lock(row)
        row.agreement_id, row.code = agreement_id, code
        row.because, row.placed_on = because.strip(), today()
        row.placed_by = actor.principal_id
        row.version += 1
        session.flush()
    _log(session, actor, "quota_placement", row.id)
    if agreement_id is not None:
        tell_landlord(
            session, "quota.changed", landlord_id=unit.landlord_id, subject_id=agreement_id
        )
    return row


def _landlord(session: TenantSession, number: str | None) -> UUID | None:
    """The landlord of a number, or None of none. Raises ``ValidationFailed``."""
    if number is None or not number.strip():
        return None
    digits = check_organisation_number(number, "landlordOrganisationNumber")
    if isinstance(digits, Problem):
        raise ValidationFailed([digits])
    found_id = session.execute(
        select(Landlord.id).where(Landlord.organisation_number == digits)
    ).scalar_one_or_none()
    if found_id is None:
        raise ValidationFailed.one(
            "landlordOrganisationNumber", "landlord_unknown", "no landlord has this number here"
        )
    return found_id


def _check_base(
    kind: str, homes: int, from_on: date, to_on: date | None, landlord_id: UUID | None
) -> list[Problem]:
    problems: list[Problem] = []
    if kind not in BASES:
        problems.append(Problem("kind", "unknown_choice", "no such figure", {"allowed": BASES}))
    if not 0 <= homes <= MOST_HOMES:
        problems.append(Problem("homes", "range", "out of bounds", {"min": 0, "max": MOST_HOMES}))
    if not 1950 <= from_on.year <= 2150:
        problems.append(Problem("fromOn", "range", "between 1950 and 2150"))
    if kind == "vacated" and to_on is None:
        problems.append(Problem("toOn", "required", "say to which day"))
    if kind != "vacated" and to_on is not None:
        problems.append(Problem("toOn", "not_for_kind", "it holds from a day"))
    if to_on is not None and not from_on <= to_on <= today():
        problems.append(Problem("toOn", "before_start", "from a day to a day that has been"))
    if (landlord_id is None) != (kind in MARKET_WIDE):
        problems.append(
            Problem(
                "landlordOrganisationNumber", "whose_figure", "of one landlord, or of the market"
            )
        )
    return problems


def _require_new(
    session: TenantSession,
    kind: str,
    landlord_id: UUID | None,
    area: str,
    from_on: date,
    to_on: date | None,
) -> None:
    """Raise when the same is told already: of these days, or from this day."""
    if kind == "production":
        # Several houses may be completed on one day.
        return
    days = (
        (QuotaBase.from_on <= to_on) & (QuotaBase.to_on >= from_on)
        if to_on is not None
        else QuotaBase.from_on == from_on
    )
    known = session.scalar(
        select(QuotaBase.id)
        .where(
            QuotaBase.kind == kind,
            QuotaBase.landlord_id == landlord_id
            if landlord_id is not None
            else QuotaBase.landlord_id.is_(None),
            QuotaBase.area == area,
            QuotaBase.taken_back_on.is_(None),
            days,
        )
        .limit(1)
    )
    if known is not None:
        raise Conflict("figure_known", "a figure of these days is there already")


def _log(session: TenantSession, actor: Actor, subject: str, row_id: UUID) -> None:
    audit.record(session, actor, Action.AGREEMENT_MANAGE, subject_type=subject, subject_id=row_id)
