"""Households, their cases, and what is due in them."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ColumnElement

from hemvist.cases.models import Case as CaseRow
from hemvist.deadlines.models import Obligation as ObligationRow
from hemvist.errors import ValidationFailed
from hemvist.households import service as households
from hemvist.households.models import Household as HouseholdRow
from hemvist.households.models import Person as PersonRow
from hemvist.identity import Action, Actor
from hemvist.referrals.models import Referral as ReferralRow
from hemvist_graphql.applicant_sheets.types import ApplicantSheet, sheet_shown
from hemvist_graphql.cases.types import Case
from hemvist_graphql.choosing import Criteria, searched
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.households.types import Household
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.inputs import storable
from hemvist_graphql.loading import find
from hemvist_graphql.obligations.filters import ObligationFilter, chosen_obligations
from hemvist_graphql.reading import computed, looked_up
from hemvist_graphql.refs import PersonRef
from hemvist_graphql.roots.filtering import in_states
from hemvist_graphql.states import ReferralState

_CASES = Ordering("cases", (CaseRow.opened_on, CaseRow.id))
_HOUSEHOLDS = Ordering("households", (HouseholdRow.registered_on, HouseholdRow.id))
_OBLIGATIONS = Ordering("obligations", (ObligationRow.due_on, ObligationRow.id), descending=False)
_REFERRALS = Ordering("referrals", (ReferralRow.drafted_on, ReferralRow.id))


@strawberry.input(description="Which cases; what is left out does not restrict.")
class CaseFilter:
    """Which cases to list."""

    state: str | None = strawberry.field(default=None, description="open or closed")
    department: str | None = None
    programme: str | None = None
    number: str | None = strawberry.field(default=None, description="The exact case number.")
    pack: str | None = strawberry.field(default=None, description="kommun/guideline")
    pack_version: str | None = strawberry.field(
        default=None, description="The version that it is pinned to."
    )
    opened_from: dt.date | None = None
    opened_to: dt.date | None = None
    mine: bool | None = strawberry.field(
        default=None, description="Only those that the caller handles."
    )


def _with_number(actor: Actor, personal_number: str) -> Criteria:
    """One for each department that has the person."""
    if len(personal_number) > 20 or not storable(personal_number):
        raise ValidationFailed.one(
            "personalNumber", "personal_number_form", "write it as YYYYMMDD-NNNN"
        )
    return (households.with_number(actor, personal_number),)


@strawberry.type
class CaseRoots:
    """Households, their cases, and what is due in them."""

    person_by_number: list[PersonRef] = searched(
        "Person",
        where=_with_number,
        order=(PersonRow.id,),
        needs=Action.HOUSEHOLD_READ,
        logged=households.FIND_BY_NUMBER,
        weight=10,
        description="Persons with exactly this personal or co-ordination number. Logged.",
    )

    @looked_up("Household")
    def household(self, info: Info, id: strawberry.ID) -> Household | None:
        """A household by its id."""
        return find(info.context, Household, row_id_of("Household", id))

    @connection("Household", _HOUSEHOLDS, needs=Action.HOUSEHOLD_READ, description="Newest first.")
    def households(self, info: Info) -> list[ColumnElement[bool]]:
        """The households that the caller sees."""
        return []

    @looked_up("Case")
    def case(self, info: Info, id: strawberry.ID) -> Case | None:
        """A case by its id."""
        return find(info.context, Case, row_id_of("Case", id))

    @connection("Case", _CASES, needs=Action.CASE_READ, description="Newest first.")
    def cases(self, info: Info, filter: CaseFilter | None = None) -> list[ColumnElement[bool]]:
        """The cases that the caller sees."""
        return _filtered(info, filter)

    @computed(
        50,
        description="An assessment in words for the applicant, in Swedish (sv) or English (en); for "
        "those who read the case in the department that has it. Logged.",
    )
    def applicant_sheet(
        self, info: Info, assessment_id: strawberry.ID, language: str = "sv"
    ) -> ApplicantSheet | None:
        """An assessment in words for the applicant."""
        return sheet_shown(info.context, row_id_of("Assessment", assessment_id), language)

    @connection(
        "Obligation",
        _OBLIGATIONS,
        needs=Action.CASE_READ,
        description="What the caller's departments have to do or had to do, the earliest day first.",
    )
    def obligations(
        self, info: Info, filter: ObligationFilter | None = None
    ) -> list[ColumnElement[bool]]:
        """The obligations that the caller's departments answer for."""
        return chosen_obligations(info.context.actor, filter)

    @connection("Referral", _REFERRALS, needs=Action.CASE_READ, description="Newest first.")
    def referrals(
        self, info: Info, state: list[ReferralState] | None = None
    ) -> list[ColumnElement[bool]]:
        """The referrals that the caller sees."""
        return in_states(ReferralRow.state, state)


def _filtered(info: Info, wanted: CaseFilter | None) -> list[ColumnElement[bool]]:
    if wanted is None:
        return []
    criteria: list[ColumnElement[bool]] = []
    for column, value in (
        (CaseRow.state, wanted.state),
        (CaseRow.department, wanted.department),
        (CaseRow.programme, wanted.programme),
        (CaseRow.number, wanted.number),
        (CaseRow.pack, wanted.pack),
        (CaseRow.pack_version, wanted.pack_version),
    ):
        if value is not None:
            if len(value) > 100 or not storable(value):
                raise ValidationFailed.one(
                    "filter", "too_long", "at most 100 characters", limit=100
                )
            criteria.append(column == value)
    if wanted.opened_from is not None:
        criteria.append(CaseRow.opened_on >= wanted.opened_from)
    if wanted.opened_to is not None:
        criteria.append(CaseRow.opened_on <= wanted.opened_to)
    if wanted.mine:
        criteria.append(CaseRow.handler_id == info.context.actor.principal_id)
    return criteria
