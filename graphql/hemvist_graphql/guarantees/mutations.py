"""Commands on guarantees: given, reassessed, given notice of, ended; the state grant."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.guarantees import ending, grants, service
from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist_graphql.checks import as_mapping
from hemvist_graphql.command import command
from hemvist_graphql.guarantees import money_mutations as money
from hemvist_graphql.inputs import MAX_TEXT, refers_to, text
from hemvist_graphql.scalars import Json

__all__ = ["money"]


@strawberry.input
class IssueGuaranteeInput:
    """A guarantee on a first-hand lease that there is."""

    idempotency_key: str
    contract_id: strawberry.ID = refers_to("Contract")
    programme: str = text(100, description="The programme whose guarantee it is.")
    months: int = strawberry.field(description="One of the programme's guaranteeMonths.")
    cap_ore: int | None = strawberry.field(
        default=None, description="Where the cap is agreed as an amount; else months of rent."
    )
    issued_on: dt.date | None = None
    went_on_because: str | None = text(
        5_000, default=None, description="Compulsory where the law warns."
    )


@command(
    IssueGuaranteeInput,
    gives="guarantee",
    description="Give a guarantee or surety on a first-hand lease that has none.",
)
def issue_guarantee(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Give a guarantee on a lease that has none."""
    return service.issue_guarantee(session, actor, **values)


@strawberry.input
class ReassessGuaranteeInput:
    """A guarantee that was looked at again and goes on."""

    idempotency_key: str
    guarantee_id: strawberry.ID = refers_to("Guarantee")
    months: int | None = strawberry.field(
        default=None, description="A new length from its first day, one of the guideline's."
    )
    motivation: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(
    ReassessGuaranteeInput,
    gives="guarantee",
    description="Record that a guarantee was reassessed and goes on.",
)
def reassess_guarantee(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Record that a guarantee was reassessed and goes on."""
    return ending.reassess_guarantee(session, actor, **values)


@strawberry.input
class GiveGuarantorNoticeInput:
    """The kommun's own notice as guarantor."""

    idempotency_key: str
    guarantee_id: strawberry.ID = refers_to("Guarantee")
    ends_on: dt.date | None = strawberry.field(
        default=None, description="The first lawful day when left out (JB 12:28 a)."
    )
    motivation: str = text(MAX_TEXT)
    on: dt.date | None = None
    expected_version: int


@command(
    GiveGuarantorNoticeInput,
    gives="guarantee",
    description="Give notice as guarantor; the law says from which day the kommun is free.",
)
def give_guarantor_notice(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Give notice as guarantor."""
    return ending.give_guarantor_notice(session, actor, **values)


@strawberry.input
class EndGuaranteeInput:
    """The end of a guarantee."""

    idempotency_key: str
    guarantee_id: strawberry.ID = refers_to("Guarantee")
    reason: str = text(40, description="dialogue, expired, notice or contract_ended")
    dialogue_on: dt.date | None = None
    parties: list[str] | None = strawberry.field(
        default=None, description="Of the dialogue: landlord and property at least."
    )
    told: list[str] | None = strawberry.field(
        default=None, description="Notices of the guideline that go before."
    )
    motivation: str | None = text(
        MAX_TEXT,
        default=None,
        description="Compulsory where the guideline's rule is not known to be met.",
    )
    on: dt.date | None = None
    expected_version: int


@command(
    EndGuaranteeInput,
    gives="guarantee",
    description="End a guarantee. Claims for the time that it held, and the recourse, go on.",
)
def end_guarantee(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """End a guarantee."""
    return ending.end_guarantee(session, actor, **values)


@strawberry.input
class FillGrantApplicationInput:
    """What only a person can tell of an application for the state grant."""

    idempotency_key: str
    guarantee_id: strawberry.ID = refers_to("Guarantee")
    fields: Json = strawberry.field(
        description="owner_type (municipal_company, private, cooperative, other), ability, reason, "
        "household_type, tenant_age, earlier_housing."
    )
    applied_on: dt.date | None = strawberry.field(
        default=None, description="The day it was sent; needs a whole application."
    )
    expected_version: int


@command(
    FillGrantApplicationInput,
    gives="guarantee",
    description="Fill in the application for the state grant, or record that it was sent.",
)
def fill_grant_application(session: TenantSession, actor: Actor, values: dict[str, Any]) -> Any:
    """Fill in the application for the state grant."""
    return grants.fill_grant_application(session, actor, **as_mapping(values, "fields"))
