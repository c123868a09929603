"""Whether code and tables fit each other: newer tables are no hindrance, older ones are."""

from __future__ import annotations

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from hemvist.migrations.chain import between, in_order, schema_at
from hemvist.migrations.fit import FIRST_RELEASE, Schema, code_revision, misfit


@pytest.fixture(scope="module")
def script() -> ScriptDirectory:
    """The migrations, with no database."""
    config = Config()
    config.set_main_option("script_location", "hemvist:migrations")
    return ScriptDirectory.from_config(config)


def test_the_code_ends_at_the_last_migration(script: ScriptDirectory) -> None:
    assert f"{code_revision():04d}" == script.get_current_head()


@pytest.mark.parametrize(
    ("schema", "wrong"),
    [
        (Schema(70, 68), None),
        (Schema(71, 68), None),
        (Schema(75, 70), None),
        (Schema(69, 68), "the database has migration 0069 and this version needs 0070"),
        (Schema(75, 71), "need a version with migration 0071; this one ends at 0070"),
        (None, "says of no migration"),
    ],
)
def test_a_version_works_with_its_own_tables_and_newer_ones_that_allow_it(
    schema: Schema | None, wrong: str | None
) -> None:
    said = misfit(schema, 70)
    assert said is None if wrong is None else wrong in str(said)


def test_what_is_written_is_read_again() -> None:
    assert Schema.read(Schema(71, 65).comment) == Schema(71, 65)
    for other in (None, "", "somebody's own words on it", "revision x, for code from y"):
        assert Schema.read(other) is None


def test_migrations_are_found_in_order(script: ScriptDirectory) -> None:
    numbers = [int(one.revision) for one in in_order(script)]
    assert numbers == list(range(1, code_revision() + 1))
    assert [one.revision for one in between(script, "0062", "0064")] == ["0063", "0064"]
    assert [one.revision for one in between(script, "0064", "0062")] == []
    assert schema_at(script, "0060") == Schema(60, 60)
    assert schema_at(script, f"{code_revision():04d}").oldest_code >= FIRST_RELEASE
