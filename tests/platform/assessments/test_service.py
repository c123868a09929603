"""Answers, what the rules say of them, and a person's own conclusion."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.assessments import service as assessments
from hemvist.assessments.models import Answer, Assessment
from hemvist.assessments.service import NewAnswer
from hemvist.cases import closing
from hemvist.cases import service as cases
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist_world import World, adult, child

CASEWORKER = "caseworker SOF-VUX"


def fresh(world: World, *members: Any, department: str = "SOF-VUX") -> Case:
    household = world.household(*members, department=department)
    return world.act(  # type: ignore[no-any-return]
        f"caseworker {department}",
        cases.open_case,
        household_id=household.id,
        department=department,
        opened_on=today() - timedelta(days=100),
    )


def answer(world: World, case: Case, *answers: NewAnswer) -> None:
    world.act(
        f"caseworker {case.department}",
        assessments.answer_all,
        case_id=case.id,
        answers=answers,
    )


def problems(world: World, case: Case, *answers: NewAnswer) -> set[tuple[str, str]]:
    with pytest.raises(ValidationFailed) as refused:
        answer(world, case, *answers)
    assert world.rows(Answer, case_id=case.id) == []
    return {(problem.field, problem.rule) for problem in refused.value.problems}


def said(world: World, case: Case, rule: str) -> Any:
    with world.session() as session:
        return next(one for one in assessments.criteria(session, case, today()) if one.rule == rule)


def test_an_answer_of_the_wrong_kind_is_refused_with_its_place(world: World) -> None:
    case = fresh(world)
    found = problems(
        world,
        case,
        NewAnswer("has_own_contract", "perhaps"),
        NewAnswer("debts_ore", -1),
        NewAnswer("no_such_fact", True),
        NewAnswer("age", 99),
        NewAnswer("vulnerable_groups", ["addiction", "nonsense"], "Bedömt."),
        NewAnswer("has_guarantor", True, effective_on=today() + timedelta(days=1)),
        NewAnswer("has_guarantor", False),
        NewAnswer("searched_second_hand", True, "x" * 10_001),
        NewAnswer("searched_other_kommuner", True, "", "y" * 201),
    )
    fields = {field for field, _ in found}
    assert fields == {
        *("answers[0].value", "answers[1].value", "answers[2].fact", "answers[3].fact"),
        *("answers[4].value", "answers[5].effectiveOn", "answers[6].fact", "answers[7].reason"),
        "answers[8].source",
    }
    assert ("answers[3].fact", "from_record") in found
    assert ("answers[6].fact", "twice") in found


def test_a_judgement_needs_its_reason(world: World) -> None:
    case = fresh(world)
    assert problems(world, case, NewAnswer("lacks_roof", True, " ")) == {
        ("answers[0].reason", "reason_required")
    }
    answer(world, case, NewAnswer("has_own_contract", False))


def test_more_answers_than_anyone_has(world: World) -> None:
    case = fresh(world)
    many = [NewAnswer("has_guarantor", True)] * 201
    assert problems(world, case, *many) == {("answers", "count")}


def test_a_new_answer_replaces_and_the_old_one_stays(world: World) -> None:
    case = fresh(world)
    answer(world, case, NewAnswer("has_own_contract", True, source="hyresvärd"))
    answer(world, case, NewAnswer("has_own_contract", False, source="kontrakt uppsagt"))
    old, new = world.rows(Answer, case_id=case.id)
    assert (old.value, new.value) == (True, False)
    assert old.replaced_at is not None
    assert new.replaced_at is None
    assert new.answered_by == world[CASEWORKER].principal_id


def test_the_same_answer_again_changes_nothing(world: World) -> None:
    case = fresh(world)
    given = NewAnswer("has_own_contract", True, "Sagt.", "samtal")
    answer(world, case, given)
    answer(world, case, given)
    assert len(world.rows(Answer, case_id=case.id)) == 1
    assert len(world.rows(CaseEvent, case_id=case.id, kind="questions_answered")) == 1


def test_an_answer_can_be_taken_back(world: World) -> None:
    case = fresh(world)
    answer(world, case, NewAnswer("has_own_contract", True))
    assert said(world, case, "entitled").outcome == "false"
    answer(world, case, NewAnswer("has_own_contract", None))
    assert said(world, case, "entitled").outcome == "unknown"
    assert len(world.rows(CaseEvent, case_id=case.id, kind="questions_answered")) == 2


def test_answers_registered_afterwards_stand_on_the_day_they_hold_from(world: World) -> None:
    case = fresh(world)
    day = today() - timedelta(days=40)
    answer(
        world,
        case,
        NewAnswer("has_own_contract", False, effective_on=day - timedelta(days=3)),
        NewAnswer("has_guarantor", False, effective_on=day),
    )
    event = world.rows(CaseEvent, case_id=case.id, kind="questions_answered")[0]
    assert event.occurred_on == day
    assert event.recorded_at.date() >= day + timedelta(days=39)
    assert event.data == {"facts": ["has_guarantor", "has_own_contract"]}


def test_the_record_answers_what_it_knows(world: World) -> None:
    case = fresh(world, adult(), child(), adult("partner", protection="unknown",
                                              protection_checked_on=None))  # fmt: skip
    with world.session() as session:
        facts = assessments.facts_of(session, case, today())
    assert facts["children_under_18"] == 1
    assert facts["registered_kommun"] == "1283"
    assert facts["department"] == "SOF-VUX"
    # What the catalogue knows and this pack does not use is left out.
    assert "household_size" not in facts


def test_one_clear_no_settles_it_without_the_rest(world: World) -> None:
    case = fresh(world)
    answer(world, case, NewAnswer("need_met_otherwise", True, "Har fått en annan insats."))
    entitled = said(world, case, "entitled")
    assert (entitled.outcome, entitled.ask) == ("false", ())


def test_the_exception_for_a_child_at_risk_is_the_departments_own(world: World) -> None:
    """HBG-34 and HBG-50: an own lease excludes, except at the department for children."""
    given = (
        NewAnswer("has_own_contract", True),
        NewAnswer("serious_risk_to_child", True, "Anmälan och utredning."),
    )
    family = fresh(world, adult(), child(), department="SOF-BUF")
    answer(world, family, *given)
    assert said(world, family, "entitled").node("no_own_contract").outcome == "true"
    assert said(world, family, "entitled").node("child_at_risk").cite == ("RL §2.2 SOF-BUF",)
    single = fresh(world)
    answer(world, single, *given)
    assert said(world, single, "entitled").node("no_own_contract").outcome == "false"


def test_questions_say_what_is_relevant_and_who_answered(world: World) -> None:
    case = fresh(world)
    answer(world, case, NewAnswer("current_housing", "training_flat", source="socialregister"))
    with world.session() as session:
        asked = {q.fact.name: q for q in assessments.questions(session, case, today())}
    # Whoever has one of the city's homes is not asked about the roof.
    assert asked["lacks_roof"].relevant == "false"
    housing = asked["current_housing"].answer
    assert housing is not None
    assert housing.source == "socialregister"
    assert asked["children_under_18"].from_record
    assert asked["children_under_18"].value == 0


def test_a_conclusion_that_follows_the_engine_needs_no_reason(world: World) -> None:
    case = world.case()
    done = world.act(
        CASEWORKER, assessments.conclude, case_id=case.id, rule="entitled", conclusion=True
    )
    assert (done.outcome, done.conclusion, done.reason) == ("true", True, "")
    assert done.trace[0]["outcome"] == "true"
    assert done.pack_version == case.pack_version


@pytest.mark.parametrize("known", [True, False])
def test_a_conclusion_that_departs_needs_a_reason(world: World, known: bool) -> None:
    case = world.case() if known else fresh(world)
    conclusion = not known
    departing = {"case_id": case.id, "rule": "entitled", "conclusion": conclusion}
    with pytest.raises(ValidationFailed) as refused:
        world.act(CASEWORKER, assessments.conclude, **departing)
    assert [(p.field, p.rule) for p in refused.value.problems] == [("reason", "required")]
    done = world.act(CASEWORKER, assessments.conclude, **departing, reason="Särskilda skäl.")
    assert (done.conclusion, done.outcome) == (conclusion, "true" if known else "unknown")


def test_a_conclusion_on_no_rule_or_a_day_to_come(world: World) -> None:
    case = world.case()
    for changes, field in (
        ({"rule": "no_such_rule"}, "rule"),
        ({"on": today() + timedelta(days=1)}, "on"),
        ({"on": case.opened_on - timedelta(days=1)}, "on"),
        ({"reason": "x" * 10_001}, "reason"),
    ):
        with pytest.raises(ValidationFailed) as refused:
            world.act(
                CASEWORKER,
                assessments.conclude,
                **({"case_id": case.id, "rule": "entitled", "conclusion": True} | changes),
            )
        assert refused.value.problems[0].field == field
    assert world.rows(Assessment, case_id=case.id) == []


def test_who_may_answer(world: World) -> None:
    case = fresh(world)
    given = {"case_id": case.id, "answers": [NewAnswer("has_guarantor", True)]}
    with pytest.raises(NotAllowed):
        world.act("manager SOF-VUX", assessments.answer_all, **given)
    for name in ("property", "caseworker AMF"):
        with pytest.raises(NotFound):
            world.act(name, assessments.answer_all, **given)
    world.act(
        CASEWORKER, closing.close, reason="other", case_id=case.id, expected_version=case.version
    )
    with pytest.raises(Conflict) as refused:
        world.act(CASEWORKER, assessments.answer_all, **given)
    assert refused.value.rule == "case_closed"
