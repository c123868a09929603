"""The landlord's own units in the kommuner within reach: their states over time, pictures, plans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import strawberry
from sqlalchemy import ColumnElement

from hemvist.documents.uploads import MAX_BYTES
from hemvist.units import files
from hemvist.units.landlord_views import UNIT_FILES, UNIT_STATES, UNITS
from hemvist_graphql.checks import decoded
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.landlord.commands import Act, command
from hemvist_graphql.landlord.declaring import Node, Shown, shown
from hemvist_graphql.landlord.loading import in_kommun
from hemvist_graphql.landlord.refs import KommunRef, UnitFileRef, UnitStateLineRef
from hemvist_graphql.landlord.relations import to_many, to_one
from hemvist_graphql.landlord.roots import Ordering, listing, looked_up
from hemvist_graphql.reading import computed
from hemvist_graphql.scalars import Json
from hemvist_graphql.states import UnitState

#: In base64 four characters carry three bytes.
MAX_BASE64 = MAX_BYTES * 4 // 3 + 8


@shown(UNIT_STATES)
@strawberry.type(description="A state that a home came into, and the day.")
class UnitStateLine(Shown):
    """A state that a home came into."""

    state: UnitState
    since: dt.date


@shown(UNIT_FILES)
@strawberry.type(description="A picture or a plan of a home; its bytes are fetched apart.")
class UnitFile(Node):
    """A picture or a plan of a home."""

    kind: str = strawberry.field(description="picture or plan")
    name: str
    media_type: str
    size_bytes: int
    caption: str
    added_at: dt.datetime


@shown(UNITS)
@strawberry.type(
    description="A home (bostad) of the landlord's that a kommun has, or was promised."
)
class Unit(Node):
    """A home of the landlord's."""

    kommun: KommunRef | None = to_one("Kommun", {"landlord_id": "landlord_id"})
    property_designation: str
    street_address: str
    postal_code: str
    city: str
    area: str
    apartment_number: str
    source: str
    rooms: int
    size_m2: float
    rent_ore: int = strawberry.field(description="Monthly rent in öre.")
    floor: int
    lift: bool
    step_free: bool
    step_free_width_cm: int | None = strawberry.field(
        description="The narrowest passage of the way without steps."
    )
    adapted: bool
    available_from: dt.date
    state: UnitState
    version: int
    files: list[UnitFileRef] = to_many(
        "UnitFile", {"unit_id": "id"}, order=lambda c: (c.kind, c.id), limit=30
    )
    states: list[UnitStateLineRef] = to_many(
        "UnitStateLine", {"unit_id": "id"}, order=lambda c: (c.id.desc(),), limit=20
    )

    @computed(needs=("rent_parts",), description="Part → öre a month; empty where nobody has said.")
    def rent_parts(self) -> Json:
        """What the rent is made of."""
        return Json(self.row["rent_parts"])


@listing(
    "Unit",
    Ordering(("available_from", "id")),
    description="The landlord's homes, the latest first.",
)
def units(
    kommun: strawberry.ID | None = None,
    state: UnitState | None = None,
    area: str | None = None,
) -> Sequence[ColumnElement[bool]]:
    """Those of a kommun, those in a state, those of an area (by the beginning of its name)."""
    found = [*in_kommun(UNITS, kommun)]
    if state is not None:
        found.append(UNITS.c.state == state.value)
    if area is not None:
        found.append(UNITS.c.area.istartswith(area.strip()[:200], autoescape=True))
    return found


looked_up("Unit")
looked_up("UnitFile")


@strawberry.input
class AddUnitFileInput:
    """A picture (JPEG, PNG) or a plan (also PDF) of the landlord's own home."""

    idempotency_key: str
    unit_id: strawberry.ID = refers_to("Unit")
    kind: str = text(20, description="picture or plan")
    name: str = text(300)
    content_base64: str = text(MAX_BASE64)
    caption: str | None = text(300, default=None)


@command(
    AddUnitFileInput,
    gives="unit_file",
    description="Show a home: keep a picture or plan; what the camera wrote into it is left out.",
)
def add_unit_file(act: Act, values: dict[str, Any]) -> Any:
    """Keep a picture or a plan."""
    content = decoded(values.pop("content_base64"))
    return files.add_file(act.session, act.actor, content=content, **values)


@strawberry.input
class RemoveUnitFileInput:
    """A picture or plan to take away."""

    idempotency_key: str
    unit_file_id: strawberry.ID = refers_to("UnitFile")


@command(RemoveUnitFileInput, gives="unit", description="Take a picture or plan away.")
def remove_unit_file(act: Act, values: dict[str, Any]) -> Any:
    """Take a picture or plan away."""
    return files.remove_file(act.session, act.actor, file_id=values["unit_file_id"])
