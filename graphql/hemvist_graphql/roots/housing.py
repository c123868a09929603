"""Homes: units, matching, offers, takeovers, guarantees."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ColumnElement

from hemvist.errors import ValidationFailed
from hemvist.guarantees.models import Guarantee as GuaranteeRow
from hemvist.identity import Action
from hemvist.offers.matching.models import MatchRank as RankRow
from hemvist.offers.matching.models import MatchRun as RunRow
from hemvist.offers.models import Offer as OfferRow
from hemvist.takeovers.models import Takeover as TakeoverRow
from hemvist.units.models import Unit as UnitRow
from hemvist.vacancies.models import Vacancy as VacancyRow
from hemvist_graphql.choosing import within
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.guarantees.exposure import GuaranteeExposure
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.loading import find
from hemvist_graphql.matching.types import MatchRun
from hemvist_graphql.reading import looked_up
from hemvist_graphql.roots.filtering import in_states, short
from hemvist_graphql.states import OfferState, TakeoverState, UnitState
from hemvist_graphql.takeovers.types import Takeover
from hemvist_graphql.units.types import Unit, UnitFile
from hemvist_graphql.vacancies.types import Vacancy

_GUARANTEES = Ordering("guarantees", (GuaranteeRow.issued_on, GuaranteeRow.id))
_OFFERS = Ordering("offers", (OfferRow.made_on, OfferRow.id))
_RANKS = Ordering("match_ranks", (RankRow.rank, RankRow.id), descending=False)
_RUNS = Ordering("match_runs", (RunRow.made_on, RunRow.id))
_TAKEOVERS = Ordering("takeovers", (TakeoverRow.eligible_on, TakeoverRow.id), descending=False)
_VACANCIES = Ordering("vacancies", (VacancyRow.reported_at, VacancyRow.id), descending=False)
_UNITS = Ordering("units", (UnitRow.available_from, UnitRow.id), descending=False)


#: Homes in one matching, at most.
MAX_POSITION = 10_000


@strawberry.type
class HousingRoots:
    """Homes: units, matching, offers, takeovers, guarantees."""

    @connection("Unit", _UNITS, needs=Action.UNIT_READ, description="Soonest available first.")
    def units(
        self,
        info: Info,
        state: list[UnitState] | None = None,
        min_rooms: int | None = None,
        landlord_id: strawberry.ID | None = None,
    ) -> list[ColumnElement[bool]]:
        """The homes of the property office, of one landlord where it is named."""
        criteria = in_states(UnitRow.state, state)
        if landlord_id is not None:
            criteria.append(UnitRow.landlord_id == row_id_of("Landlord", landlord_id))
        if min_rooms is not None:
            criteria.append(UnitRow.rooms >= min_rooms)
        return criteria

    @looked_up("Unit")
    def unit(self, info: Info, id: strawberry.ID) -> Unit | None:
        """A home by its id."""
        return find(info.context, Unit, row_id_of("Unit", id))

    @looked_up("UnitFile")
    def unit_file(self, info: Info, id: strawberry.ID) -> UnitFile | None:
        """A picture or plan by its id."""
        return find(info.context, UnitFile, row_id_of("UnitFile", id))

    @connection(
        "Vacancy", _VACANCIES, needs=Action.VACANCY_TAKE_IN, description="Reported first, first."
    )
    def vacancies(
        self, info: Info, state: str | None = None, landlord_id: strawberry.ID | None = None
    ) -> list[ColumnElement[bool]]:
        """The homes that landlords have reported, of one landlord where it is named."""
        criteria: list[ColumnElement[bool]] = []
        if state is not None:
            criteria.append(VacancyRow.state == short("state", state))
        if landlord_id is not None:
            criteria.append(VacancyRow.landlord_id == row_id_of("Landlord", landlord_id))
        return criteria

    @looked_up("Vacancy")
    def vacancy(self, info: Info, id: strawberry.ID) -> Vacancy | None:
        """A reported home by its id."""
        return find(info.context, Vacancy, row_id_of("Vacancy", id))

    @connection(
        "MatchRun", _RUNS, needs=Action.MATCHING_RUN, description="Matchings, newest first."
    )
    def match_runs(self, info: Info, programme: str | None = None) -> list[ColumnElement[bool]]:
        """The matchings of the property office."""
        return [] if programme is None else [RunRow.programme == short("programme", programme)]

    @looked_up("MatchRun")
    def match_run(self, info: Info, id: strawberry.ID) -> MatchRun | None:
        """A matching by its id."""
        return find(info.context, MatchRun, row_id_of("MatchRun", id))

    @connection(
        "MatchRank",
        _RANKS,
        needs=Action.MATCHING_RUN,
        description="Waiting households in the order of a matching. With a position, only those whom "
        "that home fits; or with fits: false, only those whom it does not.",
    )
    def match_ranks(
        self,
        info: Info,
        run_id: strawberry.ID,
        position: int | None = None,
        fits: bool | None = None,
    ) -> list[ColumnElement[bool]]:
        """The ranked list of a matching."""
        criteria: list[ColumnElement[bool]] = [RankRow.run_id == row_id_of("MatchRun", run_id)]
        if position is not None:
            if not 1 <= position <= MAX_POSITION:
                raise ValidationFailed.one(
                    "position", "range", "not a position", min=1, max=MAX_POSITION
                )
            against = RankRow.against[position]
            criteria.append(against != 0 if fits is False else against == 0)
        return criteria

    @connection("Offer", _OFFERS, needs=Action.CASE_READ, description="Newest first.")
    def offers(
        self, info: Info, state: list[OfferState] | None = None
    ) -> list[ColumnElement[bool]]:
        """The offers that the caller sees."""
        return in_states(OfferRow.state, state)

    @connection(
        "Takeover",
        _TAKEOVERS,
        needs=Action.CASE_READ,
        description="Takeovers whose time has a first day, the nearest first.",
    )
    def takeovers(
        self,
        info: Info,
        state: list[TakeoverState] | None = None,
        eligible_to: dt.date | None = None,
    ) -> list[ColumnElement[bool]]:
        """The takeovers that the caller sees."""
        criteria = [TakeoverRow.eligible_on.is_not(None), *in_states(TakeoverRow.state, state)]
        if eligible_to is not None:
            criteria.append(TakeoverRow.eligible_on <= eligible_to)
        return criteria

    @looked_up("Takeover")
    def takeover(self, info: Info, id: strawberry.ID) -> Takeover | None:
        """A takeover by its id."""
        return find(info.context, Takeover, row_id_of("Takeover", id))

    @connection("Guarantee", _GUARANTEES, needs=Action.CASE_READ, description="Newest first.")
    def guarantees(
        self, info: Info, state: str | None = None, kind: str | None = None
    ) -> list[ColumnElement[bool]]:
        """The guarantees and sureties that the caller sees."""
        criteria: list[ColumnElement[bool]] = []
        if state is not None:
            criteria.append(GuaranteeRow.state == short("state", state))
        if kind is not None:
            criteria.append(GuaranteeRow.kind == short("kind", kind))
        return criteria

    @within(5, description="What the kommun answers for by its guarantees and sureties.")
    def guarantee_exposure(self) -> GuaranteeExposure:
        """What the kommun answers for."""
        return GuaranteeExposure()
