"""The home of a case: what is needed, offered, let, and what went wrong in it."""

from __future__ import annotations

import strawberry

from hemvist.arrears.models import RentAccount as AccountRow
from hemvist.contracts.models import Contract as ContractRow
from hemvist.guarantees.models import Guarantee as GuaranteeRow
from hemvist.incidents.clock_models import ServiceClock as ClockRow
from hemvist.incidents.models import Incident as IncidentRow
from hemvist.ladder.models import Ladder as LadderRow
from hemvist.offers.matching.models import HomeExclusion as ExclusionRow
from hemvist.offers.matching.models import HomeNeed as NeedRow
from hemvist.offers.models import Offer as OfferRow
from hemvist.takeovers.models import Absence as AbsenceRow
from hemvist.takeovers.models import Takeover as TakeoverRow
from hemvist_graphql.choosing import first_of
from hemvist_graphql.reading import Readable, to_many
from hemvist_graphql.refs import (
    AbsenceRef,
    ContractRef,
    GuaranteeRef,
    HomeExclusionRef,
    HomeNeedRef,
    IncidentRef,
    LadderRef,
    OfferRef,
    RentAccountRef,
    ServiceClockRef,
    TakeoverRef,
)


@strawberry.type
class CaseHousing(Readable):
    """The home: what is needed, offered, let, and what went wrong in it."""

    home_need: HomeNeedRef | None = first_of(
        "HomeNeed",
        by={NeedRow.case_id: "id"},
        order=(NeedRow.id,),
        description="What home the household needs.",
    )
    home_exclusions: list[HomeExclusionRef] = to_many(
        "HomeExclusion",
        ExclusionRow.case_id,
        order=(ExclusionRow.excluded_on, ExclusionRow.id),
        description="Where it may not live, for its safety; only for its own department.",
    )
    offers: list[OfferRef] = to_many(
        "Offer", OfferRow.case_id, order=(OfferRow.made_on, OfferRow.id)
    )
    contracts: list[ContractRef] = to_many(
        "Contract", ContractRow.case_id, order=(ContractRow.signed_on, ContractRow.id)
    )
    takeovers: list[TakeoverRef] = to_many("Takeover", TakeoverRow.case_id, order=(TakeoverRow.id,))
    absences: list[AbsenceRef] = to_many(
        "Absence", AbsenceRow.case_id, order=(AbsenceRow.began_on, AbsenceRow.id)
    )
    guarantees: list[GuaranteeRef] = to_many(
        "Guarantee", GuaranteeRow.case_id, order=(GuaranteeRow.issued_on, GuaranteeRow.id)
    )
    rent_accounts: list[RentAccountRef] = to_many(
        "RentAccount",
        AccountRow.case_id,
        order=(AccountRow.balance_ore.desc(), AccountRow.id.desc()),
    )
    incidents: list[IncidentRef] = to_many(
        "Incident",
        IncidentRow.case_id,
        order=(IncidentRow.received_at.desc(), IncidentRow.id.desc()),
        description="What was reported about the home, newest first.",
    )
    service_clocks: list[ServiceClockRef] = to_many(
        "ServiceClock",
        ClockRow.case_id,
        order=(ClockRow.due_at, ClockRow.id),
        description="Clocks of service, the soonest first.",
    )
    ladders: list[LadderRef] = to_many(
        "Ladder",
        LadderRow.case_id,
        order=(LadderRow.opened_on.desc(), LadderRow.id.desc()),
        description="Troubles with the tenancy and what was done about them, newest first.",
    )
