"""Cases: a household's matter, with everything that has come of it."""

from __future__ import annotations

from typing import Any

import strawberry
from sqlalchemy import Text, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from hemvist.case_migrations.models import MigratedCase as MigratedRow
from hemvist.cases.access import visible_cases
from hemvist.cases.models import Case as CaseRow
from hemvist.cases.models import CaseDisclosure as DisclosureRow
from hemvist.cases.models import CaseEvent as EventRow
from hemvist.decisions.models import Decision as DecisionRow
from hemvist.kommun_requests.models import KommunRequest as KommunRequestRow
from hemvist.letters.models import Letter as LetterRow
from hemvist.pack_versions.models import PackVersion as PackVersionRow
from hemvist.referrals.models import Referral as ReferralRow
from hemvist.transfers.models import TransferRequest as TransferRow
from hemvist_graphql.cases.following import CaseFollowing
from hemvist_graphql.cases.housing import CaseHousing
from hemvist_graphql.cases.judging import CaseJudging
from hemvist_graphql.cases.keeping import CaseKeeping
from hemvist_graphql.cases.matter import CaseMatter
from hemvist_graphql.cases.secrecy import CaseSecrecy
from hemvist_graphql.cases.support import CaseSupport
from hemvist_graphql.choosing import first_of
from hemvist_graphql.commissions.phases import HAPPENED_ON, happened_on
from hemvist_graphql.context import Info
from hemvist_graphql.loading import record_of
from hemvist_graphql.next_steps import NextStep, next_steps
from hemvist_graphql.reading import Node, computed, reads, to_many
from hemvist_graphql.refs import (
    DecisionRef,
    DisclosureRef,
    KommunRequestRef,
    LetterRef,
    MigratedCaseRef,
    PackVersionRef,
    ReferralRef,
    TimelineEventRef,
    TransferRequestRef,
)
from hemvist_graphql.way import WayStation, way_shown


@reads(
    CaseRow,
    visible=visible_cases,
    case=CaseRow.id,
    # A visible case is a way to its household (hemvist.cases.household_access).
    shows=(CaseRow.household_id,),
    ingredients={
        "happened": lambda _: _happened(),
        HAPPENED_ON: lambda _: happened_on(CaseRow, CaseRow.id),
    },
)
@strawberry.type(description="A household's matter under one department (ärende).")
class Case(
    CaseMatter,
    CaseJudging,
    CaseHousing,
    CaseFollowing,
    CaseSupport,
    CaseSecrecy,
    CaseKeeping,
    Node,
):
    """A household's matter under one department."""

    referrals: list[ReferralRef] = to_many(
        "Referral", ReferralRow.case_id, order=(ReferralRow.drafted_on, ReferralRow.id)
    )
    kommun_requests: list[KommunRequestRef] = to_many(
        "KommunRequest",
        KommunRequestRow.case_id,
        order=(KommunRequestRow.opened_on, KommunRequestRow.id),
        description="With other kommuner; those in whose circle the caller is.",
    )
    transfer_requests: list[TransferRequestRef] = to_many(
        "TransferRequest",
        TransferRow.case_id,
        order=(TransferRow.prepared_on, TransferRow.id),
        description="Requests for a protected move (skyddad flytt).",
    )
    decisions: list[DecisionRef] = to_many(
        "Decision", DecisionRow.case_id, order=(DecisionRow.proposed_on, DecisionRow.id)
    )
    letters: list[LetterRef] = to_many(
        "Letter", LetterRow.case_id, order=(LetterRow.drafted_on, LetterRow.id)
    )
    timeline: list[TimelineEventRef] = to_many(
        "TimelineEvent",
        EventRow.case_id,
        order=(EventRow.occurred_on, EventRow.recorded_at, EventRow.id),
        description="Oldest first.",
    )
    migrations: list[MigratedCaseRef] = to_many(
        "MigratedCase",
        MigratedRow.case_id,
        order=(MigratedRow.id,),
        description="Moves to other versions of the guideline, the earliest first.",
    )
    disclosures: list[DisclosureRef] = to_many(
        "Disclosure", DisclosureRow.case_id, order=(DisclosureRow.disclosed_on, DisclosureRow.id)
    )
    own_pack_version: PackVersionRef | None = first_of(
        "PackVersion",
        by={PackVersionRow.pack: "pack", PackVersionRow.number: "pack_version"},
        where=lambda _: (PackVersionRow.approved_at.is_not(None),),
        order=(PackVersionRow.id,),
        weight=3,
        description="The kommun's own version that it is pinned to; null for an installed one.",
    )

    @computed(50, needs=("id", "state"), description="What can or must happen next, and by whom.")
    def next_steps(self, info: Info) -> list[NextStep]:
        """What can or must happen next."""
        if self.row["state"] != "open":
            return []
        return next_steps(info.context, record_of(info.context, self))

    @computed(
        30,
        needs=("id", "department"),
        description="The stations to a lease of one's own by its guideline, and how far it has come.",
    )
    def way(self, info: Info) -> list[WayStation]:
        """The stations; none while no programme is chosen or where it leads to no home."""
        return way_shown(info.context, record_of(info.context, self))


def _happened() -> Any:
    """The kinds of the case's events in order, as the stage is worked out from them.

    One text: an array of some thirty words takes PostgreSQL and us longer to write and to read.
    """
    order = (EventRow.occurred_on, EventRow.recorded_at, EventRow.id)
    kinds = func.string_agg(
        EventRow.kind, aggregate_order_by(literal_column("' '"), *order), type_=Text()
    )
    return (
        select(kinds)
        .where(EventRow.tenant_id == CaseRow.tenant_id, EventRow.case_id == CaseRow.id)
        .correlate(CaseRow)
        .scalar_subquery()
    )
