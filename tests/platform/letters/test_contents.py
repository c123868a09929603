"""What each kind of letter says: who, what, how much, until when, by which law, and how to appeal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts import ending, head_leases, rents
from hemvist.contracts.models import Contract
from hemvist.decisions.models import Decision
from hemvist.guarantees.models import Guarantee
from hemvist.letters.words import day, money
from hemvist.offers import service as offers
from hemvist.units.models import Unit
from hemvist_letters import letter_said, plain
from hemvist_world import GUARANTEE, World, adult

PROPERTY = "property"


def says(text: str, *parts: str) -> None:
    for part in parts:
        assert plain(part) in text, part


def home_of(world: World, contract: Contract) -> Unit:
    [unit] = world.rows(Unit, id=contract.unit_id)
    return unit  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def housed(world: World) -> tuple[Case, Contract]:
    """A couple in a sublease of a home that the kommun rents, with a rent that has been changed."""
    case = world.case(adult(), adult("partner", given_name="Bo"))
    unit = world.unit()
    world.act(
        PROPERTY,
        head_leases.sign,
        unit_ids=[unit.id],
        reference="HL-77",
        signed_on=today() - timedelta(days=110),
        starts_on=today() - timedelta(days=105),
        rent_ore=540_000,
    )
    referral = world.registered(case)
    offer = world.offer(referral, unit)
    taken = world.act(
        "caseworker SOF-VUX",
        offers.accept,
        offer_id=offer.id,
        expected_version=offer.version,
        on=today() - timedelta(days=95),
    )
    contract = world.contract(taken)
    world.act(
        PROPERTY,
        rents.change_rent,
        contract_id=contract.id,
        rent_ore=561_050,
        valid_from=today() + timedelta(days=40),
        told_on=today(),
        reason="Årlig omräkning.",
        expected_version=contract.version,
    )
    return case, contract


def test_a_contract_names_parties_the_kommuns_own_lease_and_every_rent(
    world: World, housed: tuple[Case, Contract]
) -> None:
    case, contract = housed
    unit = home_of(world, contract)
    text = letter_said(world, case, "contract", contract, PROPERTY)
    says(text, "Hyresgäst Alva Testsson", "Bor tillsammans med hyresgästen Bo Testsson")
    says(text, "Fastighetsägare Testvärden AB")
    says(text, f"Kommunens hyresavtal med ägaren Från {day(today() - timedelta(days=105))}, tills")
    says(text, "Avtalets nummer HL-77")
    says(text, f"Gäller från {day(contract.starts_on)}", "Gäller till tills vidare")
    says(text, "Hyra per månad 5 500 kr")
    says(text, f"Hyra per månad från {day(today() + timedelta(days=40))} 5 610,50 kr")
    says(text, unit.street_address, unit.property_designation, "RH 2018:28")
    says(text, "Hyresgäst: Alva Testsson", "Hyresgäst: Bo Testsson")


def test_a_demand_and_a_notice_name_who_the_home_the_days_and_the_law(
    world: World, housed: tuple[Case, Contract]
) -> None:
    case, contract = housed
    unit = home_of(world, contract)
    demand = letter_said(world, case, "demand", contract, PROPERTY, "Sluta störa efter klockan 22.")
    says(demand, "Rättelseanmaning", "Hyresgäst Alva Testsson", unit.street_address)
    says(demand, "Sluta störa efter klockan 22.", "12 kap. 25, 25 a och 42 §§ jordabalken")
    given = world.act(
        PROPERTY,
        ending.notice,
        contract_id=contract.id,
        expected_version=world.again(contract).version,
        given_by="tenant",
    )
    notice = letter_said(world, case, "notice", contract, PROPERTY)
    says(notice, "Uppsagt av Hyresgästen", f"Uppsagt den {day(today())}")
    says(notice, f"Upphör den {day(given.ends_on)}", "12 kap. 4 och 8 §§ jordabalken")
    says(notice, "Hyresgäst Alva Testsson")


@pytest.mark.parametrize("outcome", ["granted", "refused"])
def test_a_decision_says_what_why_by_which_law_and_how_to_appeal(
    world: World, outcome: str
) -> None:
    case = world.case()
    more: dict[str, Any] = {"departure_reason": "Nej."} if outcome == "refused" else {}
    made = world.grant(case, outcome=outcome, on=today() - timedelta(days=3), **more)
    text = letter_said(world, case, "decision", made)
    says(text, "Alva Testsson", {"granted": "Bifall", "refused": "Avslag"}[outcome])
    says(text, f"Beslutat {day(made.decided_on)}", made.motivation)
    says(text, "11 kap. 1 §", "35 kap. 1 §", "förvaltningsrätten", "inom tre veckor")
    assert ("Gäller från" in text) == (outcome == "granted")


@pytest.fixture(scope="module")
def guaranteed(world: World) -> tuple[Case, Guarantee]:
    case = world.case()
    offer = world.accepted(case, world.registered(case, GUARANTEE))
    world.contract(offer, guarantee_months=24, told_of_link_on=None)
    [row] = world.rows(Guarantee, case_id=case.id)
    return case, row


def test_a_guarantee_names_who_the_lease_the_sum_the_days_and_the_law(
    world: World, guaranteed: tuple[Case, Guarantee]
) -> None:
    case, row = guaranteed
    [contract] = world.rows(Contract, id=row.contract_id)
    text = letter_said(world, case, "guarantee", row, PROPERTY)
    # To the landlord, of the tenant.
    says(text, "Hyresgaranti", "Testvärden AB", "Hyresgäst Alva Testsson")
    says(text, home_of(world, contract).street_address)
    says(text, f"Hyresavtal från {day(contract.starts_on)}", "Hyra per månad 5 500 kr")
    says(text, f"Gäller från {day(row.starts_on)}", f"Gäller till {day(row.ends_on)}")
    says(text, f"Högsta belopp {money(24 * 550_000)}, 24 månadshyror", "132 000 kr")
    says(text, f"Lämnad {day(row.issued_on)}")
    says(text, "2 kap. 6 § lagen (2009:47) om vissa kommunala befogenheter")
    says(text, "12 kap. 28 a § jordabalken", "med 9 månaders uppsägningstid")
    says(text, "fri tidigast 24 månader från början")
    assert "Borgen" not in text
    # What is given to a landlord is no decision of assistance: nobody is told how to appeal it.
    assert "överklaga" not in text


def test_a_guarantee_of_a_protected_household_tells_neither_name_nor_address(world: World) -> None:
    case = world.case(adult(family_name="Hemlingsson", protection="protected_registration"))
    offer = world.accepted(case, world.registered(case, GUARANTEE))
    contract = world.contract(offer, guarantee_months=12, told_of_link_on=None)
    [row] = world.rows(Guarantee, case_id=case.id)
    text = letter_said(world, case, "guarantee", row, PROPERTY)
    assert "Hemlingsson" not in text
    assert home_of(world, contract).street_address not in text
    says(text, "Adressen lämnas muntligen", "Hyresgäst Hushåll", "Testvärden AB", "66 000 kr")


def test_a_contract_of_a_protected_household_names_the_owner_only(world: World) -> None:
    case = world.case(adult(family_name="Hemlingsson", protection="protected_registration"))
    contract = world.contract(world.accepted(case, world.registered(case)))
    text = letter_said(world, case, "contract", contract, PROPERTY)
    assert "Hemlingsson" not in text
    says(text, "Fastighetsägare Testvärden AB", "Hyresgäst Hushåll")


def test_an_offer_says_the_flat_the_rent_and_until_when(world: World) -> None:
    case = world.case()
    offer = world.offer(world.registered(case))
    [unit] = world.rows(Unit, id=offer.unit_id)
    text = letter_said(world, case, "offer", offer, PROPERTY)
    says(text, "Erbjudande om bostad", unit.street_address, "34,5 m²", "5 500 kr")
    says(text, f"Svara senast {day(offer.answer_by)}", "1, utan hiss")
    [decision] = world.rows(Decision, case_id=case.id)
    assert decision.motivation not in text
