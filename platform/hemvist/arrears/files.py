"""Reading a landlord's file into a preview, telling its columns anew, throwing it away."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from hemvist import audit
from hemvist.arrears.access import of_department, require_department
from hemvist.arrears.columns import NAMES, fitting, guess, missing
from hemvist.arrears.file_models import ArrearsFile, ArrearsFileBytes, ArrearsMapping, ArrearsRow
from hemvist.arrears.knowing import known_already
from hemvist.arrears.rows import Row, read_rows
from hemvist.cases.checks import effective_day, raise_if, required_text
from hemvist.clock import now, today
from hemvist.documents.uploads import safe_name
from hemvist.errors import Conflict, Problem, ValidationFailed
from hemvist.households.service import NUMBER_FIELD
from hemvist.identity import Action, Actor
from hemvist.landlords.service import check_organisation_number, find_or_register
from hemvist.spreadsheets.sheets import Sheet, read_sheet
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.statements import add_missing

MAX_LANDLORD = 200
#: A position older than this says nothing of today.
MAX_AGE_DAYS = 400


def read_file(
    session: TenantSession,
    actor: Actor,
    *,
    department: str,
    organisation_number: str,
    landlord_name: str,
    name: str,
    content: bytes,
    position_on: date | None = None,
    columns: Mapping[str, str] | None = None,
    day_first: bool | None = None,
    sheet: Sheet | None = None,
) -> ArrearsFile:
    """Read a file of rents or arrears into a preview: nothing of it counts until it is imported.

    ``position_on`` is the day as of which it shows what is owed. Columns are found by what is saved of
    the landlord, then by headings that landlords are known to use; ``columns`` (field → heading) says
    otherwise. ``sheet`` is ``content`` as read before the transaction. Raises ``ValidationFailed``
    (what no row can be read of), ``Conflict`` when the same file is there already, ``NotAllowed``.
    """
    require_department(actor, Action.ARREARS_IMPORT, department)
    day = effective_day(position_on, field="positionOn")
    number = check_organisation_number(organisation_number, "organisationNumber")
    problems = required_text("landlordName", landlord_name, MAX_LANDLORD)
    if isinstance(number, Problem):
        problems.append(number)
    if (today() - day).days > MAX_AGE_DAYS:
        problems.append(
            Problem("positionOn", "too_old", "says nothing of today", {"days": MAX_AGE_DAYS})
        )
    raise_if(problems)
    assert isinstance(number, str)
    sheet = sheet or read_sheet(content, guess)
    landlord = find_or_register(session, organisation_number=number, name=landlord_name)
    digest = hashlib.sha256(content).hexdigest()
    _require_new(session, department, landlord.id, digest)
    saved = _mapping(session, department, landlord.id)
    file = ArrearsFile(
        department=department,
        landlord_id=landlord.id,
        name=safe_name(name, "hyresfil"),
        format=sheet.format,
        size_bytes=len(content),
        sha256=digest,
        position_on=day,
        headings=list(sheet.headings),
        columns=_columns(sheet, columns, saved),
        day_first=day_first if day_first is not None or saved is None else saved.day_first,
        read_at=now(),
        read_by=actor.principal_id,
    )
    session.save(file)
    session.save(ArrearsFileBytes(file_id=file.id, content=content))
    _read_into(session, file, sheet)
    _log(session, actor, file, "arrears.read")
    return file


def tell_columns(
    session: TenantSession,
    actor: Actor,
    *,
    file_id: UUID,
    columns: Mapping[str, str],
    day_first: bool | None = None,
    expected_version: int,
) -> ArrearsFile:
    """Say which column has what, read the file by it, and keep it for the landlord's next file.

    Raises ``ValidationFailed`` on a field or heading that there is not, ``Conflict`` when the file is
    imported or thrown away, ``NotFound``, ``NotAllowed``.
    """
    file = of_department(session, actor, ArrearsFile, file_id, Action.ARREARS_IMPORT)
    session.change(file, expected_version)
    _require_read(file)
    kept = session.scalars(
        select(ArrearsFileBytes).where(ArrearsFileBytes.file_id == file.id)
    ).one()
    sheet = read_sheet(kept.content, guess)
    file.columns = _columns(sheet, columns, None)
    file.day_first = day_first
    _remember(session, actor, file)
    session.flush()
    session.execute(delete(ArrearsRow).where(ArrearsRow.file_id == file.id))
    _read_into(session, file, sheet)
    session.flush()
    _log(session, actor, file, "arrears.columns")
    return file


def discard(
    session: TenantSession, actor: Actor, *, file_id: UUID, expected_version: int
) -> ArrearsFile:
    """Throw a file away that is not to be imported: its rows and bytes are gone.

    Raises ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    file = of_department(session, actor, ArrearsFile, file_id, Action.ARREARS_IMPORT)
    session.change(file, expected_version)
    _require_read(file)
    file.state = "discarded"
    file.ended_on = today()
    file.ended_by = actor.principal_id
    session.flush()
    session.execute(delete(ArrearsRow).where(ArrearsRow.file_id == file.id))
    forget_bytes(session, file)
    _log(session, actor, file, "arrears.discard")
    return file


def forget_bytes(session: TenantSession, file: ArrearsFile) -> None:
    """Remove the file itself: what is needed of it stands in rows."""
    session.execute(delete(ArrearsFileBytes).where(ArrearsFileBytes.file_id == file.id))


def _require_new(session: TenantSession, department: str, landlord: UUID, digest: str) -> None:
    earlier = session.scalar(
        select(ArrearsFile).where(
            ArrearsFile.department == department,
            ArrearsFile.landlord_id == landlord,
            ArrearsFile.sha256 == digest,
            ArrearsFile.state != "discarded",
        )
    )
    if earlier is not None:
        rule = "file_imported" if earlier.state == "imported" else "file_known"
        raise Conflict(rule, "the same file is there already", on=str(earlier.read_at.date()))


def _require_read(file: ArrearsFile) -> None:
    if file.state != "read":
        raise Conflict("file_ended", f"the file is {file.state}", state=file.state)


def _mapping(session: TenantSession, department: str, landlord: UUID) -> ArrearsMapping | None:
    found: ArrearsMapping | None = session.scalar(
        select(ArrearsMapping).where(
            ArrearsMapping.department == department, ArrearsMapping.landlord_id == landlord
        )
    )
    return found


def _remember(session: TenantSession, actor: Actor, file: ArrearsFile) -> None:
    saved = _mapping(session, file.department, file.landlord_id)
    if saved is None:
        saved = ArrearsMapping(department=file.department, landlord_id=file.landlord_id)
        session.add(saved)
    else:
        saved.version += 1
    saved.columns = dict(file.columns)
    saved.day_first = file.day_first
    saved.updated_by = actor.principal_id
    session.flush()


def _columns(
    sheet: Sheet, told: Mapping[str, str] | None, saved: ArrearsMapping | None
) -> dict[str, str]:
    """Field → heading. What is told holds as it is told; else what is saved, and guesses."""
    if told is None:
        return fitting(saved.columns if saved else {}, sheet.headings)
    kept = {field: heading for field, heading in told.items() if heading}
    problems = [
        Problem(f"columns.{field[:40]}", "unknown_choice", "no such field or heading")
        for field, heading in kept.items()
        if field not in NAMES or heading not in sheet.headings
    ]
    twice = {one for one in kept.values() if list(kept.values()).count(one) > 1}
    problems += [
        Problem(f"columns.{field}", "column_twice", "one column says one thing")
        for field, heading in kept.items()
        if heading in twice and field in NAMES
    ]
    raise_if(problems)
    return kept


def _read_into(session: TenantSession, file: ArrearsFile, sheet: Sheet) -> None:
    """The file's rows. None, where columns that every row needs are not told yet."""
    rows = [] if missing(file.columns) else _rows(session, file, sheet)
    if not rows and not missing(file.columns):
        raise ValidationFailed.one("content", "no_rows", "the file has no rows")
    known = known_already(session, file, rows)
    states = [_state(row, known) for row in rows]
    file.rows_total = len(rows)
    file.rows_good = states.count("good")
    file.rows_faulty = states.count("faulty")
    file.rows_known = states.count("known")
    session.flush()
    add_missing(
        session,
        ArrearsRow,
        [
            {
                "file_id": file.id,
                "number": row.number,
                "state": state,
                "values": row.values,
                "problems": row.problems,
            }
            for row, state in zip(rows, states, strict=True)
        ],
        ("tenant_id", "file_id", "number"),
    )


def _state(row: Row, known: set[int]) -> str:
    if row.problems:
        return "faulty"
    return "known" if row.number in known else "good"


def _rows(session: TenantSession, file: ArrearsFile, sheet: Sheet) -> Sequence[Row]:
    keys = tenant_keys(session.tenant_id)
    return read_rows(
        sheet,
        file.columns,
        day_first=file.day_first,
        position_on=file.position_on,
        indexed=lambda digits: keys.blind_index(NUMBER_FIELD, digits),
    )


def _log(session: TenantSession, actor: Actor, file: ArrearsFile, action: str) -> None:
    details: dict[str, Any] = {
        "department": file.department,
        "rows": file.rows_total,
        "faulty": file.rows_faulty,
    }
    audit.record(
        session,
        actor,
        action,
        subject_type="arrears_file",
        subject_id=file.id,
        details=details,
    )
