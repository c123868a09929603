"""Cases: a household's matter, with everything that has come of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import Text, exists, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from hemvist.arrears.models import RentAccount as AccountRow
from hemvist.assessments import by_choice
from hemvist.assessments import service as assessing
from hemvist.assessments.models import Assessment as AssessmentRow
from hemvist.case_migrations.models import MigratedCase as MigratedRow
from hemvist.cases.access import visible_cases
from hemvist.cases.models import Case as CaseRow
from hemvist.cases.models import CaseDisclosure as DisclosureRow
from hemvist.cases.models import CaseEvent as EventRow
from hemvist.cases.stage import stage_of
from hemvist.clock import today
from hemvist.commissions.models import Commission as CommissionRow
from hemvist.contracts.models import Contract as ContractRow
from hemvist.deadlines.models import STATES
from hemvist.deadlines.models import Obligation as ObligationRow
from hemvist.deadlines.models import ObligationPause as PauseRow
from hemvist.decisions.models import Decision as DecisionRow
from hemvist.follow_ups.ending import is_ended
from hemvist.follow_ups.models import FilledChecklist as ChecklistRow
from hemvist.follow_ups.models import FollowUp as FollowUpRow
from hemvist.follow_ups.models import MissedFollowUp as MissedRow
from hemvist.follow_ups.models import RenewedNeed as RenewedRow
from hemvist.follow_ups.pausing import resting_of
from hemvist.guarantees.models import Guarantee as GuaranteeRow
from hemvist.identity import Actor
from hemvist.incidents.clock_models import ServiceClock as ClockRow
from hemvist.incidents.models import Incident as IncidentRow
from hemvist.ladder.models import Ladder as LadderRow
from hemvist.letters.models import Letter as LetterRow
from hemvist.milestones.models import Milestone as MilestoneRow
from hemvist.milestones.watching import case_findings
from hemvist.offers.matching.models import HomeExclusion as ExclusionRow
from hemvist.offers.matching.models import HomeNeed as NeedRow
from hemvist.offers.models import Offer as OfferRow
from hemvist.pack_versions.models import PackVersion as PackVersionRow
from hemvist.referrals.models import Referral as ReferralRow
from hemvist.support_plans.models import SupportPlan as PlanRow
from hemvist.takeovers.models import Absence as AbsenceRow
from hemvist.takeovers.models import Takeover as TakeoverRow
from hemvist_graphql.access import of_visible_case, reads_as_owner
from hemvist_graphql.assessments.types import (
    Criterion,
    Question,
    RuleChoice,
    choices_shown,
    criterion_shown,
    questions_shown,
)
from hemvist_graphql.choosing import Criteria, first_of, listed
from hemvist_graphql.commissions.phases import (
    HAPPENED_ON,
    SupportPhase,
    happened_on,
    phases_shown,
)
from hemvist_graphql.context import Context, Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.legal.types import LegalFinding, findings_shown
from hemvist_graphql.loading import ingredient, record_of
from hemvist_graphql.me.kommun import department_name
from hemvist_graphql.milestones.types import SHARED
from hemvist_graphql.next_steps import NextStep, next_steps
from hemvist_graphql.packs.items import ContentField, Option, content_field
from hemvist_graphql.pinned import pack_of_row, programme_or_none
from hemvist_graphql.reading import (
    Node,
    Readable,
    column,
    computed,
    identity,
    reads,
    to_many,
    to_one,
)
from hemvist_graphql.refs import (
    AbsenceRef,
    AssessmentRef,
    CommissionRef,
    ContractRef,
    DecisionRef,
    DisclosureRef,
    FilledChecklistRef,
    FollowUpRef,
    GuaranteeRef,
    HomeExclusionRef,
    HomeNeedRef,
    HouseholdRef,
    IncidentRef,
    LadderRef,
    LetterRef,
    MigratedCaseRef,
    MilestoneRef,
    MissedFollowUpRef,
    ObligationPauseRef,
    ObligationRef,
    OfferRef,
    PackVersionRef,
    PrincipalRef,
    ReferralRef,
    RenewedNeedRef,
    RentAccountRef,
    ServiceClockRef,
    SupportPlanRef,
    TakeoverRef,
    TimelineEventRef,
)
from hemvist_graphql.scalars import Json
from hemvist_graphql.subjects import subject_id, subject_type
from hemvist_graphql.support_plans.terms import SupportTerm, never_conditions
from hemvist_graphql.way import WayStation, way_shown
from hemvist_graphql.wording import EVENTS, SURETY

#: What names the pack of a case.
_PINNED = ("pack", "pack_version")
_INSIDE = "Empty for those whom the case was only disclosed to."
#: What a department that the case was disclosed to is told of: the referral and what came of it.
_TOLD = or_(
    EventRow.kind.in_(("case_opened", "case_closed", "support_granted", "decision_granted")),
    EventRow.subject_type.in_(
        (
            "referral",
            "offer",
            "contract",
            "guarantee",
            "follow_up",
            "support_plan",
            "commission",
            "obligation",
            "inspection",
            "ladder",
        )
    ),
    exists(
        select(MilestoneRow.id).where(
            MilestoneRow.tenant_id == EventRow.tenant_id,
            MilestoneRow.id == EventRow.subject_id,
            SHARED,
        )
    ),
    # Incidents that the property side knows of.
    exists(
        select(IncidentRow.id).where(
            IncidentRow.tenant_id == EventRow.tenant_id,
            IncidentRow.id == EventRow.subject_id,
            IncidentRow.shared_on.is_not(None),
        )
    ),
)


@reads(
    EventRow,
    visible=of_visible_case(EventRow, _TOLD),
    case=EventRow.case_id,
    also=(EventRow.subject_type, EventRow.subject_id),
)
@strawberry.type(description="A line of the case's timeline.")
class TimelineEvent(Readable):
    """A line of the case's timeline."""

    kind: str = column(EventRow.kind)
    occurred_on: dt.date = column(EventRow.occurred_on)
    recorded_at: dt.datetime = column(EventRow.recorded_at)
    actor_name: str = column(EventRow.actor_name)
    data: Json = column(EventRow.data, description="Codes and dates; no free text.")

    id: strawberry.ID = identity()

    @computed(needs=("kind", "data"), description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What happened."""
        kind = self.row["kind"]
        surety = SURETY.get(kind) if self.row["data"].get("kind") == "surety" else None
        return worded(surety or EVENTS.get(kind), lang, kind)

    @computed(needs=("subject_type",), description="The schema's type of what it happened to.")
    def subject_type(self) -> str:
        """The type of what it happened to."""
        return subject_type(self.row["subject_type"])

    @computed(needs=("subject_type", "subject_id"), description="The id of what it happened to.")
    def subject_id(self) -> strawberry.ID:
        """The id of what it happened to."""
        return subject_id(self.row["subject_type"], self.row["subject_id"])


@reads(DisclosureRow, visible=of_visible_case(DisclosureRow), case=DisclosureRow.case_id)
@strawberry.type(description="The case was laid open to another department.")
class Disclosure(Readable):
    """The case was laid open to another department."""

    department: str = column(DisclosureRow.department)
    ground: str = column(DisclosureRow.ground, description="The legal ground.")
    fields: list[str] = column(DisclosureRow.fields)
    disclosed_on: dt.date = column(DisclosureRow.disclosed_on)
    ended_on: dt.date | None = column(DisclosureRow.ended_on)


def _in_states(_: Actor, state: list[str] | None = None) -> Criteria:
    # Of what is asked only the states that there are: whatever else is named, no row has it.
    return () if state is None else (ObligationRow.state.in_([s for s in STATES if s in state]),)


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
class Case(Node):
    """A household's matter under one department."""

    number: str = column(CaseRow.number, description="Ärendenummer.")
    state: str = column(CaseRow.state, description="open or closed")
    department: str = column(CaseRow.department)
    pack: str = column(CaseRow.pack)
    pack_version: str = column(CaseRow.pack_version, description="Pinned: what it is judged by.")
    programme: str | None = column(CaseRow.programme)
    opened_on: dt.date = column(CaseRow.opened_on)
    closed_on: dt.date | None = column(CaseRow.closed_on)
    version: int = column(CaseRow.version)
    household: HouseholdRef = to_one("Household", CaseRow.household_id)
    handler: PrincipalRef | None = to_one("Principal", CaseRow.handler_id)
    assessments: list[AssessmentRef] = to_many(
        "Assessment",
        AssessmentRow.case_id,
        order=(AssessmentRow.concluded_at.desc(), AssessmentRow.id.desc()),
        description=_INSIDE,
    )
    referrals: list[ReferralRef] = to_many(
        "Referral", ReferralRow.case_id, order=(ReferralRow.drafted_on, ReferralRow.id)
    )
    decisions: list[DecisionRef] = to_many(
        "Decision", DecisionRow.case_id, order=(DecisionRow.proposed_on, DecisionRow.id)
    )
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
    guarantees: list[GuaranteeRef] = to_many(
        "Guarantee", GuaranteeRow.case_id, order=(GuaranteeRow.issued_on, GuaranteeRow.id)
    )
    follow_ups: list[FollowUpRef] = to_many(
        "FollowUp", FollowUpRow.case_id, order=(FollowUpRow.held_on, FollowUpRow.id)
    )
    missed_follow_ups: list[MissedFollowUpRef] = to_many(
        "MissedFollowUp",
        MissedRow.case_id,
        order=(MissedRow.happened_on, MissedRow.id),
        description="Visits that did not take place.",
    )
    checklists: list[FilledChecklistRef] = to_many(
        "FilledChecklist",
        ChecklistRow.case_id,
        order=(ChecklistRow.filled_on, ChecklistRow.id),
        description="Forms filled in at follow-ups; those sent to them, for other departments.",
    )
    pauses: list[ObligationPauseRef] = to_many(
        "ObligationPause",
        PauseRow.case_id,
        order=(PauseRow.starts_on, PauseRow.id),
        description=_INSIDE,
    )
    renewed_needs: list[RenewedNeedRef] = to_many(
        "RenewedNeed",
        RenewedRow.case_id,
        order=(RenewedRow.noticed_on, RenewedRow.id),
        description="Needs for support that showed again after the follow-up had ended.",
    )
    milestones: list[MilestoneRef] = to_many(
        "Milestone", MilestoneRow.case_id, order=(MilestoneRow.happened_on, MilestoneRow.id)
    )
    letters: list[LetterRef] = to_many(
        "Letter", LetterRow.case_id, order=(LetterRow.drafted_on, LetterRow.id)
    )
    commissions: list[CommissionRef] = to_many(
        "Commission",
        CommissionRow.case_id,
        order=(CommissionRow.id.desc(),),
        description="Support commissioned of providers, the latest first.",
    )
    plans: list[SupportPlanRef] = to_many(
        "SupportPlan", PlanRow.case_id, order=(PlanRow.number.desc(), PlanRow.id.desc())
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
    obligations: list[ObligationRef] = listed(
        "Obligation",
        ObligationRow.case_id,
        where=_in_states,
        order=(ObligationRow.due_on, ObligationRow.code, ObligationRow.id),
        weight=2,
        description="By due day; of the given states, or all.",
    )

    @computed(
        needs=("department", *_PINNED),
        reads=False,
        description="In Swedish (sv) or English (en).",
    )
    def department_name(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str:
        """The department's name."""
        pack = (self.row["pack"], self.row["pack_version"])
        return department_name(info.context, self.row["department"], lang, pack)

    @computed(
        needs=("programme", "department", *_PINNED),
        reads=False,
        description="Duties of the programme that a pause lets rest.",
    )
    def resting(self, info: Info) -> list[Option]:
        """Duties of the programme that a pause lets rest."""
        programme = programme_or_none(pack_of_row(info.context, self.row), self.row["programme"])
        if programme is None:
            return []
        return [
            Option(code=one.id, text=one.label)
            for one in resting_of(programme, self.row["department"])
        ]

    @computed(
        needs=("programme", *_PINNED),
        reads=False,
        description="Whether the guideline lets an ended follow-up be taken up again.",
    )
    def taken_up_again(self, info: Info) -> bool:
        """Whether an ended follow-up can be taken up again."""
        programme = programme_or_none(pack_of_row(info.context, self.row), self.row["programme"])
        end = None if programme is None else programme.end_of_follow_up
        return end is not None and end.reopen is not None

    @computed(
        needs=("programme", *_PINNED),
        reads=False,
        description="The programme in words; null while none is chosen.",
    )
    def programme_label(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """The programme in words."""
        programme = programme_or_none(pack_of_row(info.context, self.row), self.row["programme"])
        return worded(programme.label, lang) if programme else self.row["programme"]

    @computed(
        2,
        needs=("programme", "happened", *_PINNED),
        reads=False,
        description="The programme's stage in words; null while no programme is chosen.",
    )
    def stage(self, info: Info, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """The programme's stage in words."""
        programme = programme_or_none(pack_of_row(info.context, self.row), self.row["programme"])
        if programme is None or programme.stages is None:
            return None
        happened = ingredient(info.context, self, "happened")
        stage = stage_of(programme, happened.split() if happened else ())
        return worded(programme.stages.states.get(stage) if stage else None, lang, stage or "")

    @computed(
        2,
        needs=("happened",),
        reads=False,
        description="Whether the follow-up has ended and was not taken up again.",
    )
    def follow_up_over(self, info: Info) -> bool:
        """Whether the follow-up has ended and was not taken up again."""
        happened = ingredient(info.context, self, "happened")
        return is_ended(happened.split() if happened else ())

    @computed(
        needs=("programme", HAPPENED_ON, *_PINNED),
        reads=False,
        description="The phases of the support with the days they were entered; none where the "
        "guideline has none.",
    )
    def support_phases(self, info: Info) -> list[SupportPhase]:
        """The phases of the support."""
        pack = pack_of_row(info.context, self.row)
        programme = programme_or_none(pack, self.row["programme"])
        return phases_shown(pack, programme, ingredient(info.context, self, HAPPENED_ON))

    @computed(
        needs=("programme", *_PINNED),
        reads=False,
        description="What guideline and law do not allow as a condition of the home: support.",
    )
    def never_conditions(self, info: Info) -> list[SupportTerm]:
        """What may not be made a condition of the home."""
        return never_conditions(pack_of_row(info.context, self.row), self.row["programme"])

    @computed(
        needs=("programme", *_PINNED),
        reads=False,
        description="What the guideline asks of the plan; nothing where the programme has none.",
    )
    def plan_items(self, info: Info) -> list[ContentField]:
        """What the guideline asks of the plan."""
        programme = programme_or_none(pack_of_row(info.context, self.row), self.row["programme"])
        rules = programme.plan if programme else None
        if rules is None:
            return []
        return [
            content_field(item, required=required)
            for required, items in ((True, rules.requires), (False, rules.optional))
            for item in items
        ]

    @computed(
        needs=("programme", *_PINNED),
        reads=False,
        description="Whether those who make the plan may add headings of their own.",
    )
    def plan_free(self, info: Info) -> bool:
        """Whether headings of one's own may be added to the plan."""
        programme = programme_or_none(pack_of_row(info.context, self.row), self.row["programme"])
        return programme is not None and programme.plan is not None and programme.plan.free

    @computed(
        needs=("programme", *_PINNED),
        reads=False,
        description="How support is commissioned: routed (the coordinator decides first), chosen "
        "(the caseworker chooses), or null where the guideline has no commissions.",
    )
    def commissioning(self, info: Info) -> str | None:
        """How support is commissioned."""
        programme = programme_or_none(pack_of_row(info.context, self.row), self.row["programme"])
        if programme is None or programme.commission is None:
            return None
        return "routed" if programme.commission.routed else "chosen"

    @computed(50, description=f"The facts that its rules can need, relevant ones. {_INSIDE}")
    def questions(self, info: Info, all: bool = False, rule: str | None = None) -> list[Question]:
        """The case's questions; ``all`` also those beside the point, ``rule`` those of one rule."""
        return [one for one in _questions(info.context, self, rule) if all or one.relevant]

    @computed(100, description=f"What its rules say, clause by clause. {_INSIDE}")
    def criteria(self, info: Info, on: dt.date | None = None) -> list[Criterion]:
        """What the rules say on a day, today when none is given."""
        context = info.context
        if not reads_as_owner(context.actor, self.row["department"]):
            return []
        questions = {one.fact: one for one in _questions(context, self)}
        said = assessing.criteria(context.session, record_of(context, self), on or today())
        pack = pack_of_row(context, self.row)
        return [criterion_shown(pack, one, questions) for one in said]

    @computed(100, description="What one rule of its pack says; null when there is none such.")
    def criterion(self, info: Info, rule: str, on: dt.date | None = None) -> Criterion | None:
        """What one rule of the pack says on a day, today when none is given."""
        context = info.context
        if not reads_as_owner(context.actor, self.row["department"]):
            return None
        said = by_choice.try_rule(context.session, record_of(context, self), rule, on or today())
        if said is None:
            return None
        questions = {one.fact: one for one in _questions(context, self, rule)}
        return criterion_shown(pack_of_row(context, self.row), said, questions)

    @computed(
        20, description=f"Rules of its pack that are not among its criteria, to be tried. {_INSIDE}"
    )
    def rules_to_try(self, info: Info) -> list[RuleChoice]:
        """The rules that the case does not show by itself."""
        context = info.context
        if not reads_as_owner(context.actor, self.row["department"]):
            return []
        found = by_choice.rules_to_try(context.session, record_of(context, self))
        return choices_shown(pack_of_row(context, self.row), found)

    @computed(
        needs=("programme", *_PINNED),
        reads=False,
        description="Whether there are events that a person can record in it.",
    )
    def has_milestones(self, info: Info) -> bool:
        """Whether its programme, or one of them while none is chosen, has milestones."""
        pack = pack_of_row(info.context, self.row)
        chosen = programme_or_none(pack, self.row["programme"])
        programmes = pack.programmes.values() if chosen is None else (chosen,)
        return any(programme.milestones for programme in programmes)

    @computed(20, description=f"What the law says of the case as it stands. {_INSIDE}")
    def legal_findings(self, info: Info, on: dt.date | None = None) -> list[LegalFinding]:
        """Clocks of the law on a day, today when none is given."""
        context = info.context
        if not reads_as_owner(context.actor, self.row["department"]):
            return []
        found = case_findings(context.session, record_of(context, self), on or today())
        return findings_shown(one.as_json() for one in found)

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


def _questions(context: Context, case: Case, rule: str | None = None) -> list[Question]:
    if not reads_as_owner(context.actor, case.row["department"]):
        return []
    if rule is not None:
        known = pack_of_row(context, case.row).rules.get(rule)
        if known is None or not known.active:
            return []
    # Criteria and questions are asked for together, and criteria show the questions that they need.
    shown: Any = case.cohort.relations.setdefault(("questions", rule), {})
    if case.row["id"] not in shown:
        asked = assessing.questions(context.session, record_of(context, case), today(), rule)
        shown[case.row["id"]] = questions_shown(context, asked)
    found: list[Question] = shown[case.row["id"]]
    return found


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
