"""Linking: nothing is left out, whoever is killed, late or in the way; and keys may change meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from hemvist import audit
from hemvist.audit import AuditEntry, AuditLink, anchors, linking
from hemvist.audit.marks import ENCODED
from hemvist.audit.verifying import Report, verify
from hemvist.clock import real_now
from hemvist.identity import Actor
from hemvist.ids import new_id
from hemvist.settings import get_settings
from hemvist.tenancy import Audience, key_making, tenant_session
from hemvist.tenancy.key_folder import KeysMissing, key_folder
from hemvist.tenancy.keys import forget_keys, tenant_keys
from hemvist_tampering import Tampering
from hemvist_testing import new_tenant, owner_connection
from hemvist_world import as_owner

#: Links in small batches and is killed as it commits the second, before or after.
_DYING = """
import os, signal, sys
from uuid import UUID
from hemvist.audit import linking
from hemvist.pipelined import PipelinedConnection

when, commits = sys.argv[2], []
commit = PipelinedConnection.commit

def dying(connection):
    commits.append(1)
    if len(commits) == 2 and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    commit(connection)
    if len(commits) == 2:
        os.kill(os.getpid(), signal.SIGKILL)

PipelinedConnection.commit = dying
linking.link(UUID(sys.argv[1]), batch=4)
"""


def write(tenant_id: UUID, count: int = 1) -> None:
    with tenant_session(Audience.STAFF, tenant_id) as session:
        for _ in range(count):
            audit.record(session, Actor(tenant_id, new_id(), "Alva"), "act", persons=[new_id()])


def later(tenant_id: UUID, file: Path | None = None) -> Report:
    """What is found an hour later, when all ought to be linked."""
    return verify(tenant_id, file, real_now() + timedelta(hours=1))


def links(tenant_id: UUID) -> list[tuple[int, str]]:
    with tenant_session(Audience.WORKER, tenant_id) as session:
        rows = session.query(AuditLink).order_by(AuditLink.ordinal).all()
        return [(row.ordinal, row.section) for row in rows]


def unmarked(tenant_id: UUID, count: int) -> None:
    """Entries as the version before wrote them."""
    with as_owner(tenant_id) as connection:
        for _ in range(count):
            connection.execute(
                "INSERT INTO audit_entries (tenant_id, id, at, kind, roles, channel, action,"
                " person_ids, details) VALUES (%s, %s, now(), 'read', '{}', 'portal', 'Case', '{}', '{}')",
                (tenant_id, new_id()),
            )


def test_a_mark_is_over_every_column(database: str) -> None:
    """As the trigger makes it and as it is looked through: a new column must be in both."""
    with owner_connection() as connection:
        row = connection.execute(
            "SELECT prosrc FROM pg_proc WHERE proname = 'hemvist_mark_audit_entry'"
        ).fetchone()
    assert row is not None
    for column in (column.name for column in AuditEntry.__table__.columns):
        if column != "mac":
            assert f"{{row}}.{column}" in ENCODED
            assert f"NEW.{column}" in row[0]


def test_the_key_is_nowhere_in_the_database(tenant: UUID) -> None:
    """Neither the log's, nor the one that the act gave to its entry."""
    given = audit.marks.one_time_key(tenant_keys(tenant))
    with tenant_session(Audience.STAFF, tenant) as session:
        session.add(
            AuditEntry(
                id=new_id(), at=real_now(), kind="write", roles=[], channel="portal",
                action="act", person_ids=[], details={}, mac=given,
            )
        )  # fmt: skip
    with tenant_session(Audience.WORKER, tenant) as session:
        (mark,) = session.query(AuditEntry.mac).one()
    assert mark[:17] == given[:17]
    assert given[17:-1] not in mark
    linking.link(tenant)
    assert later(tenant).findings == []


def test_an_entry_without_a_mark_of_its_own_is_refused(tenant: UUID) -> None:
    """What is neither open nor a mark cannot be written: the act fails with it."""
    with pytest.raises(DBAPIError), tenant_session(Audience.STAFF, tenant) as session:
        session.add(
            AuditEntry(
                id=new_id(), at=real_now(), kind="write", roles=[], channel="portal",
                action="act", person_ids=[], details={}, mac=b"short",
            )
        )  # fmt: skip


def test_without_a_key_there_is_no_act(tenant: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tenant)
    key_folder().change(tenant, lambda file: replace(file, audit={}))
    monkeypatch.setattr(get_settings(), "environment", "production")
    forget_keys()
    with pytest.raises(KeysMissing, match="audit log: hemvist keys create"):
        write(tenant)
    key_making.create_keys(key_folder(), tenant)
    forget_keys()
    write(tenant)


def test_entries_of_before_come_first_and_once(tenant: UUID) -> None:
    unmarked(tenant, 7)
    write(tenant, 3)
    linking.link(tenant, batch=3)
    made = links(tenant)
    assert [section for _, section in made] == ["before"] * 7 + ["marked"] * 4
    with tenant_session(Audience.WORKER, tenant) as session:
        begins = session.query(AuditEntry).filter_by(action=linking.BEGINS).one()
        assert begins.details == {"before": 7}
    report = later(tenant)
    assert (report.findings, report.before, report.linked) == ([], 7, 11)
    # Another without a mark is none of them any more.
    unmarked(tenant, 1)
    linking.link(tenant)
    (found,) = later(tenant).findings
    assert (found.kind, found.ordinal) == ("inserted", 12)


def test_a_changed_entry_of_before_is_found(postgres: str, database: str, tenant: UUID) -> None:
    unmarked(tenant, 5)
    linking.link(tenant)
    hands = Tampering(postgres, database, tenant, new_tenant())
    row = hands.ids("audit_entries")[2]
    hands.change("audit_entries", row, "channel")
    (found,) = later(tenant).findings
    assert (found.kind, found.ordinal, found.entry_id) == ("changed", 3, row)
    hands.close()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_killed_linker_is_gone_on_from(tenant: UUID, when: str) -> None:
    write(tenant, 18)
    for _ in range(12):
        ran = subprocess.run(
            [sys.executable, "-c", _DYING, str(tenant), when],
            env={**os.environ},
            check=False,
            capture_output=True,
            text=True,
        )
        if ran.returncode == 0:
            break
        assert ran.returncode == -signal.SIGKILL, ran.stderr
        assert later(tenant).findings == [] or len(links(tenant)) < 18
    else:
        pytest.fail("no linker ever got through")
    assert [ordinal for ordinal, _ in links(tenant)] == list(range(1, 19))
    assert later(tenant).findings == []


def test_writers_do_not_wait_and_linkers_do_not_meet(tenant: UUID) -> None:
    done = threading.Event()

    def writing() -> None:
        for _ in range(25):
            write(tenant)

    def keep_linking() -> None:
        while not done.is_set():
            linking.link(tenant, batch=3)

    writers = [threading.Thread(target=writing) for _ in range(4)]
    linkers = [threading.Thread(target=keep_linking) for _ in range(3)]
    for thread in (*writers, *linkers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in linkers:
        thread.join()
    linking.link(tenant)
    assert Counter(section for _, section in links(tenant)) == {"marked": 100}
    assert later(tenant).findings == []


def test_what_is_committed_late_is_linked(tenant: UUID) -> None:
    """Its id is older than those of others that are linked already."""
    with tenant_session(Audience.STAFF, tenant) as late:
        audit.record(late, Actor.system(tenant), "late")
        late.sent()
        write(tenant, 3)
        assert linking.link(tenant).entries == 3
    # Written before everything that is looked at: told of when it is old enough, linked by a whole look.
    assert linking.link(tenant, timedelta(seconds=-5)).entries == 0
    (found,) = later(tenant).findings
    assert found.kind == "unlinked"
    assert verify(tenant).waiting == 1
    assert linking.link(tenant).entries == 1
    assert later(tenant).findings == []


def test_keys_may_be_rotated(tenant: UUID) -> None:
    for _ in range(3):
        write(tenant, 2)
        linking.link(tenant)
        linking.anchor(tenant, now=True)
        key_making.rotate(key_folder(), tenant)
        forget_keys()
    assert tenant_keys(tenant).audit_generation == 4
    report = later(tenant)
    assert (report.findings, report.linked, report.anchors) == ([], 6, 3)


def test_another_kommuns_key_makes_no_mark(tenant: UUID) -> None:
    other = new_tenant()
    with tenant_session(Audience.STAFF, tenant) as session:
        session.add(
            AuditEntry(
                id=new_id(), at=real_now(), kind="write", roles=[], channel="portal",
                action="act", person_ids=[], details={},
                mac=audit.marks.one_time_key(tenant_keys(other)),
            )
        )  # fmt: skip
    linking.link(tenant)
    (found,) = later(tenant).findings
    assert found.kind == "inserted"


def test_anchors_are_made_as_the_chain_grows_and_told_once(tenant: UUID, tmp_path: Path) -> None:
    file = tmp_path / "deep" / "anchors.jsonl"
    write(tenant)
    assert linking.link(tenant).anchored
    write(tenant)
    # Soon after the last one there is none.
    assert not linking.link(tenant).anchored
    assert linking.anchor(tenant, now=True)
    assert not linking.anchor(tenant, now=True)
    assert anchors.carry_out(tenant, file) == 2
    assert anchors.carry_out(tenant, file) == 0
    # A full disk cut the last line off: it is told again, on a line of its own.
    text = file.read_text()
    file.write_text(text[:-30])
    assert anchors.carry_out(tenant, file) == 1
    told = [one.ordinal for one in anchors.lines(file) if isinstance(one, anchors.Anchor)]
    assert told == [1, 2]
    # Other kommuner's lines are theirs.
    other = new_tenant()
    write(other)
    linking.link(other)
    assert anchors.carry_out(other, file) == 1
    kinds = {one.kind for one in later(tenant, file).findings}
    assert kinds == {"anchor"}, "the torn line is told of"
