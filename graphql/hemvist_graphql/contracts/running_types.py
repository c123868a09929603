"""What is agreed and what happens while a contract runs: notices, rents, waivers, parties."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, exists, false, select

from hemvist.contracts.chain import ContractParty as PartyRow
from hemvist.contracts.chain import HeadLease as HeadLeaseRow
from hemvist.contracts.chain import HeadLeaseUnit as HeadLeaseUnitRow
from hemvist.contracts.changes import RentChange as RentRow
from hemvist.contracts.changes import TenureWaiver as WaiverRow
from hemvist.contracts.models import Contract as ContractRow
from hemvist.contracts.models import ContractNotice as NoticeRow
from hemvist.identity import Action, Actor, allows
from hemvist_graphql.access import of_visible_case
from hemvist_graphql.choosing import through
from hemvist_graphql.legal.types import LegalFinding, findings_shown
from hemvist_graphql.reading import (
    Readable,
    column,
    computed,
    identity,
    opened,
    reads,
    to_one,
)
from hemvist_graphql.refs import LandlordRef, PersonRef, PrincipalRef, UnitRef
from hemvist_graphql.scalars import Json
from hemvist_graphql.seeing import Through


def of_visible_contract(model: Any) -> Through:
    """Condition on ``model``: the actor sees the case of its contract."""
    seen = of_visible_case(ContractRow)

    def criterion(actor: Actor) -> ColumnElement[bool]:
        return exists(
            select(ContractRow.id).where(
                ContractRow.tenant_id == model.tenant_id,
                ContractRow.id == model.contract_id,
                seen(actor),
            )
        )

    return Through(model.contract_id, ContractRow, criterion)


def visible_head_leases(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``HeadLease``: the right to all units."""
    return HeadLeaseRow.id.is_not(None) if allows(actor, Action.UNIT_READ) else false()


@reads(
    NoticeRow,
    visible=of_visible_contract(NoticeRow),
    also=(NoticeRow.legal_findings,),
)
@strawberry.type(description="A notice (uppsägning) of a contract.")
class ContractNotice(Readable):
    """A notice of a contract."""

    given_by: str = column(NoticeRow.given_by, description="landlord or tenant")
    ground: str | None = column(NoticeRow.ground)
    given_on: dt.date = column(NoticeRow.given_on)
    stated_ends_on: dt.date | None = column(
        NoticeRow.stated_ends_on, description="By the guideline's or the contract's own time."
    )
    lawful_ends_on: dt.date | None = column(NoticeRow.lawful_ends_on, description="By the law.")
    ends_on: dt.date = column(NoticeRow.ends_on, description="The day on which it ends by it.")
    details: Json = opened(NoticeRow.details)
    went_on_because: str = opened(NoticeRow.went_on_because)
    registered_by: PrincipalRef | None = to_one("Principal", NoticeRow.registered_by)

    @computed(needs=("legal_findings",), description="What the law said of it.")
    def legal_findings(self) -> list[LegalFinding]:
        """Findings kept with the notice."""
        return findings_shown(self.row["legal_findings"])


@reads(RentRow, visible=of_visible_contract(RentRow))
@strawberry.type(description="A rent from a day on (hyresändring).")
class RentChange(Readable):
    """A rent from a day on."""

    valid_from: dt.date = column(RentRow.valid_from)
    rent_ore: int = column(RentRow.rent_ore, description="Monthly rent in öre.")
    reason: str = opened(RentRow.reason)
    told_on: dt.date = column(RentRow.told_on, description="When the tenant was told.")


@reads(
    WaiverRow,
    visible=of_visible_contract(WaiverRow),
    also=(WaiverRow.legal_findings,),
)
@strawberry.type(description="A waiver of tenure (avstående från besittningsskydd).")
class TenureWaiver(Readable):
    """A waiver of tenure, a document of its own."""

    state: str = column(WaiverRow.state, description="standing or replaced")
    signed_on: dt.date = column(WaiverRow.signed_on)
    months: int = column(WaiverRow.months)
    until_on: dt.date = column(WaiverRow.until_on, description="The first day without it.")
    basis: str = column(WaiverRow.basis, description="tribunal or exempt_form")
    approval_number: str = column(WaiverRow.approval_number)
    approved_on: dt.date | None = column(WaiverRow.approved_on)
    exempt_form: str = column(WaiverRow.exempt_form)
    partner: str = column(WaiverRow.partner, description="none, accepts or does_not_accept")
    partner_accepted_on: dt.date | None = column(WaiverRow.partner_accepted_on)
    alarm_on: dt.date = column(WaiverRow.alarm_on, description="By when somebody must have acted.")
    went_on_because: str = opened(WaiverRow.went_on_because)

    @computed(needs=("legal_findings",), description="What the law said of it.")
    def legal_findings(self) -> list[LegalFinding]:
        """Findings kept with the waiver."""
        return findings_shown(self.row["legal_findings"])


@reads(PartyRow, visible=of_visible_contract(PartyRow))
@strawberry.type(description="Who stands in a contract (part).")
class ContractParty(Readable):
    """Who stands in a contract."""

    role: str = column(PartyRow.role, description="tenant, co_tenant, landlord or kommun")
    signs: bool = column(PartyRow.signs, description="Whether the form has them sign.")
    department: str | None = column(PartyRow.department)
    person: PersonRef | None = to_one("Person", PartyRow.person_id)
    landlord: LandlordRef | None = to_one("Landlord", PartyRow.landlord_id)


@reads(HeadLeaseRow, visible=visible_head_leases)
@strawberry.type(description="The kommun's own lease of units (förstahandsavtal).")
class HeadLease(Readable):
    """The kommun's own lease of units."""

    id: strawberry.ID = identity()
    reference: str = column(HeadLeaseRow.reference)
    state: str = column(HeadLeaseRow.state, description="signed or ended")
    signed_on: dt.date = column(HeadLeaseRow.signed_on)
    starts_on: dt.date = column(HeadLeaseRow.starts_on)
    ends_on: dt.date | None = column(HeadLeaseRow.ends_on)
    ended_on: dt.date | None = column(HeadLeaseRow.ended_on)
    rent_ore: int = column(HeadLeaseRow.rent_ore, description="Of all its units, a month.")
    units_signed: int = column(
        HeadLeaseRow.units_signed, description="Three or more are a block letting (JB 12:45)."
    )
    landlord: LandlordRef = to_one("Landlord", HeadLeaseRow.landlord_id)
    version: int = column(HeadLeaseRow.version)
    units: list[UnitRef] = through(
        "Unit",
        HeadLeaseUnitRow.head_lease_id,
        HeadLeaseUnitRow.unit_id,
        order=lambda joined: (joined.starts_on, joined.id),
    )
