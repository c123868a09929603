"""Lists that leave as CSV: what somebody has written is text there, whatever it begins with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

#: A text that begins so could be taken for a formula by whoever opens or saves it on; the last four
#: are the wide forms of the first, which some programs read as those.
FORMULAS = (
    *("=", "+", "-", "@", "\t", "\r", "\n", "|", "%"),
    *("\uff1d", "\uff0b", "\uff0d", "\uff20"),
)


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    """The rows as a file: semicolons, lines ended as spreadsheets expect, no cell that is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(FORMULAS) else cell for cell in row])
    return out.getvalue()
