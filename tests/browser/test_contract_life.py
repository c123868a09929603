"""A contract's whole life in a real browser: keys, inspection, rent, notice, inspection, keys, end."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

import hemvist_journeys as way
from hemvist.contracts.periods import month_end
from hemvist.policy import add_months
from hemvist_browser import wrong
from hemvist_journeys import People

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: The beginning of a JPEG that says where it was taken, and the start of its picture.
_PLACE = b"Exif\0\0GPS 56.0465 12.6945"
PHOTO = (
    b"\xff\xd8\xff\xe1"
    + (len(_PLACE) + 2).to_bytes(2, "big")
    + _PLACE
    + b"\xff\xda\0\x02"
    + bytes(range(256)) * 4
    + b"\xff\xd9"
)


def test_a_contract_from_signing_to_a_vacant_home(people: People, tmp_path: Path) -> None:
    """Sign → keys → inspection in → rent → notice → inspection out → keys back → end → vacant."""
    lived = way.live(people, 7, "municipal_contract", "entitled")
    officer = people.officer
    contract, today = lived.contract, date.today()

    def act(name: str, **values: str) -> None:
        officer.open(f"{contract}/act/{name}")
        assert wrong(officer.page) == []
        for field, value in values.items():
            at = field.replace("__", ".").replace("_0_", "[0].")
            found = officer.page.locator(f'[name="{at}"]').first
            kind = found.get_attribute("type")
            if kind in ("radio", "checkbox") or found.evaluate("e => e.tagName") == "SELECT":
                officer.choose(at, value)
            else:
                officer.fill(at, value)
        officer.press("Spara")

    act("keys", quantity="2")
    officer.told("Nycklarna är registrerade.")
    act("keys", keyKind="spare", holder="support")
    officer.told("Fyll i")
    act(
        "keys",
        keyKind="spare",
        holder="support",
        terms="Vid fara för liv, efter samtal.",
        termsAgreedOn=today.isoformat(),
    )
    officer.told("Vid fara för liv, efter samtal.")
    officer.told("1 reservnyckel (boendestödet)")
    act("inspection", items_0_room="Kök", items_0_note="Rispa vid dörren")
    officer.told("Del: Fyll i")
    assert officer.page.locator('[name="items[0].note"]').input_value() == "Rispa vid dörren"
    act("inspection", items_0_room="Kök", items_0_part="Golv", items_0_condition="good")
    officer.told("Besiktningen är registrerad.")
    officer.page.get_by_role("link", name="Lägg till en bild").click()
    officer.note()
    assert wrong(officer.page) == []
    picture = tmp_path / "kök.jpg"
    picture.write_bytes(PHOTO)
    officer.page.locator('input[type="file"]').set_input_files(picture)
    officer.fill("caption", "Köksgolvet")
    officer.press("Spara")
    officer.told("Filen är sparad.")
    link = officer.page.get_by_role("link", name="Köksgolvet").get_attribute("href")
    answer = officer.context.request.get(f"{officer.address}{link}")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.body().startswith(b"\xff\xd8\xff") and b"GPS" not in answer.body()
    from_day = (today + timedelta(days=30)).isoformat()
    act("rent", rentOre="6 120", validFrom=from_day, reason="Årlig höjning")
    officer.told("Årlig höjning")
    act("notice", givenBy="landlord")
    officer.told("Skäl: Fyll i")
    act("notice", givenBy="tenant")
    officer.told(f"Upphör {month_end(add_months(today, 3)).isoformat()}")
    act(
        "inspection",
        kind="move_out",
        items_0_room="Kök",
        items_0_part="Golv",
        items_0_condition="damaged",
        items_0_costBearer="tenant",
        items_0_costOre="1 500",
    )
    officer.told("Skadat")
    act("keys", move="returned", quantity="3")
    officer.told("Av den nyckeln har den som anges 2.")
    act("keys", move="returned", quantity="2")
    officer.told("Återlämnades")
    act("end", reason="agreement")
    officer.told("Kontraktet är avslutat.")
    officer.told(f"Gällde{today.isoformat()} – {today.isoformat()}")
    officer.told("Ute nu: 1 reservnyckel (boendestödet)")
    # Nobody follows up in a home that the household has left.
    expect(officer.page.get_by_role("main")).not_to_contain_text("Ska göras")
    assert wrong(officer.page) == []
    officer.open(lived.unit)
    officer.told("Ledig")
    officer.told("Överenskommelse")
    assert wrong(officer.page) == []
    people.caseworker.open(lived.case)
    people.caseworker.told("Kontraktet upphörde")
    people.caseworker.told("Nycklarna återlämnades")
