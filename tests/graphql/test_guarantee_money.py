"""Guarantees over the API: what the kommun answers for, a document sent in, an entry taken back."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from hemvist.guarantees.models import Guarantee
from hemvist.offers import service as offers
from hemvist_api import ask, command
from hemvist_graphql.ids import global_id
from hemvist_guarantees import (
    OFFICER,
    OTHER,
    RENT,
    claim,
    decide,
    demand,
    guaranteed,
    paid,
    pay,
    repay,
    second_officer,
)
from hemvist_world import GUARANTEE, World, new_world

FIGURES = "active capOre leftOre toPayOre paidOre owedOre lostOre"
EXPOSURE = f"""{{ guaranteeExposure {{
  kommun {{ {FIGURES} }} landlords {{ name organisationNumber {FIGURES} }} }} }}"""
LEDGER = """query($id: ID!) { node(id: $id) { ... on Guarantee {
  version paidOre accounts { account balanceOre }
  ledger { id kind amountOre reason reversed reverses { id } recordedBy { name } } } } }"""
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
OWNER = {"landlord_name": "Andra Värden AB", "landlord_organisation_number": "556703-7485"}


@pytest.fixture
def world(database: str) -> World:
    """A kommun of each test's own: the figures are of the whole of it."""
    return new_world()


def exposure(world: World, who: str) -> dict[str, Any]:
    found: dict[str, Any] = ask(world[who], EXPOSURE)["guaranteeExposure"]
    return found


def with_another_landlord(world: World) -> Guarantee:
    """A guarantee of two years towards another landlord."""
    case = world.case()
    referral = world.registered(case, GUARANTEE)
    offer = world.offer(referral, world.unit(**OWNER, rent_ore=800_000))
    taken = world.act(
        "caseworker SOF-VUX", offers.accept, offer_id=offer.id, expected_version=offer.version
    )
    world.contract(
        taken,
        guarantee_months=24,
        told_of_link_on=None,
        signed_on=None,
        starts_on=taken.answered_on,
    )
    [row] = world.rows(Guarantee, case_id=case.id)
    return row  # type: ignore[no-any-return]


def test_what_the_kommun_answers_for_by_landlord_and_together(world: World) -> None:
    first = guaranteed(world)
    paid(world, first, RENT)
    pay(world, decide(world, claim(world, first, 2 * RENT), 2 * RENT), RENT)
    owed = demand(world, first, RENT)
    repay(world, owed, 100_000)
    other = with_another_landlord(world)
    found = exposure(world, OFFICER)
    by_name = {one["name"]: one for one in found["landlords"]}
    assert list(by_name) == ["Andra Värden AB", "Testvärden AB"]
    one = by_name["Testvärden AB"]
    assert {name: one[name] for name in FIGURES.split()} == {
        "active": 1,
        "capOre": 12 * RENT,
        "leftOre": 9 * RENT,
        "toPayOre": RENT,
        "paidOre": 2 * RENT,
        "owedOre": RENT - 100_000,
        "lostOre": 0,
    }
    assert by_name["Andra Värden AB"]["organisationNumber"] == "5567037485"
    assert by_name["Andra Värden AB"]["capOre"] == 24 * 800_000 == other.cap_ore
    assert {name: found["kommun"][name] for name in FIGURES.split()} == {
        name: sum(row[name] for row in by_name.values()) for name in FIGURES.split()
    }
    assert found == exposure(world, "manager AMF")


def test_an_ended_one_is_no_risk_any_more_but_what_it_cost_stays(world: World) -> None:
    row = guaranteed(world)
    paid(world, row)
    ended = command(
        world[OFFICER],
        "endGuarantee",
        {
            "guaranteeId": global_id("Guarantee", row.id),
            "reason": "dialogue",
            "dialogueOn": str(row.starts_on),
            "parties": ["landlord", "property"],
            "told": ["referrer_told_guarantee_ended"],
            "motivation": "Hushållet klarar hyran.",
            "expectedVersion": world.again(row).version,
        },
        "guarantee { state }",
    )
    assert ended["guarantee"]["state"] == "ended"
    kommun = exposure(world, OFFICER)["kommun"]
    assert (kommun["active"], kommun["capOre"], kommun["leftOre"]) == (0, 0, 0)
    assert (kommun["paidOre"], kommun["toPayOre"]) == (RENT, 0)


def test_neither_a_caseworker_nor_another_kommun_sees_it(world: World) -> None:
    guaranteed(world)
    assert exposure(world, "caseworker SOF-VUX") == {"kommun": None, "landlords": []}
    other = new_world()
    assert exposure(other, OFFICER)["kommun"]["active"] == 0
    assert exposure(other, OFFICER)["landlords"] == []


def test_an_entry_is_taken_back_over_the_api(world: World) -> None:
    row = guaranteed(world)
    paid(world, row)
    guarantee_id = global_id("Guarantee", row.id)
    before = ask(world[OTHER], LEDGER, id=guarantee_id)["node"]
    [payment] = [one for one in before["ledger"] if one["kind"] == "payment"]
    given = {
        "guaranteeEntryId": payment["id"],
        "reason": "Fel mottagare.",
        "expectedVersion": before["version"],
    }
    own = command(world[OFFICER], "reverseGuaranteeEntry", given, "guarantee { id }")
    assert own["__typename"] == "NotAllowed"
    stale = {**given, "expectedVersion": before["version"] - 1}
    late = command(world[OTHER], "reverseGuaranteeEntry", stale, "guarantee { id }")
    assert late["__typename"] == "Conflict"
    hers = new_world()
    second_officer(hers)
    strange = command(hers[OTHER], "reverseGuaranteeEntry", given, "guarantee { id }")
    assert strange["__typename"] == "NotFound"
    done = command(world[OTHER], "reverseGuaranteeEntry", given, "guarantee { paidOre }")
    assert done["guarantee"]["paidOre"] == 0
    after = ask(world[OTHER], LEDGER, id=guarantee_id)["node"]
    [back] = [one for one in after["ledger"] if one["reverses"]]
    assert (back["reverses"]["id"], back["amountOre"]) == (payment["id"], -RENT)
    assert (back["reason"], back["recordedBy"]["name"]) == ("Fel mottagare.", OTHER)
    assert [one["id"] for one in after["ledger"] if one["reversed"]] == [payment["id"]]
    assert sum(one["balanceOre"] for one in after["accounts"]) == 0
    again = {**given, "expectedVersion": after["version"]}
    twice = command(world[OTHER], "reverseGuaranteeEntry", again, "guarantee { id }")
    assert (twice["__typename"], twice["rule"]) == ("Conflict", "already_reversed")


def test_a_landlords_document_is_sent_in_over_the_api(world: World) -> None:
    row = claim(world, guaranteed(world))
    given = {
        "guaranteeClaimId": global_id("GuaranteeClaim", row.id),
        "name": "avi.pdf",
        "contentBase64": base64.b64encode(PDF).decode(),
        "caption": "Hyresavi",
    }
    wanted = "guaranteeClaim { files { name mediaType sizeBytes sha256 caption addedBy { name } } }"
    bad = command(world[OFFICER], "addGuaranteeClaimFile", {**given, "contentBase64": "%%"}, wanted)
    assert [one["field"] for one in bad["problems"]] == ["contentBase64"]
    made = command(world[OFFICER], "addGuaranteeClaimFile", given, wanted)
    assert made["guaranteeClaim"]["files"] == [
        {
            "name": "avi.pdf",
            "mediaType": "application/pdf",
            "sizeBytes": len(PDF),
            "sha256": hashlib.sha256(PDF).hexdigest(),
            "caption": "Hyresavi",
            "addedBy": {"name": OFFICER},
        }
    ]
    for who in ("caseworker SOF-VUX", "caseworker AMF"):
        refused = command(world[who], "addGuaranteeClaimFile", given, wanted)
        assert refused["__typename"] in ("NotAllowed", "NotFound")
