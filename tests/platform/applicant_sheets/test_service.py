"""The sheet for the applicant: everything that was asked for, in words, and nothing that is not theirs."""

from __future__ import annotations

import re
from dataclasses import asdict, astuple
from datetime import timedelta
from typing import Any

import pytest

from hemvist.applicant_sheets.service import ApplicantSheet, sheet_for
from hemvist.assessments import service as assessments
from hemvist.assessments.models import Assessment
from hemvist.assessments.service import NewAnswer
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.errors import NotFound
from hemvist_world import BASIS, World, adult, as_owner, child

CASEWORKER = "caseworker SOF-VUX"
SECRET = "Grannen Kalle Hot ringde och berättade."
LANGUAGES = ("sv", "en")


def conclude(world: World, case: Case, **changes: Any) -> Assessment:
    return world.act(  # type: ignore[no-any-return]
        f"caseworker {case.department}",
        assessments.conclude,
        **{
            "case_id": case.id,
            "rule": "entitled",
            "conclusion": True,
            "on": today() - timedelta(days=160),
            "reason": "Behovet är styrkt.",
        }
        | changes,
    )


def sheet(
    world: World, assessment: Assessment, language: str = "sv", who: str = CASEWORKER
) -> ApplicantSheet:
    return world.act(who, sheet_for, assessment_id=assessment.id, language=language)  # type: ignore[no-any-return]


def words(found: ApplicantSheet) -> str:
    """Everything that stands on the sheet."""
    return str(
        {key: value for key, value in asdict(found).items() if key not in ("persons", "case_id")}
    )


def answer(world: World, case: Case, *answers: NewAnswer) -> None:
    world.act(CASEWORKER, assessments.answer_all, case_id=case.id, answers=answers)


def test_every_criterion_with_what_was_known(world: World) -> None:
    found = sheet(world, conclude(world, world.case()))
    assert (found.language, found.outcome, found.concluded_met) == ("sv", "true", True)
    assert found.applicant == "Alva Testsson"
    assert found.concluded_by == CASEWORKER and found.reason == "Behovet är styrkt."
    assert found.missing == () and found.decision is None
    first, *below = found.criteria
    assert (first.label, first.level, first.needs) == (
        "Rätt till en bostadssocial lägenhet",
        0,
        "all",
    )
    assert first.sources == ("riktlinjen, §2", "riktlinjen, §2.1")
    assert found.sources == (
        "Riktlinjer, bostadssociala lägenheter – kommunala kontrakt och hyresgarantier "
        "(Helsingborgs stad), §2",
        "Riktlinjer, bostadssociala lägenheter – kommunala kontrakt och hyresgarantier "
        "(Helsingborgs stad), §2.1",
    )
    own = next(one for one in below if one.label.startswith("Har inget eget hyreskontrakt"))
    assert (own.state, own.kind, own.level) == ("met", "condition", 1)
    assert [(one.question, one.answer, one.source) for one in own.known] == [
        (
            "Hyr den sökande redan en egen bostad på den vanliga hyresmarknaden?",
            "nej",
            "det som har berättats",
        )
    ]
    assert not [
        one
        for one in below
        if one.kind == "exception"
        and one.level == 2
        and own.state == "met"
        and one.label.startswith("Barnets hälsa")
    ]
    group = next(one for one in below if one.label.startswith("Tredje kriteriet"))
    assert group.needs == "any"


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_all_in_one_language(world: World, language: str) -> None:
    found = sheet(world, conclude(world, world.case(has_guarantor=None), reason="-"), language)
    told = [one for one in found.criteria for one in (one.label, *one.sources)]
    told += [text for one in found.criteria for known in one.known for text in astuple(known)]
    told += [text for one in found.missing for text in astuple(one) if text]
    texts = " ".join([found.department, found.guideline, *told])
    swedish = re.findall(r"\b(?:är|inte|eller|svårt|finns)\b", texts.lower())
    english = re.findall(r"\b(?:the|and|not|has|of)\b", texts.lower())
    assert bool(swedish) is (language == "sv")
    assert bool(english) is (language == "en")
    assert sheet(world, conclude(world, world.case()), "xx").language == "sv"


def test_what_is_missing_and_how_to_give_it(world: World) -> None:
    case = world.case(has_guarantor=None, combined_difficulties=None)
    found = sheet(world, conclude(world, case))
    assert found.outcome == "unknown"
    asked = {one.question: one.how for one in found.missing}
    assert asked["Finns någon som kan gå i borgen?"].startswith("Berätta det för din handläggare")
    assert any(how.startswith("Det är något som handläggaren bedömer") for how in asked.values())
    guarantor = next(one for one in found.criteria if one.label == "Saknar borgensman")
    assert guarantor.state == "not_known" and guarantor.known == ()
    assert [one.question for one in guarantor.missing] == ["Finns någon som kan gå i borgen?"]


def test_what_the_record_lacks_is_not_asked_of_the_applicant(world: World) -> None:
    case = world.case(adult(registered_kommun=None))
    found = sheet(world, conclude(world, case))
    (kommun,) = [one for one in found.missing if one.question == "Folkbokföringskommun"]
    assert kommun.how.startswith("Kommunen tar själv reda på det")


def test_what_is_not_met_tells_of_the_exceptions(world: World) -> None:
    case = world.case(has_own_contract=True)
    found = sheet(world, conclude(world, case, conclusion=False))
    assert (found.outcome, found.concluded_met) == ("false", False)
    at = next(
        place
        for place, one in enumerate(found.criteria)
        if one.label.startswith("Har inget eget hyreskontrakt")
    )
    assert found.criteria[at].state == "not_met"
    exception = found.criteria[at + 1]
    assert (exception.kind, exception.state, exception.level) == ("exception", "not_met", 2)


def test_what_settles_nothing_is_not_asked(world: World) -> None:
    case = world.case(has_own_contract=True, has_guarantor=None)
    found = sheet(world, conclude(world, case, conclusion=False))
    assert found.missing == ()
    guarantor = next(one for one in found.criteria if one.label == "Saknar borgensman")
    assert (guarantor.state, guarantor.missing) == ("not_needed", ())


def test_notes_among_staff_are_not_on_it(world: World) -> None:
    case = world.case()
    answer(world, case, NewAnswer("combined_difficulties", True, SECRET, SECRET))
    internal = sheet(world, conclude(world, case, reason=SECRET, reason_internal=True))
    assert internal.reason is None and "Kalle" not in words(internal)
    told = sheet(world, conclude(world, case, reason="För dig.", on=today()))
    assert told.reason == "För dig." and "Kalle" not in words(told)


def test_reasons_from_before_anybody_was_asked_are_internal(world: World) -> None:
    case = world.case()
    row = conclude(world, case, reason=SECRET)
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE assessments SET reason_internal = DEFAULT, evaluation_id = NULL WHERE id = %s",
            (row.id,),
        )
    found = sheet(world, row)
    assert found.reason is None and "Kalle" not in words(found)
    assert len(found.criteria) > 5


@pytest.mark.parametrize(
    "level", ["secrecy_mark", "protected_registration", "fictitious", "unknown"]
)
@pytest.mark.parametrize("who", ["applicant", "child"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_tells_where_a_protected_person_is(
    world: World, level: str, who: str, language: str
) -> None:
    guarded = {"protection": level, "protection_checked_on": None, "family_name": "Hemliga"}
    people = (adult(), child(**guarded)) if who == "child" else (adult(**guarded), child())
    case = world.case(*people, department="SOF-BUF")
    row = conclude(world, case, reason="Bor på Lönnvägen 4.")
    found = sheet(world, row, language, "caseworker SOF-BUF")
    text = words(found)
    assert found.applicant is None and found.protected
    for word in (
        "Hemliga",
        "Lönnvägen",
        "Testsson",
        "Alva",
        "1283",
        level,
        "Sekretess",
        "Fingerade",
        "Fictitious",
    ):
        assert word not in text, word


def test_an_unprotected_household_is_named_and_its_kommun_told(world: World) -> None:
    found = sheet(world, conclude(world, world.case()))
    assert ("Folkbokföringskommun", "1283") in {
        (known.question, known.answer) for one in found.criteria for known in one.known
    }


def test_the_decision_that_came_of_it_and_how_to_appeal(world: World) -> None:
    case = world.case()
    row = conclude(world, case)
    assert sheet(world, row).decision is None
    world.propose(case)
    assert sheet(world, row).decision is None, "a proposal is no decision"
    decided = world.case()
    row = conclude(world, decided)
    world.grant(decided, legal_basis=[BASIS])
    found = sheet(world, row).decision
    assert found is not None
    assert (found.granted, found.decided_by) == (True, "manager SOF-VUX")
    assert found.legal_bases == ("Insatser enligt socialtjänstlagen (2025:400) 11 kap. 1 §",)
    assert "35 kap. 1 § socialtjänstlagen (2025:400)" in found.appeal
    assert "inom tre veckor" in found.appeal and "Socialförvaltningen" in found.appeal
    english = sheet(world, row, "en").decision
    assert english is not None and "within three weeks" in english.appeal


def test_a_decision_from_before_the_assessment_is_another_matter(world: World) -> None:
    case = world.case()
    world.grant(case)
    assert sheet(world, conclude(world, case, on=today())).decision is None


@pytest.mark.parametrize("who", ["property", "caseworker SOF-BUF", "manager AMF"])
def test_others_than_the_department_get_none(world: World, who: str) -> None:
    case = world.case()
    row = conclude(world, case)
    world.registered(case)
    with pytest.raises(NotFound, match="Assessment"):
        sheet(world, row, who=who)


def test_the_manager_may_hand_it_out(world: World) -> None:
    row = conclude(world, world.case())
    assert sheet(world, row, who="manager SOF-VUX").criteria
