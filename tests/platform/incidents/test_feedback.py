"""What a landlord may be told (LF-10), and what the property side is let know of."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hemvist.cases.models import Case, CaseDisclosure, CaseEvent
from hemvist.clock import today
from hemvist.errors import Conflict, ValidationFailed
from hemvist.households import service as households
from hemvist.identity import Membership, Role
from hemvist.incidents import feedback, service, sharing
from hemvist.incidents.feedback import WORDS, may_be_said, text_of
from hemvist.incidents.models import Incident, IncidentAction, IncidentFeedback
from hemvist.notices.models import Notice
from hemvist.outbox import OutboxEvent
from hemvist_incidents import CASEWORKER, PACK, report, social_contract
from hemvist_pack_cases import Walk
from hemvist_registry import discovered
from hemvist_workers.handlers import handle
from hemvist_world import World, new_world

NEED = {"ground": "necessity", "ground_note": "Värden ska veta att vi kom."}
CONSENT = {"ground": "consent", "consented_on": date(2025, 12, 23)}


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Karlstad."""
    made = new_world(pack=PACK, departments={"ASF": ""})
    made.add("property", Membership(Role.PROPERTY_OFFICER, "BG"))
    return made


@pytest.fixture(scope="module")
def case(world: World) -> Case:
    """A household with a social contract."""
    return social_contract(world)


def tell(world: World, incident: Incident, words: list[str], **given: Any) -> Incident:
    """The landlord told by telephone."""
    values = {"told_how": "phone", "expected_version": world.again(incident).version, **given}
    return world.act(  # type: ignore[no-any-return]
        CASEWORKER, feedback.tell_landlord, incident_id=incident.id, words=words, **values
    )


def refused(world: World, incident: Incident, words: list[str], **given: Any) -> tuple[str, str]:
    """Field and rule of the refusal."""
    with pytest.raises(ValidationFailed) as found:
        tell(world, incident, words, **given)
    problem = found.value.problems[0]
    return problem.field, problem.rule


def test_only_what_the_record_bears_is_said(world: World, case: Case) -> None:
    incident = report(world, case)
    assert refused(world, incident, ["been_there"], **NEED) == ("words", "not_in_record")
    assert refused(world, incident, ["ended"], **NEED) == ("words", "not_in_record")
    assert refused(world, incident, [], **NEED) == ("words", "required")
    # Nothing is written freely.
    assert refused(world, incident, ["He drinks again."], **NEED) == ("words", "unknown_choice")
    world.act(
        CASEWORKER,
        service.act,
        incident_id=incident.id,
        kind="called_out",
        notes="Var där. Hushållet mår dåligt.",
        expected_version=incident.version,
    )
    tell(world, incident, ["been_there", "received"], **NEED)
    [kept] = world.rows(IncidentFeedback, incident_id=incident.id)
    assert (kept.recipient, kept.ground, kept.fields) == (
        "Testvärden AB",
        "necessity",
        ["contact", "report"],
    )
    assert text_of(kept.words, "sv") == "Vi har tagit emot er anmälan. Vi har varit på plats."
    [line] = world.rows(CaseEvent, subject_id=incident.id, kind="landlord_told")
    assert line.data["ground"] == "necessity" and line.data["fields"] == ["contact", "report"]


@pytest.mark.parametrize(
    ("given", "field", "rule"),
    [
        ({"ground": "general_clause"}, "ground", "unknown_choice"),
        ({"ground": "necessity"}, "groundNote", "required"),
        ({"ground": "consent"}, "consentedOn", "required"),
        ({"ground": "consent", "consented_on": date(2999, 1, 1)}, "consentedOn", "future"),
        ({**NEED, "told_how": "shouting"}, "toldHow", "unknown_choice"),
    ],
)
def test_a_ground_is_made_out(
    world: World, case: Case, given: dict[str, Any], field: str, rule: str
) -> None:
    """OSL 10:27 has no force for social services (26:1): there is no such ground to choose."""
    assert refused(world, report(world, case), ["received"], **given) == (field, rule)


def test_of_a_protected_household_nothing_is_said_without_consent(world: World) -> None:
    case = social_contract(world)
    incident = report(world, case)
    world.act(
        CASEWORKER,
        service.act,
        incident_id=incident.id,
        kind="talked",
        notes="Samtal.",
        expected_version=incident.version,
    )
    world.act(
        CASEWORKER,
        households.set_protection,
        person_id=world.applicant(case),
        protection="secrecy_mark",
        source="Skatteverket",
        checked_on=today(),
        expected_version=1,
    )
    assert refused(world, incident, ["talked"], **NEED) == ("words", "protected")
    tell(world, incident, ["received", "under_way", "no_more"], **NEED)
    tell(world, incident, ["talked"], **CONSENT)


def test_an_incident_about_no_home_has_no_landlord(world: World) -> None:
    walk = Walk(world, discovered().get(PACK), "ASF", "1780", {})
    case = walk.opened(date(2025, 11, 1), barred_from_market=True)
    assert refused(world, report(world, case), ["received"], **NEED) == (
        "incidentId",
        "no_landlord",
    )


def test_every_word_is_a_sentence_in_both_languages_and_says_nothing_of_a_person() -> None:
    for word in WORDS.values():
        assert word.sv.endswith(".") and word.en.endswith(".")
        assert "{" not in word.sv + word.en
    assert {code for code, word in WORDS.items() if word.personal} == {
        "been_there",
        "talked",
        "measures",
        "not_confirmed",
    }
    nothing = feedback.Standing("open", None, None, frozenset())
    assert may_be_said(nothing) == ["received", "under_way", "call_again", "no_more"]


def test_sharing_tells_the_property_side_that_there_is_an_incident(
    world: World, case: Case
) -> None:
    incident = report(world, case)
    assert incident.shared_on is None
    with pytest.raises(ValidationFailed):
        world.act(
            CASEWORKER,
            sharing.share,
            incident_id=incident.id,
            ground="necessity",
            expected_version=incident.version,
        )
    world.act(
        CASEWORKER,
        sharing.share,
        incident_id=incident.id,
        expected_version=incident.version,
        **NEED,
    )
    assert world.again(incident).shared_on == today()
    line = world.rows(CaseDisclosure, case_id=case.id, department="BG")[-1]
    assert line.ground == "OSL 10:2 (nödvändigt utlämnande)"
    assert "incident" in line.fields and "what" not in line.fields
    [said] = world.rows(IncidentAction, incident_id=incident.id, kind="shared")
    assert said.notes == NEED["ground_note"]
    for event in world.rows(OutboxEvent, type="incident_shared"):
        handle(world.tenant_id, event.id)
    told = world.rows(Notice, subject_id=incident.id, kind="incident_shared")
    assert {(one.role, one.department) for one in told} == {("property_officer", "BG")}
    with pytest.raises(Conflict) as twice:
        world.act(
            CASEWORKER,
            sharing.share,
            incident_id=incident.id,
            expected_version=world.again(incident).version,
            **NEED,
        )
    assert twice.value.rule == "shared_already"


def test_what_the_property_side_took_in_it_knows(world: World, case: Case) -> None:
    incident = report(world, case, "property", reported_by="patrol")
    assert (incident.department, incident.shared_on) == ("BG", date(2025, 12, 23))
