"""Reading what quotas are reckoned from: agreements, figures, vacancies and states of homes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from hemvist.agreements.models import Agreement, AgreementVersion
from hemvist.agreements.quota_models import QuotaTerm
from hemvist.clock import today
from hemvist.quotas.calendar import Days
from hemvist.quotas.counting import Turn
from hemvist.quotas.models import QuotaBase, QuotaPlacement
from hemvist.quotas.picture import Line, Material, lines
from hemvist.quotas.terms import Figure, Term, terms_of, version_days
from hemvist.quotas.turns import Change, Home, Reported, turns_of
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit, UnitStateLine
from hemvist.vacancies.models import Vacancy

#: Agreements that hold or have held.
HELD = ("in_force", "ended")


def quota_lines(
    session: TenantSession,
    within: Days,
    *,
    landlord_id: UUID | None = None,
    agreement_id: UUID | None = None,
    until: date | None = None,
) -> list[Line]:
    """Every quota of the kommun's agreements in the periods of ``within``, to a day.

    Of one landlord, or of one agreement (homes are then still shared among all of its landlord's).
    """
    day = until or today()
    if agreement_id is not None:
        landlord_id = session.find(Agreement, agreement_id).landlord_id
    found: list[Line] = []
    for material in materials(session, landlord_id).values():
        found += lines(material, within, day)
    if agreement_id is not None:
        return [one for one in found if one.agreement_id == agreement_id]
    return found


def materials(session: TenantSession, landlord_id: UUID | None = None) -> dict[UUID, Material]:
    """What the pictures are made of, by landlord, of those who have an agreement."""
    agreements = session.execute(
        select(
            Agreement.id,
            Agreement.landlord_id,
            Agreement.starts_on,
            Agreement.ends_on,
            Agreement.ended_on,
        ).where(Agreement.state.in_(HELD), *_of(Agreement.landlord_id, landlord_id))
    ).all()
    if not agreements:
        return {}
    landlords = sorted({one.landlord_id for one in agreements})
    versions = session.execute(
        select(
            AgreementVersion.id, AgreementVersion.agreement_id, AgreementVersion.holds_from
        ).where(
            AgreementVersion.state == "in_force",
            AgreementVersion.agreement_id.in_([one.id for one in agreements]),
        )
    ).all()
    quotas = session.scalars(
        select(QuotaTerm).where(QuotaTerm.version_id.in_([one.id for one in versions]))
    ).all()
    figures = session.execute(
        select(
            QuotaBase.landlord_id,
            QuotaBase.kind,
            QuotaBase.homes,
            QuotaBase.from_on,
            QuotaBase.to_on,
            QuotaBase.area,
            QuotaBase.agreement_id,
        ).where(
            QuotaBase.taken_back_on.is_(None),
            or_(QuotaBase.landlord_id.is_(None), QuotaBase.landlord_id.in_(landlords)),
        )
    ).all()
    turns = _turns(session, landlords)
    return {
        one: assembled(
            [row for row in agreements if row.landlord_id == one],
            versions,
            quotas,
            [row for row in figures if row.landlord_id in (None, one)],
            turns.get(one, []),
        )
        for one in landlords
    }


def assembled(
    agreements: Iterable[Any],
    versions: Iterable[Any],
    quotas: Iterable[Any],
    figures: Iterable[Any],
    turns: list[Turn],
) -> Material:
    """One landlord's material out of rows, read from tables or from the landlord's views."""
    spans: dict[UUID, Days] = {}
    terms: list[Term] = []
    for row in agreements:
        spans[row.id] = Days(row.starts_on, row.ended_on or row.ends_on)
        held = version_days(
            ((one.id, one.holds_from) for one in versions if one.agreement_id == row.id),
            spans[row.id].end,
        )
        terms += terms_of((one for one in quotas if one.version_id in held), held)
    return Material(
        agreements=spans,
        terms=terms,
        figures=[
            Figure(one.kind, one.homes, one.from_on, one.to_on, one.area, one.agreement_id)
            for one in figures
        ],
        turns=turns,
    )


def turns_by_landlord(
    reported: Iterable[Any], homes: Iterable[Any], changes: Iterable[Any]
) -> dict[UUID, list[Turn]]:
    """The turns of homes by whose they were, out of rows."""
    of_landlord: dict[UUID, tuple[list[Reported], list[Change]]] = {}
    known: dict[UUID, Home] = {
        row.id: Home(
            row.id,
            row.area,
            row.property_designation,
            None if row.placed_on is None else (row.placed_agreement_id, row.placed_code),
        )
        for row in homes
    }
    for row in reported:
        if row.state == "withdrawn":
            continue
        mine = of_landlord.setdefault(row.landlord_id, ([], []))[0]
        mine.append(
            Reported(
                row.id,
                row.reported_on,
                row.area,
                row.property_designation,
                row.unit_id,
                row.answered_on if row.state == "taken_in" else None,
                row.answered_on if row.state == "declined" else None,
            )
        )
    for row in changes:
        mine_too = of_landlord.setdefault(row.landlord_id, ([], []))[1]
        mine_too.append(Change(row.unit_id, row.state, row.since, row.cause))
    return {
        landlord: turns_of(
            said,
            [
                known[one]
                for one in dict.fromkeys(change.unit_id for change in moved)
                if one in known
            ],
            moved,
        )
        for landlord, (said, moved) in of_landlord.items()
    }


def _turns(session: TenantSession, landlords: list[UUID]) -> dict[UUID, list[Turn]]:
    reported = session.execute(
        select(
            Vacancy.id,
            Vacancy.landlord_id,
            Vacancy.unit_id,
            Vacancy.area,
            Vacancy.property_designation,
            Vacancy.state,
            Vacancy.reported_on,
            Vacancy.answered_on,
        ).where(Vacancy.landlord_id.in_(landlords))
    ).all()
    changes = session.execute(
        select(
            UnitStateLine.unit_id,
            UnitStateLine.landlord_id,
            UnitStateLine.state,
            UnitStateLine.since,
            UnitStateLine.cause,
        )
        .where(UnitStateLine.landlord_id.in_(landlords))
        .order_by(UnitStateLine.unit_id, UnitStateLine.id)
    ).all()
    homes = session.execute(
        select(
            Unit.id,
            Unit.area,
            Unit.property_designation,
            QuotaPlacement.placed_on,
            QuotaPlacement.agreement_id.label("placed_agreement_id"),
            QuotaPlacement.code.label("placed_code"),
        )
        .outerjoin(
            QuotaPlacement,
            (QuotaPlacement.tenant_id == Unit.tenant_id) & (QuotaPlacement.unit_id == Unit.id),
        )
        .where(Unit.landlord_id.in_(landlords))
    ).all()
    return turns_by_landlord(reported, homes, changes)


def _of(column: Any, landlord_id: UUID | None) -> list[Any]:
    return [] if landlord_id is None else [column == landlord_id]
