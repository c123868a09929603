"""Rules for migrations: ours keep them, and each planted fault is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from hemvist.migrations.chain import in_order
from hemvist_infra.upgrades import checking
from hemvist_infra.upgrades.released import released, view_columns, views_that_lose
from hemvist_upgrading import PLANTED, REVISIONS

_FILE = '''"""A migration."""
from alembic import op
import sqlalchemy as sa
from hemvist.migrations import live
revision = "0901"
down_revision = None
{declared}
def upgrade():
    """Go forward."""
    {up}
def downgrade():
    """Go back."""
    {down}
'''


def scripts(folder: Path) -> ScriptDirectory:
    """The migrations in a folder of a test's."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("version_locations", str(folder / "versions"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def judged(
    folder: Path, up: str, declared: str = "", down: str = "op.execute('SELECT 1')"
) -> set[str]:
    """The rules that a migration of those lines breaks."""
    (folder / "versions").mkdir()
    file = folder / "versions" / "0901_made_up.py"
    file.write_text(_FILE.format(up=up, declared=declared, down=down))
    return {one.rule for one in checking.judged(in_order(scripts(folder)))}


def test_every_migration_keeps_the_rules_or_says_why_not() -> None:
    assert checking.findings() == []


def test_the_drills_migrations_keep_the_rules(tmp_path: Path) -> None:
    chain = sorted(REVISIONS.glob("9*.py"))
    versions = tmp_path / "versions"
    versions.mkdir()
    for path in chain:
        text = path.read_text().replace('f"{code_revision():04d}"', "None")
        (versions / path.name).write_text(text)
    assert checking.judged(in_order(scripts(tmp_path))) == []


@pytest.mark.parametrize(
    ("rule", "up"),
    [
        (
            "adding-required-field",
            'op.add_column("cases", sa.Column("x", sa.Text(), nullable=False))',
        ),
        (
            "adding-field-with-default",
            'op.execute("ALTER TABLE cases ADD COLUMN x uuid DEFAULT gen_random_uuid()")',
        ),
        ("changing-column-type", 'op.alter_column("cases", "number", type_=sa.Integer())'),
        ("renaming-column", 'op.alter_column("cases", "number", new_column_name="nr")'),
        ("renaming-table", 'op.rename_table("cases", "errands")'),
        ("adding-not-nullable-field", 'op.alter_column("cases", "closed_on", nullable=False)'),
        ("drops-in-use", 'op.drop_column("cases", "number")'),
        ("needs-code", 'op.drop_column("cases", "never_there")'),
        ("drops-in-use", 'op.drop_table("cases")'),
        ("require-concurrent-index-creation", 'op.create_index("ix", "cases", ["number"])'),
        ("require-concurrent-index-deletion", 'op.drop_index("ix", "cases")'),
        (
            "constraint-missing-not-valid",
            "op.create_foreign_key('fk', 'cases', 'households', ['tenant_id'], ['tenant_id'])",
        ),
        ("constraint-missing-not-valid", "op.create_check_constraint('ck', 'cases', 'true')"),
        ("disallowed-unique-constraint", "op.create_unique_constraint('uq', 'cases', ['number'])"),
        (
            "data-with-tables",
            "op.execute(\"UPDATE cases SET number = ''\")\n"
            "    op.add_column('cases', sa.Column('x', sa.Text()))",
        ),
        ("data-at-once", "op.execute(\"DELETE FROM cases WHERE number = ''\")"),
        (
            "locks-of-several",
            "op.add_column('cases', sa.Column('x', sa.Text()))\n"
            "    op.execute('CREATE POLICY p ON persons USING (true)')",
        ),
        ("lock-table", "op.execute('LOCK TABLE cases')"),
        (
            "half-outside",
            "op.add_column('cases', sa.Column('x', sa.Text()))\n"
            "    with live.outside_transaction():\n"
            "        live.add_index('ix', 'cases', ['x'])",
        ),
        (
            "not-repeatable",
            "with live.outside_transaction():\n"
            "        op.execute('CREATE INDEX CONCURRENTLY ix ON cases (number)')",
        ),
        ("not-rendered", 'op.get_bind().execute(sa.text("SELECT 1")).scalar()'),
    ],
)
def test_a_planted_fault_is_found(tmp_path: Path, rule: str, up: str) -> None:
    assert rule in judged(tmp_path, up)


def test_a_way_back_that_does_nothing_is_found_unless_it_says_why(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    nothing = "op.execute('SELECT 1')"
    assert "no-way-back" in judged(tmp_path / "a", nothing, down="pass")
    said = "irreversible = 'what was deleted is nowhere'"
    assert judged(tmp_path / "b", nothing, said, down="pass") == set()


def test_what_is_accepted_needs_a_reason(tmp_path: Path) -> None:
    up = "op.create_index('ix', 'cases', ['number'])"
    said = "accepts = {'require-concurrent-index-creation': 'a table of twenty rows, by kommun'}"
    assert judged(tmp_path, up, said) == set()
    short = _FILE.format(
        up=up, declared=said.replace("a table of twenty rows, by kommun", "ok"), down="pass"
    )
    (tmp_path / "versions" / "0901_made_up.py").write_text(short)
    config = Config()
    config.set_main_option("script_location", str(tmp_path))
    config.set_main_option("version_locations", str(tmp_path / "versions"))
    config.set_main_option("path_separator", "os")
    told = [str(one) for one in checking.findings(["0901"], config)]
    assert any("accepted without a reason" in line for line in told)


def test_code_that_serves_may_not_be_left_behind(tmp_path: Path) -> None:
    later = released().revision + 1
    up = 'op.drop_column("cases", "never_there")'
    assert "needs-code" in judged(tmp_path, up, f'needs_code = "{later:04d}"')


def test_the_migration_of_the_planted_drill_is_found(tmp_path: Path) -> None:
    versions = tmp_path / "versions"
    versions.mkdir()
    for path in PLANTED.glob("9*.py"):
        text = path.read_text().replace('f"{code_revision():04d}"', "None")
        (versions / path.name).write_text(text)
    rules = {one.rule for one in checking.judged(in_order(scripts(tmp_path)))}
    assert "adding-field-with-default" in rules


def test_views_keep_what_the_release_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert views_that_lose() == []
    name, columns = next(iter(view_columns().items()))
    monkeypatch.setattr("hemvist_infra.upgrades.released.view_columns", lambda: {name: columns[1:]})
    assert [line for line in views_that_lose() if line.startswith(name)]


def test_the_release_was_written_down() -> None:
    assert released().revision >= 65
    assert released().names("cases", "number")
    assert not released().names("cases", "never_there")
