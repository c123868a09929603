"""What the kommun answers for: by landlord, and together. Figures only, of no household."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Double, cast, exists, false, func, select

from hemvist.guarantees.models import Guarantee as GuaranteeRow
from hemvist.identity import Action, Actor, allows
from hemvist.landlords.models import Landlord as LandlordRow
from hemvist.tenancy import Tenant
from hemvist_graphql.choosing import Chosen, Criteria, chosen, listed
from hemvist_graphql.reading import Readable, column, expressed, identity, reads

MOST = 500
_ACTIVE = GuaranteeRow.state == "active"
_TOTALS: dict[str, tuple[Any, str]] = {
    "cap_ore": (
        func.sum(GuaranteeRow.cap_ore).filter(_ACTIVE),
        "Caps of the guarantees that hold.",
    ),
    "left_ore": (
        func.sum(GuaranteeRow.cap_ore - GuaranteeRow.approved_ore).filter(_ACTIVE),
        "The most that can still come.",
    ),
    "to_pay_ore": (
        func.sum(GuaranteeRow.approved_ore - GuaranteeRow.paid_ore),
        "Approved and not yet paid.",
    ),
    "paid_ore": (func.sum(GuaranteeRow.paid_ore), "Paid to landlords."),
    "owed_ore": (
        func.sum(
            GuaranteeRow.demanded_ore - GuaranteeRow.recovered_ore - GuaranteeRow.written_off_ore
        ),
        "Owed by households.",
    ),
    "lost_ore": (func.sum(GuaranteeRow.written_off_ore), "Written off."),
}


def may(actor: Actor) -> bool:
    """Whether the actor sees what the kommun answers for."""
    return allows(actor, Action.GUARANTEE_EXPOSURE)


def _summed(key: str, of_landlord: bool) -> Callable[[Actor], ColumnElement[Any]]:
    figure = func.count() if key == "count" else _TOTALS[key][0]

    def expression(actor: Actor) -> ColumnElement[Any]:
        statement = select(func.coalesce(figure, 0)).where(
            GuaranteeRow.tenant_id == actor.tenant_id
        )
        if key == "count":
            statement = statement.where(_ACTIVE)
        if of_landlord:
            statement = statement.where(GuaranteeRow.landlord_id == LandlordRow.id).correlate(
                LandlordRow
            )
        found = statement.scalar_subquery()
        return found if key == "count" else cast(found, Double())

    return expression


def _figure(key: str, of_landlord: bool) -> Any:
    return expressed(
        f"sum_{key}",
        _summed(key, of_landlord),
        description=f"{_TOTALS[key][1]} Whole öre; a Float, since it may pass 32 bits.",
    )


def _deals_with(actor: Actor) -> ColumnElement[bool]:
    if not may(actor):
        return false()
    return exists(
        select(GuaranteeRow.id).where(
            GuaranteeRow.tenant_id == actor.tenant_id, GuaranteeRow.landlord_id == LandlordRow.id
        )
    )


def _own_kommun(actor: Actor) -> ColumnElement[bool]:
    return Tenant.id == actor.tenant_id if may(actor) else false()


@reads(LandlordRow, visible=_deals_with)
@strawberry.type(description="What the kommun answers for towards one landlord.")
class LandlordExposure(Readable):
    """What the kommun answers for towards one landlord."""

    id: strawberry.ID = identity()
    name: str = column(LandlordRow.name)
    organisation_number: str = column(LandlordRow.organisation_number)
    active: int = expressed(
        "sum_count", _summed("count", True), description="Guarantees that hold."
    )
    cap_ore: float = _figure("cap_ore", True)
    left_ore: float = _figure("left_ore", True)
    to_pay_ore: float = _figure("to_pay_ore", True)
    paid_ore: float = _figure("paid_ore", True)
    owed_ore: float = _figure("owed_ore", True)
    lost_ore: float = _figure("lost_ore", True)


@reads(Tenant, visible=_own_kommun)
@strawberry.type(description="What the kommun answers for towards all landlords together.")
class KommunExposure(Readable):
    """What the kommun answers for in all."""

    id: strawberry.ID = identity()
    name: str = column(Tenant.name)
    active: int = expressed(
        "sum_count", _summed("count", False), description="Guarantees that hold."
    )
    cap_ore: float = _figure("cap_ore", False)
    left_ore: float = _figure("left_ore", False)
    to_pay_ore: float = _figure("to_pay_ore", False)
    paid_ore: float = _figure("paid_ore", False)
    owed_ore: float = _figure("owed_ore", False)
    lost_ore: float = _figure("lost_ore", False)


def _for_those_who_may(actor: Actor) -> Criteria:
    return () if may(actor) else None


@strawberry.type(description="What the kommun answers for by its guarantees and sureties.")
class GuaranteeExposure:
    """What the kommun answers for."""

    landlords: list[LandlordExposure] = listed(
        LandlordExposure,
        where=_for_those_who_may,
        order=(LandlordRow.name, LandlordRow.id),
        limit=MOST,
        weight=20,
        description="By landlord, those with a guarantee, by name.",
    )
    kommun: KommunExposure | None = chosen(
        Chosen(
            KommunExposure,
            (),
            lambda _: (Tenant.id,),
            _for_those_who_may,
            limit=1,
            single=True,
            weight=20,
        ),
        description="Together. Null for those who may not see it.",
    )
