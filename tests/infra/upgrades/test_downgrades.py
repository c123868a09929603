"""Each migration down again: the database is as it was before, or the migration says why not."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from hemvist.migrations.chain import in_order
from hemvist_infra import database as databases
from hemvist_infra.revisions import scratch

#: What a database is, but for what its tables hold: a line each.
_CATALOGUE = text(
    """
    SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
        || COALESCE(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v')
        AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype <> 'n'
    UNION ALL
    SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = current_schema()
    UNION ALL
    SELECT 'policy ' || tablename || ' ' || policyname || ' ' || cmd || ' ' || permissive || ' '
        || roles::text || COALESCE(qual, '') || COALESCE(with_check, '')
    FROM pg_policies WHERE schemaname = current_schema()
    UNION ALL
    SELECT 'right ' || c.relname || ' ' || pg_get_userbyid(x.grantee) || ' ' || x.privilege_type
    FROM pg_class c, aclexplode(c.relacl) x
    WHERE c.relnamespace = current_schema()::regnamespace AND x.grantee <> c.relowner
    UNION ALL
    SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)
    UNION ALL
    SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f'
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype IN ('e', 'i'))
    UNION ALL
    SELECT 'row security ' || relname || ' ' || relrowsecurity || ' ' || relforcerowsecurity
    FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
    """
)
#: Before the first release, what a way down leaves otherwise than it was, and why that is let be.
_JOIN = "function CREATE OR REPLACE FUNCTION hemvist_revision_scratch.hemvist_join_circle()"
_ELSE = {
    f"0059 leaves {_JOIN}": "names the kind and writes it nowhere: it does the same",
    f"0059 has lost {_JOIN}": "names the kind and writes it nowhere: it does the same",
    "0062 leaves constraint audit_entries ck_audit_entries_kind": "what was refused stays in the log",
    "0062 has lost constraint audit_entries ck_audit_entries_kind": "what was refused stays in the log",
}


def catalogue(connection: Connection) -> set[str]:
    """Every line about the database, however its text is spaced."""
    return {" ".join(line.split()) for line in connection.scalars(_CATALOGUE)}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_each_migration_goes_down_to_what_was_before(database: str) -> None:
    wrong: dict[str, str] = {}
    with scratch(database) as connection:
        config = databases.alembic_config(connection)
        scripts = in_order(ScriptDirectory.from_config(config))
        before: dict[str, set[str]] = {}
        for one in scripts:
            before[one.revision] = catalogue(connection) if one.down_revision else set()
            command.upgrade(config, one.revision)
        for one in scripts[:0:-1]:
            command.downgrade(config, str(one.down_revision))
            if getattr(one.module, "irreversible", None):
                continue
            after, was = catalogue(connection), before[one.revision]
            # What one leaves stays until its table goes: it is told of that one alone.
            for line in after - was:
                wrong.setdefault(f"leaves {line}", one.revision)
            for line in was - after:
                wrong.setdefault(f"has lost {line}", one.revision)
    found = sorted(f"{revision} {line}" for line, revision in wrong.items())
    assert [line for line in found if not line.startswith(tuple(_ELSE))] == []
    assert [known for known in _ELSE if not any(line.startswith(known) for line in found)] == []
