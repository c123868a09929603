"""Commands on units."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist.units import service
from hemvist_graphql.command import command
from hemvist_graphql.inputs import text


@strawberry.input
class RegisterUnitInput:
    """A home to register."""

    idempotency_key: str
    landlord_organisation_number: str = text(20)
    landlord_name: str = text(200)
    property_designation: str = text(200, description="Fastighetsbeteckning.")
    street_address: str = text(200)
    postal_code: str = text(20)
    city: str = text(200)
    area: str = text(200)
    apartment_number: str = text(20, description="Lägenhetsnummer, four digits.")
    source: str = text(
        40, description="owner_agreement, own_rental, rented_in, tenant_owned or freehold"
    )
    rooms: int
    size_m2: float
    rent_ore: int = strawberry.field(description="Monthly rent in öre.")
    floor: int
    lift: bool
    step_free: bool
    adapted: bool
    available_from: dt.date


@command(RegisterUnitInput, gives="unit", description="Register a vacant home.")
def register_unit(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register a vacant home."""
    return service.register(session, actor, **values)
