"""``hemvist retention``: what a case's day is, what a thinning did, the package of what is kept."""

from __future__ import annotations

import base64
import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from hemvist.db import Audience
from hemvist.errors import Conflict, HemvistError
from hemvist.retention.models import ThinningItem
from hemvist.tenancy import Tenant, tenant_session
from hemvist.tenancy.keys import tenant_keys
from hemvist_csip import problems
from hemvist_infra.cli_retention import app
from hemvist_thinning import FIRST, SECOND, born, close, old_case, thinned, thinning_world
from hemvist_world import World, as_owner


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun with a case that is kept, and one that was thinned."""
    world = thinning_world()
    old_case(world)
    thinned(world)
    return world


def slug(world: World) -> str:
    """The kommun's name in commands."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        return session.get_one(Tenant, world.tenant_id).slug


def run(world: World, command: str, *arguments: str) -> Result:
    """What the command said; what it raised is raised."""
    given = [command, "--tenant", slug(world), *arguments]
    return CliRunner().invoke(app, given, catch_exceptions=False)


def run_id(world: World) -> str:
    """The one thinning that there is."""
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        [found] = session.scalars(select(ThinningItem.run_id)).all()
    return str(found)


def test_a_case_has_its_day_or_its_reason(world: World) -> None:
    waiting = close(world, world.case(born(date(1980, 3, 3))))
    kept = close(world, world.case(born(date(1980, 3, 25))))
    said = run(world, "date", "--case", waiting.number).output
    assert said.startswith("wait: after_last_note (SoL2001 12:1; SoL2025 16:1-4)\ndue on ")
    later = run(world, "date", "--case", waiting.number, "--on", "2060-01-01").output
    assert later.startswith("thin: after_last_note")
    assert run(world, "date", "--case", kept.number).output.startswith("keep: research_birth_day")
    with pytest.raises(Conflict):
        run(world, "date", "--case", world.case().number)
    with pytest.raises(HemvistError, match="is no day"):
        run(world, "date", "--case", kept.number, "--on", "tomorrow")


def test_the_certificate_is_shown_and_a_changed_one_is_told_of(world: World) -> None:
    assert "done  1 of 1, in backups until " in run(world, "runs").output
    shown = run(world, "certificate", "--run", run_id(world))
    assert shown.exit_code == 0
    assert json.loads(shown.output)["rows"]["cases"] == 1
    other = thinning_world()
    old_case(other)
    thinned(other)
    with as_owner(other.tenant_id) as connection:
        connection.execute(
            "UPDATE thinning_runs SET certificate = jsonb_set(certificate, '{rows,cases}', '2')"
        )
    changed = run(other, "certificate", "--run", run_id(other))
    assert changed.exit_code == 1
    assert "is not as it was written" in changed.output


def test_the_references_open_with_the_kommuns_keys_only(world: World, tmp_path: Path) -> None:
    out = tmp_path / "beside"
    assert run(world, "references", "--out", str(out)).exit_code == 0
    [path] = out.iterdir()
    assert path.name == f"thinned-{run_id(world)}.json"
    said = json.loads(path.read_text())
    [one] = said["cases"]
    sealed = base64.b64decode(one["sealed"])
    clear = json.loads(tenant_keys(world.tenant_id).open("thinning_items.reference", sealed))
    assert set(clear) == {"number", "household", "household_id"}
    for told in (clear["number"], clear["household"], FIRST, SECOND):
        assert told not in path.read_text()


def test_every_kommuns_lists_are_written_and_repeated(world: World, tmp_path: Path) -> None:
    other = thinning_world()
    old_case(other)
    thinned(other)
    every = CliRunner().invoke(app, ["references", "--out", str(tmp_path)], catch_exceptions=False)
    assert every.exit_code == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert {f"thinned-{run_id(one)}.json" for one in (world, other)} <= names
    # Here they are gone: nothing is left to do, and nothing is done.
    for path in tmp_path.iterdir():
        if path.name not in {f"thinned-{run_id(one)}.json" for one in (world, other)}:
            path.unlink()
    again = CliRunner().invoke(app, ["repeat", "--from", str(tmp_path)], catch_exceptions=False)
    assert again.exit_code == 0
    assert f"{run_id(other)}: 0 thinned, 1 not there" in again.output
    with pytest.raises(HemvistError, match="no such folder"):
        CliRunner().invoke(app, ["repeat", "--from", "/nowhere"], catch_exceptions=False)


def test_a_package_is_made_in_a_folder_of_its_own(world: World, tmp_path: Path) -> None:
    kept = close(world, world.case(born(date(1980, 3, 25))))
    given = ("--case", kept.number, "--out", str(tmp_path), "--matter", "ARK-7")
    assert run(world, "package", *given).exit_code == 0
    [root] = tmp_path.iterdir()
    assert problems(root) == []
    with pytest.raises(HemvistError, match="exists"):
        run(world, "package", *given)
