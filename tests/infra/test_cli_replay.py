"""``hemvist policy replay``: the whole demo population, asked again after every pack has moved on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from click.testing import Result
from typer.testing import CliRunner

from hemvist.errors import HemvistError
from hemvist.policy import Registry
from hemvist_infra import demo
from hemvist_infra.cli_policy import app
from hemvist_infra.onboarding import onboard_all
from hemvist_registry import copies, discovered, installed, rewrite
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
    with installed([*discovered().packs(), *newer]) as registry:
        for pack in newer:
            assert registry.get(pack.name).version == "2999.1.0"
        yield registry


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_whole_population_after_every_pack_got_a_new_version(
    population: UUID, moved_on: Registry
) -> None:
    with owner_connection() as connection:
        tenants = connection.execute("SELECT slug, id FROM tenants ORDER BY slug").fetchall()
    replayed = 0
    for slug, tenant_id in tenants:
        done = run("--tenant", slug, "--json")
        assert done.exit_code == 0, done.stderr
        with as_owner(tenant_id) as connection:
            (records,) = connection.execute(
                "SELECT (SELECT count(*) FROM assessments) + (SELECT count(*) FROM decisions)"
            ).fetchone() or (0,)
        same = {"same": records} if records else {}
        assert json.loads(done.stdout) == {"records": records, "results": same, "wrong": []}
        assert f"replaying {slug}" in done.stderr
        replayed += records
    assert replayed > 300


@pytest.mark.slow
def test_one_case_and_its_entry_in_the_log(population: UUID) -> None:
    with as_owner(population) as connection:
        number, case_id = connection.execute(
            "SELECT number, id FROM cases WHERE EXISTS (SELECT 1 FROM decisions"
            " WHERE case_id = cases.id) ORDER BY number LIMIT 1"
        ).fetchone() or ("", None)
    done = run("--tenant", SLUG, "--case", number)
    assert done.exit_code == 0, done.stderr
    assert re.search(r"^\d+ records, \d+ with the same answer$", done.stdout.strip())
    with as_owner(population) as connection:
        entry = connection.execute(
            "SELECT kind, channel, cardinality(person_ids) > 0, (details->>'records')::int > 0"
            " FROM audit_entries WHERE action = 'policy.replay' AND case_id = %s",
            (case_id,),
        ).fetchall()
    assert entry == [("read", "system", True, True)]


@pytest.mark.slow
def test_what_was_tampered_with_is_named(population: UUID) -> None:
    with as_owner(population) as connection:
        touched = connection.execute(
            "UPDATE evaluations SET facts_sealed = answer_sealed WHERE id = (SELECT evaluation_id"
            " FROM decisions ORDER BY id LIMIT 1) RETURNING id"
        ).fetchone()
        assert touched is not None
        (decision,) = connection.execute(
            "SELECT id FROM decisions WHERE evaluation_id = %s", touched
        ).fetchone() or (None,)
        (assessment,) = connection.execute(
            "UPDATE assessments SET trace_sealed = reason_sealed WHERE id = (SELECT id"
            " FROM assessments ORDER BY id LIMIT 1) RETURNING id"
        ).fetchone() or (None,)
    done = run("--tenant", SLUG)
    assert done.exit_code == 2
    named = [line for line in done.stderr.splitlines() if "differs" in line]
    assert len(named) == 2
    assert str(assessment) in named[0] and "(trace)" in named[0]
    assert str(decision) in named[1] and "(record" in named[1]
    listed = run("--tenant", SLUG, "--json")
    assert listed.exit_code == 2
    wrong = json.loads(listed.stdout)["wrong"]
    assert {one["id"] for one in wrong} == {str(assessment), str(decision)}


@pytest.mark.parametrize(
    "arguments", [["--tenant", "nowhere"], ["--tenant", SLUG, "--case", "x-1"]]
)
def test_what_is_not_there(database: str, arguments: list[str]) -> None:
    if arguments[1] == SLUG:
        onboard_all()
    with pytest.raises(HemvistError, match="no kommun 'nowhere'|no case 'x-1'"):
        run(*arguments)
