"""One byte changed anywhere in the log's tables is found and located, also in what is not linked yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from hemvist.audit import anchors, linking
from hemvist.audit.verifying import Finding, verify
from hemvist.clock import real_now
from hemvist_audit_log import COLUMNS, written
from hemvist_tampering import TABLES, Tampering
from hemvist_testing import new_tenant

LINKED, WAITING = 12, 4
TRIES = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
    max_examples=120,
)


class Log:
    """A kommun's log whose last entries wait to be linked."""

    def __init__(self, file: Path, hands: Tampering, tenant_id: UUID) -> None:
        self.file, self.hands, self.tenant_id = file, hands, tenant_id
        self.rows = {table: hands.ids(table) for table in TABLES}
        self.waiting = hands.waiting()

    def found(self) -> list[Finding]:
        """What is found now, while the last entries may still wait."""
        return verify(self.tenant_id, self.file).findings


@pytest.fixture(scope="module")
def log(postgres: str, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    tenant_id = new_tenant()
    file = tmp_path_factory.mktemp("anchors") / "anchors.jsonl"
    for _ in range(2):
        written(tenant_id, LINKED // 2)
        linking.link(tenant_id, None, batch=5)
        linking.anchor(tenant_id, now=True)
    assert anchors.carry_out(tenant_id, file) == 2
    written(tenant_id, WAITING)
    hands = Tampering(postgres, database, tenant_id, new_tenant())
    log = Log(file, hands, tenant_id)
    report = verify(tenant_id, file)
    assert (report.findings, report.linked, report.waiting) == ([], LINKED, WAITING)
    yield log
    hands.close()


PLACES = st.sampled_from(TABLES).flatmap(
    lambda table: st.tuples(st.just(table), st.sampled_from(COLUMNS[table]))
)


@TRIES
@given(
    place=PLACES,
    number=st.integers(0, LINKED - 1),
    at=st.integers(0, 2_000),
    flipped=st.integers(1, 255),
)
# The first link's place becomes one below any: the first place is what is missed.
@example(place=("audit_links", "ordinal"), number=0, at=0, flipped=128)
# The first bytes of an anchor's moment: a year that Python has no word for.
@example(place=("audit_anchors", "made_at"), number=0, at=1, flipped=64)
@example(place=("audit_links", "linked_at"), number=LINKED - 1, at=1, flipped=64)
@example(place=("audit_entries", "at"), number=3, at=1, flipped=64)
def test_a_changed_byte_is_found_at_its_place(
    log: Log, place: tuple[str, str], number: int, at: int, flipped: int
) -> None:
    table, column = place
    row = log.rows[table][number % len(log.rows[table])]
    with log.hands.undone():
        assume(log.hands.change_byte(table, row, column, at, flipped))
        found = log.found()
    assert found
    if table == "audit_anchors":
        assert {one.kind for one in found} <= {"anchor", "truncated"}
        return
    ordinal = log.rows[table].index(row) + 1
    assert any(one.ordinal == ordinal for one in found), found
    if column not in ("tenant_id", "id", "ordinal"):
        accused = [(one.ordinal, one.entry_id) for one in found if one.kind != "anchor"]
        assert accused == [(ordinal, row)], found


@TRIES
@given(
    column=st.sampled_from(COLUMNS["audit_entries"]),
    number=st.integers(0, WAITING - 1),
    at=st.integers(0, 2_000),
    flipped=st.integers(1, 255),
    linked=st.booleans(),
)
def test_a_changed_byte_of_what_waits_is_found(
    log: Log, column: str, number: int, at: int, flipped: int, linked: bool
) -> None:
    """Whether or not the linker has come by since; an entry given to another kommun is found in theirs."""
    row = log.waiting[number]
    with log.hands.undone():
        assume(log.hands.change_byte("audit_entries", row, column, at, flipped))
        if linked:
            linking.link(log.tenant_id, None)
        found = log.found()
        if column == "tenant_id":
            # As if it had been taken out in the seconds before it is linked (docs/audit.md).
            assert found == []
            return
    assert {one.kind for one in found} == {"inserted"}
    if column != "id":
        assert [one.entry_id for one in found] == [row]
    # Its place in the chain, where it has one: only the bytes of its id move it.
    assert len(found) == 1
    assert (found[0].ordinal is not None) is linked


@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("row_id", [UUID(int=0), UUID(int=1), UUID(int=2**128 - 1)])
def test_an_entry_under_any_id_is_told_of(log: Log, row_id: UUID, linked: bool) -> None:
    """Also under the least and the highest there are, at which nobody would begin or go on."""
    with log.hands.undone():
        log.hands.insert_copy(log.rows["audit_entries"][4], marked=True, row_id=row_id)
        if linked:
            linking.link(log.tenant_id, None)
        found = log.found()
    assert [(one.kind, one.entry_id) for one in found] == [("inserted", row_id)]


@pytest.mark.parametrize("ordinal", [-(2**63), -1, 0, 7, LINKED + 1, 2**63 - 1])
@pytest.mark.parametrize("row_id", [UUID(int=0), UUID(int=2**127 + 5)])
def test_a_link_that_nobody_made_is_told_of(log: Log, ordinal: int, row_id: UUID) -> None:
    """Wherever it was put in; without the unique index, which whoever owns the database can drop."""
    key = "uq_audit_links_tenant_id_ordinal"
    log.hands.run(f"ALTER TABLE audit_links DROP CONSTRAINT {key}")
    try:
        with log.hands.undone():
            log.hands.insert_link(log.rows["audit_links"][2], row_id, ordinal)
            found = log.found()
    finally:
        log.hands.run(f"ALTER TABLE audit_links ADD CONSTRAINT {key} UNIQUE (tenant_id, ordinal)")
    assert any(one.ordinal == ordinal and one.entry_id is not None for one in found), found


@pytest.mark.parametrize("row_id", [UUID(int=0), UUID(int=2**128 - 1)])
def test_an_anchor_that_nobody_made_is_told_of_and_not_told_outside(log: Log, row_id: UUID) -> None:
    """One under the highest id does not keep later ones from being told."""
    before = log.file.read_text()
    with log.hands.undone():
        log.hands.insert_anchor(log.rows["audit_anchors"][0], row_id, 5)
        assert ("anchor", 5) in {(one.kind, one.ordinal) for one in log.found()}
        assert anchors.carry_out(log.tenant_id, log.file) == 0
        assert log.file.read_text() == before
        linking.link(log.tenant_id, None)
        assert linking.anchor(log.tenant_id, now=True)
        assert anchors.carry_out(log.tenant_id, log.file) == 1
    log.file.write_text(before)


def test_after_a_restore_what_the_chain_grows_to_is_told_outside_too(
    postgres: str, database: str, tenant: UUID, tmp_path: Path
) -> None:
    """The file knows a longer chain. Until the restored one is as long, its tail is not left unwatched."""
    file, hands = tmp_path / "anchors.jsonl", Tampering(postgres, database, tenant, new_tenant())
    for count in (3, 5):
        written(tenant, count)
        linking.link(tenant)
        linking.anchor(tenant, now=True)
    assert anchors.carry_out(tenant, file) == 2
    lost = hands.ids("audit_entries")[3:]
    for table in ("audit_links", "audit_entries"):
        hands.delete(table, lost)
    hands.run("DELETE FROM audit_anchors WHERE tenant_id = %(tenant)s AND ordinal > 3")
    assert ("truncated", 4) in {(one.kind, one.ordinal) for one in verify(tenant, file).findings}
    written(tenant, 2)
    linking.link(tenant, None)
    linking.anchor(tenant, now=True)
    assert anchors.carry_out(tenant, file) == 1
    # Somebody cuts those off: the file tells.
    tail = hands.ids("audit_entries")[3:]
    for table in ("audit_links", "audit_entries"):
        hands.delete(table, tail)
    hands.run("DELETE FROM audit_anchors WHERE tenant_id = %(tenant)s AND ordinal > 3")
    told = {one.told for one in verify(tenant, file).findings}
    assert f"the chain ends at 3; {file} knows that it went on to 5" in told
    hands.close()


def test_an_hour_later_what_waits_is_told_of(log: Log) -> None:
    found = verify(log.tenant_id, log.file, real_now() + timedelta(hours=1)).findings
    assert {(one.kind, one.entry_id) for one in found} == {("unlinked", row) for row in log.waiting}
