"""Which rows of a file say nothing new: no row is imported twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hemvist.arrears.file_models import ArrearsFile
from hemvist.arrears.rows import Row
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import answered

_KNOWN = """
SELECT a.reference, m.month::text, m.due_on::text, m.rent_ore, m.owed_ore, m.paid_on::text,
       f.position_on, a.collection, a.eviction_applied, a.called_on::text
  FROM rent_accounts a
  JOIN rent_months m ON m.tenant_id = a.tenant_id AND m.account_id = a.id
  JOIN arrears_files f ON f.tenant_id = m.tenant_id AND f.id = m.file_id
 WHERE a.tenant_id = %(tenant)s AND a.department = %(department)s
   AND a.landlord_id = %(landlord)s AND a.reference = ANY(%(references)s)
"""


def known_already(session: TenantSession, file: ArrearsFile, rows: Sequence[Row]) -> set[int]:
    """Numbers of the good rows that the record has already, or has something later than.

    The same month of the same tenancy with the same amounts and days is known, whichever file it
    comes with; so is what a file of a later day has told otherwise.
    """
    good = [row for row in rows if not row.problems]
    if not good:
        return set()
    found = answered(
        session,
        _KNOWN,
        {
            "department": file.department,
            "landlord": file.landlord_id,
            "references": sorted({row.values["reference"] for row in good}),
        },
    )
    there: dict[tuple[str, str], tuple[Any, ...]] = {(row[0], row[1]): row[2:] for row in found}
    return {row.number for row in good if _is_known(file, row, there.get(row.key))}


def _is_known(file: ArrearsFile, row: Row, there: tuple[Any, ...] | None) -> bool:
    if there is None:
        return False
    due, rent, owed, paid, position, collection, eviction, called = there
    if position > file.position_on:
        return True
    said = row.values
    same = (due, rent, owed, paid) == (
        *(said["due_on"], said["rent_ore"], said["owed_ore"]),
        said["paid_on"],
    )
    # A mark of collection or a call is news although the amounts are not.
    return bool(
        same
        and (collection or not said["collection"])
        and (eviction or not said["eviction_applied"])
        and (said["called_on"] is None or (called is not None and called >= said["called_on"]))
    )
