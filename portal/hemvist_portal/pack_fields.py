"""Fields that a pack describes: from the form's texts to JSON values and back.

What cannot be read is sent as it was typed, so that the API names the field and the rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hemvist_portal.formats import kronor_input
from hemvist_portal.forms import Form, ore_of

#: Kinds that are a whole number.
_WHOLE = ("int", "months", "days")


def read_value(form: Form, name: str, kind: str, fields: Sequence[Mapping[str, Any]] = ()) -> Any:
    """The JSON value of the field ``name``; None when it is empty."""
    match kind:
        case "records":
            return _read_rows(form, name, fields) or _none(form, name)
        case "choice_list":
            return form.many(name) or _none(form, name)
        case "text_list":
            lines = [line.strip() for line in form.raw(name).splitlines() if line.strip()]
            return lines or _none(form, name)
    text = form.one(name)
    if not text:
        return None
    match kind:
        case "bool":
            return {"true": True, "false": False}.get(text, text)
        case "money_ore":
            ore = ore_of(text)
            return text if ore is None else ore
        case _ if kind in _WHOLE:
            digits = text.removeprefix("-")
            return int(text) if digits.isascii() and digits.isdigit() else text
    return text


def put_value(
    form: Form, name: str, kind: str, value: Any, fields: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Fill the field ``name`` in from a JSON value."""
    if value is None:
        return
    if value == []:
        form.put(f"{name}.none", True)
        return
    if kind == "records" and isinstance(value, list):
        for row, record in enumerate(value):
            for one in fields:
                put_value(form, f"{name}[{row}].{one['id']}", one["kind"], record.get(one["id"]))
        return
    if kind == "money_ore" and isinstance(value, int):
        form.put(name, kronor_input(value))
    elif kind == "text_list" and isinstance(value, list):
        form.put(name, "\n".join(str(line) for line in value))
    else:
        form.put(name, value)


def _none(form: Form, name: str) -> list[Any] | None:
    """An empty list where the person has said that there is none; else not known."""
    return [] if form.ticked(f"{name}.none") else None


def _read_rows(form: Form, name: str, fields: Sequence[Mapping[str, Any]]) -> Any:
    rows = []
    for number in form.rows(name):
        record = {
            one["id"]: read_value(form, f"{name}[{number}].{one['id']}", one["kind"])
            for one in fields
        }
        filled = {key: value for key, value in record.items() if value is not None}
        if filled:
            rows.append(filled)
    return rows or None
