"""Clauses of a contract and conditions of a decision in a form: rows of a kind and its wording."""

from __future__ import annotations

from hemvist_portal.forms import Form

#: Rows that a form shows.
ROWS = 3


def read_clauses(form: Form, name: str) -> list[dict[str, str]]:
    """The rows in which something was written. They move up in the form, so that a problem that the
    API names by number finds its row."""
    found = [
        {"kind": form.one(f"{name}[{row}].kind"), "text": form.one(f"{name}[{row}].text")}
        for row in form.rows(name)
    ]
    written = [row for row in found if row["kind"] or row["text"]]
    for number in form.rows(name):
        for part in ("kind", "text"):
            form.values.pop(f"{name}[{number}].{part}", None)
    for number, row in enumerate(written):
        for part, value in row.items():
            form.put(f"{name}[{number}].{part}", value)
    return written
