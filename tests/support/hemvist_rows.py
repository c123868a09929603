"""One made-up row in every tenant-owned table, from the tables' own description."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from hemvist.db import owner_url
from hemvist.ids import new_id
from hemvist.migrations.tables import metadata
from hemvist.tenancy import Owned
from hemvist.tenancy.declaration import TENANT_SETTING
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.sealed import field_of

Row = dict[str, Any]
#: Where one column's value depends on another's: a guarantee that holds, its entry of one öre.
_FITTING: dict[str, Row] = {
    "guarantees": {
        **dict.fromkeys(("paid_ore", "demanded_ore", "recovered_ore", "written_off_ore"), 0),
        **dict.fromkeys(("ended_on", "end_reason")),
    },
    # From before entries had marks; the trigger would make one of anything else.
    "audit_entries": {"mac": None, "origin": ""},
    # One that waits for a second person, and a figure that somebody has given.
    "indicator_sharings": {
        **dict.fromkeys(("agreed_by", "agreed_at", "ended_by", "ended_at", "gathered_at")),
        "members": [],
    },
    "compared_figures": {"figures": {"0180": {"facts": 5}}},
    # A look that nobody has gone through.
    "log_looks": dict.fromkeys(("reviewed_at", "reviewed_by", "remark_sealed")),
    # Still to be done, and a form that nobody was sent.
    "obligations": dict.fromkeys(("reason", "not_held_on")),
    "filled_checklists": {"sent_on": None},
    # A takeover that is not done yet.
    "takeovers": {"taken_over_on": None},
    "guarantee_recourses": {"paid_ore": 0, "written_off_ore": 0},
    "guarantee_entries": {"recourse_id": None},
    # One that is open, a landlord who was told something, a clock that runs.
    "incidents": dict.fromkeys(("outcome", "closed_at", "closed_by")),
    "incident_feedbacks": {"words": ["received"]},
    "service_clocks": dict.fromkeys(("stopped_at", "stopped_by", "escalated_at")),
    # One that is open, a meeting that is called, an action that is to be done.
    "ladders": {"ended_on": None},
    "joint_meetings": {"held_on": None},
    "ladder_actions": {"settled_on": None},
    # Nothing owed, three weeks that run, a proposal and a list that wait.
    "rent_accounts": {"balance_ore": 0, "owing_since": None},
    "rent_months": {"month": date(2026, 11, 1)},
    "recovery_periods": {"ended_on": None},
    "rent_liabilities": dict.fromkeys(("decided_by", "told_on")),
    "prevention_entries": {"outcome": None},
    # Kept for nobody; pictures have bytes of an image; a report that waits.
    "units": {"kept_for": "", "step_free_width_cm": 90},
    "vacancies": {
        "step_free_width_cm": None,
        **dict.fromkeys(("answered_on", "answered_by", "decline_code")),
    },
    "landlord_events": {"type": "offer.made"},
    "landlord_mails": {"sent_at": None},
    "webhook_deliveries": {"type": "offer.made"},
    # Shown for longer than no time.
    "address_reveals": {"revealed_at": datetime(2026, 1, 2, 8, tzinfo=UTC)},
    # A report without a limit, a paper that is there.
    "landlord_reports": {"due_at": None},
    "landlord_papers": dict.fromkeys(("ended_at", "ended_by", "arrears_file_id")),
    # A form that was not sent.
    "authority_forms": {"sent_on": None},
    # A time that is proposed, a yes, a consent that holds, a name that is shown.
    "landlord_times": dict.fromkeys(("answered_at", "answered_by")),
    "takeover_replies": {"from_on": None},
    "landlord_name_consents": {"withdrawn_on": None},
    "landlord_disclosures": {"withheld": None},
    # One that holds, with a quota of a number of homes, a stock and a document that is shared; a
    # meeting that is planned.
    "agreements": {"state": "in_force", "ended_on": None, "ended_because": ""},
    "agreement_versions": {"state": "in_force", "hands": []},
    "agreement_files": {"shared": True},
    "agreement_meetings": {"held_on": None},
    "quota_terms": {"homes": 10, "share_bp": None},
    # An application that was not sent yet, a step that tells nothing, a move that is proposed.
    "kommun_requests": {
        "kind": "application",
        **dict.fromkeys(("answer_by", "ivo_applied_on", "ivo_decided_on")),
    },
    "kommun_request_steps": {
        "ground": "",
        "fields": [],
        "recipient_sealed": None,
        "consent_on": None,
    },
    "transfer_ledger_entries": {"kind": "reserved", "settles_id": None},
    "quota_bases": {"kind": "stock", "to_on": None, "agreement_id": None, "area": "North"},
    # A round that runs, its first member's part in; half of a proposal that waits for an answer.
    "exchange_rounds": {"collected": [], "closed_at": None},
    "exchange_moves": {"sending_said": "", "receiving_said": ""},
    # A circle that hides nothing yet, an opening that nobody has reviewed, something that is told.
    "case_openings": dict.fromkeys(("reviewed_at", "reviewed_by", "remark_sealed")),
    # It has ended long ago: a time is never longer than its opening.
    "circle_members": {"until": datetime(2026, 1, 1, tzinfo=UTC)},
    "secrecy_consents": {"scope": ["contact"]},
    "secrecy_disclosures": {"fields": ["contact"]},
    "transfer_requests": {"withdrawn_because": ""},
    "transfer_offers": {"ended_because": ""},
    "transfer_proposals": dict.fromkeys(("offer_id", "counterpart_id", "counterpart_slip")),
    # A half that has told nothing, a line that is to be seen to.
    "handovers": {"fields": [], **dict.fromkeys(("sent_on", "ground", "consent_on"))},
    "handover_items": {"state": "open", "settled_on": None},
    # A hold that stands, a run that nobody has approved, a case that waits, an entry of a ledger.
    "retention_marks": dict.fromkeys(("person_id", "until", "lifted_on", "lifted_by")),
    "thinning_runs": {
        "state": "withdrawn",
        **dict.fromkeys(("approved_by", "approved_at", "certificate", "certificate_sha256")),
        **dict.fromkeys(("stopped_by", "stopped_at")),
    },
    "thinning_items": {"left_because": ""},
    # Something that holds, of a month.
    "indicator_facts": {"ends": None},
    "indicator_forecasts": {"first_month": date(2026, 1, 1)},
    "indicator_snapshots": {"month": date(2026, 1, 1)},
    "kept_vouchers": {"content_sealed": None},
}


#: What a sealed column says where another than an empty document is asked for.
_SAID: dict[str, Any] = {
    "vacancy_rows.values": {
        "street_address": "Storgatan 1",
        "apartment_number": "1001",
        "property_designation": "Björken 1",
        "rooms": 1,
        "size_m2": 30,
        "rent_ore": 1,
        "available_from": "2026-12-01",
    },
    "vacancy_rows.problems": [],
    **dict.fromkeys(("persons.birth_date", "rent_accounts.birth_date"), "1990-01-01"),
}


def owned_tables() -> list[sa.Table]:
    """Every tenant-owned table, those that others point at first."""
    return [table for table in metadata.sorted_tables if isinstance(table.info["tenancy"], Owned)]


def fill(tenant_id: UUID, landlord: UUID | None = None) -> dict[str, UUID]:
    """Put a row of ``tenant_id`` into every tenant-owned table; returns its id by table.

    What is of a landlord is of ``landlord``, or of a new one.
    """
    with owner_engine().begin() as connection:
        return fill_in(connection, tenant_id, landlord)


def fill_in(
    connection: Connection, tenant_id: UUID, landlord: UUID | None = None
) -> dict[str, UUID]:
    """As ``fill``, in a transaction of the owner's."""
    set_context(connection, tenant_id)
    if landlord is None:
        landlord = new_id()
        connection.execute(
            metadata.tables["landlords"].insert(),
            {
                "id": landlord,
                "organisation_number": secrets.token_hex(5),
                "name": "A landlord",
                "created_at": datetime.now(UTC),
            },
        )
    ids = {"landlords": landlord, "tenants": tenant_id, "networks": _network(connection)}
    for table in owned_tables():
        row = made_up(table, tenant_id, ids)
        if table.name == "lettings":
            # Triggers have written what the leases above are.
            connection.execute(table.delete())
        connection.execute(table.insert(), row)
        if table.name == "guarantee_postings":
            # An entry has two lines.
            other = {"id": new_id(), "account": "landlord", "amount_ore": -row["amount_ore"]}
            connection.execute(table.insert(), {**row, **other})
        if table.name == "transfer_ledger_entries":
            # What one takes another sends.
            other = {"id": new_id(), "member_id": new_id(), "amount": -row["amount"]}
            connection.execute(table.insert(), {**row, **other})
        ids[table.name] = row["id"]
    return ids


def _network(connection: Connection) -> UUID:
    """A network that no kommun here is in, for what has to name one."""
    network, code = new_id(), f"made-up-{secrets.token_hex(8)}"
    now = datetime.now(UTC)
    tenant = {"kommun_code": code, "slug": code, "name": code, "created_at": now, "kind": "network"}
    connection.execute(metadata.tables["tenants"].insert(), {"id": network, **tenant})
    terms = {
        "from": "2020-01-01",
        "round_days": 14,
        "function_size": 2,
        "waiting_band_weeks": 4,
        "destination_days": 90,
        "smallest_cell": 5,
        "answer_hours": {"acute": 24, "high": 72, "normal": 120},
    }
    limits = [{"from": "2020-01-01", "debt_limit": 0, "take_cap": 0}]
    content = {
        "code": code,
        "name": code,
        "terms": [terms],
        "members": [{"kommun": "9999", "since": "2020-01-01", "services": [], "limits": limits}],
    }
    said = {"code": code, "name": code, "content": content, "entered_at": now}
    connection.execute(metadata.tables["networks"].insert(), {"id": network, **said})
    return network


def owner_engine() -> Engine:
    """An engine of the owner's that keeps no connection open."""
    return create_engine(owner_url(), poolclass=NullPool)


def set_context(connection: Connection, tenant_id: UUID) -> None:
    """Enter the tenant for the connection's current transaction."""
    connection.execute(
        text("SELECT set_config(:name, :value, true)"),
        {"name": TENANT_SETTING, "value": str(tenant_id)},
    )


def made_up(table: sa.Table, tenant_id: UUID, ids: dict[str, UUID]) -> Row:
    """A row that every constraint of ``table`` takes; it points at the rows in ``ids``."""
    targets = {
        column.name: element.column.table.name
        for constraint in table.foreign_key_constraints
        for column, element in zip(constraint.columns, constraint.elements, strict=True)
        if column.name != "tenant_id"
    }
    choices = _choices(table)
    row: Row = {}
    for number, column in enumerate(table.columns):
        if column.name == "tenant_id":
            row[column.name] = tenant_id
        elif column.name in targets:
            # None only for a row that would point at itself.
            row[column.name] = ids.get(targets[column.name])
        elif column.name == "case_id" and "cases" in ids:
            # It outlives the case, so it does not point at it.
            row[column.name] = ids["cases"]
        elif column.name in choices:
            row[column.name] = choices[column.name]
        elif (field := field_of(column)) is not None:
            # It opens, as a text and as a document.
            said = _SAID.get(field, {})
            clear = said if isinstance(said, str) else json.dumps(said, separators=(",", ":"))
            row[column.name] = tenant_keys(tenant_id).seal(field, clear)
        else:
            row[column.name] = _value(column, number)
    if {"content", "sha256"} <= set(row):
        row["sha256"] = hashlib.sha256(row["content"]).hexdigest()
    return {**row, **_FITTING.get(table.name, {})}


def _choices(table: sa.Table) -> dict[str, str]:
    """The first value of every column that a CHECK holds to a list."""
    found: dict[str, str] = {}
    for constraint in table.constraints:
        if isinstance(constraint, sa.CheckConstraint):
            listed = re.fullmatch(r"(\w+) IN \('([^']+)'.*\)", str(constraint.sqltext))
            if listed:
                found[listed.group(1)] = listed.group(2)
    return found


def _value(column: sa.Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, sa.Uuid):
        return new_id()
    if isinstance(kind, sa.DateTime):
        return datetime.now(UTC)
    if isinstance(kind, sa.Date):
        # Later columns later: a period's end stands after its start.
        return date(2026, 1, 1) + timedelta(days=number)
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.Integer | sa.Numeric):
        return 1
    if isinstance(kind, sa.LargeBinary):
        return secrets.token_bytes(32)
    if isinstance(kind, sa.ARRAY):
        return []
    if isinstance(kind, sa.JSON):
        return {}
    return secrets.token_hex(8)
