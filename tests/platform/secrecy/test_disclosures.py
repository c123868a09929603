"""What is told over a border: its ground, its fields, its recipient, and the consent it rests on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, NotFound, PolicyRefused, ValidationFailed
from hemvist.households.models import HouseholdMember
from hemvist.secrecy import consents, disclosures
from hemvist.secrecy.models import Consent, SecrecyDisclosure
from hemvist_world import World, as_owner

CASEWORKER = "caseworker SOF-VUX"
FRIDHEM = {"recipient_kind": "provider", "recipient": "Fridhem"}


def consent(world: World, case: Case, **more: Any) -> Consent:
    [member] = world.rows(HouseholdMember, household_id=case.household_id)[:1]
    values = {
        "case_id": case.id,
        "person_id": member.person_id,
        **FRIDHEM,
        "scope": ["contact", "support"],
        "given": "written",
        **more,
    }
    found: Consent = world.act(CASEWORKER, consents.give, **values)
    return found


def told(world: World, case: Case, **more: Any) -> SecrecyDisclosure:
    values = {"case_id": case.id, "ground": "consent", **FRIDHEM, "fields": ["contact"], **more}
    row: SecrecyDisclosure = world.act(CASEWORKER, disclosures.disclose, **values)
    return row


def test_a_disclosure_keeps_ground_fields_recipient_and_consent(world: World) -> None:
    case = world.case()
    held = consent(world, case)
    row = told(world, case, consent_id=held.id, fields=["support", "contact", "contact"])
    assert (row.ground, row.cite, row.recipient) == ("consent", "OSL 10:1, 12:2", "Fridhem")
    assert (row.fields, row.consent_id) == (["contact", "support"], held.id)
    kinds = [one.kind for one in world.rows(CaseEvent, case_id=case.id)]
    assert kinds[-2:] == ["consent_given", "disclosed"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"fields": ["contact", "health"]}, "consent_too_narrow"),
        ({"recipient": "Solbacken"}, "consent_for_another"),
        ({"recipient_kind": "board"}, "consent_for_another"),
        ({"on": today() - timedelta(days=1)}, "consent_over"),
    ],
)
def test_a_consent_reaches_no_further_than_it_says(
    world: World, change: dict[str, Any], rule: str
) -> None:
    case = world.case()
    held = consent(world, case)
    with pytest.raises(PolicyRefused) as refused:
        told(world, case, consent_id=held.id, **change)
    assert (refused.value.rule, refused.value.cite) == (rule, "OSL 10:1, 12:2")
    assert world.rows(SecrecyDisclosure, case_id=case.id) == []


def test_without_a_consent_nothing_is_told_by_consent(world: World) -> None:
    case = world.case()
    with pytest.raises(PolicyRefused) as refused:
        told(world, case)
    assert refused.value.rule == "consent_needed"
    with pytest.raises(NotFound):
        told(world, case, consent_id=consent(world, world.case()).id)


def test_nothing_rests_on_a_withdrawn_consent(world: World) -> None:
    case = world.case()
    held = consent(world, case, given_on=today())
    gone = world.act(
        CASEWORKER,
        consents.withdraw,
        consent_id=held.id,
        how="oral",
        expected_version=held.version,
    )
    assert gone.withdrawn_on == today()
    with pytest.raises(PolicyRefused) as refused:
        told(world, case, consent_id=held.id)
    assert refused.value.rule == "consent_over"
    with pytest.raises(Conflict):
        world.act(
            CASEWORKER,
            consents.withdraw,
            consent_id=held.id,
            how="oral",
            expected_version=gone.version,
        )


def test_one_that_has_run_out(world: World) -> None:
    case = world.case()
    with pytest.raises(ValidationFailed):
        consent(world, case, until=today() - timedelta(days=1))
    held = consent(world, case, until=today())
    told(world, case, consent_id=held.id)


def test_other_grounds_say_why(world: World) -> None:
    case = world.case()
    with pytest.raises(ValidationFailed) as refused:
        told(world, case, ground="necessity")
    assert [one.field for one in refused.value.problems] == ["purpose"]
    row = told(world, case, ground="statutory_duty", purpose="Asked for by the police")
    assert (row.cite, row.purpose, row.consent_id) == (
        "OSL 10:28",
        "Asked for by the police",
        None,
    )
    # The general clause does not cover the social services.
    with pytest.raises(ValidationFailed):
        told(world, case, ground="general_clause", purpose="It would be good to know")


def test_what_must_be_said(world: World) -> None:
    case = world.case()
    with pytest.raises(ValidationFailed) as refused:
        told(world, case, recipient=" ", recipient_kind="friend", fields=[])
    assert {one.field for one in refused.value.problems} == {"recipient", "recipientKind", "fields"}
    with pytest.raises(ValidationFailed) as unknown:
        consent(world, case, scope=["everything"], given="guessed")
    assert {one.field for one in unknown.value.problems} == {"scope", "given"}


def test_who_may_not(world: World) -> None:
    case = world.case()
    with pytest.raises(NotFound):
        world.act(
            "caseworker AMF",
            disclosures.disclose,
            case_id=case.id,
            ground="necessity",
            **FRIDHEM,
            fields=["contact"],
        )
    with world.session() as session:
        stranger = session.scalars(
            select(HouseholdMember.person_id).where(
                HouseholdMember.household_id != case.household_id
            )
        ).first()
    if stranger is not None:
        with pytest.raises(NotFound):
            consent(world, case, person_id=stranger)
    with pytest.raises((NotFound, NotAllowed)):
        world.act(
            "property",
            disclosures.disclose,
            case_id=case.id,
            ground="necessity",
            **FRIDHEM,
            fields=["contact"],
        )


def test_the_database_itself_takes_none_without(world: World) -> None:
    case = world.case()
    row = told(world, case, consent_id=consent(world, case).id)
    with as_owner(world.tenant_id) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(
            "UPDATE secrecy_disclosures SET consent_id = NULL WHERE id = %s", (row.id,)
        )
