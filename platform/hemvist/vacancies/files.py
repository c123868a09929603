"""A landlord's list of vacancies: read into a preview, imported once, or thrown away."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from hemvist import audit
from hemvist.agreements.service import takes_in_at_once
from hemvist.clock import now, today
from hemvist.documents.uploads import safe_name
from hemvist.errors import Conflict, Problem, ValidationFailed
from hemvist.identity import Action, Actor, require
from hemvist.spreadsheets.sheets import Sheet, read_sheet
from hemvist.tenancy import TenantSession
from hemvist.tenancy.keys import tenant_keys
from hemvist.tenancy.statements import add_missing
from hemvist.vacancies.columns import HEADINGS, guess, missing
from hemvist.vacancies.flats import units_of, waiting
from hemvist.vacancies.models import Vacancy, VacancyFile, VacancyRow
from hemvist.vacancies.rows import Row, read_rows, refuse_others
from hemvist.vacancies.service import (
    HELD,
    channel_of,
    landlord_of,
    lock_reports,
    row_of,
    take_in_now,
)

#: Vacancies in a list: what a large landlord has in a year, several times.
MAX_ROWS = 2_000


def read_list(content: bytes) -> Sheet:
    """The table of a list. Raises ``ValidationFailed`` on ``content`` (also ``too_many_rows``)."""
    sheet = read_sheet(content, guess)
    if len(sheet.rows) > MAX_ROWS:
        raise ValidationFailed.one(
            "content", "too_many_rows", f"at most {MAX_ROWS} rows", limit=MAX_ROWS
        )
    return sheet


def read_file(
    session: TenantSession,
    actor: Actor,
    *,
    landlord_id: UUID,
    name: str,
    content: bytes,
    sheet: Sheet | None = None,
    sender_id: UUID | None = None,
    properties: Collection[str] | None = None,
) -> VacancyFile:
    """Read a list of vacancies (CSV, .xlsx) into a preview: nothing counts until it is imported.

    Columns are found by their headings (``vacancies.columns``). A flat that waits for an answer or
    that the kommun has vacant is "known". ``sheet`` is ``content`` as read before the transaction,
    ``sender_id`` who sends it in the landlords' tenant, ``properties`` the designations that they may
    tell of (None: every one).
    Raises ``ValidationFailed`` where no row can be read, ``Conflict`` when the same file is there
    already, ``NotFound``, ``NotAllowed``.
    """
    require(actor, Action.VACANCY_REPORT, landlord=landlord_id)
    landlord = landlord_of(session, landlord_id)
    sheet = sheet or read_list(content)
    columns = guess(sheet.headings)
    lacking = missing(columns)
    if lacking:
        raise ValidationFailed(
            [
                Problem("content", f"no_column_{one}", f"no column {HEADINGS[one]}")
                for one in lacking
            ]
        )
    rows = read_rows(sheet, columns, today())
    if not rows:
        raise ValidationFailed.one("content", "no_rows", "the file has no rows")
    if properties is not None:
        refuse_others(rows, columns, properties)
    lock_reports(session, landlord)
    digest = hashlib.sha256(content).hexdigest()
    _require_new(session, landlord.id, digest)
    known = _known(session, landlord.id, rows)
    states = [_state(row, known) for row in rows]
    file = session.save(
        VacancyFile(
            landlord_id=landlord.id,
            name=safe_name(name, "lediga bostäder"),
            format=sheet.format,
            size_bytes=len(content),
            sha256=digest,
            state="read",
            channel=channel_of(actor),
            sender_id=sender_id,
            columns=columns,
            rows_total=len(rows),
            rows_good=states.count("good"),
            rows_faulty=states.count("faulty"),
            rows_known=states.count("known"),
            rows_imported=0,
            read_at=now(),
            read_by=actor.principal_id,
            version=1,
        )
    )
    add_missing(
        session,
        VacancyRow,
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
    _log(session, actor, file, "vacancies.read")
    return file


def import_file(
    session: TenantSession,
    actor: Actor,
    *,
    file_id: UUID,
    choose: Sequence[int] | None = None,
    expected_version: int,
) -> VacancyFile:
    """Report the good rows of a list, or those of them in ``choose`` (row numbers). Faulty ones stay out.

    Once for each file, and a flat that has been reported or taken in meanwhile not again. Where the
    landlord's agreement says so they are taken in at once. Raises ``ValidationFailed`` on ``choose``
    or when nothing is left, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    file = _open(session, actor, file_id, expected_version)
    landlord = landlord_of(session, file.landlord_id)
    lock_reports(session, landlord)
    good = _good(session, file)
    wanted = {row.number for row in good} if choose is None else set(choose)
    strangers = sorted(wanted - {row.number for row in good})
    if strangers:
        raise ValidationFailed(
            [Problem("choose", "unknown_item", "no good row", {"item": strangers[0]})]
        )
    known = _known(session, landlord.id, good)
    chosen = [row for row in good if row.number in wanted - known]
    if not chosen:
        raise ValidationFailed.one("choose", "nothing_to_import", "no row says anything new")
    vacancies = _write(session, actor, file, chosen)
    _mark(session, file, {row.number for row in chosen}, known)
    file.state = "imported"
    file.rows_imported = len(chosen)
    file.rows_known += len(known)
    file.ended_on, file.ended_by = today(), actor.principal_id
    session.flush()
    if takes_in_at_once(session, landlord.id, today()):
        for vacancy_id in vacancies:
            vacancy = session.find(Vacancy, vacancy_id)
            vacancy.version += 1
            take_in_now(session, actor, vacancy, None, today())
    _log(session, actor, file, Action.VACANCY_REPORT)
    return file


def discard(
    session: TenantSession, actor: Actor, *, file_id: UUID, expected_version: int
) -> VacancyFile:
    """Throw a list away that is not to be imported: its rows are gone. Raises as ``import_file``."""
    file = _open(session, actor, file_id, expected_version)
    file.state = "discarded"
    file.ended_on, file.ended_by = today(), actor.principal_id
    session.flush()
    session.execute(delete(VacancyRow).where(VacancyRow.file_id == file.id))
    _log(session, actor, file, "vacancies.discard")
    return file


def _open(
    session: TenantSession, actor: Actor, file_id: UUID, expected_version: int
) -> VacancyFile:
    file = session.find(VacancyFile, file_id)
    require(actor, Action.VACANCY_REPORT, landlord=file.landlord_id)
    session.change(file, expected_version)
    if file.state != "read":
        raise Conflict("file_ended", f"the file is {file.state}", state=file.state)
    return file


def _require_new(session: TenantSession, landlord_id: UUID, digest: str) -> None:
    earlier = session.scalar(
        select(VacancyFile).where(
            VacancyFile.landlord_id == landlord_id,
            VacancyFile.sha256 == digest,
            VacancyFile.state != "discarded",
        )
    )
    if earlier is not None:
        rule = "file_imported" if earlier.state == "imported" else "file_known"
        raise Conflict(rule, "the same file is there already", on=str(earlier.read_at.date()))


def _state(row: Row, known: set[int]) -> str:
    if row.problems:
        return "faulty"
    return "known" if row.number in known else "good"


def _known(session: TenantSession, landlord_id: UUID, rows: Sequence[Row]) -> set[int]:
    """Numbers of rows whose flat waits for an answer, or which the kommun has vacant."""
    keys = {row.key: row.number for row in rows if not row.problems}
    held = waiting(session, keys) | {
        key for key, unit in units_of(session, landlord_id, keys).items() if unit.state in HELD
    }
    return {keys[key] for key in held}


def _good(session: TenantSession, file: VacancyFile) -> list[Row]:
    found = session.execute(
        select(VacancyRow.number, VacancyRow.values_sealed)
        .where(VacancyRow.file_id == file.id, VacancyRow.state == "good")
        .order_by(VacancyRow.number)
    )
    keys = tenant_keys(session.tenant_id)
    return [Row(number, VacancyRow.values.read(keys, said)) for number, said in found]


def _write(
    session: TenantSession, actor: Actor, file: VacancyFile, rows: Sequence[Row]
) -> list[UUID]:
    landlord = landlord_of(session, file.landlord_id)
    units = units_of(session, landlord.id, [row.key for row in rows])
    return add_missing(
        session,
        Vacancy,
        [
            row_of(
                actor,
                landlord,
                units.get(row.key),
                _said(row.values),
                today(),
                channel=file.channel,
                file_id=file.id,
                row_number=row.number,
            )
            for row in rows
        ],
        ("tenant_id", "id"),
    )


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "available_from": date.fromisoformat(values["available_from"])}


def _mark(session: TenantSession, file: VacancyFile, imported: set[int], known: set[int]) -> None:
    of_file = update(VacancyRow).where(VacancyRow.file_id == file.id, VacancyRow.state == "good")
    for state, numbers in (("imported", imported), ("known", known)):
        if numbers:
            session.execute(
                of_file.where(VacancyRow.number.in_(sorted(numbers))).values(state=state)
            )
    session.execute(of_file.values(state="left_out"))


def _log(session: TenantSession, actor: Actor, file: VacancyFile, action: str) -> None:
    audit.record(
        session,
        actor,
        action,
        subject_type="vacancy_file",
        subject_id=file.id,
        details={"rows": file.rows_total, "faulty": file.rows_faulty},
    )
