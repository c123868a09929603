"""Showing an offer to the landlord (hyresvärd) of the home: an alias, and how many are to live there."""

from __future__ import annotations

import secrets
from datetime import date

from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.households.protection import hold_still, size_outside
from hemvist.landlord_events import tell_landlord
from hemvist.offers.matching.models import HomeNeed
from hemvist.offers.models import Offer
from hemvist.offers.shown_models import NEEDS, LandlordOffer
from hemvist.tenancy import TenantSession
from hemvist.units.models import Unit

#: No vowels, so that no word comes of it, and nothing that is taken for something else.
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_DIGITS = "2345679"
ALIAS_LENGTH = 6


def new_alias() -> str:
    """A name for a household towards one landlord in one home: letters and digits drawn by lot."""
    signs = _LETTERS + _DIGITS
    return secrets.choice(_LETTERS) + "".join(
        secrets.choice(signs) for _ in range(ALIAS_LENGTH - 1)
    )


def show_to_landlord(
    session: TenantSession, case: Case, offer: Offer, unit: Unit, on: date
) -> LandlordOffer:
    """Keep what the landlord of the home may see of a new offer, and let it be told.

    A protected household, or one that nobody has checked, is an alias and nothing more.
    """
    hold_still(session, case.household_id)
    size = size_outside(session, case.household_id, on)
    row = session.save(
        LandlordOffer(
            offer_id=offer.id,
            case_id=case.id,
            household_id=case.household_id,
            landlord_id=unit.landlord_id,
            unit_id=unit.id,
            alias=new_alias(),
            adults=None if size is None else size[0],
            children=None if size is None else size[1],
            needs=[] if size is None else _needs(session, case),
        )
    )
    tell_of_offer(session, offer, unit, "offer.made")
    return row


def _needs(session: TenantSession, case: Case) -> list[str]:
    stated = session.execute(
        select(HomeNeed.lift, HomeNeed.step_free, HomeNeed.adapted).where(
            HomeNeed.case_id == case.id
        )
    ).one_or_none()
    if stated is None:
        return []
    return [code for code, needed in zip(NEEDS, stated, strict=True) if needed]


def tell_of_offer(session: TenantSession, offer: Offer, unit: Unit, type_: str) -> None:
    """Let the landlord of the home be told that something became of the offer."""
    tell_landlord(
        session,
        type_,
        landlord_id=unit.landlord_id,
        subject_id=offer.id,
        property_designation=unit.property_designation,
    )
