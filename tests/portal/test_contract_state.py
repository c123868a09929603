"""What a contract's page reckons from its lists, and a protocol's form with lines left empty."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hemvist.clock import today
from hemvist_portal.contract_state import stands
from hemvist_portal.forms import Form
from hemvist_portal.routes.contract_acts import ACTS


def contract(**changed: Any) -> dict[str, Any]:
    """A contract as the page was told it, its rent raised from tomorrow."""
    tomorrow = (today() + timedelta(days=1)).isoformat()
    return {
        "rentOre": 500_000,
        "endedOn": None,
        "rentChanges": [{"validFrom": tomorrow, "rentOre": 600_000}],
        "keyMovements": [],
        **changed,
    }


def moved(move: str, holder: str, quantity: int) -> dict[str, Any]:
    """Flat keys handed out, returned or lost."""
    return {"move": move, "holder": holder, "keyKind": "flat", "quantity": quantity}


def test_the_rent_is_that_of_the_day() -> None:
    day = today().isoformat()
    changes = [{"validFrom": day, "rentOre": 550_000}, *contract()["rentChanges"]]

    assert stands(contract())["rentOre"] == 500_000
    assert stands(contract(rentChanges=changes))["rentOre"] == 550_000
    assert stands(contract(rentChanges=changes, endedOn="2020-01-01"))["rentOre"] == 500_000


def test_keys_out_are_what_did_not_come_back() -> None:
    keys = [
        moved("handed_out", "tenant", 3),
        moved("lost", "tenant", 1),
        moved("returned", "tenant", 2),
        moved("handed_out", "support", 1),
    ]

    assert stands(contract(keyMovements=keys))["keysOut"] == [
        {"holder": "support", "keyKind": "flat", "quantity": 1}
    ]


def test_an_empty_line_moves_no_problem_and_no_line_is_lost() -> None:
    form = Form.of(
        None,
        kind="move_in",
        heldOn=today(),
        **{"items[0].room": "Kök", "items[1].room": " ", "items[2].note": "Rispa"},
    )

    items = ACTS["inspection"][1](form)["items"]

    assert [(one["room"], one.get("note")) for one in items] == [("Kök", None), ("", "Rispa")]
    assert form.one("items[1].note") == "Rispa"
    assert form.rows("items") == [0, 1]
