"""A rent guarantee in a real browser: claimed on, decided, paid, asked back, partly given up, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

import hemvist_journeys as way
from hemvist.clock import today
from hemvist_browser import CASEWORKER, wrong
from hemvist_journeys import People

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def test_from_claim_to_the_end(people: People) -> None:
    lived = way.live(
        people,
        9,
        "rent_guarantee",
        "entitled_to_guarantee",
        extra={"manages_first_hand_lease": "true"},
        guarantee_months=12,
    )
    officer, manager = people.officer, people.manager
    officer.open(lived.contract)
    officer.follow("Krav, betalningar och regress")
    guarantee = officer.path
    officer.told("Inget är bokfört.")
    assert wrong(officer.page) == []

    # The landlord's claim: what is wrong with it is said, and nothing typed is lost.
    officer.open(f"{guarantee}/claim")
    officer.fill("amountOre", "8 000")
    officer.fill("periodFrom", today().isoformat())
    officer.fill("periodTo", (today() + timedelta(days=29)).isoformat())
    officer.press("Registrera kravet")
    officer.told("Inget är sparat")
    expect(officer.page.locator('[name="amountOre"]')).to_have_value("8 000")
    assert wrong(officer.page) == []
    officer.page.locator('[name="documents[0].kind"]').select_option("rent_statement")
    officer.fill("documents[0].title", "Hyresavi december")
    officer.press("Registrera kravet")
    officer.told("Kravet är registrerat.")
    officer.told("Hyresavi december")
    officer.follow("Lägg till en handling")
    assert wrong(officer.page) == []
    officer.page.locator('[name="file"]').set_input_files(
        {"name": "avi.pdf", "mimeType": "application/pdf", "buffer": b"MZ no document"}
    )
    officer.press("Spara handlingen")
    officer.told("PDF")
    officer.page.locator('[name="file"]').set_input_files(
        {"name": "avi.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    officer.fill("caption", "Hyresavin")
    officer.press("Spara handlingen")
    officer.told("Handlingen är sparad.")
    with officer.page.expect_download() as fetched:
        officer.page.get_by_role("link", name="Hyresavin").click()
    assert fetched.value.path().read_bytes() == PDF

    # Nobody decides on what they registered.
    officer.page.get_by_role("link", name="Besluta").first.click()
    claim = officer.page.url
    officer.choose("outcome", "approved")
    officer.fill("motivation", "Jag beslutar själv.")
    officer.press("Besluta")
    expect(officer.page.locator("main")).to_contain_text("besluta om krav på garantier")
    manager.page.goto(claim)
    assert wrong(manager.page) == []
    manager.choose("outcome", "approved")
    manager.fill("approvedOre", "7 500,50")
    manager.fill("motivation", "Avgiften för förråd omfattas inte.")
    manager.press("Besluta")
    manager.told("Beslutet om kravet är registrerat.")

    officer.open(guarantee)
    officer.page.get_by_role("link", name="Bokför betalning").click()
    payment = officer.page.url
    officer.fill("reference", "BG 1001")
    officer.press("Bokför betalningen")
    officer.told("Betalningen är bokförd.")
    # The claim is paid: what somebody has open still is refused.
    officer.page.goto(payment)
    officer.fill("amountOre", "1")
    officer.press("Bokför betalningen")
    officer.told("Det finns inget godkänt belopp att betala.")

    officer.open(f"{guarantee}/demand")
    officer.fill("instalments[0].dueOn", (today() + timedelta(days=30)).isoformat())
    officer.fill("instalments[0].amountOre", "5 000")
    officer.press("Kräv hushållet")
    officer.told("Delbetalningarna ska tillsammans bli hela beloppet.")
    assert wrong(officer.page) == []
    officer.fill("instalments[1].dueOn", (today() + timedelta(days=60)).isoformat())
    officer.fill("instalments[1].amountOre", "2 500,50")
    officer.press("Kräv hushållet")
    officer.told("Kravet på hushållet är registrerat.")
    officer.page.get_by_role("link", name="Bokför betalning").click()
    officer.fill("amountOre", "5 000")
    officer.press("Bokför betalningen")
    officer.told("Hushållets betalning är bokförd.")

    # It was another household's payment: somebody else takes it back, and the ledger keeps both.
    manager.open(guarantee)
    row = manager.page.locator('div[aria-label="Reskontra"] tr', has_text="Hushållet har betalat")
    own = manager.page.locator('div[aria-label="Reskontra"] tr', has_text="Krav godkänt")
    expect(own.get_by_role("link", name="Rätta")).to_have_count(0)
    row.get_by_role("link", name="Rätta").click()
    assert wrong(manager.page) == []
    manager.fill("reason", "Betalningen gällde ett annat hushåll.")
    manager.press("Rätta bokningen")
    manager.told("Bokningen är rättad.")
    manager.told("Betalningen gällde ett annat hushåll.")
    assert wrong(manager.page) == []
    officer.open(guarantee)
    officer.page.get_by_role("link", name="Bokför betalning").click()
    officer.fill("amountOre", "5 000")
    officer.press("Bokför betalningen")

    officer.page.get_by_role("link", name="Föreslå avskrivning").click()
    expect(officer.page.locator('[name="amountOre"]')).to_have_value(
        "2 500,50".replace(" ", "\u00a0")
    )
    officer.fill("reason", "Hushållet saknar betalningsförmåga.")
    officer.press("Skicka förslaget")
    officer.told("Förslaget om avskrivning är sparat.")
    manager.open(guarantee)
    manager.page.get_by_role("link", name="Besluta").click()
    manager.choose("outcome", "granted")
    manager.press("Besluta")
    manager.told("Beslutet om avskrivning är registrerat.")
    manager.told("Reglerat")
    ledger = manager.page.locator('div[aria-label="Reskontra"] tbody tr')
    expect(ledger).to_have_count(7)
    expect(manager.page.locator("tfoot")).to_contain_text("0\u00a0kr")
    assert wrong(manager.page) == []

    officer.open("guarantees")
    officer.told("Hela kommunen")
    assert wrong(officer.page) == []
    officer.open(f"{guarantee}/grant")
    officer.told("Ansökans uppgifter")
    assert wrong(officer.page) == []

    officer.open(f"{guarantee}/end")
    assert wrong(officer.page) == []
    officer.choose("reason", "dialogue")
    officer.press("Avsluta garantin")
    officer.told("Inget är sparat")
    officer.fill("dialogueOn", today().isoformat())
    for value in ("landlord", "property"):
        officer.page.locator(f'[name="parties"][value="{value}"]').check()
    officer.page.locator('[name="told"]').first.check()
    officer.fill("motivation", "Hushållet har fått en egen borgensman.")
    officer.press("Avsluta garantin")
    officer.told("Garantin är avslutad.")
    officer.told("Efter dialog med hyresvärden")

    people.caseworker.open(lived.case)
    people.caseworker.told("Hyresgarantin upphörde")
    assert people.caseworker.person == CASEWORKER
