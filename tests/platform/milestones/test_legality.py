"""The law at a notice, and of a case as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hemvist.cases import journal
from hemvist.cases.models import Case, CaseDisclosure
from hemvist.clock import today
from hemvist.decisions import execution
from hemvist.decisions.models import Decision
from hemvist.errors import PolicyRefused, ValidationFailed
from hemvist.milestones import service
from hemvist.milestones.models import Milestone
from hemvist.milestones.watching import case_findings
from hemvist.policy import Pack, add_months
from hemvist.policy.legal import Finding, Lawfulness
from hemvist_milestones import milestones_installed
from hemvist_world import World

DAY = today()
#: What the landlord has done for a notice of misconduct in time.
MISCONDUCT: dict[str, Any] = {
    "given_by": "landlord",
    "ground": "misconduct",
    "ends_on": str(add_months(DAY, 3)),
    "board_told_on": str(DAY - timedelta(days=1)),
    "demand_sent_on": str(DAY - timedelta(days=30)),
}


@pytest.fixture(scope="module", autouse=True)
def pack() -> Iterator[Pack]:
    with milestones_installed() as found:
        yield found


@pytest.fixture
def housed(world: World) -> Case:
    case = world.case()
    world.housed(case)
    return world.again(case)  # type: ignore[no-any-return]


def give(world: World, case: Case, went_on_because: str = "", **changes: Any) -> Milestone:
    notice = {name: value for name, value in (MISCONDUCT | changes).items() if value is not None}
    return world.act(  # type: ignore[no-any-return]
        "property",
        service.record_milestone,
        case_id=case.id,
        milestone="notice",
        happened_on=DAY,
        parties=["property"],
        notice=notice,
        went_on_because=went_on_because,
    )


def test_a_notice_in_time_is_recorded_with_what_the_law_said(world: World, housed: Case) -> None:
    row = give(world, housed)
    assert row.details["ends_on"] == MISCONDUCT["ends_on"]
    assert {one["outcome"] for one in row.legal_findings} == {"held"}
    assert {one["flag"] for one in row.legal_findings} == {"LF-1", "LF-12", "LF-13"}


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"ends_on": str(add_months(DAY, 3) - timedelta(days=1))}, "LF-1"),
        ({"board_told_on": str(DAY + timedelta(days=1))}, "LF-12"),
        ({"demand_sent_on": str(DAY + timedelta(days=1))}, "LF-12"),
        ({"ground": "especially_serious", "board_has_copy": False}, "LF-12"),
        (
            {
                "ground": "arrears",
                "arrears_served_on": str(add_months(DAY, 3) - timedelta(days=20)),
            },
            "LF-12",
        ),
    ],
)
def test_a_notice_against_the_law_is_refused(
    world: World, housed: Case, changes: dict[str, Any], flag: str
) -> None:
    with pytest.raises(PolicyRefused) as refused:
        give(world, housed, "Ändå.", **changes)
    assert [item["flag"] for item in refused.value.items] == [flag]
    assert world.rows(Milestone, case_id=housed.id) == []


def test_the_earliest_day_is_told(world: World, housed: Case) -> None:
    with pytest.raises(PolicyRefused) as refused:
        give(world, housed, ends_on=str(DAY))
    assert refused.value.items[0]["earliest"] == str(add_months(DAY, 3))


def test_what_nobody_knows_needs_a_reason(world: World, housed: Case) -> None:
    with pytest.raises(ValidationFailed) as refused:
        give(world, housed, demand_sent_on=None)
    [problem] = refused.value.problems
    assert problem.params["rule"] == "lf_12_demand"
    assert "uppmanades" in problem.params["sv"]
    assert give(world, housed, "Skickad av ombudet.", demand_sent_on=None).legal_findings


def test_the_tenants_own_notice_is_the_tenants(world: World, housed: Case) -> None:
    assert give(world, housed, given_by="tenant", ends_on=str(DAY)).legal_findings == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"ground": "noise"}, ("notice.ground", "not_an_option")),
        ({"ends_on": "soon"}, ("notice.ends_on", "wrong_type")),
        ({"colour": "blue"}, ("notice.colour", "unknown_choice")),
        ({"given_by": "neighbour"}, ("notice.given_by", "unknown_choice")),
    ],
)
def test_what_is_wrong_is_named(
    world: World, housed: Case, changes: dict[str, Any], problem: tuple[str, str]
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        give(world, housed, **changes)
    assert problem in [(one.field, one.rule) for one in refused.value.problems]


def test_only_a_notice_has_the_particulars_of_one(world: World, housed: Case) -> None:
    with pytest.raises(ValidationFailed) as refused:
        world.act(
            "property",
            service.record_milestone,
            case_id=housed.id,
            milestone="planning",
            happened_on=DAY,
            parties=["resident"],
            notice={"ground": "other"},
        )
    assert [one.field for one in refused.value.problems] == ["notice"]


# --- the case as it stands


def standing(world: World, case: Case, on: Any = DAY) -> dict[str, Finding]:
    with world.session() as session:
        return {one.rule: one for one in case_findings(session, world.again(case), on)}


def test_a_new_case_has_nothing_to_be_told(world: World) -> None:
    found = standing(world, world.case())
    assert "lf_8_executed" not in found
    assert {one.outcome for one in found.values()} == {Lawfulness.HELD}


def test_a_decision_that_waits_for_three_months(world: World) -> None:
    case = world.case()
    granted = world.grant(case)
    last = add_months(granted.decided_on, 3)  # type: ignore[arg-type]
    assert standing(world, case, last)["lf_8_executed"].outcome is Lawfulness.HELD
    late = standing(world, case, last + timedelta(days=1))["lf_8_executed"]
    assert (late.outcome, late.effect) == (Lawfulness.VIOLATED, "warn")


def test_a_contract_carries_the_decision_out(world: World, housed: Case) -> None:
    found = standing(world, housed, DAY + timedelta(days=400))
    assert found["lf_8_executed"].outcome is Lawfulness.HELD


def test_the_list_of_what_waits_and_the_law_say_the_same(world: World) -> None:
    """A decision on the home carries nothing out by itself: somebody still waits to move in."""
    case = world.case()
    support = world.grant(case, on=DAY - timedelta(days=120))
    assert listed_as_late(world, case) == {support.id}
    assert standing(world, case)["lf_8_executed"].outcome is Lawfulness.VIOLATED
    recorded(world, case, "decision_granted", DAY)
    assert listed_as_late(world, case) == {support.id}
    assert standing(world, case)["lf_8_executed"].outcome is Lawfulness.VIOLATED
    recorded(world, case, "moved_in", DAY - timedelta(days=1))
    assert listed_as_late(world, case) == set()
    assert standing(world, case)["lf_8_executed"].outcome is Lawfulness.HELD
    # The home is gone: the clock runs from that day, not from the decision's.
    recorded(world, case, "contract_ended", DAY)
    assert listed_as_late(world, case) == set()
    assert standing(world, case)["lf_8_executed"].outcome is Lawfulness.HELD
    later = add_months(DAY, 3) + timedelta(days=1)
    assert listed_as_late(world, case, later) == {support.id}
    assert standing(world, case, later)["lf_8_executed"].outcome is Lawfulness.VIOLATED


def test_a_granted_measure_is_waited_for_like_a_home(world: World) -> None:
    case = world.case()
    world.grant(case, "support_measure", on=DAY - timedelta(days=120))
    assert standing(world, case)["lf_8_executed"].outcome is Lawfulness.VIOLATED
    recorded(world, case, "planning_started", DAY)
    assert standing(world, case)["lf_8_executed"].outcome is Lawfulness.HELD


def recorded(world: World, case: Case, kind: str, on: date) -> None:
    who = world["caseworker SOF-VUX"]
    with world.session(who) as session:
        found = session.find(Case, case.id)
        journal.record(
            session, who, found, kind, on, action="test", subject_type="case", subject_id=case.id
        )


def listed_as_late(world: World, case: Case, on: date = DAY) -> set[Any]:
    chosen = select(Decision.id).where(
        Decision.case_id == case.id, execution.waits(on), execution.late(on)
    )
    with world.session() as session:
        return set(session.scalars(chosen))


def test_two_years_second_hand_are_told_of_in_time(world: World, housed: Case) -> None:
    start = DAY - timedelta(days=85)
    assert standing(world, housed)["lf_2_reminder"].outcome is Lawfulness.HELD
    near = standing(world, housed, add_months(start, 21))
    assert near["lf_2_reminder"].outcome is Lawfulness.VIOLATED
    # Whether it was let in a block, and with what waiver, nobody has said.
    assert near["lf_2_tenure"].outcome is Lawfulness.UNKNOWN
    after = standing(world, housed, add_months(start, 24) + timedelta(days=1))
    assert after["lf_2_tenure"].outcome is Lawfulness.VIOLATED


@pytest.mark.parametrize(
    ("ground", "outcome"),
    [
        ("OSL 12:2 (samtycke)", Lawfulness.HELD),
        ("OSL 10:28", Lawfulness.HELD),
        ("OSL 10:27", Lawfulness.VIOLATED),
        ("muntligt", Lawfulness.UNKNOWN),
    ],
)
def test_the_ground_for_crossing_the_border(world: World, ground: str, outcome: Lawfulness) -> None:
    case = world.case()
    with world.session() as session:
        session.save(
            CaseDisclosure(
                case_id=case.id,
                department="FF",
                ground=ground,
                fields=["referral"],
                disclosed_on=DAY,
            )
        )
    assert standing(world, case)["lf_10_ground"].outcome is outcome
