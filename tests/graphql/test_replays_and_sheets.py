"""Replays, the applicant's sheet and a pack's page over the API: who may, and what the log says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.assessments import service as assessments
from hemvist.assessments.models import Assessment
from hemvist.audit.models import AuditEntry
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.households.models import HouseholdMember
from hemvist_api import ask
from hemvist_graphql.ids import global_id
from hemvist_world import PACK, World, adult, as_owner, child, new_world

WHO = "caseworker SOF-VUX"
REPLAYS = """query Replays($id: ID!) { case(id: $id) {
  packVersion
  assessments { label reasonInternal replay { result version on differences packChanged } }
  decisions { advice replay { result version on differences packChanged } } } }"""
SHEET = """query Sheet($id: ID!, $language: String) {
  applicantSheet(assessmentId: $id, language: $language) {
    language caseNumber department applicant protected guideline version sources assessedOn outcome
    concludedMet concludedBy reason
    criteria { label state kind level needs sources known { question answer source }
      missing { question help how } }
    missing { question help how }
    decision { label granted decidedOn decidedBy legalBases appeal } } }"""


@pytest.fixture
def fresh(database: str) -> World:
    """A kommun of this test's own: its log holds only what the test did."""
    return new_world()


def concluded(world: World, *members: Any, **changes: Any) -> tuple[Case, Assessment]:
    case = world.case(*members)
    values = {
        "case_id": case.id,
        "rule": "entitled",
        "conclusion": True,
        "on": today() - timedelta(days=160),
    }
    return case, world.act(WHO, assessments.conclude, **(values | changes))


def test_what_was_answered_is_replayed(fresh: World) -> None:
    case, assessment = concluded(fresh)
    fresh.grant(case)
    found = ask(fresh[WHO], REPLAYS, id=global_id("Case", case.id))["case"]
    same = {"result": "same", "version": case.pack_version, "differences": [], "packChanged": False}
    [one] = found["assessments"]
    assert one["replay"] == same | {"on": str(assessment.evaluated_on)}
    assert one["label"] == "Rätt till en bostadssocial lägenhet" and not one["reasonInternal"]
    [decision] = found["decisions"]
    assert decision["replay"] == same | {"on": str(today() - timedelta(days=150))}
    with as_owner(fresh.tenant_id) as connection:
        connection.execute(
            "UPDATE assessments SET outcome = 'false' WHERE case_id = %s", (case.id,)
        )
    changed = ask(fresh[WHO], REPLAYS, id=global_id("Case", case.id))["case"]
    assert changed["assessments"][0]["replay"]["result"] == "differs"
    assert changed["assessments"][0]["replay"]["differences"] == ["outcome"]


def test_whom_the_case_was_disclosed_to_replays_nothing(fresh: World) -> None:
    case, _ = concluded(fresh)
    fresh.registered(case)
    found = ask(fresh["property"], REPLAYS, id=global_id("Case", case.id))["case"]
    assert found["assessments"] == []
    assert found["decisions"] == [{"advice": None, "replay": None}]


def test_the_sheet_and_its_entry_in_the_log(fresh: World) -> None:
    case, assessment = concluded(fresh, adult(), child(), reason="Till dig.")
    with as_owner(fresh.tenant_id) as connection:
        before = connection.execute("SELECT count(*) FROM audit_entries").fetchone()
    found = ask(fresh[WHO], SHEET, id=global_id("Assessment", assessment.id), language="en")
    sheet = found["applicantSheet"]
    assert sheet["language"] == "en" and sheet["caseNumber"] == case.number
    assert sheet["applicant"] == "Alva Testsson" and sheet["reason"] == "Till dig."
    assert sheet["criteria"][0]["label"] == "Right to a social flat"
    assert before is not None
    [entry] = fresh.rows(AuditEntry, kind="read")
    assert (entry.action, entry.case_id) == ("Sheet", case.id)
    members = fresh.rows(HouseholdMember, household_id=case.household_id)
    assert set(entry.person_ids) == {member.person_id for member in members}


@pytest.mark.parametrize("who", ["property", "caseworker AMF", "manager SOF-BUF"])
def test_others_get_no_sheet_and_nothing_is_logged(fresh: World, who: str) -> None:
    case, assessment = concluded(fresh)
    fresh.registered(case)
    found = ask(fresh[who], SHEET, id=global_id("Assessment", assessment.id), language="sv")
    assert found["applicantSheet"] is None
    assert fresh.rows(AuditEntry, kind="read") == []


def test_an_id_of_something_else_gives_no_sheet(fresh: World) -> None:
    case, _ = concluded(fresh)
    nothing = ask(fresh[WHO], SHEET, id=global_id("Assessment", case.id), language="sv")
    assert nothing["applicantSheet"] is None


def test_a_conclusion_may_be_marked_as_internal(fresh: World) -> None:
    case = fresh.case()
    done = ask(
        fresh[WHO],
        """mutation Conclude($input: ConcludeAssessmentInput!) {
          concludeAssessment(input: $input) { ... on ConcludeAssessmentDone {
            assessment { id reason reasonInternal } } } }""",
        input={
            "idempotencyKey": "a-key-for-internal",
            "caseId": global_id("Case", case.id),
            "rule": "entitled",
            "conclusion": True,
            "reason": "Grannen ringde.",
            "reasonInternal": True,
        },
    )["concludeAssessment"]["assessment"]
    assert done["reasonInternal"] is True
    sheet = ask(fresh[WHO], SHEET, id=done["id"], language="sv")["applicantSheet"]
    assert sheet["reason"] is None


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_pack_for_reading(fresh: World, lang: str) -> None:
    document = """query Page($name: String!, $lang: String!) {
      pack(name: $name) { title(lang: $lang) page(lang: $lang) } }"""
    found = ask(fresh[WHO], document, name=PACK, lang=lang)["pack"]
    page = found["page"]
    assert (page["title"], page["lang"]) == (found["title"], lang)
    rules = next(part for part in page["parts"] if part["id"] == "rules")
    assert "rule-entitled" in {part["id"] for part in rules["parts"]}
