"""In the portal: a rule of the guideline tried on a case, its questions answered and judged."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from hemvist.assessments.models import Assessment
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.identity import get_directory
from hemvist_graphql.ids import global_id
from hemvist_visits import Visit
from hemvist_world import World, adult, peopled

LogIn = Callable[..., Visit]
CASEWORKER = "maryam.ekholm"
RULE = "notice_may_be_given"


@pytest.fixture
def world(portal: FastAPI) -> World:
    """Stockholm, whose guideline has rules on the tenancy that no step of a case asks."""
    return peopled(get_directory().tenant_id("stockholm"), {"SDN-BIST": ""})


@pytest.fixture
def case(world: World) -> Case:
    """A case that nobody has answered anything in."""
    household = world.household(adult(registered_kommun="0180"), department="SDN-BIST")
    return world.act(  # type: ignore[no-any-return]
        "caseworker SDN-BIST", cases.open_case, household_id=household.id, department="SDN-BIST"
    )


def path_of(case: Case) -> str:
    return f"/stockholm/cases/{global_id('Case', case.id)}"


def test_a_rule_is_chosen_answered_and_judged(world: World, case: Case, visit: LogIn) -> None:
    caseworker, path = visit(CASEWORKER, "stockholm"), path_of(case)
    _, page = caseworker.get(path)
    assert f'<option value="{RULE}">Uppsägning får ske</option>' in page

    status, page = caseworker.get(f"{path}/assessment?rule={RULE}")
    assert status == 200
    assert "Regeln som prövas" in page
    assert 'name="answers.notice_grounds.shown"' in page
    assert 'name="answers.difficulties.shown"' not in page

    status, _, target = caseworker.post(
        f"{path}/assessment?rule={RULE}",
        act="stay",
        effectiveOn=str(case.opened_on),
        **{"answers.notice_grounds.shown": "1", "answers.notice_grounds.value": ["unpaid_rent"]},
    )
    assert (status, target) == (303, f"{path}/assessment?rule={RULE}")
    _, page = caseworker.get(target)
    assert 'class="criterion criterion--true" id="rule-notice_may_be_given"' in page

    _, page = caseworker.get(f"{path}/conclusion?rule={RULE}")
    assert "Uppsägning får ske" in page
    status, _, target = caseworker.post(
        f"{path}/conclusion", rule=RULE, conclusion="true", on=str(case.opened_on)
    )
    assert (status, target) == (303, path)
    [judged] = world.rows(Assessment, case_id=case.id)
    assert (judged.rule, judged.conclusion) == (RULE, True)


def test_a_rule_that_there_is_not_is_a_page_that_there_is_not(case: Case, visit: LogIn) -> None:
    caseworker, path = visit(CASEWORKER, "stockholm"), path_of(case)
    assert caseworker.get(f"{path}/assessment?rule=no_such_rule")[0] == 404
    status, page = caseworker.get(f"{path}/conclusion?rule=no_such_rule")
    assert status == 200
    assert "Välj vilket villkor bedömningen gäller." in page


def test_what_is_wrong_with_an_answer_keeps_the_rule_on_the_page(case: Case, visit: LogIn) -> None:
    """A judgement without its reason is refused, and nothing typed is lost."""
    caseworker, path = visit(CASEWORKER, "stockholm"), path_of(case)
    status, page, _ = caseworker.post(
        f"{path}/assessment?rule=other_ways_considered",
        act="stay",
        effectiveOn=str(case.opened_on),
        **{
            "answers.manages_with_support.shown": "1",
            "answers.manages_with_support.value": "false",
        },
    )
    assert status == 422
    assert "Regeln som prövas" in page
    assert "Rätta uppgifterna nedan." in page
