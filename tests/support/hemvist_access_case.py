"""Rows of one case, for attacks to which only their ids matter: an id of each of their types."""

from __future__ import annotations

from sqlalchemy import select

from hemvist.appeals.models import Appeal
from hemvist.authority_forms.definitions import form_on
from hemvist.authority_forms.models import AuthorityForm, AuthorityFormLine
from hemvist.authority_forms.running import count
from hemvist.authority_forms.service import prepare
from hemvist.authority_forms.windows import periods
from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.contracts.models import Contract
from hemvist.decisions.models import Decision
from hemvist.homes.inspections import record_inspection
from hemvist.incidents import service as incidents
from hemvist.incidents.clocks import start_clocks
from hemvist.ladder import service as ladders
from hemvist.ladder.evictions import apply_for_eviction
from hemvist.ladder.meetings import call_meeting
from hemvist.ladder.models import LadderAction
from hemvist.ladder.plans import NewAction, make_plan
from hemvist.letters.models import Letter
from hemvist.milestones.models import Milestone
from hemvist.notices import service as notices
from hemvist.notices.models import Notice
from hemvist.support_plans.models import PlanGoal, PlanReview, SupportPlan
from hemvist.tenancy import Audience, tenant_session
from hemvist.unexecuted.models import ExecutionEffort, ExecutionReport
from hemvist_commissions import given_support
from hemvist_graphql.ids import global_id
from hemvist_world import World

OWNER = "caseworker SOF-VUX"


def noted_on(world: World, case: Case) -> dict[str, str]:
    """A notice, a milestone, a letter, an appeal and what is said of an unexecuted decision, as rows."""
    with world.session() as session:
        notices.notify(
            session,
            kind="decision_granted",
            role="caseworker",
            department="SOF-VUX",
            case_id=case.id,
            subject_type="case",
            subject_id=case.id,
            source_id=case.id,
        )
        session.save(
            Milestone(
                case_id=case.id,
                programme=case.programme or "municipal_contract",
                code="planning",
                event="planning_meeting_held",
                happened_on=today(),
                parties=["referring"],
                agreed=[],
                told=[],
                agenda_done=[],
                notes="Mål för våren.",
                legal_findings=[],
                went_on_because="",
                recorded_by=None,
            )
        )
        session.save(
            Letter(
                case_id=case.id,
                kind="contract",
                subject_type="contract",
                subject_id=case.id,
                own_words="Ring mig.",
                drafted_by=None,
                drafted_on=today(),
            )
        )
        decision = session.scalars(select(Decision)).first()
        assert decision is not None
        session.save(
            Appeal(
                case_id=case.id,
                decision_id=decision.id,
                received_on=today(),
                received_how="letter",
                received_by=None,
                asks="Vill ha en bostad.",
                timely=True,
                forward_by=today(),
            )
        )
        session.save(
            ExecutionEffort(
                case_id=case.id,
                decision_id=decision.id,
                made_on=today(),
                made_by=None,
                kind="other",
                obstacle="other",
                notes="Ringde.",
            )
        )
        session.save(
            ExecutionReport(
                department="SOF-VUX",
                quarter="2026-Q1",
                first_day=today(),
                last_day=today(),
                requested_by=None,
                requested_at=now(),
            )
        )
    models = (Notice, Letter, Milestone, Appeal, ExecutionEffort, ExecutionReport)
    return {one.__name__: global_id(one.__name__, world.rows(one)[0].id) for one in models}


def formed(world: World) -> dict[str, str]:
    """A form of an authority, counted over the housed case."""
    definition = form_on("boverket_market", today())
    assert definition is not None
    period = next(one.code for one in periods(definition, today()) if one.first <= today())
    row = world.act(OWNER, prepare, form="boverket_market", department="SOF-VUX", period=period)
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        count(session, row.id)
    return {
        one.__name__: global_id(one.__name__, world.rows(one)[0].id)
        for one in (AuthorityForm, AuthorityFormLine)
    }


def inspected(world: World) -> dict[str, str]:
    """An inspection of the home."""
    inspection = world.act(
        "property",
        record_inspection,
        contract_id=world.rows(Contract)[0].id,
        kind="status",
        present=["property"],
        items=[{"room": "Hall", "part": "Golv", "condition": "good"}],
    )
    return {"Inspection": global_id("Inspection", inspection.id)}


def reported_on(world: World, case: Case) -> dict[str, str]:
    """A disturbance in the home, and a clock of the law."""
    incident = world.act(
        OWNER,
        incidents.report,
        case_id=case.id,
        kind="disturbance",
        reported_by="neighbour",
        channel="phone",
        what="Hög musik.",
        happened_on=today(),
    )
    with world.session(world[OWNER]) as session:
        [clock] = start_clocks(
            session, world[OWNER], case, "eviction_dated", now(), "case", case.id
        )
    return {
        "Incident": global_id("Incident", incident.id),
        "ServiceClock": global_id("ServiceClock", clock.id),
    }


def in_trouble(world: World, case: Case) -> dict[str, str]:
    """A ladder with a meeting, an action of a plan and another landlord's eviction."""
    ladder = world.act(
        "property",
        ladders.open_ladder,
        case_id=case.id,
        ground="misconduct",
        severity="serious",
        severity_reason="Tre anmälningar.",
        about="Hög musik.",
    )
    meeting = world.act(
        "property",
        call_meeting,
        ladder_id=ladder.id,
        expected_version=ladder.version,
        called=["resident", "property"],
        meets_on=today(),
        place="Rådhuset",
    )
    world.act(
        "property",
        make_plan,
        ladder_id=ladder.id,
        expected_version=world.again(ladder).version,
        actions=[NewAction("Sänker volymen.", "resident", today())],
    )
    eviction = world.act(
        "property",
        apply_for_eviction,
        ladder_id=ladder.id,
        expected_version=world.again(ladder).version,
        by_landlord=True,
    )
    return {
        "Ladder": global_id("Ladder", ladder.id),
        "JointMeeting": global_id("JointMeeting", meeting.id),
        "LadderAction": global_id("LadderAction", world.rows(LadderAction)[0].id),
        "Eviction": global_id("Eviction", eviction.id),
    }


def supported_in(world: World, case: Case) -> dict[str, str]:
    """A plan with a goal and a review, and a commission with a report, as rows."""
    with world.session() as session:
        plan = session.save(SupportPlan(case_id=case.id, kind="boendeplan", content={}))
        goal = session.save(
            PlanGoal(
                case_id=case.id,
                plan_id=plan.id,
                place=1,
                goal="Sova",
                how="",
                state_on=today(),
                note="",
            )
        )
        review = session.save(
            PlanReview(
                case_id=case.id,
                plan_id=plan.id,
                held_on=today(),
                parties=["resident"],
                own_words="",
                notes="",
                outcome="to_be_changed",
            )
        )
        planned = {
            row.__class__.__name__: global_id(row.__class__.__name__, row.id)
            for row in (plan, goal, review)
        }
    return {**planned, **given_support(world.tenant_id, case.id)}
