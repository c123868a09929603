"""The kommun's contact cards: kept by the property office, read by everybody who works there."""

from __future__ import annotations

import re
from collections.abc import Callable

from hemvist_visits import Visit

LogIn = Callable[..., Visit]
PATH = "/karlstad/contacts"
CARD = {
    "position": "1",
    "name": "Bostadssamordningen",
    "matters": "Lediga bostäder och störningar",
    "phone": "054-540 00 00",
    "email": "",
    "hours": "Vardagar 8–16",
    "outOfHours": "Störningsjouren: 054-15 00 00",
}


def test_a_card_is_added_changed_and_withdrawn(visit: LogIn) -> None:
    officer = visit("sanna.tervo", "karlstad")
    assert "ser ingen kontakt än" in officer.get(PATH)[1]
    status, page, _ = officer.post(f"{PATH}/new", **{**CARD, "phone": "växeln"})
    assert status == 422 and "010-123 45 67" in page
    assert 'value="växeln"' in page and "Störningsjouren: 054-15 00 00" in page
    status, page, to = officer.post(f"{PATH}/new", **CARD, idempotencyKey="once")
    assert (status, to) == (303, PATH), page
    page = officer.get(PATH)[1]
    assert 'href="tel:0545400000"' in page and "Vägen in" in page
    address = re.search(r'href="(/karlstad/contacts/ContactCard_[0-9a-f]+)"', page)
    assert address
    changed = {**CARD, "email": "Bostad@Karlstad.example", "expectedVersion": "1"}
    assert officer.post(address[1], **changed)[0] == 303
    assert "bostad@karlstad.example" in officer.get(PATH)[1]
    # Who saw the first version is told, and keeps what was written.
    status, page, _ = officer.post(
        address[1], **{**CARD, "hours": "Dygnet runt"}, expectedVersion="1"
    )
    assert status == 409 and "Dygnet runt" in page
    gone = officer.post(address[1], expectedVersion="2", act="withdraw", idempotencyKey="gone")
    assert gone[0] == 303
    assert "ser ingen kontakt än" in officer.get(PATH)[1]


def test_who_may_not_edit_reads(visit: LogIn) -> None:
    caseworker = visit("aida.lindqvist")
    status, page = caseworker.get("/helsingborg/contacts")
    assert status == 200 and "Lägg till en kontakt" not in page
    assert caseworker.get("/helsingborg/contacts/new")[0] == 403
    assert caseworker.post("/helsingborg/contacts/new", **CARD)[0] == 403
