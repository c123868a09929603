"""Keys and inspections: what is counted, what needs terms, what a picture may carry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.audit.models import AuditEntry
from hemvist.cases.models import CaseEvent
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.documents.images import without_metadata
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.homes import inspections, keys, photos
from hemvist.homes.models import FileBytes, Inspection, InspectionFile
from hemvist_world import World, caseworker_of, new_world

ITEM = {"room": "Kök", "part": "Golv", "condition": "good"}
_PLACE = b"Exif\0\0GPS 56.0465 12.6945"
PHOTO = (
    b"\xff\xd8\xff\xe1" + (len(_PLACE) + 2).to_bytes(2, "big") + _PLACE + b"\xff\xda\0\x02x\xff\xd9"
)


@pytest.fixture
def contract(world: World) -> Contract:
    case = world.case()
    return world.contract(world.accepted(case, world.registered(case)))


def move(world: World, contract: Contract, **changes: Any) -> Any:
    values: dict[str, Any] = {"move": "handed_out", "key_kind": "flat", "holder": "tenant"}
    return world.act("property", keys.move_keys, contract_id=contract.id, **(values | changes))


def inspect(world: World, contract: Contract, **changes: Any) -> Inspection:
    values: dict[str, Any] = {"kind": "move_in", "present": ["resident"], "items": [ITEM]}
    return world.act(  # type: ignore[no-any-return]
        "property", inspections.record_inspection, contract_id=contract.id, **(values | changes)
    )


def refused(run: Any) -> set[tuple[str, str]]:
    with pytest.raises(ValidationFailed) as wrong:
        run()
    return {(one.field, one.rule) for one in wrong.value.problems}


def events(world: World, contract: Contract) -> list[str]:
    return [one.kind for one in world.rows(CaseEvent, case_id=contract.case_id)]


def test_the_last_key_back_is_told_the_case(world: World, contract: Contract) -> None:
    move(world, contract, quantity=2)
    more = lambda: move(world, contract, move="returned", quantity=3)  # noqa: E731
    assert refused(more) == {("quantity", "more_than_out")}
    move(world, contract, move="returned")
    assert events(world, contract)[-1] == "key_returned"
    move(world, contract, move="returned")
    assert events(world, contract)[-1] == "keys_returned"


def test_a_spare_key_has_terms_agreed_in_advance(world: World, contract: Contract) -> None:
    spare = {"key_kind": "spare", "holder": "support"}
    assert refused(lambda: move(world, contract, **spare)) == {
        ("terms", "required"),
        ("termsAgreedOn", "required"),
    }
    late = {"terms": "Vid fara.", "terms_agreed_on": today() + timedelta(days=1)}
    assert refused(lambda: move(world, contract, **spare, **late)) == {
        ("termsAgreedOn", "after_handing")
    }
    assert move(world, contract, **spare, terms="Vid fara.", terms_agreed_on=today()).terms


def test_a_protocol_is_whole(world: World, contract: Contract) -> None:
    assert refused(lambda: inspect(world, contract, items=[], present=[])) == {
        ("items", "required"),
        ("present", "required"),
    }
    wrong = {"room": " ", "part": "Golv", "condition": "fine", "cost_ore": 5}
    assert refused(lambda: inspect(world, contract, items=[wrong])) == {
        ("items[0].room", "required"),
        ("items[0].condition", "unknown_choice"),
        ("items[0].costBearer", "required"),
    }
    assert inspect(world, contract).items[0]["cost_bearer"] == "none"
    assert events(world, contract)[-1] == "inspection_done"


def add(world: World, inspection: Inspection, content: bytes = PHOTO, **changes: Any) -> Any:
    values: dict[str, Any] = {"name": "../../k\u00f6k.jpg", "content": content}
    return world.act("property", photos.add_file, inspection_id=inspection.id, **(values | changes))


def test_a_picture_is_what_it_begins_with_and_tells_no_place(
    world: World, contract: Contract
) -> None:
    inspection = inspect(world, contract)
    assert refused(lambda: add(world, inspection, b"<html>")) == {("content", "media_type")}
    assert refused(lambda: add(world, inspection, b"")) == {("content", "required")}
    large = b"\xff\xd8\xff" + bytes(photos.MAX_BYTES)
    assert refused(lambda: add(world, inspection, large)) == {("content", "too_large")}
    row = add(world, inspection)
    assert (row.name, row.media_type) == ("k\u00f6k.jpg", "image/jpeg")
    [kept] = world.rows(FileBytes, file_id=row.id)
    assert b"GPS" not in kept.content and kept.content.endswith(b"x\xff\xd9")
    with pytest.raises(Conflict):
        add(world, inspection)


def test_a_file_is_opened_by_who_reads_the_case_and_it_is_logged(
    world: World, contract: Contract
) -> None:
    row = add(world, inspect(world, contract))
    found, content = world.act(caseworker_of("SOF-VUX"), photos.open_file, file_id=row.id)
    assert found.sha256 == row.sha256 and len(content) == row.size_bytes
    assert world.rows(AuditEntry, action="inspection_file.read")
    with pytest.raises(NotFound):
        world.act(caseworker_of("AMF"), photos.open_file, file_id=row.id)
    with pytest.raises(NotFound):
        other = new_world()
        other.act("property", photos.open_file, file_id=row.id)
    assert len(world.rows(InspectionFile, inspection_id=row.inspection_id)) == 1


def test_a_caseworker_hands_out_no_keys(world: World, contract: Contract) -> None:
    with pytest.raises(NotAllowed):
        world.act(
            caseworker_of("SOF-VUX"),
            keys.move_keys,
            contract_id=contract.id,
            move="handed_out",
            key_kind="flat",
        )


def test_a_turned_picture_stays_turned() -> None:
    tiff = b"II*\0\x08\0\0\0\x01\0" + b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0" + b"\0\0\0\0"
    body = b"Exif\0\0" + tiff
    turned = b"\xff\xd8\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + b"\xff\xda\0\x02x"
    kept = without_metadata(turned, "image/jpeg")
    assert b"\x01\x12\0\x03\0\0\0\x01\0\x06" in kept
    assert without_metadata(kept, "image/jpeg") == kept
