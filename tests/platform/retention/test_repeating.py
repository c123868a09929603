"""A restored backup is thinned anew: what went stays gone, and nothing else goes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from hemvist.audit.models import AuditEntry
from hemvist.cases.models import Case
from hemvist.errors import HemvistError
from hemvist.migrations.tables import metadata
from hemvist.retention import references, running, service
from hemvist.retention.models import ThinningItem, ThinningRun
from hemvist.retention.repeating import Repeated, repeat
from hemvist_restored import backup
from hemvist_restored import restore as restored
from hemvist_thinning import (
    FIRST,
    OF_THINNING,
    SECOND,
    approved,
    old_case,
    proposed,
    rows,
    thinned,
    thinning_world,
)
from hemvist_world import World, as_owner

Restore = Callable[[Mapping[str, list[Any]]], None]


@pytest.fixture
def world(database: str) -> World:
    """A kommun of this test's own, with two policy officers."""
    return thinning_world()


@pytest.fixture
def restore(postgres: str, database: str, world: World) -> Restore:
    """Puts a backup of the kommun back."""
    return lambda kept: restored(postgres, database, world.tenant_id, kept)


def anew(folder: Path) -> Repeated:
    """What became of the one thinning in the folder."""
    [one] = repeat(folder, metadata)
    return one


def test_a_restored_backup_is_thinned_anew(world: World, restore: Restore, tmp_path: Path) -> None:
    gone, stays = old_case(world), old_case(world, years=3)
    kept = backup(world.tenant_id)
    run = thinned(world)
    after = rows(world.tenant_id)
    [path] = references.write_every(world.tenant_id, tmp_path)
    text = path.read_text()
    assert FIRST not in text and SECOND not in text and "2026-" + "0" not in path.name
    restore(kept)
    assert {one.id for one in world.rows(Case)} == {gone.id, stays.id}
    assert world.rows(ThinningRun) == []

    one = anew(tmp_path)
    assert (one.run_id, one.thinned, one.gone_already, dict(one.left)) == (run.id, 1, 0, {})
    assert [each.id for each in world.rows(Case)] == [stays.id]
    again = world.again(run)
    assert (again.state, again.certificate, again.backups_until) == (
        "done", run.certificate, run.backups_until,
    )  # fmt: skip
    # All but what a thinning writes of itself is as it was after the first.
    now = rows(world.tenant_id)
    assert {key: text for key, text in now.items() if key[0] not in OF_THINNING} == {
        key: text for key, text in after.items() if key[0] not in OF_THINNING
    }
    entries = [each.action for each in world.rows(AuditEntry)]
    assert entries.count("retention.repeat") == 1

    # Once more changes nothing, and neither does the folder on the instance that it came from.
    one = anew(tmp_path)
    assert (one.thinned, one.gone_already) == (0, 1)
    assert rows(world.tenant_id) == now
    # The restored instance can write the list again.
    assert references.write_every(world.tenant_id, tmp_path) == [path]


@pytest.mark.parametrize("until", ["requested", "proposed", "approved", "half"])
def test_a_backup_from_within_the_thinning(
    world: World, restore: Restore, tmp_path: Path, until: str
) -> None:
    for _ in range(2):
        old_case(world)
    run = world.act(FIRST, service.propose)
    if until != "requested":
        while running.step(world.tenant_id, run.id, metadata):
            pass
    if until in ("approved", "half"):
        run = approved(world, run)
    if until == "half":
        running.step(world.tenant_id, run.id, metadata)
    kept = backup(world.tenant_id)
    while running.step(world.tenant_id, run.id, metadata):
        pass
    if until in ("requested", "proposed"):
        approved(world, run)
        while running.step(world.tenant_id, run.id, metadata):
            pass
    done = world.again(run)
    references.write_every(world.tenant_id, tmp_path)
    restore(kept)
    one = anew(tmp_path)
    assert (one.thinned, one.gone_already) == ((1, 1) if until == "half" else (2, 0))
    assert world.rows(Case) == []
    assert world.again(run).certificate == done.certificate
    assert {item.state for item in world.rows(ThinningItem)} == {"thinned"}
    assert thinned_again(world) == 0


def thinned_again(world: World) -> int:
    """How many cases a new thinning finds: a new one can be proposed."""
    return proposed(world).cases_total


def test_what_is_held_in_the_backup_is_left_until_somebody_lifts_it(
    world: World, restore: Restore, tmp_path: Path
) -> None:
    case, other = old_case(world), old_case(world)
    mark = world.act(FIRST, service.place_mark, case_id=case.id, kind="hold", reason="IVO")
    kept = backup(world.tenant_id)
    world.act(FIRST, service.lift_mark, mark_id=mark.id, expected_version=mark.version)
    run = thinned(world)
    references.write_every(world.tenant_id, tmp_path)
    restore(kept)
    one = anew(tmp_path)
    assert (one.thinned, dict(one.left)) == (1, {"hold": 1})
    assert [each.id for each in world.rows(Case)] == [case.id]
    assert world.again(run).state == "done"
    world.act(FIRST, service.lift_mark, mark_id=mark.id, expected_version=mark.version)
    assert (anew(tmp_path).thinned, anew(tmp_path).gone_already) == (1, 2)
    assert world.rows(Case) == []
    assert world.again(run).certificate == run.certificate
    assert other.id not in {each.id for each in world.rows(Case)}


def test_who_came_after_the_backup_is_known_again(
    world: World, restore: Restore, tmp_path: Path
) -> None:
    old_case(world)
    kept = dict(backup(world.tenant_id))
    run = thinned(world)
    references.write_every(world.tenant_id, tmp_path)
    late = str(run.approved_by)
    kept["principals"] = [one for one in kept["principals"] if one["id"] != late]
    kept["memberships"] = [one for one in kept["memberships"] if one["principal_id"] != late]
    restore(kept)
    assert anew(tmp_path).thinned == 1
    assert world.again(run).approved_by == run.approved_by


@pytest.mark.parametrize("planted", ["case", "certificate", "person", "tenant", "text"])
def test_a_list_that_was_changed_deletes_nothing(
    world: World, restore: Restore, tmp_path: Path, planted: str
) -> None:
    old_case(world)
    innocent = old_case(world, years=3)
    kept = backup(world.tenant_id)
    thinned(world)
    [path] = references.write_every(world.tenant_id, tmp_path)
    said: dict[str, Any] = json.loads(path.read_text())
    if planted == "case":
        said["cases"].append({**said["cases"][0], "case_id": str(innocent.id)})
    elif planted == "certificate":
        said["certificate_sha256"] = "0" * 64
    elif planted == "person":
        said["approved"]["who"] = said["approved"]["who"][:-8] + "AAAAAAA="
    elif planted == "tenant":
        said["tenant"] = str(run_of_another())
    path.write_text("{" if planted == "text" else json.dumps(said))
    restore(kept)
    with pytest.raises(HemvistError):
        anew(tmp_path)
    assert len(world.rows(Case)) == 2


def run_of_another() -> Any:
    """A kommun that has never made this list."""
    return thinning_world().tenant_id


def test_another_case_than_the_one_that_was_thinned_is_not_taken(
    world: World, restore: Restore, tmp_path: Path
) -> None:
    """Ids stand in clear: one that was exchanged for another's does not fit its number."""
    old_case(world)
    innocent = old_case(world, years=3)
    kept = backup(world.tenant_id)
    thinned(world)
    [path] = references.write_every(world.tenant_id, tmp_path)
    said = json.loads(path.read_text())
    said["cases"][0]["case_id"] = str(innocent.id)
    path.write_text(json.dumps(said))
    restore(kept)
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE case_events SET occurred_on = occurred_on - 4000,"
            " recorded_at = recorded_at - interval '4000 days'"
        )
        connection.execute(
            "UPDATE cases SET closed_on = closed_on - 4000, opened_on = opened_on - 4000"
        )
    assert dict(anew(tmp_path).left) == {"other_case": 1}
    assert len(world.rows(Case)) == 2
