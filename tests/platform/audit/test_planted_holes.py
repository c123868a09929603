"""Holes planted in who looks through the log: each lets something pass that the log's tests would miss."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from hemvist.audit import anchors, linking
from hemvist.audit import verifying as sound
from hemvist.clock import real_now
from hemvist_audit_log import written
from hemvist_planted import Fault, planted_in_auditor
from hemvist_tampering import Tampering
from hemvist_testing import new_tenant

ENTRIES = 8
#: What somebody does to the log, and what has to be told of it: a kind, a place, an entry.
Told = tuple[str, int | None, UUID | None]
Deed = Callable[["Log"], Told]


class Log:
    """A kommun's log of eight linked entries, two anchors and two entries that wait."""

    def __init__(self, file: Path, hands: Tampering, tenant_id: UUID) -> None:
        self.file, self.hands, self.tenant_id = file, hands, tenant_id
        self.entries, self.waiting = hands.ids("audit_entries"), hands.waiting()
        self.anchors = hands.ids("audit_anchors")

    def found(self, verifying: Any, *, later: bool = False) -> set[Told]:
        """What is told of it."""
        at = real_now() + timedelta(hours=1) if later else None
        report = verifying.verify(self.tenant_id, self.file, at)
        return {(one.kind, one.ordinal, one.entry_id) for one in report.findings}


@pytest.fixture(scope="module")
def log(postgres: str, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    tenant_id = new_tenant()
    file = tmp_path_factory.mktemp("anchors") / "anchors.jsonl"
    for _ in range(2):
        written(tenant_id, ENTRIES // 2)
        linking.link(tenant_id, None)
        linking.anchor(tenant_id, now=True)
    anchors.carry_out(tenant_id, file)
    written(tenant_id, 2)
    hands = Tampering(postgres, database, tenant_id, new_tenant())
    yield Log(file, hands, tenant_id)
    hands.close()


def changed(table: str, column: str, number: int, kind: str) -> Deed:
    def deed(log: Log) -> Told:
        rows = log.anchors if table == "audit_anchors" else log.entries
        log.hands.change(table, rows[number], column)
        if table == "audit_anchors":
            return kind, ENTRIES // 2 * (number + 1), None
        return kind, number + 1, rows[number]

    return deed


def removed(*tables: str) -> Deed:
    def deed(log: Log) -> Told:
        for table in tables:
            log.hands.delete(table, [log.entries[3]])
        return "removed", 4, log.entries[3] if tables == ("audit_entries",) else None

    return deed


def under(row_id: UUID) -> Deed:
    def deed(log: Log) -> Told:
        log.hands.insert_copy(log.entries[2], marked=True, row_id=row_id)
        return "inserted", None, row_id

    return deed


def unmarked(log: Log) -> Told:
    made = log.hands.insert_copy(log.entries[2], marked=False)
    linking.link(log.tenant_id, None)
    return "inserted", ENTRIES + 3, made


def moved(log: Log) -> Told:
    log.hands.swap("audit_links", log.entries[1], log.entries[5], ["ordinal"])
    return "moved", 2, log.entries[5]


def first_of_all(log: Log) -> Told:
    log.hands.insert_link(log.entries[2], UUID(int=0), -(2**63))
    return "link", -(2**63), UUID(int=0)


def cut(log: Log) -> Told:
    for table in ("audit_links", "audit_entries"):
        log.hands.delete(table, log.entries[5:])
    log.hands.delete("audit_anchors", log.anchors[1:])
    return "truncated", 6, None


def anchor_gone(log: Log) -> Told:
    log.hands.delete("audit_anchors", log.anchors[:1])
    return "anchor", ENTRIES // 2, None


def chain_made_anew(log: Log) -> Told:
    """All links are taken away and the linker is let loose: only anchors know that it is another chain."""
    log.hands.delete("audit_links", log.entries)
    log.hands.delete("audit_anchors", log.anchors)
    log.hands.delete("audit_entries", log.entries[6:])
    linking.link(log.tenant_id, None)
    return "anchor", ENTRIES, None


def left(log: Log) -> Told:
    return "unlinked", None, log.waiting[0]


HOLES: list[tuple[str, str, Deed]] = [
    # Marks are not looked at; or the digest is not of what stands there.
    (
        'if one.section == "marked" and not genuine:',
        "if False:",
        changed("audit_entries", "roles", 2, "changed"),
    ),
    (
        "genuine = is_genuine(self._keys, one.digest, one.mac)",
        "genuine = one.mac is not None",
        changed("audit_entries", "person_ids", 2, "changed"),
    ),
    # The chain is not.
    (
        "elif not holds and self._known:",
        "elif False:",
        changed("audit_links", "linked_at", 2, "link"),
    ),
    ("holds = one.hash in made", "holds = True", changed("audit_links", "hash", 7, "link")),
    # Rows that are gone.
    ("if one.entry_id is None:", "if False and one.entry_id is None:", removed("audit_entries")),
    (
        "if one.ordinal > self._place + 1:",
        "if one.ordinal > self._place + 2:",
        removed("audit_entries", "audit_links"),
    ),
    ("  LEFT JOIN audit_entries e", "  JOIN audit_entries e", removed("audit_entries")),
    # Rows that are too many, and where one begins to look.
    ("AND e.id >= %(since)s", "AND e.id > %(since)s", under(UUID(int=0))),
    (
        "(l.ordinal, l.id) >= (%(since)s, %(id)s)",
        "(l.ordinal, l.id) > (%(since)s, %(id)s)",
        first_of_all,
    ),
    ("if not is_genuine(keys, digest, mac):", "if mac is None:", under(UUID(int=2**100))),
    (
        'told = "put in without the key, or changed before it was linked"',
        "return self._go_on(one, made)",
        unmarked,
    ),
    # Places.
    ("            moved = self._moved(hashes)\n", "", moved),
    # What is too old to wait.
    ("elif _age(row_id, at) > UNLINKED_LIMIT:", "elif False:", left),
    # Anchors, here and outside.
    ("if not anchor.is_genuine(keys):", "if False:", changed("audit_anchors", "mac", 0, "anchor")),
    ("elif anchor.ordinal > walk.longest:", "elif False:", cut),
    ("elif walk.heads.get(anchor.ordinal) != anchor.hash:", "elif False:", chain_made_anew),
    ("for ordinal in sorted(outside - inside):", "for ordinal in ():", anchor_gone),
]


@pytest.mark.parametrize(
    ("old", "new", "deed"), HOLES, ids=[old.strip()[:50] for old, _, _ in HOLES]
)
def test_a_planted_hole_lets_something_pass(log: Log, old: str, new: str, deed: Deed) -> None:
    """The program as it is tells of it; with the hole it does not."""
    later = deed is left
    with log.hands.undone():
        told = deed(log)
        assert told in log.found(sound, later=later), log.found(sound, later=later)
        fault = Fault("verifying", old, new, "hemvist.audit")
        with planted_in_auditor(fault) as verifying:
            try:
                found = log.found(verifying, later=later)
            except TypeError:
                # It breaks, and tells no place.
                found = set()
    assert told not in found, found
    assert log.found(sound) == set()
