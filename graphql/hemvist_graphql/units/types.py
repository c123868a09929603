"""Homes and those who let them."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import Double, cast

from hemvist.contracts.chain import HeadLeaseUnit as HeadLeaseUnitRow
from hemvist.contracts.models import Contract as ContractRow
from hemvist.landlords.models import Landlord as LandlordRow
from hemvist.offers.matching.models import Presentation as PresentationRow
from hemvist.offers.models import Offer as OfferRow
from hemvist.units.models import Unit as UnitRow
from hemvist_graphql.access import visible_units
from hemvist_graphql.choosing import through
from hemvist_graphql.reading import (
    Node,
    Readable,
    column,
    expressed,
    identity,
    reads,
    to_many,
    to_one,
)
from hemvist_graphql.refs import ContractRef, HeadLeaseRef, LandlordRef, OfferRef, PresentationRef
from hemvist_graphql.states import UnitState


@reads(LandlordRow, visible=None)
@strawberry.type(description="An organisation that lets homes (hyresvärd).")
class Landlord(Readable):
    """An organisation that lets homes."""

    organisation_number: str = column(LandlordRow.organisation_number)
    name: str = column(LandlordRow.name)

    id: strawberry.ID = identity()


@reads(UnitRow, visible=visible_units)
@strawberry.type(description="A home (bostad) that the property office has, or has been promised.")
class Unit(Node):
    """A home that the property office has, or has been promised."""

    landlord: LandlordRef = to_one("Landlord", UnitRow.landlord_id)
    property_designation: str = column(UnitRow.property_designation)
    street_address: str = column(UnitRow.street_address)
    postal_code: str = column(UnitRow.postal_code)
    city: str = column(UnitRow.city)
    area: str = column(UnitRow.area)
    apartment_number: str = column(UnitRow.apartment_number)
    source: str = column(UnitRow.source)
    rooms: int = column(UnitRow.rooms)
    size_m2: float = expressed("size_m2", lambda _: cast(UnitRow.size_m2, Double()))
    rent_ore: int = column(UnitRow.rent_ore, description="Monthly rent in öre.")
    floor: int = column(UnitRow.floor)
    lift: bool = column(UnitRow.lift)
    step_free: bool = column(UnitRow.step_free)
    adapted: bool = column(UnitRow.adapted)
    available_from: dt.date = column(UnitRow.available_from)
    state: UnitState = column(UnitRow.state)
    version: int = column(UnitRow.version)
    presentations: list[PresentationRef] = to_many(
        "Presentation",
        PresentationRow.unit_id,
        order=(PresentationRow.presented_on.desc(), PresentationRow.id.desc()),
    )
    offers: list[OfferRef] = to_many(
        "Offer", OfferRow.unit_id, order=(OfferRow.made_on.desc(), OfferRow.id.desc())
    )
    contracts: list[ContractRef] = to_many(
        "Contract",
        ContractRow.unit_id,
        order=(ContractRow.starts_on.desc(), ContractRow.id.desc()),
    )
    head_leases: list[HeadLeaseRef] = through(
        "HeadLease",
        HeadLeaseUnitRow.unit_id,
        HeadLeaseUnitRow.head_lease_id,
        order=lambda joined: (joined.starts_on.desc(), joined.id.desc()),
        description="The kommun's own leases of it.",
    )
