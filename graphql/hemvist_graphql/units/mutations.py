"""Commands on units."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.contracts import returning
from hemvist.documents.uploads import MAX_BYTES
from hemvist.identity import Action, Actor
from hemvist.tenancy import TenantSession
from hemvist.units import files, service
from hemvist.units.access import unit_for
from hemvist_graphql.checks import as_mapping, decoded
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.scalars import Json

#: In base64 four characters carry three bytes.
MAX_BASE64 = MAX_BYTES * 4 // 3 + 8
_PARTS = "base, heating, electricity, water, parking, internet, furniture, other → öre a month."


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
        40,
        description="owner_agreement, own_rental, rented_in, block_hired, tenant_owned or freehold",
    )
    rooms: int
    size_m2: float
    rent_ore: int = strawberry.field(description="Monthly rent in öre.")
    floor: int
    lift: bool
    step_free: bool
    adapted: bool
    available_from: dt.date
    rent_parts: Json | None = strawberry.field(default=None, description=_PARTS)
    step_free_width_cm: int | None = strawberry.field(
        default=None, description="The narrowest passage of the way without steps."
    )


@command(RegisterUnitInput, gives="unit", description="Register a vacant home.")
def register_unit(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register a vacant home."""
    return service.register(session, actor, **as_mapping(values, "rent_parts"))


@strawberry.input
class ChangeUnitInput:
    """What is known of a home now; what is left out stays as it is."""

    idempotency_key: str
    unit_id: strawberry.ID = refers_to("Unit")
    expected_version: int
    area: str | None = text(200, default=None)
    source: str | None = text(40, default=None)
    rooms: int | None = None
    size_m2: float | None = None
    rent_ore: int | None = strawberry.field(
        default=None, description="Monthly rent in öre; of a let home it is its contract's."
    )
    rent_parts: Json | None = strawberry.field(default=None, description=_PARTS)
    floor: int | None = None
    lift: bool | None = None
    step_free: bool | None = None
    step_free_width_cm: int | None = None
    adapted: bool | None = None
    available_from: dt.date | None = None


@command(ChangeUnitInput, gives="unit", description="Change what is known of a home.")
def change_unit(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Change what is known of a home."""
    return service.change(session, actor, **as_mapping(values, "rent_parts"))


@strawberry.input
class KeepUnitInput:
    """Whether a home is kept for another household."""

    idempotency_key: str
    unit_id: strawberry.ID = refers_to("Unit")
    expected_version: int
    kept_for: str | None = text(
        20, default=None, description="large, adapted or other; left out: no longer kept"
    )
    because: str | None = text(200, default=None)


@command(
    KeepUnitInput, gives="unit", description="Keep a home for another household, or no longer."
)
def keep_unit(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Keep a home for another household."""
    return service.keep_for(session, actor, **values)


@strawberry.input
class GiveBackUnitInput:
    """A vacant home to give back to its owner."""

    idempotency_key: str
    unit_id: strawberry.ID = refers_to("Unit")
    expected_version: int
    kept_because: str | None = text(
        200, default=None, description="Why, where the home was kept for another household."
    )
    on: dt.date | None = None


@command(GiveBackUnitInput, gives="unit", description="Give a vacant home back to its owner.")
def give_back_unit(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Give a vacant home back."""
    return returning.give_back(session, actor, **values)


@strawberry.input
class AddUnitFileInput:
    """A picture (JPEG, PNG) or a plan (also PDF) of a home."""

    idempotency_key: str
    unit_id: strawberry.ID = refers_to("Unit")
    kind: str = text(20, description="picture or plan")
    name: str = text(300)
    content_base64: str = text(
        MAX_BASE64, description="What is over the limit of a request goes by the portal's form."
    )
    caption: str | None = text(300, default=None)


@command(
    AddUnitFileInput,
    gives="unit_file",
    description="Keep a picture or plan; what the camera wrote into it is left out.",
)
def add_unit_file(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Keep a picture or a plan."""
    # Before the file is looked at: what is wrong with it is no way to learn of a unit.
    unit_for(session, actor, values["unit_id"], Action.VACANCY_REPORT)
    content = decoded(values.pop("content_base64"))
    return files.add_file(session, actor, content=content, **values)


@strawberry.input
class RemoveUnitFileInput:
    """A picture or plan to take away."""

    idempotency_key: str
    unit_file_id: strawberry.ID = refers_to("UnitFile")


@command(RemoveUnitFileInput, gives="unit", description="Take a picture or plan away.")
def remove_unit_file(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Take a picture or plan away."""
    return files.remove_file(session, actor, file_id=values["unit_file_id"])
