"""``hemvist policy versions``: what a kommun works by, on one line each."""

from __future__ import annotations

import json

import pytest
from click.testing import Result
from typer.testing import CliRunner

from hemvist.clock import today
from hemvist.errors import HemvistError
from hemvist.pack_versions import installed, service
from hemvist_infra.cli_policy import app
from hemvist_testing import owner_connection
from hemvist_versions import OTHER, Hand, policy_people
from hemvist_world import PACK, World, new_world


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["versions", *arguments], catch_exceptions=False)


def slug_of(world: World) -> str:
    with owner_connection() as connection:
        found = connection.execute(
            "SELECT slug FROM tenants WHERE id = %s", (world.tenant_id,)
        ).fetchone()
    assert found is not None
    slug: str = found[0]
    return slug


def test_a_line_for_each_version(database: str) -> None:
    world = policy_people(new_world())
    world.case()
    first = Hand.draft(world, in_force_from=today())
    first.approved()
    world.case(days_ago=0)
    draft = Hand.draft(world)
    of_the_platform = installed().in_force(PACK, today()).version
    found = json.loads(run("--tenant", slug_of(world), "--json").stdout)
    rows = {row["version"]: row for row in found}
    assert rows[of_the_platform]["state"] == "installed"
    assert rows[of_the_platform]["open_cases"] == rows[first.version.number]["open_cases"] == 1
    assert [row["version"] for row in found if row["in_force"]] == [first.version.number]
    assert (rows[draft.version.number]["state"], rows[draft.version.number]["based_on"]) == (
        "draft",
        first.version.number,
    )
    first.act(service.withdraw, OTHER, reason="Upphävd.")
    lines = run("--tenant", slug_of(world)).stdout.splitlines()
    assert f"* {PACK}  {of_the_platform}  installed" in "\n".join(lines)
    assert any(f"{first.version.number}  withdrawn" in one and "Upphävd." in one for one in lines)


def test_of_no_other_kommun(database: str) -> None:
    mine, theirs = policy_people(new_world()), new_world()
    number = Hand.draft(mine).version.number
    assert number in run("--tenant", slug_of(mine)).stdout
    assert number not in run("--tenant", slug_of(theirs)).stdout


def test_a_kommun_that_is_not_there(database: str) -> None:
    with pytest.raises(HemvistError, match="no kommun"):
        run("--tenant", "nowhere")
