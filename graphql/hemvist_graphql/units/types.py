"""Homes and those who let them."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import Double, cast

from hemvist.addresses.withholding import WITHHELD, withheld
from hemvist.contracts.chain import HeadLeaseUnit as HeadLeaseUnitRow
from hemvist.contracts.models import Contract as ContractRow
from hemvist.landlords.models import Landlord as LandlordRow
from hemvist.offers.matching.models import Presentation as PresentationRow
from hemvist.offers.models import Offer as OfferRow
from hemvist.units.models import Unit as UnitRow
from hemvist.units.models import UnitFile as UnitFileRow
from hemvist.units.models import UnitStateLine as UnitStateLineRow
from hemvist_graphql.access import of_shown_unit, of_visible_unit, unless_withheld, visible_units
from hemvist_graphql.choosing import through
from hemvist_graphql.reading import (
    Node,
    Readable,
    column,
    computed,
    expressed,
    identity,
    opened,
    reads,
    to_many,
    to_one,
)
from hemvist_graphql.refs import (
    ContractRef,
    HeadLeaseRef,
    LandlordRef,
    OfferRef,
    PresentationRef,
    UnitFileRef,
    UnitStateLineRef,
)
from hemvist_graphql.scalars import Json
from hemvist_graphql.states import UnitState


@reads(LandlordRow, visible=None)
@strawberry.type(description="An organisation that lets homes (hyresvärd).")
class Landlord(Readable):
    """An organisation that lets homes."""

    organisation_number: str = column(LandlordRow.organisation_number)
    name: str = column(LandlordRow.name)

    id: strawberry.ID = identity()


@reads(UnitStateLineRow, visible=of_visible_unit(UnitStateLineRow))
@strawberry.type(description="A state that a home came into: from which day, by which act.")
class UnitStateLine(Readable):
    """A state that a home came into."""

    state: UnitState = column(UnitStateLineRow.state)
    since: dt.date = column(UnitStateLineRow.since)
    cause: str = column(UnitStateLineRow.cause)


@reads(UnitFileRow, visible=of_shown_unit(UnitFileRow))
@strawberry.type(description="A picture or a plan of a home; its bytes are fetched apart.")
class UnitFile(Node):
    """A picture or a plan of a home."""

    kind: str = column(UnitFileRow.kind, description="picture or plan")
    name: str = column(UnitFileRow.name)
    media_type: str = column(UnitFileRow.media_type)
    size_bytes: int = column(UnitFileRow.size_bytes)
    caption: str = column(UnitFileRow.caption)
    added_at: dt.datetime = column(UnitFileRow.added_at)


@reads(UnitRow, visible=visible_units, also=(UnitRow.rent_parts,))
@strawberry.type(description="A home (bostad) that the property office has, or has been promised.")
class Unit(Node):
    """A home that the property office has, or has been promised."""

    landlord: LandlordRef = to_one("Landlord", UnitRow.landlord_id)
    address_withheld: bool = expressed(
        "address_withheld",
        withheld,
        description="A protected household lives here or is offered the home: what tells where it "
        "is stays away until you let it be shown (revealAddress).",
    )
    property_designation: str = expressed(
        "property_designation", unless_withheld(UnitRow.property_designation)
    )
    street_address: str = expressed(
        "street_address",
        unless_withheld(UnitRow.street_address, WITHHELD),
        description=f"“{WITHHELD}” where it is withheld.",
    )
    postal_code: str = expressed("postal_code", unless_withheld(UnitRow.postal_code))
    city: str = column(UnitRow.city)
    area: str = expressed("area", unless_withheld(UnitRow.area))
    apartment_number: str = expressed("apartment_number", unless_withheld(UnitRow.apartment_number))
    source: str = column(UnitRow.source)
    rooms: int = column(UnitRow.rooms)
    size_m2: float = expressed("size_m2", lambda _: cast(UnitRow.size_m2, Double()))
    rent_ore: int = column(UnitRow.rent_ore, description="Monthly rent in öre.")
    floor: int = column(UnitRow.floor)
    lift: bool = column(UnitRow.lift)
    step_free: bool = column(UnitRow.step_free)
    step_free_width_cm: int | None = column(
        UnitRow.step_free_width_cm, description="The narrowest passage of the way without steps."
    )
    adapted: bool = column(UnitRow.adapted)
    kept_for: str = column(
        UnitRow.kept_for, description="Kept for another household: large, adapted, other; or empty."
    )
    kept_because: str = opened(UnitRow.kept_because)
    available_from: dt.date = column(UnitRow.available_from)
    state: UnitState = column(UnitRow.state)
    version: int = column(UnitRow.version)
    files: list[UnitFileRef] = to_many(
        "UnitFile", UnitFileRow.unit_id, order=(UnitFileRow.kind, UnitFileRow.id)
    )
    states: list[UnitStateLineRef] = to_many(
        "UnitStateLine", UnitStateLineRow.unit_id, order=(UnitStateLineRow.id.desc(),)
    )
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

    @computed(
        needs=("rent_parts",),
        description="What the rent is made of: part → öre a month. Empty where nobody has said.",
    )
    def rent_parts(self) -> Json:
        """What the rent is made of."""
        return Json(self.row["rent_parts"])
