"""Out, gone and in again: a row in every table, a decided case, and the neighbours' bytes."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select

from hemvist.audit import linking, verifying
from hemvist.db import Audience
from hemvist.households.models import Person
from hemvist.ids import new_id
from hemvist.migrations.tables import metadata
from hemvist.replays import service as replays
from hemvist.replays.outcome import Result
from hemvist.tenancy import Owned, tenant_session
from hemvist.tenancy.key_folder import KeysErased
from hemvist.tenancy.keys import forget_keys, tenant_keys
from hemvist_infra import soundness
from hemvist_infra.backups import boxes
from hemvist_infra.leaving import erasing, loading, tables
from hemvist_infra.leaving.exporting import export
from hemvist_infra.leaving.importing import import_
from hemvist_infra.leaving.opening import open_
from hemvist_infra.leaving.problem import LeavingProblem
from hemvist_infra.onboarding import set_status
from hemvist_leaving import Moving, Seen, dies, dying_after, nothing, seen
from hemvist_rows import fill
from hemvist_testing import forget_settings, new_tenant
from hemvist_workers import chores
from hemvist_world import new_world

#: The log says that it was exported and imported, and has links and anchors of that.
LOG = {"audit_entries", "audit_links", "audit_anchors"}


@pytest.fixture(autouse=True)
def anchors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "anchors.jsonl"
    monkeypatch.setenv("HEMVIST_AUDIT_ANCHOR_FILE", str(path))
    forget_settings()
    yield path
    monkeypatch.undo()
    forget_settings()


def moving(folder: Path, tenant_id: UUID | None = None) -> Moving:
    """A kommun with a row in every table, unless one is given."""
    if tenant_id is None:
        tenant_id = new_tenant()
        fill(tenant_id)
        linking.link(tenant_id, None)
    return Moving(tenant_id, f"kommun-{tenant_id.hex[-12:]}", folder)


@pytest.fixture
def kommun(database: str, tmp_path: Path) -> Moving:
    return moving(tmp_path)


def but_log(one: Seen) -> dict[str, tuple[int, str]]:
    return {table: told for table, told in one.own.items() if table not in {*LOG, *tables.LEFT_OUT}}


def test_every_table_comes_back_and_no_neighbour_is_touched(
    postgres: str, database: str, kommun: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    neighbour = new_tenant()
    fill(neighbour)
    lists = kommun.folder / "thinned"
    lists.mkdir()
    for one in (kommun.tenant_id, neighbour):
        (lists / f"thinned-{one}.json").write_text(json.dumps({"tenant": str(one)}))
    monkeypatch.setenv("HEMVIST_THINNED_DIR", str(lists))
    forget_settings()
    before = seen(postgres, database, kommun.tenant_id)
    assert all(count for count, _ in before.own.values()), "a row in every table"
    folder = kommun.export()
    assert seen(postgres, database, kommun.tenant_id).others == before.others

    said = kommun.erase()
    gone = seen(postgres, database, kommun.tenant_id)
    assert gone.rows() == 0
    assert gone.others == before.others
    owned = [one for one in metadata.tables.values() if isinstance(one.info["tenancy"], Owned)]
    assert set(said["rows_before"]) == {table.name for table in owned}
    assert said["tables_looked_through"] == len(owned)
    assert set(said["rows_after"].values()) == {0}
    assert [one.name for one in lists.iterdir()] == [f"thinned-{neighbour}.json"]
    with pytest.raises(KeysErased):
        tenant_keys(kommun.tenant_id)

    found = kommun.import_(folder)
    after = seen(postgres, database, kommun.tenant_id)
    assert found.findings == []
    assert but_log(after) == but_log(before)
    assert after.others == before.others
    assert all(after.own[table][0] == 0 for table in tables.LEFT_OUT)


@pytest.mark.slow
def test_a_decided_case_its_log_and_its_deadlines_come_along(
    postgres: str, database: str, tmp_path: Path, anchors: Path
) -> None:
    world = new_world()
    case = world.case()
    world.grant(case)
    chores.mark_overdue(world.tenant_id)
    linking.link(world.tenant_id, None)
    kommun = moving(tmp_path, world.tenant_id)
    before, names = _judged(world.tenant_id), _names(world.tenant_id)
    assert before and set(before.values()) == {Result.SAME}
    folder = kommun.export()
    said = json.loads((folder / "manifest.json").read_text())
    assert said["deadlines"]["open"] > 0 and said["sound"]["findings"] == []
    with pytest.raises(LeavingProblem, match="is here already, suspended"):
        kommun.import_(folder)
    kommun.erase()
    found = kommun.import_(folder)
    assert found.findings == []
    assert found.deadlines == said["deadlines"]["open"]
    assert (_judged(world.tenant_id), _names(world.tenant_id)) == (before, names)
    report = verifying.verify(world.tenant_id, anchors)
    assert report.findings == [] and report.linked > 5 and report.anchors == report.outside
    # Once more it is there already; and the export is not what lies here now.
    assert kommun.import_(folder).already
    set_status(kommun.slug, "active")
    with pytest.raises(LeavingProblem, match="is active here"):
        kommun.import_(folder)
    # Work goes on, and so does its log.
    world.grant(world.case())
    chores.mark_overdue(world.tenant_id)
    linking.link(world.tenant_id, None)
    assert verifying.verify(world.tenant_id, anchors).findings == []
    assert set(_judged(world.tenant_id)) > set(before)
    assert soundness.look_through(world.tenant_id, anchors=anchors).findings == []
    # Whoever has the key reads it without a database.
    rows = open_(folder, boxes.read_private(kommun.private), tmp_path / "clear", nothing)
    persons = [
        json.loads(one) for one in (tmp_path / "clear/persons.ndjson").read_text().splitlines()
    ]
    assert rows == found.rows
    assert sorted(one["given_name_sealed"] for one in persons) == names


@pytest.mark.slow
def test_another_instance_takes_it_over_under_its_own_master_key(
    postgres: str, database: str, template: object, kommun: Moving, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = seen(postgres, database, kommun.tenant_id)
    folder = kommun.export()
    keys = kommun.folder / "other-keys"
    with template.copy() as other:  # type: ignore[attr-defined]
        monkeypatch.setenv("HEMVIST_KEY_FOLDER", str(keys))
        forget_settings()
        forget_keys()
        with pytest.raises(LeavingProblem, match="network 'made-up-.*' is not entered here"):
            kommun.import_(folder)
        assert seen(postgres, other, kommun.tenant_id).rows() == 0
        shared = json.loads((folder / "shared.json").read_text())
        landlord, network = shared["landlords"][0], shared["networks"][0]
        _enter_elsewhere(other, landlord, network)
        # What is otherwise than exported is found, by its line, and the kommun stays closed.
        _change(other, kommun.tenant_id, "subject || '-x'", monkeypatch)
        [told] = kommun.import_(folder).findings
        assert "principals.ndjson, line 1: principals has another row" in told
        _change(other, kommun.tenant_id, "left(subject, -2)", monkeypatch)
        found = kommun.import_(folder)
        assert found.findings == [] and found.put < 10
        after = seen(postgres, other, kommun.tenant_id)
        assert {t: n for t, (n, _) in but_log(after).items()} == {
            t: n for t, (n, _) in but_log(before).items()
        }
        assert (keys / "tenants" / f"{kommun.tenant_id}.json").exists()
    monkeypatch.undo()
    forget_settings()
    forget_keys()


@pytest.mark.slow
def test_killed_at_any_moment_each_of_the_three_goes_on(
    postgres: str, database: str, kommun: Moving
) -> None:
    before = seen(postgres, database, kommun.tenant_id)
    set_status(kommun.slug, "suspended")
    public = boxes.read_public(Path(f"{kommun.private}.pub"))
    folder = kommun.folder / "export"
    for steps in (0, 40, 120):
        killed = dies(lambda: export(kommun.slug, folder, public, dying_after(steps)))  # noqa: B023 - at once
        assert killed == signal.SIGKILL
        assert not (folder / "manifest.json").exists()
    # Something happened meanwhile: the export is of one moment all the same.
    _rename(database, kommun.tenant_id)
    between = seen(postgres, database, kommun.tenant_id)
    assert between.own["principals"] != before.own["principals"]
    kommun.export()
    assert not (folder / "progress.json").exists()

    kommun.request()
    for steps in (3, 60):
        killed = dies(lambda: erasing.erase(kommun.slug, "Bo Operator", dying_after(steps)))  # noqa: B023 - at once
        assert killed == signal.SIGKILL
    said = erasing.erase(kommun.slug, "Bo Operator", nothing)
    assert said == erasing.erase(kommun.slug, "Bo Operator", nothing)
    assert sum(said["rows_before"].values()) >= between.rows()
    assert seen(postgres, database, kommun.tenant_id).rows() == 0

    private = boxes.read_private(kommun.private)
    tables_there = len(tables.exported())
    for steps in (tables_there + 2, tables_there + 90):
        assert dies(lambda: import_(folder, private, dying_after(steps))) == signal.SIGKILL  # noqa: B023 - at once
        half = seen(postgres, database, kommun.tenant_id)
        assert 0 < half.rows() < between.rows()
    found = kommun.import_(folder)
    after = seen(postgres, database, kommun.tenant_id)
    assert found.findings == [] and 0 < found.put < found.rows
    assert but_log(after) == but_log(between)
    assert after.others == before.others


def test_an_erasure_needs_two_people_a_day_and_a_closed_kommun(
    postgres: str, database: str, kommun: Moving
) -> None:
    with pytest.raises(LeavingProblem, match="active: only a kommun that is closed"):
        erasing.request(kommun.slug, "Anna", "Avtal", timedelta())
    set_status(kommun.slug, "closed")
    with pytest.raises(LeavingProblem, match="nobody has asked"):
        erasing.erase(kommun.slug, "Bo", nothing)
    erasing.request(kommun.slug, "Anna", "Avtal", timedelta(days=7))
    with pytest.raises(LeavingProblem, match="Anna has asked for it already"):
        erasing.request(kommun.slug, "Bo", "Avtal", timedelta())
    with pytest.raises(LeavingProblem, match="may be agreed to from"):
        erasing.erase(kommun.slug, "Bo", nothing)
    erasing.withdraw(kommun.slug)
    erasing.request(kommun.slug, "Anna", "Avtal", timedelta())
    with pytest.raises(LeavingProblem, match="another person has to agree"):
        erasing.erase(kommun.slug, "anna", nothing)
    assert seen(postgres, database, kommun.tenant_id).rows() > 150
    tenant_keys(kommun.tenant_id)


def test_kept_records_give_way_to_a_running_erasure_of_their_own_kommun_alone(
    database: str, kommun: Moving
) -> None:
    other = new_tenant()
    fill(other)
    kommun.request()
    with psycopg.connect(database) as connection:
        connection.execute("SET ROLE hemvist_owner")
        for tenant_id in (kommun.tenant_id, other):
            connection.execute("SELECT set_config('hemvist.tenant_id', %s, true)", [str(tenant_id)])
            for state in ("requested", "running"):
                allowed = (tenant_id, state) == (kommun.tenant_id, "running")
                with connection.transaction(force_rollback=True):
                    if state == "running":
                        connection.execute(
                            "UPDATE tenant_erasures SET state = 'running', confirmed_by = 'Bo',"
                            " confirmed_at = now() WHERE kommun_id = %s",
                            [kommun.tenant_id],
                        )
                    assert _goes(connection, "guarantee_postings") == allowed
                    assert _goes(connection, "kommun_request_steps") == allowed


def _goes(connection: psycopg.Connection, table: str) -> bool:
    try:
        with connection.transaction():
            connection.execute(f"DELETE FROM {table}")
    except (psycopg.errors.RestrictViolation, psycopg.errors.CheckViolation):
        return False
    return True


def test_a_table_that_nobody_declared_stops_it(database: str, kommun: Moving) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE planted (tenant_id uuid, id uuid)")
        try:
            with pytest.raises(LeavingProblem, match="planted is no table that this version knows"):
                kommun.export()
        finally:
            connection.execute("DROP TABLE planted")


def test_every_trigger_is_thought_of() -> None:
    declared = {
        trigger
        for table in metadata.tables.values()
        if isinstance(table.info["tenancy"], Owned)
        for trigger in table.info["tenancy"].triggers
    }
    assert declared == set(tables.TRIGGERS)


def test_every_table_is_exported_and_those_pointed_at_come_first() -> None:
    owned = {
        name for name, table in metadata.tables.items() if isinstance(table.info["tenancy"], Owned)
    }
    order = [one.name for one in tables.sheets()]
    assert sorted(order) == sorted(owned) and set(tables.LEFT_OUT) < owned
    assert [one for portion in tables.together() for one in portion] == list(tables.exported())
    place = {name: number for number, name in enumerate(order)}
    for name in owned:
        for key in metadata.tables[name].foreign_key_constraints:
            target = key.referred_table.name
            assert target == name or target not in owned or place[target] < place[name]


def _judged(tenant_id: UUID) -> dict[UUID, Result]:
    with tenant_session(Audience.WORKER, tenant_id) as session:
        return {one.subject_id: one.result for one in replays.replay_all(session)}


def _names(tenant_id: UUID) -> list[str]:
    with tenant_session(Audience.STAFF, tenant_id) as session:
        return sorted(one.given_name for one in session.scalars(select(Person)))


def _change(database: str, tenant_id: UUID, subject: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody changes a row between its being put in and the proof, the next time."""
    load = loading.load

    def changing(*words: Any) -> int:
        monkeypatch.setattr(loading, "load", load)
        put = load(*words)
        with psycopg.connect(database) as connection:
            connection.execute("SET ROLE hemvist_owner")
            connection.execute("SELECT set_config('hemvist.tenant_id', %s, true)", [str(tenant_id)])
            connection.execute(f"UPDATE principals SET subject = {subject}".encode())
        return put

    monkeypatch.setattr(loading, "load", changing)


def _rename(database: str, tenant_id: UUID) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("SET ROLE hemvist_owner")
        connection.execute("SELECT set_config('hemvist.tenant_id', %s, true)", [str(tenant_id)])
        connection.execute("UPDATE principals SET subject = subject || '-2'")


def _enter_elsewhere(database: str, landlord: dict[str, str], network: dict[str, str]) -> None:
    """The landlord and the network are there already, under other ids."""
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO landlords (id, organisation_number, name, created_at) VALUES (%s, %s, 'X', now())",
            [new_id(), landlord["organisation_number"]],
        )
        row = new_id()
        connection.execute(
            "INSERT INTO tenants (id, kommun_code, slug, name, created_at, kind)"
            " VALUES (%(id)s, %(code)s, %(code)s, %(code)s, now(), 'network')",
            {"id": row, "code": network["code"]},
        )
        connection.execute(
            "INSERT INTO networks (id, code, name, content, entered_at)"
            " VALUES (%s, %s, 'X', '{}', now())",
            [row, network["code"]],
        )
