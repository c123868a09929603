"""Writes the statements that turn a database with the platform's tables into a distributed one, and back.

From the metadata comes which tables are spread, and in which order; from the catalogue what must be away
meanwhile: references, policies with sub-selects, and what stands on every node.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData, text

from hemvist.migrations.tables import metadata
from hemvist_infra.database import OWNER_ROLE
from hemvist_infra.distribution import policies
from hemvist_infra.distribution.keys import LEFT_OUT
from hemvist_infra.distribution.placement import Lying, placements
from hemvist_infra.distribution.routines import FUNCTIONS, TAKEN_AWAY

#: The table that all others lie with: every other one's rows hang on it, directly or not.
ANCHOR = "principals"
#: Shards of each table. Nine kommuner to a shard; 190 tables make 6 000 of them, which is what a node's
#: catalogue and its autovacuum still carry. docs/growing.md has the arithmetic.
SHARDS = 32

_REFERENCES = text(
    "SELECT t.relname, c.conname, o.relname AS other, pg_get_constraintdef(c.oid) AS definition"
    " FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class o ON o.oid = c.confrelid"
    " WHERE c.contype = 'f' AND t.relnamespace = 'public'::regnamespace ORDER BY 1, 2"
)
_TRIGGERS = text(
    "SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid) AS definition FROM pg_trigger t"
    " JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal ORDER BY 1, 2"
)
_RANGES = text(
    "SELECT t.typname, format_type(r.rngsubtype, NULL) AS of, format_type(r.rngmultitypid, NULL) AS sets"
    " FROM pg_range r JOIN pg_type t ON t.oid = r.rngtypid"
    " WHERE t.typnamespace = 'public'::regnamespace ORDER BY 1"
)
_SETTINGS = {
    # Policies compare with settings of the transaction, which each node must have.
    "citus.propagate_set_commands": "'local'",
    # Triggers of a row act on its shard; `hemvist citus check` holds that they stay with its tenant.
    "citus.enable_unsafe_triggers": "on",
    # What such a trigger or a policy reads is in the same shard group, on the same node.
    "citus.allow_nested_distributed_execution": "on",
}


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the statements, and what they are for."""

    title: str
    statements: tuple[str, ...]
    #: Who carries them out; without one the administrator.
    role: str = ""

    def __str__(self) -> str:
        body = "".join(f"{one.strip().rstrip(';')};\n" for one in self.statements)
        if self.role:
            body = f"SET ROLE {self.role};\n{body}RESET ROLE;\n"
        return f"-- {self.title}\n{body}"


def calls(of: MetaData = metadata, shards: int = SHARDS) -> list[str]:
    """The calls that lay every table where it belongs: reference tables first, then the anchor."""
    placed = {name: one for name, one in placements(of).items() if name in of.tables}
    spread = [name for name, one in placed.items() if one.lying is Lying.DISTRIBUTED]
    found = [
        f"SELECT create_reference_table('{name}')"
        for name in _in_order(of, [n for n, one in placed.items() if one.lying is Lying.REFERENCE])
    ]
    ordered = _in_order(of, spread)
    ordered.remove(ANCHOR)
    found.append(
        f"SELECT create_distributed_table('{ANCHOR}', 'tenant_id', colocate_with => 'none',"
        f" shard_count => {shards})"
    )
    found += [
        f"SELECT create_distributed_table('{name}', 'tenant_id', colocate_with => '{ANCHOR}')"
        for name in ordered
    ]
    return found


def _in_order(of: MetaData, names: list[str]) -> list[str]:
    """``names`` so that each comes after what it points at; references are away all the same."""
    wanted = set(names)
    return [table.name for table in of.sorted_tables if table.name in wanted]


def forward(connection: Connection, shards: int = SHARDS) -> list[Part]:
    """What makes the database distributed, in order."""
    changed = _wrapped(connection)
    references = list(connection.execute(_REFERENCES))
    away = [row for row in connection.execute(_TRIGGERS) if (row.relname, row.tgname) in TAKEN_AWAY]
    return [
        Part("Settings, on every node", tuple(_settings())),
        Part(
            "What Citus does not carry to other nodes by itself",
            tuple(_on_workers(connection, changed)),
        ),
        *(
            Part(
                f"Functions in place of sub-selects in policies, of {role}",
                tuple(one for made in changed if made.role == role for one in made.functions),
                role,
            )
            for role in sorted({made.role for made in changed})
        ),
        Part(
            "Policies with these instead",
            tuple(
                line
                for made in changed
                for line in (f"DROP POLICY {made.policy.name} ON {made.policy.table}", made.created)
            ),
            OWNER_ROLE,
        ),
        Part(
            "A trigger that would act on every node",
            tuple(f"DROP TRIGGER {row.tgname} ON {row.relname}" for row in away),
            OWNER_ROLE,
        ),
        Part(
            "References away",
            tuple(f"ALTER TABLE {row.relname} DROP CONSTRAINT {row.conname}" for row in references),
            OWNER_ROLE,
        ),
        Part("Every table where it belongs", tuple(calls(shards=shards))),
        Part(
            "References back, but for those from a reference table to a spread one",
            tuple(
                f"ALTER TABLE {row.relname} ADD CONSTRAINT {row.conname} {row.definition}"
                for row in references
                if (row.relname, row.other) not in LEFT_OUT
            ),
            OWNER_ROLE,
        ),
    ]


def backward(connection: Connection) -> list[Part]:
    """What leads back to one database; ``connection`` is one that has not been changed yet."""
    changed = _wrapped(connection)
    references = list(connection.execute(_REFERENCES))
    away = [row for row in connection.execute(_TRIGGERS) if (row.relname, row.tgname) in TAKEN_AWAY]
    placed = placements()
    names = [one.name for one in reversed(metadata.sorted_tables)]
    return [
        Part(
            "References away",
            tuple(
                f"ALTER TABLE {row.relname} DROP CONSTRAINT IF EXISTS {row.conname}"
                for row in references
            ),
            OWNER_ROLE,
        ),
        Part(
            "Every table on the coordinator again",
            tuple(
                f"SELECT undistribute_table('{name}')"
                for name in names
                if placed[name].lying is not Lying.LOCAL
            ),
        ),
        Part(
            "Policies as they were",
            tuple(
                line
                for made in changed
                for line in (
                    f"DROP POLICY {made.policy.name} ON {made.policy.table}",
                    made.policy.created(made.policy.shown, made.policy.written),
                )
            ),
            OWNER_ROLE,
        ),
        *(
            Part(
                f"Functions in their place away, of {role}",
                tuple(
                    f"DROP FUNCTION {name}"
                    for made in changed
                    if made.role == role
                    for name in policies.names_of(made)
                ),
                role,
            )
            for role in sorted({made.role for made in changed})
        ),
        Part(
            "References back",
            tuple(
                f"ALTER TABLE {row.relname} ADD CONSTRAINT {row.conname} {row.definition}"
                for row in references
            ),
            OWNER_ROLE,
        ),
        Part("The trigger back", tuple(row.definition for row in away), OWNER_ROLE),
    ]


def _wrapped(connection: Connection) -> list[policies.Wrapped]:
    types = policies.column_types(connection)
    return [policies.wrapped(one, types) for one in policies.read(connection) if one.selects]


def _settings() -> Iterator[str]:
    for name, value in _SETTINGS.items():
        quoted = value.replace("'", "''")
        yield f"SELECT run_command_on_all_nodes('ALTER SYSTEM SET {name} = {quoted}')"
    yield "SELECT run_command_on_all_nodes('SELECT pg_reload_conf()')"


def _on_workers(connection: Connection, changed: list[policies.Wrapped]) -> Iterator[str]:
    yield _everywhere("CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public")
    for row in connection.execute(_RANGES):
        yield _everywhere(
            f"CREATE TYPE {row.typname} AS RANGE (SUBTYPE = {row.of}, MULTIRANGE_TYPE_NAME = {row.sets})"
        )
    for row in connection.execute(FUNCTIONS):
        if not row.proname.startswith(policies.PREFIX):
            yield _everywhere(row.definition, OWNER_ROLE)
    for made in changed:
        for one in made.functions:
            yield _everywhere(one, made.role)


def _everywhere(statement: str, role: str = "") -> str:
    become = f"SET ROLE {role}; " if role else ""
    # The bodies name tables that a worker gets only when they are spread.
    return (
        "SELECT run_command_on_workers($hemvist$SET check_function_bodies = off;"
        f" SET citus.enable_ddl_propagation = off; {become}{statement.strip()}$hemvist$)"
    )
