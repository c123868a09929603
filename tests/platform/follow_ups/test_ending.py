"""The end of the follow-up: by the guideline's rule, after somebody else's conclusion, together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.assessments import service as assessments
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, NotFound, PolicyRefused, ValidationFailed
from hemvist.follow_ups import ending
from hemvist.identity import Membership, Role
from hemvist.policy import add_months
from hemvist_pack_cases import Walk
from hemvist_vasteras import CONTENT, SINGLE

#: As somebody in a training flat for a year, who steps up to a lease of her own.
STEPPING: dict[str, Any] = {
    **SINGLE,
    "current_contract_form": "traningslagenhet",
    "moved_in_on": str(add_months(today(), -30)),
    "had_disturbances": False,
    "had_payment_failures": False,
}
SIGNED_ON = add_months(today(), -13)
OVER = add_months(SIGNED_ON, 12)
RULE = "responsibility_may_end"
BOTH = ["SKV", "FK"]


@pytest.fixture(scope="module")
def walk(database: str) -> Walk:
    """Västerås: the social office for adults, and the property office."""
    return Walk.of("vasteras/boendetrappa", "SKV", "FK", "1980", CONTENT)


@pytest.fixture
def case(walk: Walk) -> Case:
    """A support lease of thirteen months, its surety of twelve."""
    made = walk.opened(SIGNED_ON - timedelta(days=60), **STEPPING)
    offer = walk.taken(made, "support_lease", SIGNED_ON)
    walk.sign(offer, SIGNED_ON, terms={"same_rules": True}, guarantee_months=12)
    return made


def end(walk: Walk, case: Case, who: str = "manager SKV", **changes: Any) -> Case:
    values: dict[str, Any] = {
        "case_id": case.id,
        "departments": BOTH,
        "expected_version": walk.world.again(case).version,
    }
    return walk.world.act(who, ending.end_follow_up, **(values | changes))  # type: ignore[no-any-return]


def test_concluded_by_one_and_ended_by_another(walk: Walk, case: Case) -> None:
    """VAS-20, VAS-21: after another year without trouble, and nothing is due any more."""
    assert walk.due(case, "reassessment") == [OVER]
    with pytest.raises(PolicyRefused) as unsaid:
        end(walk, case)
    assert unsaid.value.rule == "not_concluded"
    walk.conclude(case, RULE, True)
    with pytest.raises(PolicyRefused) as early:
        end(walk, case, on=OVER - timedelta(days=1))
    assert early.value.rule == RULE and early.value.trace
    end(walk, case)

    assert walk.stage(case) == "ordinary_tenant"
    assert walk.due(case, "reassessment") == walk.due(case, "early_contact") == []
    [line] = walk.world.rows(CaseEvent, case_id=case.id, kind="follow_up_ended")
    assert line.data["departments"] == ["FK", "SKV"]
    with pytest.raises(Conflict) as twice:
        end(walk, case)
    assert twice.value.rule == "follow_up_ended"


def test_whoever_failed_is_followed_up_still(walk: Walk, case: Case) -> None:
    """VAS-21: with a payment missed the responsibility stays, whatever somebody concluded."""
    walk.conclude(case, RULE, True)
    walk.answer(case, had_payment_failures=True)
    with pytest.raises(PolicyRefused) as no:
        end(walk, case)
    assert {one["id"] for one in no.value.trace if one["outcome"] == "false"} >= {
        "no_payment_failures"
    }
    assert walk.stage(case) == "support_lease"


def test_a_conclusion_to_the_contrary_keeps_it(walk: Walk, case: Case) -> None:
    walk.conclude(case, RULE, True)
    walk.world.act(
        walk.caseworker,
        assessments.conclude,
        case_id=case.id,
        rule=RULE,
        conclusion=False,
        reason="Grannarna har klagat i dag.",
    )
    with pytest.raises(PolicyRefused) as unsaid:
        end(walk, case)
    assert unsaid.value.rule == "not_concluded"


def test_every_side_agrees(walk: Walk, case: Case) -> None:
    walk.conclude(case, RULE, True)
    for given, rule in ((["SKV"], "party_missing"), (["FK"], "party_missing")):
        with pytest.raises(ValidationFailed) as refused:
            end(walk, case, departments=given)
        assert [(one.field, one.rule) for one in refused.value.problems] == [("departments", rule)]
    with pytest.raises(ValidationFailed) as refused:
        end(walk, case, departments=[*BOTH, "X"])
    assert [one.rule for one in refused.value.problems] == ["unknown_department"]


def test_who_may(walk: Walk, case: Case) -> None:
    """Not a caseworker, not who concluded it, nobody of another department; the property office may."""
    world = walk.world
    world.add(
        "both", Membership(Role.CASEWORKER, "SKV"), Membership(Role.DEPARTMENT_MANAGER, "SKV")
    )
    world.add("elsewhere", Membership(Role.DEPARTMENT_MANAGER, "INT"))
    world.act(
        "both",
        assessments.conclude,
        case_id=case.id,
        rule=RULE,
        conclusion=True,
    )
    for who in ("both", walk.caseworker):
        with pytest.raises(NotAllowed) as refused:
            end(walk, case, who)
        assert refused.value.action == "follow_up.end"
    with pytest.raises(NotFound):
        end(walk, case, "elsewhere")
    with pytest.raises(Conflict):
        end(walk, case, expected_version=0)
    end(walk, case, "property")
    assert walk.stage(case) == "ordinary_tenant"


def test_a_programme_without_an_end(walk: Walk) -> None:
    """A training flat is stepped up from; there is no follow-up to end."""
    made = walk.opened(SIGNED_ON - timedelta(days=60), **STEPPING)
    offer = walk.taken(made, "training_flat", SIGNED_ON)
    walk.sign(offer, SIGNED_ON, went_on_because="Lagens uppsägningstid gäller.")
    with pytest.raises(ValidationFailed) as refused:
        end(walk, made)
    assert [one.rule for one in refused.value.problems] == ["no_end_of_follow_up"]
