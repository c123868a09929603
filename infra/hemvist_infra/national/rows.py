"""Reads back what a life left in the tables, as COPY writes it, with holes where copies differ."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import psycopg
from sqlalchemy import DateTime, Table

from hemvist.evaluations.models import KeptEvaluation
from hemvist.evaluations.service import sealed_content
from hemvist.migrations.tables import metadata
from hemvist.tenancy import Owned, TenantSession
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.sealed import field_of

#: Tables that a copy has rows in, each with how its rows are known as a household's.
_OF_CASE = (
    "(SELECT c.household_id FROM cases c WHERE c.tenant_id = t.tenant_id AND c.id = t.case_id)"
)
_OF_MEMBER = (
    "(SELECT m.household_id FROM household_members m"
    " WHERE m.tenant_id = t.tenant_id AND m.person_id = t.id)"
)
_OF_OFFER = (
    "(SELECT c.household_id FROM offers o JOIN cases c ON c.tenant_id = o.tenant_id"
    " AND c.id = o.case_id WHERE o.tenant_id = t.tenant_id AND o.unit_id = {unit})"
)
_OF_REFERRAL = (
    "(SELECT c.household_id FROM referrals r JOIN cases c ON c.tenant_id = r.tenant_id"
    " AND c.id = r.case_id WHERE r.tenant_id = t.tenant_id AND r.id = t.referral_id)"
)
_OF_CONTRACT = (
    "(SELECT c.household_id FROM contracts k JOIN cases c ON c.tenant_id = k.tenant_id"
    " AND c.id = k.case_id WHERE k.tenant_id = t.tenant_id AND k.id = t.contract_id)"
)
TABLES: Mapping[str, str] = {
    "households": "t.id",
    "persons": _OF_MEMBER,
    "household_members": "t.household_id",
    "cases": "t.household_id",
    "answers": _OF_CASE,
    "evaluations": _OF_CASE,
    "assessments": _OF_CASE,
    "decisions": _OF_CASE,
    "referrals": _OF_CASE,
    "referral_signatures": _OF_REFERRAL,
    "units": _OF_OFFER.format(unit="t.id"),
    "unit_states": _OF_OFFER.format(unit="t.unit_id"),
    "offers": _OF_CASE,
    "landlord_offers": _OF_CASE,
    "contracts": _OF_CASE,
    "contract_parties": _OF_CONTRACT,
    "guarantees": _OF_CASE,
    "guarantee_claims": _OF_CASE,
    "appeals": _OF_CASE,
    "takeovers": _OF_CASE,
    "obligations": _OF_CASE,
    "support_plans": _OF_CASE,
    "plan_signatures": _OF_CASE,
    "follow_ups": _OF_CASE,
    "case_disclosures": _OF_CASE,
    "milestones": _OF_CASE,
    "case_events": _OF_CASE,
    "audit_entries": f"COALESCE({_OF_CASE}, CASE WHEN t.subject_type = 'household'"
    " THEN t.subject_id END)",
}
#: Made anew for each kommun, by the worker later on (such as the log's chain), or (lettings) by the
#: database for each contract; and what landlords were told, which is forgotten in time as events are.
_NOT_OF_A_LIFE = frozenset(
    {
        *("principals", "memberships", "pack_adoptions", "counters", "outbox_events", "lettings"),
        *("landlord_events", "audit_links", "audit_anchors"),
        *("log_samples", "log_looks", "staff_addresses"),
    }
)
#: Kept evaluations are kept from this long ago; the records are older than the keeping.
KEPT = timedelta(days=365)
#: Which of the household's people it is, in the order in which they were registered.
_PLACE = (
    "(SELECT count(*) FROM household_members m JOIN household_members o ON o.tenant_id = m.tenant_id"
    " AND o.household_id = m.household_id WHERE m.tenant_id = t.tenant_id AND m.person_id = t.id"
    " AND o.person_id < t.id)"
)
_PERSON = f"'⟦{{}}' || {_PLACE} || '⟧'"
_OVERRIDES: Mapping[tuple[str, str], str] = {
    ("households", "alias"): "'⟦alias⟧'",
    ("cases", "number"): "'⟦number⟧'",
    ("persons", "given_name_sealed"): _PERSON.format("given"),
    ("persons", "family_name_sealed"): _PERSON.format("family"),
    ("persons", "number_sealed"): _PERSON.format("sealed"),
    ("persons", "number_index"): _PERSON.format("index"),
    ("persons", "number_kind"): _PERSON.format("kind"),
    ("persons", "birth_date_sealed"): _PERSON.format("born"),
    ("persons", "registered_kommun"): "'⟦kommun⟧'",
    ("persons", "protection"): _PERSON.format("protection"),
    ("persons", "protection_source_sealed"): _PERSON.format("source"),
    ("persons", "protection_checked_on"): _PERSON.format("checked"),
    # A mark is of the kommun that it was made in; the chain takes these as entries of before.
    ("audit_entries", "mac"): "NULL",
    ("units", "property_designation"): "'⟦designation⟧'",
    ("units", "street_address"): "'⟦street⟧'",
    ("units", "postal_code"): "'⟦postal⟧'",
    ("units", "city"): "'⟦city⟧'",
    ("evaluations", "seal"): "'⟦seal' || row_number() OVER (PARTITION BY t.case_id ORDER BY t.id)"
    " || '⟧'",
}
#: The day of an instant, which the services took from the clock while the life was lived.
_DAYS: Mapping[tuple[str, str], str] = {
    ("answers", "answered_at"): "t.effective_on",
    ("assessments", "concluded_at"): "t.evaluated_on",
    ("evaluations", "kept_at"): "t.evaluated_on",
    ("decisions", "decided_at"): "t.decided_on",
    ("referral_signatures", "recorded_at"): "t.signed_on",
    ("case_events", "recorded_at"): "t.occurred_on",
    ("unit_states", "recorded_at"): "t.since",
    ("audit_entries", "at"): "COALESCE("
    "(SELECT e.occurred_on FROM case_events e WHERE e.tenant_id = t.tenant_id"
    " AND e.case_id = t.case_id AND e.subject_id = t.subject_id"
    " AND e.kind = t.details->>'event' ORDER BY e.id LIMIT 1),"
    " (SELECT c.opened_on FROM cases c WHERE c.tenant_id = t.tenant_id AND c.id = t.case_id),"
    " (SELECT h.registered_on FROM households h WHERE h.tenant_id = t.tenant_id"
    " AND h.id = t.subject_id))",
}


#: A sealed value as a line has it before it is opened: its field, and its bytes.
_SEALED = re.compile(r"⟦sealed ([a-z0-9_.]+) ([0-9a-f]+)⟧")


@dataclass(slots=True)
class Rows:
    """What one household's life left in the tables."""

    #: Lines by table. Where a sealed value stood they have ``⟦opened…⟧``.
    lines: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    #: Field and clear value of each, in the order of their numbers, from 1.
    opened: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, table: str, line: str, session: TenantSession) -> None:
        """Take in a line, with what is sealed in it opened: each copy seals it for its own kommun."""
        keys = tenant_keys(session.tenant_id)

        def numbered(match: re.Match[str]) -> str:
            one = (match[1], keys.open(match[1], bytes.fromhex(match[2])))
            return f"⟦opened{self.opened.setdefault(one, len(self.opened) + 1)}⟧"

        self.lines[table].append(_SEALED.sub(numbered, line))


def rows_of_lives(
    session: TenantSession, today: date
) -> tuple[dict[UUID, Rows], dict[UUID, list[str]]]:
    """What every household left, and the contents of its seals.

    Raises ``RuntimeError`` when the services have written where no copy would follow.
    """
    _check_nothing_is_forgotten(session)
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    rows: dict[UUID, Rows] = defaultdict(Rows)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        for name in TABLES:
            statement = _statement(metadata.tables[name], session.tenant_id, today)
            with cursor.copy(statement) as copy:
                # libpq hands over one row at a time.
                for row in copy:
                    key, _, line = bytes(row).decode().partition("\t")
                    rows[UUID(key)].add(name, line, session)
    return rows, _seals(session, today)


def columns_of(table: str) -> list[str]:
    """The columns in the order in which lines have them."""
    return [column.name for column in metadata.tables[table].columns]


def _check_nothing_is_forgotten(session: TenantSession) -> None:
    for table in metadata.sorted_tables:
        if not isinstance(table.info["tenancy"], Owned) or table.name in _NOT_OF_A_LIFE:
            continue
        if table.name not in TABLES and session.execute(table.select().limit(1)).first():
            raise RuntimeError(f"the services write {table.name}: say how it is copied")


def _statement(table: Table, tenant_id: UUID, today: date) -> str:
    columns = ", ".join(_column(table, name, today) for name in columns_of(table.name))
    key = TABLES[table.name]
    # Names of tables and columns out of the metadata, no value of anybody's. The tenant is named:
    # where filling was stopped, row security is not there and other kommuner's rows are.
    return (
        f"COPY (SELECT {key} AS household, {columns} FROM {table.name} t"  # noqa: S608 - names of our own tables
        f" WHERE t.tenant_id = '{tenant_id}' AND {key} IS NOT NULL"
        f"{_only(table.name, today)} ORDER BY t.id) TO STDOUT"
    )


def _only(table: str, today: date) -> str:
    return f" AND t.evaluated_on >= '{today - KEPT}'" if table == "evaluations" else ""


def _column(table: Table, name: str, today: date) -> str:
    if name == "evaluation_id":
        return (
            "(SELECT k.id FROM evaluations k WHERE k.tenant_id = t.tenant_id"  # noqa: S608 - names of our own tables
            f" AND k.id = t.evaluation_id AND k.evaluated_on >= '{today - KEPT}')"
        )
    if (table.name, name) in _OVERRIDES:
        return _OVERRIDES[table.name, name]
    column = table.columns[name]
    if (sealed_for := field_of(column)) is not None:
        return f"'⟦sealed {sealed_for} ' || encode(t.\"{name}\", 'hex') || '⟧'"
    if not isinstance(column.type, DateTime) or (column.nullable and name != "decided_at"):
        return f't."{name}"'
    if (table.name, name) not in _DAYS:
        raise RuntimeError(f"{table.name}.{name} is an instant: say which day it is on")
    day = _DAYS[table.name, name]
    # Office hours, one act after the other; nothing has been registered after this morning.
    order = f"row_number() OVER (PARTITION BY {TABLES[table.name]} ORDER BY t.id)"
    return (
        f"LEAST(({day} + time '08:10' + ({order} % 500) * interval '53 seconds')"
        f" AT TIME ZONE 'Europe/Stockholm', timestamptz '{today} 05:00+00')"
    )


def _seals(session: TenantSession, today: date) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for kept in _evaluations(session, today):
        found[kept.case_id].append(sealed_content(kept))
    return found


def _evaluations(session: TenantSession, today: date) -> Iterable[KeptEvaluation]:
    return (
        session.query(KeptEvaluation)
        .filter(KeptEvaluation.evaluated_on >= today - KEPT)
        .order_by(KeptEvaluation.id)
    )
