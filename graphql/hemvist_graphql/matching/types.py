"""Matchings, what households need, and a landlord's choices."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import ARRAY, ColumnElement, Text, any_, cast, func, select
from sqlalchemy.orm import aliased

from hemvist.clock import today
from hemvist.identity import Actor
from hemvist.landlords.models import Landlord as LandlordRow
from hemvist.offers.matching.limits import codes
from hemvist.offers.matching.models import HomeExclusion as ExclusionRow
from hemvist.offers.matching.models import HomeNeed as NeedRow
from hemvist.offers.matching.models import MatchRank as RankRow
from hemvist.offers.matching.models import MatchRun as RunRow
from hemvist.offers.matching.models import MatchVacancy as VacancyRow
from hemvist.offers.matching.models import Presentation as PresentationRow
from hemvist.offers.matching.models import PresentedHousehold as PresentedRow
from hemvist_graphql.access import of_own_case, of_visible_case
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.matching.seeing import (
    unmasked_values,
    visible_presentations,
    visible_runs,
    visible_vacancies,
)
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
    unsealed,
)
from hemvist_graphql.refs import (
    CaseRef,
    LandlordRef,
    MatchVacancyRef,
    PresentedHouseholdRef,
    PrincipalRef,
    ReferralRef,
    UnitRef,
)
from hemvist_graphql.wording import MATCH_REASONS


@strawberry.type(description="A step of the guideline's order of priority.")
class MatchPriority:
    """A step of the guideline's order of priority."""

    id: str
    cite: list[str]
    descending: bool = strawberry.field(description="Whether yes, or the most, comes first.")
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The step in words."""
        return str(self.text.get(lang) or self.text.get("sv") or self.id)


@strawberry.type(description="A value that a household was ranked by.")
class MatchValue:
    """A value that a household was ranked by."""

    id: str = strawberry.field(description="The step's.")
    value: str | None = strawberry.field(
        description="A rule's outcome, a number or a day; null when it was not known."
    )


@strawberry.type(description="Why a home is not for a household.")
class MatchReason:
    """Why a home is not for a household."""

    code: str

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The reason in words."""
        return worded(MATCH_REASONS[self.code], lang)


@reads(VacancyRow, visible=visible_vacancies)
@strawberry.type(description="A vacant home in a matching.")
class MatchVacancy(Readable):
    """A vacant home in a matching."""

    position: int = column(VacancyRow.position, description="Its number in the matching, from 1.")
    fitting: int = column(
        VacancyRow.fitting, description="Households that no hard limit keeps away."
    )
    unit: UnitRef = to_one("Unit", VacancyRow.unit_id)


@reads(RunRow, visible=visible_runs, also=(RunRow.priority, RunRow.expires_on))
@strawberry.type(description="A matching of waiting households and vacant homes (matchning).")
class MatchRun(Node):
    """A matching of waiting households and vacant homes."""

    pack: str = column(RunRow.pack)
    pack_version: str = column(RunRow.pack_version)
    programme: str = column(RunRow.programme)
    method: str = column(RunRow.method, description="optimum or greedy")
    made_on: dt.date = column(RunRow.made_on)
    made_by: PrincipalRef | None = to_one("Principal", RunRow.made_by)
    expires_on: dt.date = column(RunRow.expires_on, description="Last day to offer from it.")
    queue_time: str = column(RunRow.queue_time, description="forbidden, allowed or unsaid")
    waiting: int = column(RunRow.waiting)
    vacancies: int = column(RunRow.vacancies)
    placed: int = column(RunRow.placed)
    homes: list[MatchVacancyRef] = to_many(
        "MatchVacancy", VacancyRow.run_id, order=(VacancyRow.position, VacancyRow.id)
    )

    @computed(needs=("expires_on",), description="Whether offers may be made from it today.")
    def current(self) -> bool:
        """Whether offers may be made from it today."""
        last: dt.date = self.row["expires_on"]
        return today() <= last

    @computed(needs=("priority",), description="The guideline's order, the first step first.")
    def priority(self) -> list[MatchPriority]:
        """The guideline's order as it was."""
        return [
            MatchPriority(
                id=one["id"],
                cite=list(one["cite"]),
                descending=one["descending"],
                text=one["label"],
            )
            for one in self.row["priority"]
        ]


@reads(
    RankRow,
    visible=of_visible_case(RankRow),
    case=RankRow.case_id,
    also=(RankRow.against, RankRow.as_good),
    hidden={"values_seen": unmasked_values},
)
@strawberry.type(description="A waiting household's place in a matching.")
class MatchRank(Node):
    """A waiting household's place in a matching. Of cases that the caller does not see there is none."""

    rank: int = column(RankRow.rank)
    rank_group: int = column(
        RankRow.rank_group, description="Shared by those whom the order holds equal; a lot decides."
    )
    case: CaseRef = to_one("Case", RankRow.case_id)
    referral: ReferralRef = to_one("Referral", RankRow.referral_id)
    unit: UnitRef | None = to_one("Unit", RankRow.unit_id, description="The plan's home for it.")

    @computed(
        needs=("values_seen",),
        reads=False,
        description="What it was ranked by; null of a protected household outside its department.",
    )
    def values(self, info: Info) -> list[MatchValue] | None:
        """What it was ranked by."""
        seen = unsealed(info, RankRow.ranked_by, self.row["values_seen"])
        if seen is None:
            return None
        return [
            MatchValue(id=id, value=None if value is None else str(value).removesuffix(".0"))
            for id, value in seen.items()
        ]

    @computed(
        needs=("against",),
        description="Why not the home at a position; empty when it fits, null when there is none.",
    )
    def why_not(self, position: int) -> list[MatchReason] | None:
        """Why not the home at a position."""
        against = self.row["against"]
        if not 1 <= position <= len(against):
            return None
        return [MatchReason(code=code) for code in codes(against[position - 1])]

    @computed(
        needs=("as_good",),
        description="Positions of the homes with which everybody in the plan still has one, its own"
        " first; empty when the plan has none for it.",
    )
    def as_good(self) -> list[int]:
        """Positions of the homes that are as good as the planned one."""
        return list(self.row["as_good"])


def _excluded_numbers(_: Actor) -> ColumnElement[Any]:
    # Through the row itself once more: landlords belong to no kommun, and a plan wants every table
    # bound to one.
    one = aliased(NeedRow)
    numbers = (
        select(func.array_agg(LandlordRow.organisation_number))
        .join(one, LandlordRow.id == any_(one.excluded_landlords))
        .where(one.tenant_id == NeedRow.tenant_id, one.id == NeedRow.id)
        .correlate(NeedRow)
        .scalar_subquery()
    )
    return func.coalesce(numbers, cast([], ARRAY(Text)), type_=ARRAY(Text))


@reads(NeedRow, visible=of_visible_case(NeedRow), case=NeedRow.case_id)
@strawberry.type(description="What home a household needs (bostadsbehov).")
class HomeNeed(Node):
    """What home a household needs."""

    rooms_min: int = column(NeedRow.rooms_min)
    rooms_max: int = column(NeedRow.rooms_max)
    floor_max: int | None = column(
        NeedRow.floor_max, description="Highest floor in a house without a lift."
    )
    lift: bool = column(NeedRow.lift)
    step_free: bool = column(NeedRow.step_free)
    adapted: bool = column(NeedRow.adapted)
    rent_max_ore: int | None = column(NeedRow.rent_max_ore, description="Öre a month.")
    unsuitable_areas: list[str] = opened(NeedRow.unsuitable_areas)
    excluded_landlords: list[str] = expressed(
        "excluded_numbers", _excluded_numbers, description="Organisation numbers."
    )
    stated_on: dt.date = column(NeedRow.stated_on)
    stated_by: PrincipalRef | None = to_one("Principal", NeedRow.stated_by)
    version: int = column(NeedRow.version)


@reads(ExclusionRow, visible=of_own_case(ExclusionRow), case=ExclusionRow.case_id)
@strawberry.type(
    description="Where a household may not live, for its safety. Only for its own department."
)
class HomeExclusion(Node):
    """Where a household may not live, for its safety."""

    kind: str = column(ExclusionRow.kind, description="area, postal_code or landlord")
    value: str = opened(ExclusionRow.value)
    excluded_on: dt.date = column(ExclusionRow.excluded_on)
    excluded_by: PrincipalRef | None = to_one("Principal", ExclusionRow.excluded_by)
    lifted_on: dt.date | None = column(ExclusionRow.lifted_on)
    version: int = column(ExclusionRow.version)


@reads(PresentedRow, visible=of_visible_case(PresentedRow), case=PresentedRow.case_id)
@strawberry.type(description="A household as a landlord sees it: a letter, and how many it is.")
class PresentedHousehold(Readable):
    """A household as a landlord sees it."""

    alias: str = column(PresentedRow.alias)
    adults: int = column(PresentedRow.adults)
    children: int = column(PresentedRow.children)
    chosen: bool = column(PresentedRow.chosen)
    case: CaseRef = to_one("Case", PresentedRow.case_id)
    referral: ReferralRef = to_one("Referral", PresentedRow.referral_id)

    id: strawberry.ID = identity()


@reads(PresentationRow, visible=visible_presentations)
@strawberry.type(description="Households presented without names, of whom a landlord chooses.")
class Presentation(Node):
    """Households presented without names."""

    state: str = column(PresentationRow.state, description="presented, chosen or closed")
    unit: UnitRef = to_one("Unit", PresentationRow.unit_id)
    landlord: LandlordRef = to_one("Landlord", PresentationRow.landlord_id)
    presented_on: dt.date = column(PresentationRow.presented_on)
    presented_by: PrincipalRef | None = to_one("Principal", PresentationRow.presented_by)
    answer_by: dt.date = column(PresentationRow.answer_by)
    answered_on: dt.date | None = column(PresentationRow.answered_on)
    picked: str | None = column(
        PresentationRow.picked,
        description="The letter that the landlord itself chose; empty for nobody.",
    )
    picked_at: dt.datetime | None = column(PresentationRow.picked_at)
    version: int = column(PresentationRow.version)
    households: list[PresentedHouseholdRef] = to_many(
        "PresentedHousehold",
        PresentedRow.presentation_id,
        order=(PresentedRow.alias, PresentedRow.id),
    )
