"""The database is killed in mid-load and its data are gone: what was acknowledged comes back, and planted
faults are found."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hemvist import restored
from hemvist.tenancy.keys import forget_keys
from hemvist_infra.backups import boxes, proofs
from hemvist_infra.backups.apart import pointed_at
from hemvist_infra.backups.drill import Drill, Outcome, Plan
from hemvist_infra.backups.instance import Instance
from hemvist_infra.backups.problem import BackupProblem
from hemvist_infra.backups.releasing import release
from hemvist_infra.backups.store import Base, Store
from hemvist_infra.database import prepare_roles
from hemvist_restoring import POINT, WRITERS, Load, Source, present, source_in
from hemvist_testing import forget_settings, open_folder
from hemvist_web import until

pytestmark = pytest.mark.slow


@dataclass
class Lost:
    """A source that is gone, and what it had acknowledged."""

    source: Source
    load: Load
    base: Base
    moment: datetime

    def copy(self, name: str) -> Store:
        """The folder of backups once more, to be damaged."""
        place = self.source.folder / name
        shutil.copytree(self.source.store.path, place)
        return Store(place)

    def drill(self, into: str, store: Store | None = None, **more: Any) -> Outcome:
        """A drill as if it were begun at the moment of the loss."""
        plan = self.source.plan(into, lost=self.moment, **more)
        return self.run(plan if store is None else replace(plan, store=store))

    def run(self, plan: Plan, prove: Callable[[Instance], None] | None = None) -> Outcome:
        """A drill, of which nothing stays."""
        try:
            return Drill(plan, print).run(prove)
        finally:
            shutil.rmtree(plan.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def lost() -> Iterator[Lost]:
    """Loaded, backed up, loaded on, killed, and its data removed."""
    with open_folder() as folder, source_in(folder) as source:
        source.receive()
        load = Load()
        load.some(2)
        source.link()
        base = source.back_up()
        # The receiver stands still for a while, and the disk that it had is gone: the slot keeps the log.
        source.stop_receiving()
        shutil.rmtree(source.spool)
        load.some(2)
        source.receive()
        with load.running():
            time.sleep(6)
            source.link()
            time.sleep(2)
            moment = source.lose()
            time.sleep(0.5)
        source.stop_receiving()
        shutil.rmtree(folder / "postgres")
        forget_settings()
        yield Lost(source, load, base, moment)


def test_no_acknowledged_command_is_lost_beyond_the_point(lost: Lost) -> None:
    missing: list[datetime] = []

    def prove(instance: Instance) -> None:
        for slug, told in lost.load.done.items():
            here = present(instance.url, slug, [row for row, _ in told])
            missing.extend(at for row, at in told if row not in here)

    assert lost.load.acknowledged > 20, lost.load.wrong[:3]
    thinned = lost.source.folder / "thinned"
    thinned.mkdir()
    plan = lost.source.plan("whole", lost=lost.moment, thinned=thinned)
    outcome = lost.run(plan, prove)
    print(outcome.last_line, outcome.seconds, outcome.lost_seconds)
    assert outcome.findings == []
    assert outcome.lost_seconds is not None and outcome.lost_seconds < POINT
    assert outcome.counts["tables"] > 100 and outcome.counts["rows"] > 100
    oldest = min(missing, default=lost.moment)
    print(f"{lost.load.acknowledged} acknowledged, {len(missing)} lost: {lost.moment - oldest}")
    assert lost.moment - oldest <= timedelta(seconds=POINT)


def test_it_is_restored_to_a_moment(lost: Lost) -> None:
    """In mid-load: what was acknowledged before it is there, and what came after it is not."""
    later = sorted(at for told in lost.load.done.values() for _, at in told)[-1]
    found: list[int] = []
    missing: list[datetime] = []

    def prove(instance: Instance) -> None:
        for slug, told in lost.load.done.items():
            here = present(instance.url, slug, [row for row, _ in told])
            found.append(sum(1 for row, at in told if at > moment and row in here))
            missing.extend(at for row, at in told if at <= moment and row not in here)

    moment = lost.base.done + (later - lost.base.done) / 2
    outcome = lost.run(lost.source.plan("moment", to=moment), prove)
    assert outcome.findings == []
    assert missing == []
    # One may have been committed before that moment and answered after it, in each thread.
    assert sum(found) <= 2 * len(WRITERS), found


def test_a_missing_segment_is_found(lost: Lost) -> None:
    store = lost.copy("no-segment")
    segment = max(store.since(lost.base))
    name = segment.name(lost.base.segment_bytes)
    for partial in (True, False):
        store.box_of(name, partial=partial)[0].unlink(missing_ok=True)
    outcome = lost.drill("without-segment", store)
    assert any(name in line and "missing" in line for line in outcome.findings), outcome.findings


def test_a_changed_byte_of_the_base_backup_is_found(lost: Lost) -> None:
    store = lost.copy("other-byte")
    path, _ = store.data_of(lost.base.id)
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))
    outcome = lost.drill("with-other-byte", store)
    assert any("not as it was written" in line for line in outcome.findings), outcome.findings
    assert any("changed or cut off" in line for line in outcome.findings), outcome.findings


def test_an_archive_that_stood_still_is_found(lost: Lost) -> None:
    moment = lost.moment + timedelta(seconds=3 * POINT)
    outcome = lost.run(lost.source.plan("late", lost=moment))
    assert any("are promised" in line for line in outcome.findings), outcome.findings


def test_keys_of_another_backup_open_nothing(lost: Lost) -> None:
    other = lost.source.folder / "other.key"
    boxes.make_keys(other)
    plan = replace(lost.source.plan("other-key"), private=boxes.read_private(other))
    outcome = lost.run(plan)
    assert any("was sealed to the pair" in line for line in outcome.findings), outcome.findings


def test_what_is_planted_in_a_restored_instance_is_found(lost: Lost) -> None:
    """One instance, a fault after another, each mended before the next."""
    found: dict[str, list[str]] = {}

    def prove(instance: Instance) -> None:
        with pointed_at(instance.url), psycopg.connect(instance.url) as connection:
            prepare_roles(instance.url)
            connection.execute("SET session_replication_role = replica")
            connection.commit()
            everyone = proofs.registered(connection)
            with _taken(connection, "households", "id IN (SELECT id FROM households LIMIT 1)"):
                found["row"] = list(proofs.counts(connection, lost.base, []))
            chains = lambda file: list(proofs.chains(everyone, file, lost.moment, []))  # noqa: E731 - once
            first = "(SELECT id FROM audit_entries ORDER BY id LIMIT 1)"
            with _changed(connection, "audit_entries", "action", "'other'", f"id = {first}"):
                found["chain"] = chains(lost.source.anchors)
            with tempfile.TemporaryDirectory() as folder:
                older = Path(folder, "anchors")
                older.write_text("")
                found["anchors"] = list(
                    proofs.chains(everyone, older, lost.moment + timedelta(hours=1), [])
                )
                found["no keys"] = _with_keys(
                    folder, lambda: list(proofs.keys(connection, everyone))
                )
            with _taken(connection, "outbox_events", "payload ? 'case_id'"):
                found["event"] = list(proofs.sound(connection, lost.moment, []))
            with _changed(connection, "persons", "given_name_sealed", "'\\x01ff'", "true"):
                found["wrong keys"] = list(proofs.keys(connection, everyone))
            connection.execute("ALTER TABLE households DISABLE ROW LEVEL SECURITY")
            connection.commit()
            found["rights"] = proofs.declared()
            connection.execute("ALTER TABLE households ENABLE ROW LEVEL SECURITY")
            connection.commit()
            found["held"] = [restored.restored_as() or "", str(restored.held())]
            ended = release(instance.url)
            restored.forget()
            assert until(lambda: restored.restored_as() is None)
            found["released"] = [str(ended > 0), str(_logins(connection)), str(restored.held())]
            with pytest.raises(BackupProblem, match="was not restored, or was released"):
                release(instance.url)
            found["nothing"] = [
                *proofs.counts(connection, lost.base, []),
                *chains(lost.source.anchors),
                *proofs.keys(connection, everyone),
                *proofs.declared(),
            ]

    lost.run(lost.source.plan("planted", lost=lost.moment), prove)
    print(found)
    assert any(line.startswith("households: ") for line in found["row"])
    assert any("changed" in line for line in found["chain"])
    assert any("event is gone" in line for line in found["event"])
    assert any("the file does not know this anchor" in line for line in found["anchors"])
    assert any(line.startswith("KEYS ARE MISSING") for line in found["no keys"])
    assert any(line.startswith("WRONG KEYS") for line in found["wrong keys"])
    assert any("row security is off" in line for line in found["rights"])
    assert found["nothing"] == []
    assert found["held"][0].startswith(lost.base.id) and found["held"][1] == "True"
    assert found["released"] == ["True", "0", "False"]


def _logins(connection: psycopg.Connection) -> int:
    asked = "SELECT count(*) FROM login_sessions WHERE revoked_at IS NULL"
    ((count,),) = connection.execute(asked).fetchall()
    connection.rollback()
    return int(count)


def _with_keys(folder: str, act: Any) -> list[str]:
    given = os.environ["HEMVIST_KEY_FOLDER"]
    os.environ["HEMVIST_KEY_FOLDER"] = folder
    forget_settings()
    forget_keys()
    try:
        found: list[str] = act()
        return found
    finally:
        os.environ["HEMVIST_KEY_FOLDER"] = given
        forget_settings()
        forget_keys()


@contextmanager
def _taken(connection: psycopg.Connection, table: str, which: str) -> Iterator[None]:
    """Some rows are not there inside."""
    connection.execute(f"CREATE TABLE kept AS SELECT * FROM {table} WHERE {which}")
    connection.execute(f"DELETE FROM {table} WHERE id IN (SELECT id FROM kept)")
    connection.commit()
    try:
        yield
    finally:
        connection.execute(f"INSERT INTO {table} SELECT * FROM kept")
        connection.execute("DROP TABLE kept")
        connection.commit()


@contextmanager
def _changed(
    connection: psycopg.Connection, table: str, column: str, value: str, which: str
) -> Iterator[None]:
    """A column says something else inside."""
    with _taken(connection, table, which):
        connection.execute(
            f"INSERT INTO {table} SELECT (jsonb_populate_record(kept, jsonb_build_object("
            f"'{column}', {value}))).* FROM kept"
        )
        connection.commit()
        try:
            yield
        finally:
            connection.rollback()
            connection.execute(f"DELETE FROM {table} WHERE id IN (SELECT id FROM kept)")
            connection.commit()
