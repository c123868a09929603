"""From referral to follow-up with every wrong step tried first; as in ``test_bad_input_values``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from hemvist_api_inputs import random_id
from hemvist_api_office import Office, open_office
from hemvist_api_steps import TOMORROW, Wrong, rule_said, step
from hemvist_api_ways import (
    LINK,
    REFERRAL,
    Way,
    begin,
    marked,
    register_unit,
    said,
    unit_input,
)
from hemvist_world import HOUSING, MUNICIPAL, PLAN, SUPPORT, content


@pytest.fixture(scope="module")
def office(database: str) -> Iterator[Office]:
    with open_office() as office:
        yield office


def test_a_referral(office: Office) -> None:
    way = _decided(office)
    draft = step(
        way,
        "caseworker",
        "draftReferral",
        {"caseId": way.case, "programme": MUNICIPAL, "content": {}, "on": way.day(25)},
        f"referral {{ {REFERRAL} }}",
        ("programme", "finns_inte", "unknown_choice"),
        ("content", [], "wrong_type"),
        ("content", {"finns_inte": "x"}, "content.finns_inte unknown_item"),
        ("content", {"household": 5}, "content.household wrong_type"),
        ("content", {"household": {"a": 1}}, "content.household wrong_type"),
        ("content", {"household": "x" * 10_001}, "content.household too_long"),
        ("on", TOMORROW, "future"),
        ("on", str(way.first - timedelta(days=1)), "too_early"),
    )
    row = {"referralId": draft["id"], "expectedVersion": draft["version"]}
    whole = marked(content())
    draft = step(
        way,
        "caseworker",
        "reviseReferral",
        {**row, "content": whole, "toldOneOfferOn": way.day(25)},
        "referral { id version }",
        ("content", "text", "wrong_type"),
        ("content", {**whole, "finns_inte": 1}, "content.finns_inte unknown_item"),
        ("content", {**whole, "home_size": [5]}, "content.home_size wrong_type"),
        ("toldOneOfferOn", TOMORROW, "future"),
        ("toldOneOfferOn", "1999-12-31", "too_early"),
    )
    row = {"referralId": draft["id"], "expectedVersion": draft["version"]}
    draft = step(
        way,
        "caseworker",
        "recordResidentSignature",
        {**row, "personId": way.person, "signedOn": way.day(26)},
        "referral { id version }",
        ("personId", random_id("Person"), "not_in_household"),
        ("personId", begin(office).person, "not_in_household"),
        ("personId", way.household, "Person not_found"),
        ("signedOn", TOMORROW, "future"),
        ("signedOn", way.day(24), "too_early"),
    )
    dates: list[Wrong] = [("signedOn", TOMORROW, "future"), ("signedOn", way.day(24), "too_early")]
    row = {"referralId": draft["id"], "expectedVersion": draft["version"]}
    given = {**row, "signedOn": way.day(26)}
    draft = step(way, "manager", "signReferralAsManager", given, "referral { id version }", *dates)
    dates = [("on", TOMORROW, "future"), ("on", way.day(24), "too_early")]
    row = {"referralId": draft["id"], "expectedVersion": draft["version"]}
    given = {**row, "on": way.day(28)}
    sent = step(way, "caseworker", "submitReferral", given, "referral { id version }", *dates)
    row = {"referralId": sent["id"], "expectedVersion": sent["version"]}
    returned = step(
        way,
        "officer",
        "returnReferral",
        {**row, "request": said("Beskriv."), "on": way.day(30)},
        "referral { id version }",
        ("request", " \n", "required"),
        ("request", "x" * 10_001, "too_long"),
        *dates,
    )
    step(
        way,
        "caseworker",
        "completeReferral",
        {"referralId": returned["id"], "on": way.day(31)},
        "referral { id }",
        ("on", TOMORROW, "future"),
        ("on", way.day(29), "too_early"),
    )


def _decided(office: Office) -> Way:
    way = begin(office)
    way.open_case()
    way.answer()
    way.decide(SUPPORT, 20)
    return way


def test_a_home(office: Office) -> None:
    way = _decided(office)
    draft = way.fill_in(way.draft(25), 25)
    registered = way.register(way.submit(way.sign(draft, 26), 28), 32)
    unit = step(
        way,
        "officer",
        "registerUnit",
        unit_input(77_001, way.day(30)),
        "unit { id }",
        ("landlordOrganisationNumber", "5590000006", "organisation_number_check"),
        ("landlordOrganisationNumber", "55-0", "organisation_number_form"),
        ("landlordName", "", "required"),
        ("streetAddress", " ", "required"),
        ("postalCode", "2522", "postal_code"),
        ("postalCode", "٢٥٢٢٠", "postal_code"),
        ("apartmentNumber", "11A1", "apartment_number"),
        ("source", "finns_inte", "unknown_choice"),
        ("rooms", 0, "range"),
        ("rooms", 10_000, "range"),
        ("sizeM2", -1.0, "range"),
        ("sizeM2", 1e15, "range"),
        ("rentOre", -1, "range"),
        ("rentOre", 2**31 - 1, "range"),
        ("floor", 999, "range"),
        ("area", "x" * 10_001, "too_long"),
    )
    offer = step(
        way,
        "officer",
        "makeOffer",
        {"referralId": registered["id"], "unitId": unit["id"], "on": way.day(40)},
        "offer { id version }",
        ("answerBy", way.day(39), "before_start"),
        ("on", TOMORROW, "future"),
        ("on", way.day(31), "too_early"),
    )
    row = {"offerId": offer["id"], "expectedVersion": offer["version"], "on": way.day(41)}
    dates: list[Wrong] = [("on", TOMORROW, "future"), ("on", way.day(39), "too_early")]
    for code, reason, expected in (
        ("finns_inte", "Nej.", "code unknown_choice"),
        ("wrong_size", " ", "reason required"),
    ):
        refused = office["caseworker"].refused("declineOffer", **row, code=code, reason=reason)
        assert rule_said(refused, expected.split()[0]) == expected.split()[1]
    offer = step(
        way,
        "caseworker",
        "acceptOffer",
        {**row, "viewingOn": way.day(42)},
        "offer { id version }",
        ("viewingOn", way.day(39), "before_start"),
        *dates,
    )
    step(
        way,
        "officer",
        "signContract",
        {
            "offerId": offer["id"],
            "signedOn": way.day(48),
            "startsOn": way.day(50),
            "toldOfLinkOn": way.day(48),
            "ownerNotifiedOn": way.day(49),
            "terms": LINK,
        },
        "contract { id }",
        ("signedOn", TOMORROW, "future"),
        ("signedOn", way.day(40), "too_early"),
        ("startsOn", way.day(47), "before_signing"),
        ("endsOn", way.day(49), "before_start"),
        ("toldOfLinkOn", TOMORROW, "after_signing"),
        ("toldOfLinkOn", None, "link_not_told"),
        ("terms", 5, "wrong_type"),
        ("terms", {**LINK, "finns_inte": True}, "terms.finns_inte unknown_term"),
        ("terms", {**LINK, "notice_months": "tre"}, "terms.notice_months wrong_type"),
        ("terms", {**LINK, "notice_months": -3}, "terms.notice_months out_of_range"),
        ("terms", {**LINK, "informed_of_link": False}, "terms.informed_of_link must_be"),
        ("guaranteeMonths", 12, "no_guarantee"),
        ("guaranteeMonths", -1, "no_guarantee"),
    )
    way.decide(HOUSING, 60)
    first = next(row for row in way.obligations() if row["code"] == "first_follow_up")
    step(
        way,
        "caseworker",
        "recordFollowUp",
        {**way.follow_up(first, way.day(85)), "plan": marked(PLAN)},
        "followUp { id }",
        ("heldOn", TOMORROW, "future"),
        ("heldOn", "1999-12-31", "too_early"),
        ("departments", [], "party_missing"),
        ("departments", ["finns-inte"], "unknown_department"),
        ("departments", ["SOF-VUX", "SOF-VUX"], "party_missing"),
        ("agendaDone", ["finns_inte"], "unknown_item"),
        ("notes", "x" * 10_001, "too_long"),
        ("plan", [], "wrong_type"),
        ("plan", {**PLAN, "finns_inte": 1}, "plan.finns_inte unknown_item"),
        ("plan", {**PLAN, "goal_own_lease": "ja"}, "plan_contents_missing"),
    )
    assert register_unit(office, way.day(30))["id"] != unit["id"]
