"""Milestones: recorded once, moving the stage and planning what counts from them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from hemvist.assessments import service as assessments
from hemvist.assessments.service import NewAnswer
from hemvist.audit.models import AuditEntry
from hemvist.cases import closing
from hemvist.cases.derived import derived_facts
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, NotAllowed, NotFound, PolicyRefused, ValidationFailed
from hemvist.identity import Membership, Role
from hemvist.milestones import service
from hemvist.milestones.models import Milestone
from hemvist.outbox.models import OutboxEvent
from hemvist.pack_versions import library
from hemvist.policy import Pack
from hemvist_milestones import milestones_installed
from hemvist_world import World, new_world

CASEWORKER = "caseworker SOF-VUX"


@pytest.fixture(scope="module", autouse=True)
def pack() -> Iterator[Pack]:
    """Installed for the whole module."""
    with milestones_installed() as found:
        yield found


@pytest.fixture
def granted(world: World) -> Case:
    """Support was granted 150 days ago: the programme is chosen."""
    case = world.case()
    world.grant(case)
    return world.again(case)  # type: ignore[no-any-return]


@pytest.fixture
def housed(world: World) -> Case:
    """Moved in 85 days ago."""
    case = world.case()
    world.housed(case)
    return world.again(case)  # type: ignore[no-any-return]


def meet(world: World, case: Case, who: str = CASEWORKER, **changes: Any) -> Milestone:
    values: dict[str, Any] = {
        "milestone": "planning",
        "happened_on": today() - timedelta(days=20),
        "parties": ["referring", "resident"],
        "agenda_done": ["goals"],
        "notes": " Mål för våren. ",
    }
    return world.act(  # type: ignore[no-any-return]
        who, service.record_milestone, case_id=case.id, **(values | changes)
    )


def take_over(world: World, case: Case, **changes: Any) -> Milestone:
    values: dict[str, Any] = {
        "milestone": "takeover",
        "happened_on": today(),
        "parties": ["property"],
        "agenda_done": [],
        "agreed": ["landlord", "resident"],
        "told": ["told_owner"],
    }
    return meet(world, case, "property", **(values | changes))


def trial_over(world: World, case: Case) -> None:
    """What the rule of the takeover asks."""
    world.act(
        CASEWORKER,
        assessments.answer_all,
        case_id=case.id,
        answers=[NewAnswer("trial_managed", True, "Skött.", "samtal")],
    )


def problems(refused: pytest.ExceptionInfo[ValidationFailed]) -> list[tuple[str, str]]:
    return [(problem.field, problem.rule) for problem in refused.value.problems]


def test_it_is_a_line_of_the_record(world: World, granted: Case) -> None:
    row = meet(world, granted)
    assert (row.event, row.parties, row.agenda_done, row.notes) == (
        "planning_meeting_held",
        ["referring", "resident"],
        ["goals"],
        "Mål för våren.",
    )
    [line] = world.rows(CaseEvent, case_id=granted.id, kind="planning_meeting_held")
    assert (line.subject_type, line.subject_id) == ("milestone", row.id)
    assert line.data == {"milestone": "planning"}
    assert [one.action for one in world.rows(AuditEntry, subject_id=row.id)] == ["milestone.record"]
    assert [one.type for one in world.rows(OutboxEvent) if str(row.id) in str(one.payload)] == [
        "planning_meeting_held"
    ]


def test_obligations_count_from_it(world: World, granted: Case) -> None:
    row = meet(world, granted, happened_on=today() - timedelta(days=10))
    [due] = world.rows(Obligation, case_id=granted.id, code="plan_reconciled")
    assert due.anchored_on == row.happened_on


def test_before_a_programme_is_chosen_it_must_be_named(world: World) -> None:
    case = world.case()
    with pytest.raises(ValidationFailed) as refused:
        meet(world, case)
    assert problems(refused) == [("programme", "unknown_choice")]
    assert meet(world, case, programme="municipal_contract").programme == "municipal_contract"
    assert world.again(case).programme is None


def test_another_programme_than_the_case_is_in(world: World, granted: Case) -> None:
    with pytest.raises(ValidationFailed) as refused:
        meet(world, granted, programme="rent_guarantee")
    assert problems(refused) == [("programme", "other_programme")]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"milestone": "celebration"}, ("milestone", "unknown_choice")),
        ({"parties": []}, ("parties", "party_missing")),
        ({"parties": ["property"]}, ("parties", "party_missing")),
        ({"parties": ["referring", "neighbour"]}, ("parties", "unknown_item")),
        ({"agenda_done": ["weather"]}, ("agendaDone", "unknown_item")),
        ({"told": ["told_owner"]}, ("told", "unknown_item")),
        ({"agreed": ["landlord"]}, ("agreed", "unknown_item")),
        ({"notes": "x" * 10_001}, ("notes", "too_long")),
        ({"happened_on": today() + timedelta(days=1)}, ("happenedOn", "future")),
        ({"happened_on": today() - timedelta(days=201)}, ("happenedOn", "too_early")),
    ],
)
def test_what_is_wrong_is_named(
    world: World, granted: Case, changes: dict[str, Any], problem: tuple[str, str]
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        meet(world, granted, **changes)
    assert problem in problems(refused)


def test_a_guard_that_is_not_true_refuses_with_its_trace(world: World, housed: Case) -> None:
    inspect: dict[str, Any] = {
        "milestone": "inspection",
        "parties": ["property"],
        "agenda_done": [],
    }
    with pytest.raises(PolicyRefused) as refused:
        meet(world, housed, "property", **inspect)
    assert refused.value.rule == "trial_over"
    assert refused.value.trace and refused.value.cite
    assert world.rows(Milestone, case_id=housed.id) == []
    trial_over(world, housed)
    meet(world, housed, "property", happened_on=today(), **inspect)
    with world.session() as session:
        programme = milestone_programme(world, housed)
        assert service.stage_now(session, world.again(housed), programme) == "tenant_only"


def milestone_programme(world: World, case: Case) -> Any:
    return library.installed().get(case.pack, case.pack_version).programme("municipal_contract")


def test_a_takeover_needs_its_rule_its_time_and_everybody(world: World, housed: Case) -> None:
    with pytest.raises(ValidationFailed) as wanting:
        take_over(world, housed, agreed=["landlord"], told=[])
    assert problems(wanting) == [("told", "notice_not_given"), ("agreed", "party_missing")]
    with pytest.raises(PolicyRefused) as unknown:
        take_over(world, housed)
    assert unknown.value.rule == "trial_over"
    trial_over(world, housed)
    early = today() - timedelta(days=85 - 59)
    with pytest.raises(PolicyRefused) as too_early:
        take_over(world, housed, happened_on=early)
    assert too_early.value.rule == "takeover_too_early"
    take_over(world, housed)
    with world.session() as session:
        facts = derived_facts(session, world.again(housed), today())
    assert facts["first_hand_since"] == today()
    assert facts["moved_in_on"] == today() - timedelta(days=85)


def test_the_earliest_day_of_a_takeover(world: World, housed: Case, granted: Case) -> None:
    takeover = milestone_programme(world, housed).takeover
    with world.session() as session:
        assert service.earliest_takeover(session, housed, takeover) == today() - timedelta(days=25)
        assert service.earliest_takeover(session, granted, takeover) is None


def test_who_may(world: World, granted: Case) -> None:
    with pytest.raises(NotFound):
        meet(world, granted, "caseworker SOF-BUF")
    with pytest.raises(NotAllowed):
        meet(world, granted, "manager SOF-VUX")
    # Not disclosed to the property office yet.
    with pytest.raises(NotFound):
        meet(world, granted, "property")
    stranger = new_world()
    with pytest.raises(NotFound):
        meet(stranger, granted)


def test_a_support_worker_may(world: World, granted: Case) -> None:
    world.add("stödjare", Membership(Role.SUPPORT_WORKER, "SOF-VUX"))
    assert meet(world, granted, "stödjare").recorded_by is not None


def test_nothing_happens_in_a_closed_case(world: World, granted: Case) -> None:
    world.act(
        CASEWORKER,
        closing.close,
        reason="other",
        case_id=granted.id,
        expected_version=granted.version,
    )
    with pytest.raises(Conflict):
        meet(world, granted)
