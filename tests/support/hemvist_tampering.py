"""Hands in the audit log's tables: what a superuser of the database can do, and how it is put back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from hemvist.ids import new_id

TABLES = ("audit_entries", "audit_links", "audit_anchors")

#: What makes another value of a column, by its type; ``{}`` is the column. Each changes as little as
#: it can: a bit, a digit, a microsecond; numbers go where no other is.
_OTHER = {
    "uuid": "overlay({}::text PLACING CASE right({}::text, 1) WHEN '0' THEN '1' ELSE '0' END"
    " FROM 36)::uuid",
    "text": "CASE WHEN {} = '' THEN 'x' ELSE overlay({} PLACING"
    " CASE left({}, 1) WHEN 'x' THEN 'y' ELSE 'x' END FROM 1 FOR 1) END",
    "_text": "{} || 'x'::text",
    "_uuid": "{} || gen_random_uuid()",
    "int8": "{} + 1000",
    "timestamptz": "{} + interval '1 microsecond'",
    "jsonb": "{} || jsonb_build_object('x', 1)",
    "bytea": "set_bit({}, %(bit)s::bigint %% (8 * octet_length({})),"
    " 1 - get_bit({}, %(bit)s::bigint %% (8 * octet_length({}))))",
}
#: By type: how a column is read so that one byte of it can be changed, and how it is written back.
_STORED = {
    "uuid": ("uuid_send({})", "encode(%(value)s, 'hex')::uuid"),
    "int8": ("int8send({})", "('x' || encode(%(value)s, 'hex'))::bit(64)::bigint"),
    "timestamptz": (
        # Microseconds: the sum is exact, wherever in history it lands.
        "int8send((extract(epoch FROM {}) * 1000000)::bigint)",
        "'epoch'::timestamptz + (('x' || encode(%(value)s, 'hex'))::bit(64)::bigint"
        " || ' microseconds')::interval",
    ),
    "text": ("{}", "%(value)s"),
    "jsonb": ("{}::text", "%(value)s::jsonb"),
    "_text": ("{}", "%(value)s::text[]"),
    "_uuid": ("array_to_string({}, '')::text", "%(value)s::uuid[]"),
    "bytea": ("{}", "%(value)s"),
}
#: Columns that a CHECK holds to some words.
_WORDS = {"kind": ("read", "write", "refused"), "section": ("before", "marked")}


def other_byte(before: Any, kind: str, at: int, flipped: int) -> Any:
    """``before`` with one byte, character or element another; None where that is nothing that can be kept."""
    if kind == "_uuid":
        ids = bytearray.fromhex(before.replace("-", ""))
        ids[at % len(ids)] ^= flipped
        return [UUID(bytes=bytes(ids[start : start + 16])) for start in range(0, len(ids), 16)]
    if kind == "_text":
        place = at % len(before)
        word = other_byte(before[place], "text", at, flipped)
        return None if word is None else [*before[:place], word, *before[place + 1 :]]
    if isinstance(before, str):
        place = at % len(before)
        made = chr(ord(before[place]) ^ flipped)
        if made == "\0" or 0xD800 <= ord(made) < 0xE000:
            return None
        return before[:place] + made + before[place + 1 :]
    changed = bytearray(before)
    changed[at % len(changed)] ^= flipped
    return bytes(changed)


class Tampering:
    """A superuser's connection to the tables, for one kommun's rows."""

    def __init__(self, server: str, database: str, tenant_id: UUID, other: UUID) -> None:
        url = urlunsplit(urlsplit(server)._replace(path=urlsplit(database).path))
        self._connection = psycopg.connect(url, autocommit=True)
        # No trigger and no reference is in the way of somebody who owns the machine.
        self._connection.execute("SET session_replication_role = replica")
        self.tenant_id, self._other = tenant_id, other
        self._kept: dict[str, list[str]] = {}

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever is done to the kommun's rows inside is put back."""
        kept = {table: self._documents(table) for table in TABLES}
        rows = {table: self._every(table) for table in TABLES}
        try:
            yield
        finally:
            for table in TABLES:
                # By their ids as well: one may have been given to a kommun that is none.
                self._connection.execute(
                    f"DELETE FROM {table} WHERE tenant_id = ANY (%s) OR id = ANY (%s)",
                    [[self.tenant_id, self._other], rows[table]],
                )
                self._connection.execute(
                    f"INSERT INTO {table} SELECT r.* FROM unnest(%s::jsonb[]) d,"
                    f" jsonb_populate_record(NULL::{table}, d) r",
                    [kept[table]],
                )

    def columns(self, table: str) -> list[tuple[str, str, bool]]:
        """Each column's name, type and whether it may be null."""
        return self._connection.execute(
            "SELECT attname, typname, NOT attnotnull FROM pg_attribute a JOIN pg_type t ON t.oid = atttypid"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            [table],
        ).fetchall()

    def ids(self, table: str) -> list[UUID]:
        """The rows in the chain's order."""
        order = {
            "audit_entries": "l.ordinal",
            "audit_links": "t.ordinal",
            "audit_anchors": "t.ordinal",
        }
        link = "JOIN audit_links l USING (tenant_id, id)" if table == "audit_entries" else ""
        return [
            row
            for (row,) in self._connection.execute(
                f"SELECT t.id FROM {table} t {link} WHERE t.tenant_id = %s ORDER BY {order[table]}",
                [self.tenant_id],
            )
        ]

    def change(self, table: str, row: UUID, column: str, bit: int = 0) -> None:
        """Give one column of a row another value, as near as can be."""
        kind, null = next((k, n) for c, k, n in self.columns(table) if c == column)
        values = {"tenant": self.tenant_id, "id": row, "bit": bit, "other": self._other}
        before = self._value(table, row, column)
        if column == "tenant_id":
            made = "%(other)s"
        elif column in _WORDS:
            made = f"'{next(word for word in _WORDS[column] if word != before)}'"
        elif before is None:
            assert null
            made = {"uuid": "gen_random_uuid()", "text": "'x'"}[kind]
        else:
            made = _OTHER[kind].replace("{}", f'"{column}"')
        self._run(
            f"UPDATE {table} SET {column} = {made} WHERE tenant_id = %(tenant)s AND id = %(id)s",
            values,
        )

    def change_byte(self, table: str, row: UUID, column: str, at: int, flipped: int) -> bool:
        """Flip bits (1 to 255) of one byte of a column, as it is stored; False where no such value can be.

        Of text one character is another; of a list one element, or its bytes where it has a fixed length.
        """
        kind = next(k for c, k, _ in self.columns(table) if c == column)
        before = self._as_stored(table, row, column, kind)
        if not before:
            return False
        after = other_byte(before, kind, at, flipped)
        if after is None:
            return False
        try:
            self._run(
                f"UPDATE {table} SET {column} = {_STORED.get(kind, ('', '%(value)s'))[1]}"
                " WHERE tenant_id = %(tenant)s AND id = %(id)s",
                {"tenant": self.tenant_id, "id": row, "value": after},
            )
        except (psycopg.DataError, psycopg.errors.UniqueViolation, psycopg.errors.CheckViolation):
            return False
        return True

    def _as_stored(self, table: str, row: UUID, column: str, kind: str) -> Any:
        told = _STORED.get(kind, ("{}", ""))[0].replace("{}", column)
        ((value,),) = self._connection.execute(
            sql.SQL(f"SELECT {told} FROM {table} WHERE tenant_id = %s AND id = %s"),
            [self.tenant_id, row],
        ).fetchall()
        return value

    def delete(self, table: str, rows: Sequence[UUID]) -> None:
        """Take rows away."""
        self._run(
            f"DELETE FROM {table} WHERE tenant_id = %(tenant)s AND id = ANY (%(ids)s)",
            {"tenant": self.tenant_id, "ids": list(rows)},
        )

    def waiting(self) -> list[UUID]:
        """The entries that have no link, in the order they were written."""
        rows = self._connection.execute(
            "SELECT e.id FROM audit_entries e LEFT JOIN audit_links l USING (tenant_id, id)"
            " WHERE e.tenant_id = %s AND l.id IS NULL ORDER BY e.id",
            [self.tenant_id],
        )
        return [row for (row,) in rows]

    def insert_link(self, like: UUID, row_id: UUID, ordinal: int) -> None:
        """A link as another, for the entry ``row_id`` and in the place ``ordinal``."""
        self._copy("audit_links", like, {"id": str(row_id), "ordinal": ordinal})

    def insert_anchor(self, like: UUID, row_id: UUID, ordinal: int) -> None:
        """An anchor as another, of the place ``ordinal``."""
        self._copy("audit_anchors", like, {"id": str(row_id), "ordinal": ordinal})

    def insert_copy(self, row: UUID, *, marked: bool, row_id: UUID | None = None) -> UUID:
        """A new entry that is as another, its mark too where ``marked``; its id."""
        made = row_id or new_id()
        changed = {"id": str(made), **({} if marked else {"mac": None})}
        self._copy("audit_entries", row, changed)
        return made

    def _copy(self, table: str, row: UUID, changed: dict[str, Any]) -> None:
        self._run(
            f"INSERT INTO {table} SELECT r.* FROM {table} e, jsonb_populate_record("
            f"NULL::{table}, to_jsonb(e) || %(changed)s) r"
            " WHERE e.tenant_id = %(tenant)s AND e.id = %(id)s",
            {
                "tenant": self.tenant_id,
                "id": row,
                "changed": Jsonb(changed),
            },
        )

    def swap(self, table: str, one: UUID, other: UUID, columns: Sequence[str]) -> None:
        """Let two rows change what stands in ``columns``."""
        listed = ", ".join(columns)
        values = {"tenant": self.tenant_id, "one": one, "other": other}
        if set(columns) & {"id", "ordinal"}:
            # Unique ones go through a third value.
            (column,) = columns
            first, second = self._value(table, one, column), self._value(table, other, column)
            third = new_id() if column == "id" else -1
            for row, value in ((one, third), (other, first), (one, second)):
                at = third if column == "id" and row == one and value == second else row
                if column == "id" and row == other:
                    at = other
                self._run(
                    f"UPDATE {table} SET {column} = %(value)s"
                    " WHERE tenant_id = %(tenant)s AND id = %(id)s",
                    {"tenant": self.tenant_id, "id": at, "value": value},
                )
            return
        self._run(
            f"UPDATE {table} t SET ({listed}) = (SELECT {listed} FROM {table} o"
            " WHERE o.tenant_id = t.tenant_id AND o.id = CASE t.id WHEN %(one)s THEN %(other)s"
            " ELSE %(one)s END) WHERE tenant_id = %(tenant)s AND id IN (%(one)s, %(other)s)",
            values,
        )

    def run(self, statement: str) -> None:
        """Something else; ``%(tenant)s`` is the kommun."""
        self._run(statement, {"tenant": self.tenant_id})

    def _value(self, table: str, row: UUID, column: str) -> Any:
        ((value,),) = self._connection.execute(
            f"SELECT {column} FROM {table} WHERE tenant_id = %s AND id = %s", [self.tenant_id, row]
        ).fetchall()
        return value

    def _every(self, table: str) -> list[UUID]:
        found = self._connection.execute(
            f"SELECT id FROM {table} WHERE tenant_id = %s", [self.tenant_id]
        )
        return [row for (row,) in found]

    def _documents(self, table: str) -> list[Any]:
        rows = self._connection.execute(
            f"SELECT to_jsonb(t)::text FROM {table} t WHERE tenant_id = %s", [self.tenant_id]
        )
        return [row for (row,) in rows]

    def _run(self, statement: str, values: dict[str, Any]) -> None:
        self._connection.execute(sql.SQL(statement), values)
