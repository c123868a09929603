"""The property office (fastighetskontoret) sees what was disclosed of a case, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist.referrals import service as referrals
from hemvist_api import ask
from hemvist_graphql.ids import global_id
from hemvist_world import World, adult, as_owner, child, content

OWNER = "caseworker SOF-VUX"
WEIGHED = "Barnet behöver ett eget rum."
ALL = """query Q($id: ID!) { case(id: $id) {
  number household { alias anyoneProtected members { role person {
    givenName familyName personalNumber registeredKommun birthDate protectionSource
    isProtected } } }
  questions { fact } criteria { rule } assessments { id }
  rulesToTry { rule } criterion(rule: "entitled") { rule } asked: questions(rule: "entitled") { fact }
  decisions { state outcome motivation childAssessment advice departureReason }
  referrals { state content { id value } missing { id } }
  timeline { kind } nextSteps { role } disclosures { department ground fields }
} }"""


#: What says of a person who it is.
NAMING = (
    *("givenName", "familyName", "personalNumber", "registeredKommun", "birthDate"),
    "protectionSource",
)


def test_the_property_office_sees_what_was_disclosed(world: World) -> None:
    case = world.case(adult(), child())
    row_id = global_id("Case", case.id)
    assert ask(world["property"], ALL, id=row_id) == {"case": None}
    _submit(world, case)

    seen = ask(world["property"], ALL, id=row_id)["case"]
    assert seen["questions"] == seen["criteria"] == seen["assessments"] == []
    assert seen["rulesToTry"] == seen["asked"] == []
    assert seen["criterion"] is None
    [decision] = seen["decisions"]
    assert decision == {
        "state": "decided",
        "outcome": "granted",
        "motivation": None,
        "childAssessment": None,
        "advice": None,
        "departureReason": None,
    }
    assert seen["referrals"][0]["state"] == "submitted"
    assert [one["department"] for one in seen["disclosures"]] == ["FF"]
    assert not {"questions_answered", "decision_proposed"} & {
        line["kind"] for line in seen["timeline"]
    }
    own = ask(world[OWNER], ALL, id=row_id)["case"]
    assert own["decisions"][0]["childAssessment"] == WEIGHED
    assert own["questions"] and own["criteria"]
    assert own["rulesToTry"] and own["asked"] and own["criterion"] == {"rule": "entitled"}
    assert {"questions_answered", "decision_proposed"} <= {line["kind"] for line in own["timeline"]}


def _submit(world: World, case: Any) -> None:
    """A family's referral sent: the child's best interests weighed, the school described."""
    world.grant(case, child_assessment=WEIGHED)
    filled = {**content(children=True)}
    referral = world.sign(world.draft(case, content=filled), case)
    world.act(OWNER, referrals.submit, referral_id=referral.id, expected_version=referral.version)


@pytest.mark.parametrize("level", ["secrecy_mark", "protected_registration", "unknown"])
def test_a_protected_persons_name_stays_in_the_department(world: World, level: str) -> None:
    """And so does what leads to it: days of birth, and names and numbers of a child who is not protected."""
    checked = {} if level != "unknown" else {"protection_checked_on": None}
    known_from = {"protection_source": "Samtal med modern"}
    case = world.case(adult(protection=level, **checked, **known_from), child(**known_from))
    _submit(world, case)
    row_id = global_id("Case", case.id)
    seen = ask(world["property"], ALL, id=row_id)["case"]["household"]
    assert seen["anyoneProtected"] is True
    applicant, milo = (one["person"] for one in seen["members"])
    assert applicant["isProtected"] is True
    for name in NAMING:
        assert applicant[name] is None
        assert milo[name] is None, name
    for own in ask(world[OWNER], ALL, id=row_id)["case"]["household"]["members"]:
        assert all(own["person"][name] for name in NAMING if name != "registeredKommun")


def test_what_was_not_submitted_stays_in_the_department(world: World) -> None:
    """A returned referral is known to the property office; the draft that completes it is not."""
    case = world.case()
    sent = world.submitted(case)
    returned = world.act(
        "property",
        referrals.return_for_completion,
        referral_id=sent.id,
        request="Komplettera.",
        expected_version=sent.version,
    )
    draft = world.act(OWNER, referrals.complete, referral_id=returned.id)
    document = "query Q($id: ID!) { case(id: $id) { referrals { id state } } }"
    seen = ask(world["property"], document, id=global_id("Case", case.id))["case"]["referrals"]
    assert [one["state"] for one in seen] == ["returned"]
    own = ask(world[OWNER], document, id=global_id("Case", case.id))["case"]["referrals"]
    assert [one["state"] for one in own] == ["returned", "draft"]
    node = "query Q($id: ID!) { node(id: $id) { id } }"
    assert ask(world["property"], node, id=global_id("Referral", draft.id)) == {"node": None}


def test_an_ended_disclosure_closes_the_case(world: World) -> None:
    case = world.case()
    world.submitted(case)
    row_id = global_id("Case", case.id)
    assert ask(world["property"], ALL, id=row_id)["case"] is not None
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE case_disclosures SET ended_on = disclosed_on WHERE case_id = %s", (case.id,)
        )
    assert ask(world["property"], ALL, id=row_id)["case"] is None
