"""What can be asked. Every list and every look-up is bound by who sees what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, any_, literal

from hemvist.appeals.models import Appeal as AppealRow
from hemvist.arrears.file_models import ArrearsFile as ArrearsFileRow
from hemvist.arrears.file_models import ArrearsRow as ArrearsRowRow
from hemvist.arrears.models import RentAccount as RentAccountRow
from hemvist.arrears.time_models import RecoveryPeriod as RecoveryRow
from hemvist.arrears.time_models import RentLiability as LiabilityRow
from hemvist.cases.models import Case as CaseRow
from hemvist.clock import today as day_of_today
from hemvist.commissions.models import Commission as CommissionRow
from hemvist.deadlines.models import Obligation as ObligationRow
from hemvist.decisions.execution import late, waits
from hemvist.decisions.models import Decision as DecisionRow
from hemvist.errors import ValidationFailed
from hemvist.guarantees.models import Guarantee as GuaranteeRow
from hemvist.households import service as households
from hemvist.households.models import Household as HouseholdRow
from hemvist.households.models import Person as PersonRow
from hemvist.identity import Action, Actor
from hemvist.identity.support_providers import SupportProvider as ProviderRow
from hemvist.incidents.clock_models import ServiceClock as ClockRow
from hemvist.incidents.models import Incident as IncidentRow
from hemvist.ladder.models import Ladder as LadderRow
from hemvist.notices.models import Notice as NoticeRow
from hemvist.offers.matching.models import MatchRank as RankRow
from hemvist.offers.matching.models import MatchRun as RunRow
from hemvist.offers.models import Offer as OfferRow
from hemvist.pack_versions.models import PackVersion as PackVersionRow
from hemvist.policy import PolicyError
from hemvist.prevention.models import PreventionEntry as PreventionEntryRow
from hemvist.prevention.models import PreventionRun as PreventionRunRow
from hemvist.referrals.models import Referral as ReferralRow
from hemvist.saved_filters.models import SavedFilter as FilterRow
from hemvist.simulations.models import Simulation as SimulationRow
from hemvist.simulations.models import SimulationChange as ChangeRow
from hemvist.takeovers.models import Takeover as TakeoverRow
from hemvist.unexecuted.models import ExecutionReport as ReportRow
from hemvist.units.models import Unit as UnitRow
from hemvist_graphql.applicant_sheets.types import ApplicantSheet, sheet_shown
from hemvist_graphql.arrears.types import ArrearsFile, RentAccount
from hemvist_graphql.case_migrations.types import CaseMigrationPreview, previews
from hemvist_graphql.cases.types import Case
from hemvist_graphql.choosing import Criteria, holds, searched, within
from hemvist_graphql.commissions.types import Commission, SupportReport
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.guarantees.exposure import GuaranteeExposure
from hemvist_graphql.households.types import Household
from hemvist_graphql.ids import parse_global_id, row_id_of
from hemvist_graphql.incidents.types import Incident, ServiceClock
from hemvist_graphql.inputs import storable
from hemvist_graphql.ladder.types import Ladder
from hemvist_graphql.letters.types import (
    Letter,
    LetterFile,
    LetterPreview,
    file_shown,
    preview_shown,
)
from hemvist_graphql.loading import find
from hemvist_graphql.matching.types import MatchRun
from hemvist_graphql.me.types import Me
from hemvist_graphql.my_day import MyDay
from hemvist_graphql.obligations.filters import ObligationFilter, chosen_obligations
from hemvist_graphql.pack_versions.types import KnownPackVersion, PackVersion
from hemvist_graphql.packs.types import Pack
from hemvist_graphql.prevention.types import (
    PreventionCampaign,
    PreventionEntry,
    PreventionRun,
    campaigns_shown,
)
from hemvist_graphql.reading import Node, computed, looked_up, readable, readable_names
from hemvist_graphql.refs import PersonRef
from hemvist_graphql.simulations.types import Simulation
from hemvist_graphql.states import (
    AppealState,
    CommissionState,
    DecisionState,
    OfferState,
    PackVersionState,
    ReferralState,
    SimulationChangeKind,
    TakeoverState,
    UnitState,
    values_of,
)
from hemvist_graphql.support_plans.types import SupportPlan
from hemvist_graphql.takeovers.types import Takeover
from hemvist_graphql.today import Today
from hemvist_graphql.units.types import Unit

_CASES = Ordering("cases", (CaseRow.opened_on, CaseRow.id))
_COMMISSIONS = Ordering("commissions", (CommissionRow.id,))
_PROVIDERS = Ordering("support_providers", (ProviderRow.id,), descending=False)
_DECISIONS = Ordering("decisions", (DecisionRow.proposed_on, DecisionRow.id))
_FILTERS = Ordering("saved_filters", (FilterRow.id,), descending=False)
_GUARANTEES = Ordering("guarantees", (GuaranteeRow.issued_on, GuaranteeRow.id))
_HOUSEHOLDS = Ordering("households", (HouseholdRow.registered_on, HouseholdRow.id))
_ARREARS_FILES = Ordering("arrears_files", (ArrearsFileRow.read_at, ArrearsFileRow.id))
_ARREARS_ROWS = Ordering("arrears_rows", (ArrearsRowRow.number, ArrearsRowRow.id), descending=False)
_RENT_ACCOUNTS = Ordering("rent_accounts", (RentAccountRow.balance_ore, RentAccountRow.id))
_RECOVERIES = Ordering("recovery_periods", (RecoveryRow.last_on, RecoveryRow.id), descending=False)
_LIABILITIES = Ordering(
    "rent_liabilities", (LiabilityRow.proposed_on, LiabilityRow.id), descending=False
)
_PREVENTION_RUNS = Ordering("prevention_runs", (PreventionRunRow.made_on, PreventionRunRow.id))
_PREVENTION_ENTRIES = Ordering(
    "prevention_entries", (PreventionEntryRow.place, PreventionEntryRow.id), descending=False
)
_INCIDENTS = Ordering("incidents", (IncidentRow.received_at, IncidentRow.id))
_LADDERS = Ordering("ladders", (LadderRow.opened_on, LadderRow.id))
_CLOCKS = Ordering("service_clocks", (ClockRow.due_at, ClockRow.id), descending=False)
_NOTICES = Ordering("notices", (NoticeRow.created_at, NoticeRow.id))
_APPEALS = Ordering("appeals", (AppealRow.received_on, AppealRow.id), descending=False)
_WAITING = Ordering(
    "unexecuted_decisions", (DecisionRow.decided_on, DecisionRow.id), descending=False
)
_REPORTS = Ordering("execution_reports", (ReportRow.first_day, ReportRow.id))
_OBLIGATIONS = Ordering("obligations", (ObligationRow.due_on, ObligationRow.id), descending=False)
_OFFERS = Ordering("offers", (OfferRow.made_on, OfferRow.id))
_PACK_VERSIONS = Ordering("pack_versions", (PackVersionRow.made_at, PackVersionRow.id))
_RANKS = Ordering("match_ranks", (RankRow.rank, RankRow.id), descending=False)
_REFERRALS = Ordering("referrals", (ReferralRow.drafted_on, ReferralRow.id))
_RUNS = Ordering("match_runs", (RunRow.made_on, RunRow.id))
_SIMULATIONS = Ordering("simulations", (SimulationRow.requested_at, SimulationRow.id))
_SIMULATION_CHANGES = Ordering("simulation_changes", (ChangeRow.id,))
_TAKEOVERS = Ordering("takeovers", (TakeoverRow.eligible_on, TakeoverRow.id), descending=False)
_UNITS = Ordering("units", (UnitRow.available_from, UnitRow.id), descending=False)


#: Homes in one matching, at most.
MAX_POSITION = 10_000


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


@strawberry.type(description="What can be asked.")
class Query:
    """What can be asked."""

    @looked_up(None, description="Anything by its id; null when there is none for the caller.")
    def node(self, info: Info, id: strawberry.ID) -> Node | None:
        """Anything by its id."""
        parsed = parse_global_id(id)
        if parsed is None or parsed[0] not in readable_names():
            return None
        cls: Any = readable(parsed[0])
        if not issubclass(cls, Node):
            return None
        found: Node | None = find(info.context, cls, parsed[1])
        return found

    @computed()
    def me(self) -> Me:
        """Who is asking."""
        return Me()

    @within(5, description="What the caller should do today.")
    def today(self) -> Today:
        """What the caller should do today."""
        return Today()

    @within(2, description="What the caller has set up for themselves.")
    def my_day(self) -> MyDay:
        """What the caller has set up for themselves."""
        return MyDay()

    @connection("SavedFilter", _FILTERS, description="The caller's own and the department's.")
    def saved_filters(self, info: Info, page: str | None = None) -> list[ColumnElement[bool]]:
        """Saved selections of lists, of one list where it is named."""
        return [] if page is None else [FilterRow.page == _short("page", page)]

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

    @connection(
        "Commission", _COMMISSIONS, needs=Action.COMMISSION_READ, description="Newest first."
    )
    def commissions(
        self, info: Info, state: list[CommissionState] | None = None
    ) -> list[ColumnElement[bool]]:
        """Support commissioned in the cases that the caller sees, or of the caller's provider."""
        return _in(CommissionRow.state, state)

    @looked_up("Commission")
    def commission(self, info: Info, id: strawberry.ID) -> Commission | None:
        """A commission by its id."""
        return find(info.context, Commission, row_id_of("Commission", id))

    @looked_up("SupportReport")
    def support_report(self, info: Info, id: strawberry.ID) -> SupportReport | None:
        """A provider's report by its id."""
        return find(info.context, SupportReport, row_id_of("SupportReport", id))

    @looked_up("SupportPlan")
    def support_plan(self, info: Info, id: strawberry.ID) -> SupportPlan | None:
        """A plan by its id."""
        return find(info.context, SupportPlan, row_id_of("SupportPlan", id))

    @connection(
        "SupportProvider", _PROVIDERS, needs=Action.COMMISSION_READ, description="By their codes."
    )
    def support_providers(self, info: Info) -> list[ColumnElement[bool]]:
        """Who gives support in the home."""
        return []

    @looked_up("Letter")
    def letter(self, info: Info, id: strawberry.ID) -> Letter | None:
        """A letter by its id."""
        return find(info.context, Letter, row_id_of("Letter", id))

    @computed(50, description="A draft of a letter as it would go out now. Logged.")
    def letter_preview(self, info: Info, letter_id: strawberry.ID) -> LetterPreview | None:
        """A draft of a letter as it would go out now."""
        return preview_shown(info.context, row_id_of("Letter", letter_id))

    @computed(50, description="A letter's bytes: released, or a draft marked as one. Logged.")
    def letter_file(self, info: Info, letter_id: strawberry.ID) -> LetterFile | None:
        """A letter's bytes."""
        return file_shown(info.context, row_id_of("Letter", letter_id))

    @connection("Referral", _REFERRALS, needs=Action.CASE_READ, description="Newest first.")
    def referrals(
        self, info: Info, state: list[ReferralState] | None = None
    ) -> list[ColumnElement[bool]]:
        """The referrals that the caller sees."""
        return _in(ReferralRow.state, state)

    @connection("Decision", _DECISIONS, needs=Action.CASE_READ, description="Newest first.")
    def decisions(
        self, info: Info, state: list[DecisionState] | None = None
    ) -> list[ColumnElement[bool]]:
        """The decisions that the caller sees."""
        return _in(DecisionRow.state, state)

    @connection(
        "Decision",
        _WAITING,
        needs=Action.DECISION_EXECUTE,
        description="Favourable decisions that nothing has carried out, the oldest first.",
    )
    def unexecuted_decisions(
        self, info: Info, late_only: bool | None = None
    ) -> list[ColumnElement[bool]]:
        """What somebody waits for; with lateOnly longer than the law allows."""
        day = day_of_today()
        return [waits(day), late(day)] if late_only else [waits(day)]

    @connection("Appeal", _APPEALS, needs=Action.APPEAL_HANDLE, description="Oldest first.")
    def appeals(
        self, info: Info, state: list[AppealState] | None = None
    ) -> list[ColumnElement[bool]]:
        """The appeals that the caller sees."""
        return _in(AppealRow.state, state)

    @connection(
        "ExecutionReport", _REPORTS, needs=Action.EXECUTION_REPORT, description="Newest first."
    )
    def execution_reports(self, info: Info) -> list[ColumnElement[bool]]:
        """The quarterly reports of the departments that the caller reports for."""
        return []

    @connection("Unit", _UNITS, needs=Action.UNIT_READ, description="Soonest available first.")
    def units(
        self,
        info: Info,
        state: list[UnitState] | None = None,
        min_rooms: int | None = None,
        landlord_id: strawberry.ID | None = None,
    ) -> list[ColumnElement[bool]]:
        """The homes of the property office, of one landlord where it is named."""
        criteria = _in(UnitRow.state, state)
        if landlord_id is not None:
            criteria.append(UnitRow.landlord_id == row_id_of("Landlord", landlord_id))
        if min_rooms is not None:
            criteria.append(UnitRow.rooms >= min_rooms)
        return criteria

    @looked_up("Unit")
    def unit(self, info: Info, id: strawberry.ID) -> Unit | None:
        """A home by its id."""
        return find(info.context, Unit, row_id_of("Unit", id))

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
        criteria = [TakeoverRow.eligible_on.is_not(None), *_in(TakeoverRow.state, state)]
        if eligible_to is not None:
            criteria.append(TakeoverRow.eligible_on <= eligible_to)
        return criteria

    @looked_up("Takeover")
    def takeover(self, info: Info, id: strawberry.ID) -> Takeover | None:
        """A takeover by its id."""
        return find(info.context, Takeover, row_id_of("Takeover", id))

    @connection(
        "ArrearsFile", _ARREARS_FILES, needs=Action.ARREARS_HANDLE, description="Newest first."
    )
    def arrears_files(self, info: Info, state: str | None = None) -> list[ColumnElement[bool]]:
        """The landlords' files of the caller's departments."""
        return [] if state is None else [ArrearsFileRow.state == _short("state", state)]

    @looked_up("ArrearsFile")
    def arrears_file(self, info: Info, id: strawberry.ID) -> ArrearsFile | None:
        """A landlord's file by its id."""
        return find(info.context, ArrearsFile, row_id_of("ArrearsFile", id))

    @connection(
        "ArrearsRow", _ARREARS_ROWS, needs=Action.ARREARS_HANDLE, description="In the file's order."
    )
    def arrears_rows(
        self, info: Info, arrears_file_id: strawberry.ID, state: str | None = None
    ) -> list[ColumnElement[bool]]:
        """The rows of a file, of one state where it is named."""
        criteria: list[ColumnElement[bool]] = [
            ArrearsRowRow.file_id == row_id_of("ArrearsFile", arrears_file_id)
        ]
        if state is not None:
            criteria.append(ArrearsRowRow.state == _short("state", state))
        return criteria

    @connection(
        "RentAccount",
        _RENT_ACCOUNTS,
        needs=Action.ARREARS_HANDLE,
        description="Tenancies that give an early signal, the most owed first; one of these if named.",
    )
    def rent_accounts(
        self,
        info: Info,
        signal: str | None = None,
        area: str | None = None,
        landlord_id: strawberry.ID | None = None,
    ) -> list[ColumnElement[bool]]:
        """Tenancies that give an early signal."""
        criteria: list[ColumnElement[bool]] = [RentAccountRow.signals != []]
        if signal is not None:
            criteria.append(holds(RentAccountRow.signals, _short("signal", signal)))
        if area is not None:
            criteria.append(RentAccountRow.area == _short("area", area))
        if landlord_id is not None:
            criteria.append(RentAccountRow.landlord_id == row_id_of("Landlord", landlord_id))
        return criteria

    @looked_up("RentAccount")
    def rent_account(self, info: Info, id: strawberry.ID) -> RentAccount | None:
        """A tenancy that a landlord tells of, by its id."""
        return find(info.context, RentAccount, row_id_of("RentAccount", id))

    @connection(
        "RecoveryPeriod",
        _RECOVERIES,
        needs=Action.ARREARS_HANDLE,
        description="Three weeks that run, the soonest over first; those that have not begun left out.",
    )
    def recovery_periods(self, info: Info) -> list[ColumnElement[bool]]:
        """Three weeks that run."""
        return [RecoveryRow.state == "running", RecoveryRow.last_on.is_not(None)]

    @connection(
        "RentLiability",
        _LIABILITIES,
        needs=Action.ARREARS_HANDLE,
        description="The board's undertakings to pay, the oldest first.",
    )
    def rent_liabilities(self, info: Info, state: str | None = None) -> list[ColumnElement[bool]]:
        """The board's undertakings to pay."""
        return [] if state is None else [LiabilityRow.state == _short("state", state)]

    @computed(5, description="Campaigns of prevention in the guidelines that the kommun works by.")
    def prevention_campaigns(self, info: Info) -> list[PreventionCampaign]:
        """Campaigns of the kommun's guidelines."""
        info.context.require(Action.ARREARS_HANDLE)
        return campaigns_shown(info.context)

    @connection(
        "PreventionRun",
        _PREVENTION_RUNS,
        needs=Action.ARREARS_HANDLE,
        description="Rounds that were made, newest first.",
    )
    def prevention_runs(self, info: Info, state: str | None = None) -> list[ColumnElement[bool]]:
        """Rounds that were made."""
        return [] if state is None else [PreventionRunRow.state == _short("state", state)]

    @looked_up("PreventionRun")
    def prevention_run(self, info: Info, id: strawberry.ID) -> PreventionRun | None:
        """A round by its id."""
        return find(info.context, PreventionRun, row_id_of("PreventionRun", id))

    @connection(
        "PreventionEntry",
        _PREVENTION_ENTRIES,
        needs=Action.ARREARS_HANDLE,
        description="A round's list in its order.",
    )
    def prevention_entries(
        self,
        info: Info,
        prevention_run_id: strawberry.ID,
        state: str | None = None,
        area: str | None = None,
    ) -> list[ColumnElement[bool]]:
        """A round's list."""
        criteria: list[ColumnElement[bool]] = [
            PreventionEntryRow.run_id == row_id_of("PreventionRun", prevention_run_id)
        ]
        if state is not None:
            criteria.append(PreventionEntryRow.state == _short("state", state))
        if area is not None:
            criteria.append(PreventionEntryRow.area == _short("area", area))
        return criteria

    @looked_up("PreventionEntry")
    def prevention_entry(self, info: Info, id: strawberry.ID) -> PreventionEntry | None:
        """A tenancy on a round's list."""
        return find(info.context, PreventionEntry, row_id_of("PreventionEntry", id))

    @connection("Incident", _INCIDENTS, needs=Action.CASE_READ, description="Newest first.")
    def incidents(
        self, info: Info, state: str | None = None, kind: str | None = None
    ) -> list[ColumnElement[bool]]:
        """The incidents that the caller sees."""
        criteria: list[ColumnElement[bool]] = []
        if state is not None:
            criteria.append(IncidentRow.state == _short("state", state))
        if kind is not None:
            criteria.append(IncidentRow.kind == _short("kind", kind))
        return criteria

    @looked_up("Incident")
    def incident(self, info: Info, id: strawberry.ID) -> Incident | None:
        """An incident by its id."""
        return find(info.context, Incident, row_id_of("Incident", id))

    @connection(
        "ServiceClock",
        _CLOCKS,
        needs=Action.CASE_READ,
        description="Clocks of service that somebody has to answer, the soonest first, also those "
        "that have run out.",
    )
    def service_clocks(
        self, info: Info, department: str | None = None
    ) -> list[ColumnElement[bool]]:
        """Unanswered clocks that the caller sees, of one department where it is named."""
        criteria: list[ColumnElement[bool]] = [ClockRow.stopped_at.is_(None)]
        if department is not None:
            wanted = literal(_short("department", department))
            criteria.append(wanted == any_(ClockRow.departments))
        return criteria

    @looked_up("ServiceClock")
    def service_clock(self, info: Info, id: strawberry.ID) -> ServiceClock | None:
        """A clock of service by its id."""
        return find(info.context, ServiceClock, row_id_of("ServiceClock", id))

    @connection("Ladder", _LADDERS, needs=Action.CASE_READ, description="Newest first.")
    def ladders(
        self, info: Info, state: str | None = None, severity: str | None = None
    ) -> list[ColumnElement[bool]]:
        """The tenancies in trouble that the caller sees."""
        criteria: list[ColumnElement[bool]] = []
        if state is not None:
            criteria.append(LadderRow.state == _short("state", state))
        if severity is not None:
            criteria.append(LadderRow.severity == _short("severity", severity))
        return criteria

    @looked_up("Ladder")
    def ladder(self, info: Info, id: strawberry.ID) -> Ladder | None:
        """A ladder by its id."""
        return find(info.context, Ladder, row_id_of("Ladder", id))

    @connection("Offer", _OFFERS, needs=Action.CASE_READ, description="Newest first.")
    def offers(
        self, info: Info, state: list[OfferState] | None = None
    ) -> list[ColumnElement[bool]]:
        """The offers that the caller sees."""
        return _in(OfferRow.state, state)

    @connection("Guarantee", _GUARANTEES, needs=Action.CASE_READ, description="Newest first.")
    def guarantees(
        self, info: Info, state: str | None = None, kind: str | None = None
    ) -> list[ColumnElement[bool]]:
        """The guarantees and sureties that the caller sees."""
        criteria: list[ColumnElement[bool]] = []
        if state is not None:
            criteria.append(GuaranteeRow.state == _short("state", state))
        if kind is not None:
            criteria.append(GuaranteeRow.kind == _short("kind", kind))
        return criteria

    @within(5, description="What the kommun answers for by its guarantees and sureties.")
    def guarantee_exposure(self) -> GuaranteeExposure:
        """What the kommun answers for."""
        return GuaranteeExposure()

    @connection(
        "MatchRun", _RUNS, needs=Action.MATCHING_RUN, description="Matchings, newest first."
    )
    def match_runs(self, info: Info, programme: str | None = None) -> list[ColumnElement[bool]]:
        """The matchings of the property office."""
        return [] if programme is None else [RunRow.programme == _short("programme", programme)]

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

    @connection("Notice", _NOTICES, description="Newest first.")
    def notices(self, info: Info, unread_only: bool | None = None) -> list[ColumnElement[bool]]:
        """The notices given to the caller's roles."""
        return [NoticeRow.read_at.is_(None)] if unread_only else []

    @connection("Simulation", _SIMULATIONS, needs=Action.POLICY_READ, description="Newest first.")
    def simulations(self, info: Info, pack: str | None = None) -> list[ColumnElement[bool]]:
        """The simulations that the caller sees."""
        return [] if pack is None else [SimulationRow.pack == _short("pack", pack)]

    @looked_up("Simulation")
    def simulation(self, info: Info, id: strawberry.ID) -> Simulation | None:
        """A simulation by its id."""
        return find(info.context, Simulation, row_id_of("Simulation", id))

    @connection(
        "SimulationChange",
        _SIMULATION_CHANGES,
        needs=Action.CASE_READ,
        description="Cases that simulations would change, in departments that the caller reads.",
    )
    def simulation_changes(
        self,
        info: Info,
        simulation_id: strawberry.ID | None = None,
        subject: str | None = None,
        change: list[SimulationChangeKind] | None = None,
    ) -> list[ColumnElement[bool]]:
        """The cases that a simulation would change, of those that the caller reads."""
        criteria = _in(ChangeRow.change, change)
        if simulation_id is not None:
            criteria.append(ChangeRow.simulation_id == row_id_of("Simulation", simulation_id))
        if subject is not None:
            criteria.append(ChangeRow.subject == _short("subject", subject))
        return criteria

    @computed(
        5,
        reads=False,
        description="The guidelines that the kommun works by today, in force versions.",
    )
    def packs(self, info: Info) -> list[Pack]:
        """The kommun's guidelines."""
        info.context.require(Action.POLICY_READ)
        found = []
        for name in info.context.adopted(day_of_today()):
            try:
                found.append(Pack(model=info.context.packs.in_force(name, day_of_today())))
            except PolicyError:
                continue
        return found

    @computed(
        5,
        reads=False,
        description="A guideline of the kommun; the version in force when none is named.",
    )
    def pack(self, info: Info, name: str, version: str | None = None) -> Pack | None:
        """A guideline of the kommun."""
        info.context.require(Action.POLICY_READ)
        if name not in info.context.adopted(day_of_today()):
            return None
        try:
            if version is None:
                return Pack(model=info.context.packs.in_force(name, day_of_today()))
            return Pack(model=info.context.packs.get(name, version))
        except PolicyError:
            return None

    @connection(
        "PackVersion",
        _PACK_VERSIONS,
        needs=Action.POLICY_READ,
        description="Versions of guidelines that the kommun has made itself, newest first.",
    )
    def pack_versions(
        self, info: Info, pack: str | None = None, state: list[PackVersionState] | None = None
    ) -> list[ColumnElement[bool]]:
        """The versions that the caller sees."""
        criteria = _in(PackVersionRow.state, state)
        if pack is not None:
            criteria.append(PackVersionRow.pack == _short("pack", pack))
        return criteria

    @looked_up("PackVersion")
    def pack_version(self, info: Info, id: strawberry.ID) -> PackVersion | None:
        """A version of a guideline by its id."""
        return find(info.context, PackVersion, row_id_of("PackVersion", id))

    @computed(
        5,
        reads=False,
        description="Every version that cases are or may be pinned to, the lowest number first.",
    )
    def known_pack_versions(self, info: Info, pack: str) -> list[KnownPackVersion]:
        """Installed and own versions of a guideline of the kommun."""
        info.context.require(Action.POLICY_READ)
        if pack not in info.context.adopted(day_of_today()):
            return []
        return [KnownPackVersion(model=one) for one in info.context.packs.versions(pack)]

    @computed(
        200,
        description="What would change for open cases today under another version, for those who "
        "read them in the department that has them.",
    )
    def case_migration_preview(
        self, info: Info, case_ids: list[strawberry.ID], to_version: str
    ) -> list[CaseMigrationPreview]:
        """What would change for open cases under another version."""
        info.context.require(Action.CASE_READ)
        found: list[CaseMigrationPreview] = previews(
            info.context, case_ids, _short("toVersion", to_version)
        )
        return found


def _short(field: str, value: str) -> str:
    if len(value) > 200 or not storable(value):
        raise ValidationFailed.one(field, "too_long", "at most 200 characters", limit=200)
    return value


def _in(column: Any, states: Sequence[Any] | None) -> list[ColumnElement[bool]]:
    values = values_of(states)
    return [] if values is None else [column.in_(values)]


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
