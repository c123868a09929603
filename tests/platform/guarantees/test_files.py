"""The landlord's documents of a claim as files: which, how large, by whom, and read by whom."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from hemvist.audit.models import AuditEntry
from hemvist.documents.uploads import MAX_BYTES
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.guarantees import files
from hemvist.guarantees.file_models import ClaimFile, ClaimFileBytes
from hemvist.guarantees.models import GuaranteeClaim
from hemvist_guarantees import OFFICER, RENT, claim, decide, guaranteed
from hemvist_world import World, as_owner, caseworker_of, new_world

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def add(world: World, row: GuaranteeClaim, who: str = OFFICER, **changes: Any) -> ClaimFile:
    values: dict[str, Any] = {"name": "C:\\hyra\\avi.pdf", "content": PDF, "caption": "Hyresavi"}
    return world.act(who, files.add_claim_file, claim_id=row.id, **(values | changes))  # type: ignore[no-any-return]


def test_a_file_is_kept_as_it_was_sent_and_its_reading_is_logged(world: World) -> None:
    row = claim(world, guaranteed(world))
    made = add(world, row)
    assert (made.name, made.media_type, made.size_bytes) == ("avi.pdf", "application/pdf", len(PDF))
    assert made.sha256 == hashlib.sha256(PDF).hexdigest()
    found, content = world.act(caseworker_of("SOF-VUX"), files.open_claim_file, file_id=made.id)
    assert (found.id, content) == (made.id, PDF)
    entries = world.rows(AuditEntry, subject_id=made.id)
    assert [one.action for one in entries] == ["guarantee.manage", "claim_file.read"]
    assert all(one.person_ids for one in entries)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "required"),
        (b"MZ\x90 a program", "media_type"),
        (b"<html>", "media_type"),
        (PDF + bytes(MAX_BYTES), "too_large"),
    ],
)
def test_what_is_no_document_is_not_kept(world: World, content: bytes, rule: str) -> None:
    row = claim(world, guaranteed(world))
    with pytest.raises(ValidationFailed) as refused:
        add(world, row, content=content)
    assert [(one.field, one.rule) for one in refused.value.problems] == [("content", rule)]
    assert world.rows(ClaimFile, claim_id=row.id) == []


def test_the_same_file_once_and_none_after_the_decision(world: World) -> None:
    row = claim(world, guaranteed(world))
    add(world, row)
    with pytest.raises(Conflict) as known:
        add(world, row, name="igen.pdf")
    assert known.value.rule == "file_known"
    decide(world, world.again(row), RENT)
    with pytest.raises(Conflict) as late:
        add(world, row, content=PDF + b"2")
    assert late.value.rule == "claim_decided"


def test_who_may_add_and_read(world: World) -> None:
    row = claim(world, guaranteed(world))
    made = add(world, row)
    with pytest.raises(NotAllowed):
        add(world, row, caseworker_of("SOF-VUX"), content=PDF + b"3")
    with pytest.raises(NotFound):
        world.act(caseworker_of("AMF"), files.open_claim_file, file_id=made.id)
    other = new_world()
    with pytest.raises(NotFound):
        other.act("property", files.open_claim_file, file_id=made.id)
    with pytest.raises(NotFound):
        add(other, row, "property")


def test_bytes_that_are_not_what_was_sent_are_given_to_nobody(world: World) -> None:
    made = add(world, claim(world, guaranteed(world)))
    [kept] = world.rows(ClaimFileBytes, file_id=made.id)
    # By somebody with the kommun's keys, and by somebody without.
    for forged in (ClaimFileBytes.content.sealed(world.tenant_id, PDF + b"forged"), PDF):
        with as_owner(world.tenant_id) as connection:
            connection.execute(
                "UPDATE claim_file_bytes SET content_sealed = %s WHERE id = %s", (forged, kept.id)
            )
        with pytest.raises(NotFound):
            world.act(OFFICER, files.open_claim_file, file_id=made.id)
