"""Commands of matching, of what households need, and of a landlord's choice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.identity import Actor
from hemvist.offers import needs, presenting
from hemvist.offers.matching import service
from hemvist.tenancy import TenantSession
from hemvist_graphql.command import command
from hemvist_graphql.inputs import refers_to, text


@strawberry.input
class RunMatchingInput:
    """A matching to make."""

    idempotency_key: str
    programme: str = text(100)
    pack: str | None = text(200, default=None, description="Needed where the kommun has several.")
    method: str = text(40, default="optimum", description="optimum or greedy")
    on: dt.date | None = None


@command(
    RunMatchingInput,
    gives="match_run",
    description="Match vacant homes with waiting households and keep the ranked list.",
)
def run_matching(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Match vacant homes with waiting households."""
    return service.run(session, actor, **values)


@strawberry.input
class StateHomeNeedInput:
    """What home a household needs."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    rooms_min: int
    rooms_max: int
    floor_max: int | None = strawberry.field(
        default=None, description="Highest floor in a house without a lift."
    )
    lift: bool = False
    step_free: bool = False
    adapted: bool = False
    rent_max_ore: int | None = strawberry.field(default=None, description="Öre a month.")
    unsuitable_areas: list[str] = strawberry.field(default_factory=list)
    excluded_landlords: list[str] = strawberry.field(
        default_factory=list, description="Organisation numbers."
    )
    expected_version: int | None = strawberry.field(
        default=None, description="Of the need that is stated anew; none for the first."
    )
    on: dt.date | None = None


@command(StateHomeNeedInput, gives="home_need", description="State what home a household needs.")
def state_home_need(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """State what home a household needs."""
    return needs.state_need(session, actor, **values)


@strawberry.input
class ExcludeHomesInput:
    """Homes to exclude for a household's safety."""

    idempotency_key: str
    case_id: strawberry.ID = refers_to("Case")
    kind: str = text(40, description="area, postal_code or landlord")
    value: str = text(200, description="Name, postal code or organisation number.")
    on: dt.date | None = None


@command(
    ExcludeHomesInput,
    gives="home_exclusion",
    description="Exclude homes for a household's safety; others see only that they are excluded.",
)
def exclude_homes(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Exclude homes for a household's safety."""
    return needs.exclude(session, actor, **values)


@strawberry.input
class LiftHomeExclusionInput:
    """An exclusion that is needed no more."""

    idempotency_key: str
    exclusion_id: strawberry.ID = refers_to("HomeExclusion")
    expected_version: int
    on: dt.date | None = None


@command(
    LiftHomeExclusionInput, gives="home_exclusion", description="The exclusion is needed no more."
)
def lift_home_exclusion(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """The exclusion is needed no more."""
    return needs.lift(session, actor, **values)


@strawberry.input
class PresentHouseholdsInput:
    """Households to present to a landlord."""

    idempotency_key: str
    unit_id: strawberry.ID = refers_to("Unit")
    referral_ids: list[strawberry.ID] = refers_to("Referral")
    on: dt.date | None = None


@command(
    PresentHouseholdsInput,
    gives="presentation",
    description="Present households without names to the landlord, where the guideline lets it choose.",
)
def present_households(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Present households without names to the landlord."""
    return presenting.present(session, actor, **values)


@strawberry.input
class RecordLandlordChoiceInput:
    """Whom the landlord chose."""

    idempotency_key: str
    presentation_id: strawberry.ID = refers_to("Presentation")
    alias: str = text(1)
    expected_version: int
    on: dt.date | None = None


@command(
    RecordLandlordChoiceInput,
    gives="offer",
    description="Register whom the landlord chose; the home is offered to that household.",
)
def record_landlord_choice(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Register whom the landlord chose."""
    return presenting.choose(session, actor, **values)


@strawberry.input
class ClosePresentationInput:
    """A presentation that ends without a choice."""

    idempotency_key: str
    presentation_id: strawberry.ID = refers_to("Presentation")
    expected_version: int
    on: dt.date | None = None


@command(
    ClosePresentationInput,
    gives="presentation",
    description="The landlord chose nobody; it counts against no household.",
)
def close_presentation(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """The landlord chose nobody."""
    return presenting.close(session, actor, **values)
