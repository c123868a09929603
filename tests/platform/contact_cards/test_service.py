"""Contact cards: what one must say, and how many there may be."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist.contact_cards import service
from hemvist.contact_cards.models import ContactCard
from hemvist.errors import Conflict, NotAllowed, ValidationFailed
from hemvist_world import World, caseworker_of, new_world

CARD: dict[str, Any] = {
    "position": 1,
    "name": "Bostadssamordningen",
    "matters": "Lediga bostäder",
    "phone": "010-123 45 67",
}


@pytest.fixture(scope="module")
def world(database: str) -> World:
    return new_world()


@pytest.mark.parametrize(
    ("wrong", "field", "rule"),
    [
        ({"name": "  "}, "name", "required"),
        ({"matters": ""}, "matters", "required"),
        ({"matters": "x" * 301}, "matters", "too_long"),
        ({"out_of_hours": "x" * 301}, "outOfHours", "too_long"),
        ({"hours": "fråga efter 19121212-1212"}, "hours", "card_personal_data"),
        ({"phone": None}, "phone", "phone_or_email"),
        ({"phone": "växeln"}, "phone", "phone_form"),
        ({"email": "bostad@kommun"}, "email", "email_form"),
        ({"position": 0}, "position", "range"),
    ],
)
def test_every_fault_names_its_field(
    world: World, wrong: dict[str, Any], field: str, rule: str
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        world.act("property", service.add, **{**CARD, **wrong})
    assert [(one.field, one.rule) for one in refused.value.problems] == [(field, rule)]


@pytest.mark.parametrize("phone", ["010-123 45 67", "+46 10 123 45 67", "(054) 540 00 00", "11414"])
def test_numbers_as_people_write_them(world: World, phone: str) -> None:
    card = world.act("property", service.add, **{**CARD, "phone": phone})
    assert card.phone == phone
    world.act("property", service.withdraw, card_id=card.id, expected_version=1)
    with pytest.raises(Conflict):
        world.act("property", service.change, card_id=card.id, expected_version=2, **CARD)


def test_who_may(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.act(caseworker_of("AMF"), service.add, **CARD)


def test_one_way_in_has_an_end(world: World) -> None:
    for place in range(1, service.MOST + 1):
        world.act("property", service.add, **{**CARD, "position": place})
    with pytest.raises(Conflict):
        world.act("property", service.add, **CARD)
    assert len([one for one in world.rows(ContactCard) if one.state == "in_use"]) == service.MOST
