"""Whatever is done to the log's tables by somebody who owns the database is found, and where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hemvist.audit import anchors, linking
from hemvist.audit.verifying import Finding, Report, verify
from hemvist.clock import real_now
from hemvist_audit_log import COLUMNS, written
from hemvist_tampering import TABLES, Tampering
from hemvist_testing import new_tenant

ENTRIES = 24


class Log:
    """A kommun's log, the file of its anchors, and somebody who tampers with it."""

    def __init__(self, file: Path, hands: Tampering, tenant_id: UUID) -> None:
        self.file, self.hands, self.tenant_id = file, hands, tenant_id
        self.entries = hands.ids("audit_entries")
        self.links = hands.ids("audit_links")
        self.anchors = hands.ids("audit_anchors")

    def rows(self, table: str) -> list[UUID]:
        """The rows of a table, in the chain's order."""
        return {
            "audit_entries": self.entries,
            "audit_links": self.links,
            "audit_anchors": self.anchors,
        }[table]

    def verify(self) -> Report:
        """An hour later, when all ought to be linked."""
        return verify(self.tenant_id, self.file, real_now() + timedelta(hours=1))


@pytest.fixture(scope="module")
def log(postgres: str, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    tenant_id = new_tenant()
    file = tmp_path_factory.mktemp("anchors") / "anchors.jsonl"
    for _ in range(2):
        written(tenant_id, ENTRIES // 2)
        assert linking.link(tenant_id, None, batch=5).entries == ENTRIES // 2
        linking.anchor(tenant_id, now=True)
    assert anchors.carry_out(tenant_id, file) == 2
    hands = Tampering(postgres, database, tenant_id, new_tenant())
    log = Log(file, hands, tenant_id)
    untouched = log.verify()
    assert untouched.findings == []
    assert (untouched.linked, untouched.anchors, untouched.outside) == (ENTRIES, 2, 2)
    yield log
    hands.close()


def test_every_column_can_be_tampered_with(log: Log) -> None:
    """The list above is the tables' own: a new column is attacked too."""
    for table in TABLES:
        assert COLUMNS[table] == tuple(name for name, _, _ in log.hands.columns(table))


PLACES = st.sampled_from(TABLES).flatmap(
    lambda table: st.tuples(st.just(table), st.sampled_from(COLUMNS[table]))
)
TRIES = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150
)


@TRIES
@given(place=PLACES, number=st.integers(0, ENTRIES - 1), bit=st.integers(0, 999))
def test_one_changed_value_is_found_at_its_place(
    log: Log, place: tuple[str, str], number: int, bit: int
) -> None:
    table, column = place
    rows = log.rows(table)
    row = rows[number % len(rows)]
    with log.hands.undone():
        log.hands.change(table, row, column, bit)
        found = log.verify().findings
    assert found
    if table == "audit_anchors":
        assert {one.kind for one in found} <= {"anchor"}
        return
    ordinal = rows.index(row) + 1
    assert any(one.ordinal == ordinal for one in found), found
    if column not in ("tenant_id", "id", "ordinal"):
        # That row, and no other is accused; but anchors know its hash as well.
        accused = [(one.ordinal, one.entry_id) for one in found if one.kind != "anchor"]
        assert accused == [(ordinal, row)], found


def test_every_column_of_a_row_is_found(log: Log) -> None:
    """None is left to chance."""
    for table in TABLES:
        row = log.rows(table)[-1]
        for column in COLUMNS[table]:
            with log.hands.undone():
                log.hands.change(table, row, column)
                assert log.verify().findings, (table, column)
    assert log.verify().findings == []


@TRIES
@given(
    table=st.sampled_from(TABLES),
    which=st.sets(st.integers(0, ENTRIES - 1), min_size=1, max_size=5),
)
def test_a_removed_row_is_missed(log: Log, table: str, which: set[int]) -> None:
    rows = log.rows(table)
    gone = sorted({number % len(rows) for number in which})
    with log.hands.undone():
        log.hands.delete(table, [rows[number] for number in gone])
        found = log.verify().findings
    if table == "audit_anchors":
        assert {one.kind for one in found} == {"anchor"}
        return
    places = {one.ordinal for one in found}
    assert gone[0] + 1 in places, found
    if table == "audit_entries":
        assert places == {number + 1 for number in gone}
        assert {one.kind for one in found} == {"removed"}


@TRIES
@given(number=st.integers(0, ENTRIES - 1))
def test_an_act_taken_out_whole_is_missed(log: Log, number: int) -> None:
    """Entry and link: the rest holds, and the gap is told."""
    with log.hands.undone():
        for table in ("audit_entries", "audit_links"):
            log.hands.delete(table, [log.entries[number]])
        found = log.verify().findings
    assert found
    # The last one's absence is known by the anchors alone.
    assert found[0].ordinal == number + 1, found


@TRIES
@given(number=st.integers(0, ENTRIES - 1), marked=st.booleans(), linked=st.booleans())
def test_an_inserted_entry_is_told_of(log: Log, number: int, marked: bool, linked: bool) -> None:
    with log.hands.undone():
        made = log.hands.insert_copy(log.entries[number], marked=marked)
        if linked:
            # The linker takes what it finds, and cannot be made to vouch for it.
            linking.link(log.tenant_id)
        found = log.verify().findings
    assert [(one.kind, one.entry_id) for one in found] == [("inserted", made)]
    assert found[0].ordinal == (ENTRIES + 1 if linked else None)


TWO = st.sets(st.integers(0, ENTRIES - 1), min_size=2, max_size=2).map(sorted)


@TRIES
@given(two=TWO)
def test_entries_that_change_places_are_found(log: Log, two: list[int]) -> None:
    one, other = (log.entries[number] for number in two)
    columns = [name for name in COLUMNS["audit_entries"] if name not in ("tenant_id", "id")]
    with log.hands.undone():
        log.hands.swap("audit_entries", one, other, columns)
        found = log.verify().findings
    assert [(each.kind, each.ordinal) for each in found] == [
        ("changed", number + 1) for number in two
    ]


@TRIES
@given(two=TWO)
def test_links_that_change_places_are_found(log: Log, two: list[int]) -> None:
    one, other = (log.links[number] for number in two)
    with log.hands.undone():
        log.hands.swap("audit_links", one, other, ["ordinal"])
        found = [each for each in log.verify().findings if each.kind != "anchor"]
    assert [(each.kind, each.ordinal) for each in found] == [
        ("moved", number + 1) for number in two
    ]


@TRIES
@given(left=st.integers(0, ENTRIES - 1))
def test_a_tail_that_was_cut_off_is_missed(log: Log, left: int) -> None:
    """Its anchors with it: the file outside knows how long the chain was."""
    with log.hands.undone():
        log.hands.delete("audit_links", log.links[left:])
        log.hands.delete("audit_entries", log.entries[left:])
        log.hands.run(
            f"DELETE FROM audit_anchors WHERE tenant_id = %(tenant)s AND ordinal > {left}"
        )
        found = log.verify().findings
    assert (
        Finding(
            "truncated",
            left + 1,
            None,
            f"the chain ends at {left}; {log.file} knows that it went on to {ENTRIES}",
        )
        in found
    )


def test_an_entry_that_is_there_twice(log: Log) -> None:
    """Without the primary key, which whoever owns the database can drop."""
    row = log.entries[7]
    key = "CONSTRAINT pk_audit_entries"
    with log.hands.undone():
        log.hands.run(f"ALTER TABLE audit_entries DROP {key} CASCADE")
        log.hands.run(
            "INSERT INTO audit_entries SELECT * FROM audit_entries"
            f" WHERE tenant_id = %(tenant)s AND id = '{row}'"
        )
        found = log.verify().findings
    log.hands.run(f"ALTER TABLE audit_entries ADD {key} PRIMARY KEY (tenant_id, id)")
    log.hands.run(
        "ALTER TABLE audit_links ADD CONSTRAINT fk_audit_links_tenant_id_id"
        " FOREIGN KEY (tenant_id, id) REFERENCES audit_entries (tenant_id, id)"
    )
    assert {one.kind for one in found} == {"duplicated"}
    assert {one.entry_id for one in found} == {row}


def test_a_line_of_the_file_that_was_changed(log: Log, tmp_path: Path) -> None:
    lines = log.file.read_text().splitlines()
    for changed in (lines[0].replace('"ordinal": 1', '"ordinal": 2'), lines[0][:40], "{}"):
        file = tmp_path / "changed"
        file.write_text(f"{changed}\n{lines[1]}\n")
        found = verify(log.tenant_id, file, real_now() + timedelta(hours=1)).findings
        assert "anchor" in {one.kind for one in found}, changed
    file.write_text(f"{lines[0]}\n")
    (short,) = verify(log.tenant_id, file, real_now() + timedelta(hours=1)).findings
    assert (short.kind, short.ordinal) == ("anchor", ENTRIES)
