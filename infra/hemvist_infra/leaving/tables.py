"""Every table with a kommun's rows, in the order in which they can be put in, and how each column is written.

The tables come from the declarations that PostgreSQL's catalogue is held against (``hemvist db check``), so a
new table is exported, imported and erased by being there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import TopologicalSorter

from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql.psycopg import dialect

from hemvist.migrations.tables import metadata
from hemvist.tenancy import Global, Owned
from hemvist.tenancy.sealed import field_of, is_large

_DIALECT = dialect()  # type: ignore[no-untyped-call]

#: Tables that are not taken along, and why. They go all the same when a kommun is erased.
LEFT_OUT: Mapping[str, str] = {
    "login_sessions": "logins end with the move: everybody logs in anew where the kommun is served",
    "compared_figures": "others' figures, theirs to give: brought anew where the kommun takes part",
    "login_attempts": "logins that were under way: they end within minutes",
}
#: Written by triggers while others are put in: emptied of that and put in as exported, after these.
DERIVED: Mapping[str, tuple[str, ...]] = {
    "lettings": ("contracts", "head_lease_units"),
    "circle_rows": ("cases", "case_circles", "household_members", "letters"),
}
#: Triggers on putting a row in, and why an import leaves the exported bytes. A test holds the names
#: against the tables' declarations.
TRIGGERS: Mapping[str, str] = {
    "mark_audit_entry": "makes a mark of a one-time key; an exported entry has its mark",
    "keep_unprotected_until": "counts from the person's own columns and the register's days, both exported",
    "withhold_from_landlords": "what it would take back from landlords is put in after it",
    "join_circle": "fills circle_rows, which are put in anew at the end",
    "gather_circle": "on changes only",
    "contract_let": "fills lettings, which are put in anew at the end",
    "head_lease_let": "fills lettings, which are put in anew at the end",
    "held_to_opening": "looks at openings, which are put in before",
    "opening_kept": "on changes only",
    "kept": "on changes and deletions; an erasure that two people agreed on is let through",
    "guarantee_entries_kept": "as kept",
    "guarantee_postings_kept": "as kept",
    "transfer_ledger_entries_kept": "as kept",
    "transfer_publications_kept": "as kept",
    "kommun_request_steps_kept": "as kept",
    "guarantees_as_the_ledger": "at COMMIT: guarantees and their ledger are put in together",
    "guarantee_entries_as_the_ledger": "at COMMIT: guarantees and their ledger are put in together",
    "guarantee_entries_balance": "at COMMIT: entries and postings are put in together",
    "guarantee_postings_balance": "at COMMIT: entries and postings are put in together",
    "transfer_ledger_entries_balance": "at COMMIT: a table is put in as a whole",
    "thinned_when_approved": "binds the thinning role",
    "held_from_thinning": "binds the thinning role",
}
#: Put in after these, besides what foreign keys ask.
_AFTER: Mapping[str, tuple[str, ...]] = {
    **DERIVED,
    **dict.fromkeys(
        ("landlord_disclosures", "landlord_offers", "presented_households"),
        ("household_members", "persons"),
    ),
}
#: What one transaction has to put in, from the first to the last of each.
_TOGETHER = (
    ("guarantees", "guarantee_postings"),
    # A linker that is awake links anew whatever entry has no link yet.
    ("audit_entries", "audit_anchors"),
)
#: References to tables of no tenant that no foreign key tells of.
_NO_KEY: Mapping[tuple[str, str], str] = {("transfer_statements", "network_id"): "networks"}

#: How values of a type are written as JSON, and read back from ``j``, the row's document.
_READ = {
    "BYTEA": "translate(encode({0}, 'base64'), E'\\n', '')",
    "JSONB": "CASE WHEN {0} IS NULL THEN NULL ELSE json_build_array({0}) END",
    "NUMERIC": "CAST({0} AS text)",
}
_WRITE = {
    "BYTEA": "decode(j->>'{0}', 'base64')",
    # A null alone has a first element too, itself.
    "JSONB": "CASE WHEN jsonb_typeof(j->'{0}') = 'array' THEN j->'{0}'->0 END",
    "TEXT": "j->>'{0}'",
    "[]": "CASE WHEN jsonb_typeof(j->'{0}') = 'array' THEN CAST(ARRAY(SELECT one.said FROM"
    " jsonb_array_elements_text(j->'{0}') WITH ORDINALITY AS one (said, place)"
    " ORDER BY one.place) AS {1}) END",
}
_PLAIN = {"UUID", "DATE", "BIGINT", "SMALLINT", "BOOLEAN", "TIMESTAMP WITH TIME ZONE"}


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its type, what seals it, whether its values are files, whose rows it points at."""

    name: str
    type: str
    sealed: str | None
    file: bool
    #: ``landlords`` or ``networks``, whose ids may be others on another instance.
    shared: str | None

    @property
    def read(self) -> str:
        """SQL: the value as the row's document has it; ``%(back)s`` gives shared ids their exported names."""
        quoted = f'"{self.name}"'
        if self.file:
            return (
                f"CASE WHEN {quoted} IS NULL THEN NULL ELSE json_build_object('file', 'files/'"
                f" || %(table)s || '/' || id || '.{self.name}', 'bytes', octet_length({quoted}),"
                f" 'sha256', encode(sha256({quoted}), 'hex')) END AS {quoted}"
            )
        if self.shared:
            named = f"CAST({quoted} AS text)"
            return f"COALESCE(CAST(%(back)s AS jsonb)->>{named}, {named}) AS {quoted}"
        return f"{_READ.get(self.type.split('(')[0], '{0}').format(quoted)} AS {quoted}"

    @property
    def write(self) -> str:
        """SQL: the value of the row's document ``j`` as the column has it."""
        if self.shared:
            said = f"j->>'{self.name}'"
            return f"CAST(COALESCE(CAST(%(there)s AS jsonb)->>({said}), {said}) AS uuid)"
        if self.type.endswith("[]"):
            return _WRITE["[]"].format(self.name, self.type)
        kind = self.type.split("(")[0]
        if kind in _WRITE:
            return _WRITE[kind].format(self.name)
        return f"CAST(j->>'{self.name}' AS {self.type})"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of the kommun's."""

    name: str
    fields: tuple[Field, ...]
    #: Its rows point at rows of itself: they are put in, and go, by one statement.
    points_at_itself: bool

    @property
    def files(self) -> tuple[Field, ...]:
        """Columns whose values are files."""
        return tuple(one for one in self.fields if one.file)


@lru_cache(maxsize=1)
def sheets() -> tuple[Sheet, ...]:
    """Every table of a kommun's, those that others point at first."""
    return tuple(_sheet(metadata.tables[name]) for name in _ordered())


@lru_cache(maxsize=1)
def exported() -> tuple[Sheet, ...]:
    """Those that are taken along."""
    return tuple(one for one in sheets() if one.name not in LEFT_OUT)


def together() -> list[tuple[Sheet, ...]]:
    """The exported tables in portions of one transaction each."""
    names = [one.name for one in exported()]
    spans = sorted((names.index(first), names.index(last)) for first, last in _TOGETHER)
    portions: list[tuple[Sheet, ...]] = []
    place = 0
    for first, last in [*spans, (len(names), len(names))]:
        portions += [(one,) for one in exported()[place:first]]
        if first < len(names):
            portions.append(exported()[first : last + 1])
        place = last + 1
    return portions


def _owned() -> dict[str, Table]:
    return {
        name: table
        for name, table in metadata.tables.items()
        if isinstance(table.info["tenancy"], Owned)
    }


def _ordered() -> list[str]:
    """By references; what has to go together stands together."""
    owned = _owned()
    before = {
        name: {
            key.referred_table.name
            for key in table.foreign_key_constraints
            if key.referred_table.name in owned and key.referred_table is not table
        }
        | set(_AFTER.get(name, ()))
        for name, table in owned.items()
    }
    order = _sorted(before)
    for first, last in _TOGETHER:
        if first == "audit_entries":
            log = ["audit_entries", "audit_links", "audit_anchors"]
            order = [name for name in order if name not in log] + log
            continue
        # Not below the first, below it and above the last, the rest: each as it was sorted.
        below, above = _below(before, first), _above(before, last)
        inner = [name for name in order if name in below and name in above]
        order = (
            [name for name in order if name not in below]
            + inner
            + [name for name in order if name in below and name not in above]
        )
    return order


def _sorted(before: Mapping[str, Iterable[str]]) -> list[str]:
    sorter = TopologicalSorter(dict(sorted((name, sorted(of)) for name, of in before.items())))
    return list(sorter.static_order())


def _above(before: Mapping[str, Iterable[str]], name: str) -> set[str]:
    found, waiting = {name}, [name]
    while waiting:
        for one in before[waiting.pop()]:
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found


def _below(before: Mapping[str, Iterable[str]], name: str) -> set[str]:
    return {one for one in before if name in _above(before, one)}


def _sheet(table: Table) -> Sheet:
    pointing = {
        column: key.referred_table.name
        for key in table.foreign_key_constraints
        for column in key.column_keys
        if isinstance(key.referred_table.info["tenancy"], Global)
        and key.referred_table.name != "tenants"
    }
    return Sheet(
        table.name,
        tuple(
            _field(column, pointing.get(column.name, _NO_KEY.get((table.name, column.name))))
            for column in table.columns
        ),
        any(key.referred_table is table for key in table.foreign_key_constraints),
    )


def _field(column: Column[object], shared: str | None) -> Field:
    written = column.type.compile(dialect=_DIALECT)
    kind = written.split("(")[0].removesuffix("[]")
    # A type that nobody has said how to write would come out as something else than it went in.
    if kind not in _PLAIN and kind not in _WRITE and kind != "NUMERIC":
        raise TypeError(f"{column.table.name}.{column.name}: how is {written} exported?")
    return Field(column.name, written, field_of(column), is_large(column), shared)
