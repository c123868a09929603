"""Importing the good rows of a file, once: tenancies, their months, their signals, and who is told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID
from zlib import crc32

from sqlalchemy import select

from hemvist import audit
from hemvist.arrears.access import of_department
from hemvist.arrears.figures import reckon
from hemvist.arrears.file_models import ArrearsFile, ArrearsRow
from hemvist.arrears.files import forget_bytes
from hemvist.arrears.knowing import known_already
from hemvist.arrears.linking import link
from hemvist.arrears.models import RentAccount
from hemvist.arrears.rows import Row
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.errors import Conflict, Problem, ValidationFailed
from hemvist.identity import Action, Actor
from hemvist.ids import new_id
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import OVERHEAD, tenant_keys
from hemvist.tenancy.sealed import as_columns
from hemvist.tenancy.statements import answered

REGISTERED = "arrears_registered"
SETTLED = "arrears_settled"
#: Rows that one person leaves out by hand.
MAX_LEFT_OUT = 500

#: An older list than what is known fills what is empty and changes nothing else.
_ACCOUNTS = """
INSERT INTO rent_accounts AS a (
  tenant_id, id, department, landlord_id, reference, tenant_name_sealed, number_index,
  birth_date_sealed,
  street_address_sealed, apartment_number_sealed, area, signals, position_on, collection,
  eviction_applied, called_on, children, balance_ore, months_owing, late_months, version)
SELECT %(tenant)s, r.id, %(department)s, %(landlord)s, r.reference,
       decode(r.tenant_name_sealed, 'hex'),
       decode(r.number_index, 'hex'), decode(r.birth_date_sealed, 'hex'),
       decode(r.street_address_sealed, 'hex'),
       decode(r.apartment_number_sealed, 'hex'), r.area,
       '{}', %(position)s, r.collection, r.eviction_applied, r.called_on, 'unknown', 0, 0, 0, 1
  FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(
    id uuid, reference text, tenant_name_sealed text, number_index text, birth_date_sealed text,
    street_address_sealed text, apartment_number_sealed text, area text, collection boolean,
    eviction_applied boolean, called_on date)
ON CONFLICT (tenant_id, department, landlord_id, reference) DO UPDATE SET
  tenant_name_sealed = CASE WHEN excluded.position_on >= a.position_on
    THEN CASE WHEN octet_length(excluded.tenant_name_sealed) > %(empty)s
      THEN excluded.tenant_name_sealed ELSE a.tenant_name_sealed END
    ELSE CASE WHEN octet_length(a.tenant_name_sealed) > %(empty)s
      THEN a.tenant_name_sealed ELSE excluded.tenant_name_sealed END END,
  number_index = CASE WHEN excluded.position_on >= a.position_on
    THEN COALESCE(excluded.number_index, a.number_index)
    ELSE COALESCE(a.number_index, excluded.number_index) END,
  birth_date_sealed = CASE WHEN excluded.position_on >= a.position_on
    THEN COALESCE(excluded.birth_date_sealed, a.birth_date_sealed)
    ELSE COALESCE(a.birth_date_sealed, excluded.birth_date_sealed) END,
  street_address_sealed = CASE WHEN excluded.position_on >= a.position_on
    THEN CASE WHEN octet_length(excluded.street_address_sealed) > %(empty)s
      THEN excluded.street_address_sealed ELSE a.street_address_sealed END
    ELSE CASE WHEN octet_length(a.street_address_sealed) > %(empty)s
      THEN a.street_address_sealed ELSE excluded.street_address_sealed END END,
  apartment_number_sealed = CASE WHEN excluded.position_on >= a.position_on
    THEN CASE WHEN octet_length(excluded.apartment_number_sealed) > %(empty)s
      THEN excluded.apartment_number_sealed ELSE a.apartment_number_sealed END
    ELSE CASE WHEN octet_length(a.apartment_number_sealed) > %(empty)s
      THEN a.apartment_number_sealed ELSE excluded.apartment_number_sealed END END,
  area = CASE WHEN excluded.position_on >= a.position_on
    THEN COALESCE(NULLIF(excluded.area, ''), a.area)
    ELSE COALESCE(NULLIF(a.area, ''), excluded.area) END,
  collection = CASE WHEN excluded.position_on >= a.position_on
    THEN excluded.collection ELSE a.collection END,
  eviction_applied = CASE WHEN excluded.position_on >= a.position_on
    THEN excluded.eviction_applied ELSE a.eviction_applied END,
  called_on = GREATEST(excluded.called_on, a.called_on),
  position_on = GREATEST(excluded.position_on, a.position_on),
  version = a.version + 1
RETURNING a.id, a.reference
"""
_MONTHS = """
INSERT INTO rent_months AS m (
  tenant_id, id, account_id, month, due_on, rent_ore, owed_ore, paid_on, file_id, row_number)
SELECT %(tenant)s, r.id, r.account_id, r.month, r.due_on, r.rent_ore, r.owed_ore, r.paid_on,
       %(file)s, r.number
  FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(
    id uuid, account_id uuid, month date, due_on date, rent_ore bigint, owed_ore bigint,
    paid_on date, number bigint)
ON CONFLICT (tenant_id, account_id, month) DO UPDATE SET
  due_on = excluded.due_on, rent_ore = COALESCE(excluded.rent_ore, m.rent_ore),
  owed_ore = excluded.owed_ore, paid_on = excluded.paid_on, file_id = excluded.file_id,
  row_number = excluded.row_number
"""
_STATES = """
UPDATE arrears_rows SET state = CASE
    WHEN number = ANY(%(imported)s) THEN 'imported'
    WHEN number = ANY(%(known)s) THEN 'known' ELSE 'left_out' END
 WHERE tenant_id = %(tenant)s AND file_id = %(file)s AND state = 'good'
RETURNING number
"""


def import_file(
    session: TenantSession,
    actor: Actor,
    *,
    file_id: UUID,
    leave_out: Sequence[int] = (),
    expected_version: int,
) -> ArrearsFile:
    """Import the good rows of a file but those in ``leave_out`` (row numbers). Faulty rows stay out.

    Once for each file: what an earlier file said is not counted again, and a second import of the same
    file finds it ended. A case of whose household rents are now owed, or owed no more, is told
    (``arrears_registered``, ``arrears_settled``). Raises ``ValidationFailed`` on ``leaveOut`` or when
    nothing is left, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    file = of_department(session, actor, ArrearsFile, file_id, Action.ARREARS_IMPORT)
    if len(leave_out) > MAX_LEFT_OUT:
        raise ValidationFailed.one("leaveOut", "count", "too many", limit=MAX_LEFT_OUT)
    session.change(file, expected_version)
    if file.state != "read":
        raise Conflict("file_ended", f"the file is {file.state}", state=file.state)
    # One import of a department's files of a landlord at a time: which rows are known stays so.
    session.locked_for(_lock_number(file))
    good = _good(session, file)
    unknown = sorted(set(leave_out) - {row.number for row in good})
    if unknown:
        raise ValidationFailed(
            [Problem("leaveOut", "unknown_item", "no good row", {"item": unknown[0]})]
        )
    known = known_already(session, file, good)
    chosen = [row for row in good if row.number not in known | set(leave_out)]
    if not chosen:
        raise ValidationFailed.one("fileId", "nothing_to_import", "no row says anything new")
    accounts = _write_accounts(session, file, chosen)
    _write_months(session, file, chosen, accounts)
    answered(
        session,
        _STATES,
        {"file": file.id, "imported": [row.number for row in chosen], "known": sorted(known)},
    )
    file.state = "imported"
    file.rows_imported = len(chosen)
    file.rows_known += len(known)
    file.rows_good = len(chosen)
    file.ended_on = today()
    file.ended_by = actor.principal_id
    session.flush()
    forget_bytes(session, file)
    ids = sorted(accounts.values())
    link(session, actor, ids)
    _tell(session, actor, file, reckon(session, ids))
    audit.record(
        session,
        actor,
        Action.ARREARS_IMPORT,
        subject_type="arrears_file",
        subject_id=file.id,
        details={"department": file.department, "rows": len(chosen)},
    )
    return session.find(ArrearsFile, file.id)


def _lock_number(file: ArrearsFile) -> int:
    return (file.landlord_id.int ^ crc32(file.department.encode())) % (2**62)


def _good(session: TenantSession, file: ArrearsFile) -> list[Row]:
    found = session.execute(
        select(ArrearsRow.number, ArrearsRow.values_sealed)
        .where(ArrearsRow.file_id == file.id, ArrearsRow.state == "good")
        .order_by(ArrearsRow.number)
    )
    keys = tenant_keys(session.tenant_id)
    return [Row(number, ArrearsRow.values.read(keys, said)) for number, said in found]


def _write_accounts(
    session: TenantSession, file: ArrearsFile, rows: Sequence[Row]
) -> Mapping[str, UUID]:
    """The tenancies, by the landlord's number; what the latest month's row says of each holds."""
    said: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda one: one.values["month"]):
        reference = row.values["reference"]
        before = said.get(reference, {"collection": False, "eviction_applied": False})
        said[reference] = {
            **{key: value for key, value in row.values.items() if value != ""},
            # On a list of months each mark stands at its month.
            "collection": before["collection"] or row.values["collection"],
            "eviction_applied": before["eviction_applied"] or row.values["eviction_applied"],
        }
    blank = dict.fromkeys(("tenant_name", "street_address", "apartment_number", "area"), "")
    document = [_sealed(session, {**blank, **values, "id": new_id()}) for values in said.values()]
    found = answered(
        session,
        _ACCOUNTS,
        {
            "department": file.department,
            "landlord": file.landlord_id,
            "position": file.position_on,
            # The length of a sealed text that says nothing.
            "empty": OVERHEAD,
            "rows": _json(document),
        },
    )
    return {reference: row_id for row_id, reference in found}


def _sealed(session: TenantSession, values: Mapping[str, Any]) -> dict[str, Any]:
    """An account as the statement reads it: what is sealed, in hexadecimal."""
    born = values.get("birth_date")
    said = {**values, "birth_date": None if born is None else date.fromisoformat(born)}
    row = as_columns(RentAccount, session.tenant_id, said)
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in row.items()}


def _write_months(
    session: TenantSession, file: ArrearsFile, rows: Sequence[Row], accounts: Mapping[str, UUID]
) -> None:
    names = ("month", "due_on", "rent_ore", "owed_ore", "paid_on")
    document = [
        {
            **{name: row.values[name] for name in names},
            "id": new_id(),
            "account_id": accounts[row.values["reference"]],
            "number": row.number,
        }
        for row in rows
    ]
    session.sent().execute(
        _MONTHS, {"tenant": session.tenant_id, "file": file.id, "rows": _json(document)}
    )


def _json(document: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(document, default=str, ensure_ascii=False)


def _tell(
    session: TenantSession,
    actor: Actor,
    file: ArrearsFile,
    reckoned: Sequence[tuple[UUID, int, int, UUID | None]],
) -> None:
    """A line in the case of each household that has begun to owe, or owes no more."""
    changed = [
        (account, case_id, REGISTERED if now else SETTLED)
        for account, before, now, case_id in reckoned
        if case_id is not None and (before == 0) != (now == 0)
    ]
    ids = [case_id for _, case_id, _ in changed]
    cases = {
        case.id: case
        for case in session.scalars(select(Case).where(Case.id.in_(ids), Case.state == "open"))
    }
    for account, case_id, kind in changed:
        case = cases.get(case_id) if case_id else None
        if case is None:
            continue
        record(
            session,
            actor,
            case,
            kind,
            max(file.position_on, case.opened_on),
            action=Action.ARREARS_IMPORT,
            subject_type="rent_account",
            subject_id=account,
        )
