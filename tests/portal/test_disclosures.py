"""Consents and what is told over borders, on the case's page and in the list."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.households.models import HouseholdMember
from hemvist.identity import get_directory
from hemvist.secrecy.models import Consent, SecrecyDisclosure
from hemvist_graphql.ids import global_id
from hemvist_visits import Visit
from hemvist_world import World, peopled

Log = Callable[..., Visit]
CASEWORKER, HERE = "aida.lindqvist", "/helsingborg"
DAY = today().isoformat()


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> World:
    return peopled(get_directory().tenant_id("helsingborg"))


@pytest.fixture
def case(world: World) -> Case:
    found: Case = world.case()
    return found


def own(case: Case) -> str:
    return f"{HERE}/cases/{global_id('Case', case.id)}"


def consented(world: World, case: Case, visitor: Visit) -> Consent:
    """A consent to Fridhem, given at the desk."""
    [member] = world.rows(HouseholdMember, household_id=case.household_id)
    status, page, to = visitor.post(
        f"{own(case)}/consents",
        personId=global_id("Person", member.person_id),
        recipientKind="provider",
        recipient="Fridhem",
        scope=["contact", "support"],
        given="written",
        givenOn=DAY,
        idempotencyKey=f"c-{case.id}",
    )
    assert (status, to) == (303, f"{own(case)}/disclosures"), page[:2000]
    [row] = world.rows(Consent, case_id=case.id)
    return row  # type: ignore[no-any-return]


def test_given_used_and_withdrawn(world: World, case: Case, visit: Log) -> None:
    caseworker = visit(CASEWORKER)
    path = f"{own(case)}/disclosures"
    assert f'href="{path}"' in caseworker.get(own(case))[1]
    page = caseworker.get(path)[1]
    assert "Inga samtycken." in page and "Inget är antecknat." in page
    row = consented(world, case, caseworker)
    page = caseworker.get(path)[1]
    assert "Fridhem" in page and "Kontaktvägar" in page and "Skriftligt" in page
    # The recipient is the consent's, and need not be written once more.
    status, page, to = caseworker.post(
        path,
        ground="consent",
        secrecyConsentId=global_id("SecrecyConsent", row.id),
        recipient="",
        fields=["contact"],
        on=DAY,
        idempotencyKey=f"d1-{case.id}",
    )
    assert (status, to) == (303, path), page[:2000]
    [told] = world.rows(SecrecyDisclosure, case_id=case.id)
    assert (told.recipient, told.recipient_kind, told.consent_id) == ("Fridhem", "provider", row.id)
    assert "Samtycke (OSL 10:1, 12:2)" in caseworker.get(path)[1]
    status, _, to = caseworker.post(
        f"{own(case)}/consents/{global_id('SecrecyConsent', row.id)}/withdraw",
        how="oral",
        on=DAY,
        expectedVersion=str(row.version),
        idempotencyKey=f"w-{case.id}",
    )
    assert (status, to) == (303, path)
    assert "Återtaget" in caseworker.get(path)[1]
    status, page, _ = caseworker.post(
        path,
        ground="consent",
        secrecyConsentId=global_id("SecrecyConsent", row.id),
        recipient="",
        fields=["contact"],
        on=DAY,
        idempotencyKey=f"d2-{case.id}",
    )
    assert status == 422 and "Samtycket gäller inte den dagen." in page


def test_what_is_wrong_is_told_beside_its_field(case: Case, visit: Log) -> None:
    caseworker = visit(CASEWORKER)
    path = f"{own(case)}/disclosures"
    status, page, _ = caseworker.post(
        path,
        ground="necessity",
        recipientKind="authority",
        recipient="Region Skåne",
        fields=["health"],
        on=DAY,
        idempotencyKey=f"e1-{case.id}",
    )
    assert status == 422 and "Varför det behövs: Fyll i fältet." in page and "Region Skåne" in page
    status, page, _ = caseworker.post(
        path,
        ground="consent",
        recipientKind="authority",
        recipient="Region Skåne",
        fields=["health"],
        on=DAY,
        idempotencyKey=f"e2-{case.id}",
    )
    assert status == 422 and "Det finns inget samtycke" in page and "OSL 10:1, 12:2" in page
    status, page, _ = caseworker.post(
        f"{own(case)}/consents", given="written", givenOn="2026-02-30", idempotencyKey="e3"
    )
    assert status == 422 and "Skriv datumet som ÅÅÅÅ-MM-DD." in page


def test_the_list_is_the_departments(world: World, case: Case, visit: Log) -> None:
    caseworker = visit(CASEWORKER)
    caseworker.post(
        f"{own(case)}/disclosures",
        ground="statutory_duty",
        recipientKind="authority",
        recipient="Försäkringskassan i Ängelholm",
        fields=["economy"],
        purpose="Underlag för bostadsbidrag.",
        on=DAY,
        idempotencyKey=f"l-{case.id}",
    )
    page = caseworker.get(f"{HERE}/disclosures?ground=statutory_duty")[1]
    assert "Försäkringskassan i Ängelholm" in page and case.number in page
    # What for is read in the case.
    assert "Underlag för bostadsbidrag." not in page
    assert "Försäkringskassan i" not in caseworker.get(f"{HERE}/disclosures?ground=consent")[1]
    assert "Försäkringskassan i" not in visit("elin.karimi").get(f"{HERE}/disclosures")[1]
    assert visit("ingrid.falk").get(f"{HERE}/disclosures")[0] == 403
