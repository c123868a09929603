"""The landlord's API on offers, times, tenancies and takeovers; and what it never says of anybody."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from hemvist.audit.models import AuditEntry
from hemvist.cases.models import Case
from hemvist.clock import now, today
from hemvist.dealings import consents, times
from hemvist.households.models import HouseholdMember, Person
from hemvist.offers.models import Offer
from hemvist_dealings import Dealings, new_dealings
from hemvist_landlord_api import ask, command
from hemvist_landlords import Member
from hemvist_world import GUARANTEE, adult, caseworker_of

LATER = now() + timedelta(days=4)
MARK, GIVEN = "Skyddadsson", "Hemligvera"
EVERYTHING = """{
  offers { edges { node { id alias adults children needs state madeOn answerBy tenantName
    kommun { name } unit { streetAddress } times { id kind state side place note version }
    tenancies { id alias tenantName kind form state startsOn takeovers { id alias tenantName } } } } }
  tenancies { edges { node { id alias tenantName kind state offer { alias tenantName } unit { id } } } }
  dealingTimes { edges { node { id offer { id alias tenantName } startsAt note } } }
  presentations { edges { node { id households { alias adults children } } } }
  takeovers { edges { node { id alias tenantName state figures { fact label value } replies { reason } } } }
}"""


def started(programme: str | None = None, **person: Any) -> tuple[Dealings, Case, Offer, Member]:
    """A household with marked names whose offer was accepted."""
    world = new_dealings()
    named = {"given_name": GIVEN, "family_name": MARK} | person
    case = world.case(adult(**named), adult("partner", family_name=MARK))
    referral = world.registered(case) if programme is None else world.registered(case, programme)
    offer = world.household_yes(case, world.accepted(case, referral))
    return world, case, offer, world.landlord()


def secrets_of(world: Dealings, case: Case) -> list[str]:
    """What tells who somebody in the household is, or leads to them in the kommun's own record."""
    found = [MARK, GIVEN, str(case.id), str(case.household_id), case.id.hex, case.number]
    for member in world.rows(HouseholdMember, household_id=case.household_id):
        (person,) = world.rows(Person, id=member.person_id)
        found += [str(person.id), person.id.hex, person.given_name, person.birth_date.isoformat()]
    return found


def test_a_time_is_proposed_answered_and_taken_back(database: str) -> None:
    world, _, offer, member = started()
    (seen,) = ask(member.actor, "{ offers(waiting: true) { edges { node { id state } } } }")[
        "offers"
    ]["edges"]
    seen = seen["node"]
    assert seen["state"] == "accepted"
    soon = (now() + timedelta(days=2)).isoformat()
    given = {"offerId": seen["id"], "kind": "signing", "startsAt": soon, "place": "remote"}
    chosen = "dealingTime { id version state side place }"
    made = command(member.actor, "proposeTime", given, chosen)["dealingTime"]
    assert (made["state"], made["side"], made["place"]) == ("proposed", "landlord", "remote")
    back = {"timeId": made["id"], "expectedVersion": made["version"]}
    done = command(member.actor, "withdrawTime", back, chosen)["dealingTime"]
    assert done["state"] == "withdrawn"
    row = world.act(
        "property",
        times.propose,
        offer_id=offer.id,
        kind="signing",
        starts_at=now() + timedelta(days=4),
    )
    (time,) = ask(
        member.actor, '{ dealingTimes(state: "proposed") { edges { node { id version } } } }'
    )["dealingTimes"]["edges"]
    time = time["node"]
    agreed = {"timeId": time["id"], "agrees": True, "expectedVersion": time["version"]}
    assert command(member.actor, "answerTime", agreed, chosen)["dealingTime"]["state"] == "agreed"
    assert world.again(row).state == "agreed"
    wrong = command(member.actor, "answerTime", agreed, chosen)
    assert wrong["__typename"] == "Conflict"


def test_a_name_that_is_told_is_logged_by_the_kommun(database: str) -> None:
    world, case, offer, member = started(GUARANTEE)
    assert MARK not in json.dumps(ask(member.actor, EVERYTHING))
    world.act(caseworker_of(case.department), consents.record_consent, offer_id=offer.id)
    answer = ask(member.actor, EVERYTHING)
    row = answer["offers"]["edges"][0]["node"]
    assert row["tenantName"] == f"{GIVEN} {MARK}, Alva {MARK}" and (
        row["adults"],
        row["children"],
    ) == (2, 0)
    reads = [
        one
        for one in world.rows(AuditEntry)
        if one.kind == "read" and "isclos" in str(one.action) + str(one.details)
    ]
    assert reads, "the kommun's log has it"


@pytest.mark.parametrize(
    "level", ["secrecy_mark", "protected_registration", "fictitious", "unknown"]
)
@pytest.mark.parametrize("programme", [None, GUARANTEE])
def test_nothing_tells_who_a_protected_household_is(
    level: str, programme: str | None, database: str
) -> None:
    """Whatever was agreed, consented to and signed: every field of every list, and every refusal."""
    checked = None if level == "unknown" else today() - timedelta(days=400)
    world, case, offer, member = started(programme, protection=level, protection_checked_on=checked)
    world.act(caseworker_of(case.department), consents.record_consent, offer_id=offer.id)
    world.act(
        "property",
        times.propose,
        offer_id=offer.id,
        kind="viewing",
        starts_at=now() + timedelta(days=3),
    )
    if programme == GUARANTEE:
        world.contract(offer, told_of_link_on=None, guarantee_months=12)
    else:
        world.contract(offer)
    world.names_due(case)
    answer = ask(member.actor, EVERYTHING)
    row = answer["offers"]["edges"][0]["node"]
    assert row["alias"] and row["tenancies"] and (row["adults"], row["needs"]) == (None, [])
    said = json.dumps(answer)
    refused = [
        command(
            member.actor,
            "proposeTime",
            {"offerId": row["id"], "kind": kind, "startsAt": at},
            "__typename",
        )
        for kind, at in (("signing", "2020-01-01T10:00:00Z"), ("no kind", "2030-01-01T10:00:00Z"))
    ]
    said += json.dumps(refused)
    for secret in secrets_of(world, case):
        assert secret not in said, secret
