"""``hemvist policy replay``: the whole demo population, asked again after every pack has moved on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import Result
from typer.testing import CliRunner

from hemvist.errors import HemvistError
from hemvist.policy import Registry
from hemvist_infra import demo
from hemvist_infra.cli_policy import app
from hemvist_registry import copies, installed, rewrite
from hemvist_testing import owner_connection
from hemvist_world import as_owner

SLUG = "helsingborg"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["replay", *arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def population(database: str) -> UUID:
    """The whole demo population; the id of the kommun that has cases."""
    demo.seed(lambda done, total: None)
    with owner_connection() as connection:
        found = connection.execute("SELECT id FROM tenants WHERE slug = %s", (SLUG,)).fetchone()
    assert found is not None
    tenant_id: UUID = found[0]
    return tenant_id


@pytest.fixture(scope="module")
def moved_on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """Every installed pack has a new version beside it, in force from the same day."""
    newer = [
        rewrite(folder, lambda text: re.sub(r"^version: .*", "version: 2999.1.0", text, flags=re.M))
        for folder in copies(tmp_path_factory.mktemp("packs"))
    ]
    with installed([*Registry.discover().packs(), *newer]) as registry:
        for pack in newer:
            assert registry.get(pack.name).version == "2999.1.0"
        yield registry


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_whole_population_after_every_pack_got_a_new_version(
    population: UUID, moved_on: Registry
) -> None:
    done = run("--tenant", SLUG, "--json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    with as_owner(population) as connection:
        (records,) = connection.execute(
            "SELECT (SELECT count(*) FROM assessments) + (SELECT count(*) FROM decisions)"
        ).fetchone() or (0,)
    assert found == {"records": records, "results": {"same": records}, "wrong": []}
    assert records > 300
    assert f"replaying {SLUG}" in done.stderr
