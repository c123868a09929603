"""Rules that no step of a case asks, tried by choice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.assessments import by_choice
from hemvist.assessments import service as assessments
from hemvist.assessments.service import NewAnswer
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist_registry import discovered
from hemvist_world import World, adult, new_world

PACK = "stockholm/forsoks-och-traningslagenheter"
CASEWORKER = "caseworker SDN-BIST"
RULE = "notice_may_be_given"


@pytest.fixture(scope="module")
def stockholm(database: str) -> World:
    """A kommun that works by a guideline with rules beside those of its programmes' steps."""
    return new_world(pack=PACK, departments={"SDN-BIST": ""})


def opened(world: World) -> Case:
    household = world.household(adult(registered_kommun="0180"), department="SDN-BIST")
    return world.act(  # type: ignore[no-any-return]
        CASEWORKER,
        cases.open_case,
        household_id=household.id,
        department="SDN-BIST",
        opened_on=today() - timedelta(days=20),
    )


def choices(world: World, case: Case) -> list[str]:
    found: list[str] = world.read(lambda session: by_choice.rules_to_try(session, case))
    return found


def tried(world: World, case: Case, rule: str) -> Any:
    return world.read(lambda session: by_choice.try_rule(session, case, rule, today()))


def chosen(world: World, case: Case, programme: str) -> Case:
    """The case once a programme is chosen."""
    with world.session(world[CASEWORKER]) as session:
        cases.choose_programme(session, session.find(Case, case.id), programme)
    return world.again(case)  # type: ignore[no-any-return]


def test_what_the_case_shows_is_not_offered_once_more(stockholm: World) -> None:
    case = opened(stockholm)
    shown = stockholm.read(lambda session: assessments.rules_of(session, case))
    offered = choices(stockholm, case)

    assert RULE in offered
    assert not set(shown) & set(offered)
    # Part of the right to a trial flat, whose tree the case shows.
    assert "support_needed_in_home" not in offered
    order = list(discovered().get(PACK).rules)
    assert offered == sorted(offered, key=order.index)


def test_a_tried_rule_has_questions_of_its_own_that_are_answered_as_all_others(
    stockholm: World,
) -> None:
    case = opened(stockholm)
    said = tried(stockholm, case, RULE)
    assert said.outcome == "unknown"
    assert said.ask[0] == "notice_grounds"

    def of_rule(session: Any) -> list[str]:
        asked = assessments.questions(session, case, today(), RULE)
        return [one.fact.name for one in asked if one.answer is None and not one.from_record]

    mine = stockholm.read(of_rule)
    assert "notice_grounds" in mine
    assert "difficulties" not in mine
    stockholm.act(
        CASEWORKER,
        assessments.answer_all,
        case_id=case.id,
        answers=[NewAnswer("notice_grounds", ["unpaid_rent"])],
    )
    assert tried(stockholm, case, RULE).outcome == "true"
    assert "notice_grounds" not in stockholm.read(of_rule)


def test_the_way_into_another_programme_is_offered_only_where_the_case_can_go_on_to_it(
    stockholm: World,
) -> None:
    case = opened(stockholm)
    training = choices(stockholm, chosen(stockholm, case, "training_flat"))
    assert {"may_grant_trial_flat", "may_grant_housing_first"} <= set(training)
    trial = choices(stockholm, chosen(stockholm, case, "trial_flat"))
    assert not {"may_grant_training_flat", "may_grant_housing_first"} & set(trial)


def test_history_and_what_there_is_not_are_never_tried(database: str) -> None:
    world = new_world(pack="vasteras/boendetrappa", departments={"SKV": ""})
    household = world.household(adult(registered_kommun="1980"), department="SKV")
    case = world.act("caseworker SKV", cases.open_case, household_id=household.id, department="SKV")

    assert "drug_free" not in choices(world, case)
    assert tried(world, case, "drug_free") is None
    assert tried(world, case, "no_such_rule") is None
    assert "flat_may_be_proposed" in choices(world, case)


@pytest.mark.parametrize(
    ("pack", "department", "code", "rule"),
    [
        ("nynashamn/andrahandskontrakt", "SOC", "0192", "housing_support_may_stay"),
        ("nynashamn/andrahandskontrakt", "SOC", "0192", "meets_public_company"),
        ("sodertalje/kommunkontrakt", "SOC", "0181", "telge_makes_contact"),
        ("goteborg/bostad-forst", "SF-SV", "1480", "flat_may_be_matched"),
    ],
)
def test_rules_on_no_form_can_be_answered(
    database: str, pack: str, department: str, code: str, rule: str
) -> None:
    """Rules of the reports that belong to no step: on the list, with questions to answer."""
    world = new_world(pack=pack, departments={department: ""})
    household = world.household(adult(registered_kommun=code), department=department)
    case = world.act(
        f"caseworker {department}",
        cases.open_case,
        household_id=household.id,
        department=department,
    )

    assert rule in choices(world, case)
    asked = world.read(lambda session: assessments.questions(session, case, today(), rule))
    assert set(tried(world, case, rule).ask) <= {one.fact.name for one in asked}
    assert any(not one.from_record for one in asked)
