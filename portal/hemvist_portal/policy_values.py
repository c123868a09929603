"""Figures of guidelines as people write and read them: kronor, months, yes and no."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from hemvist_portal.formats import kronor, kronor_input
from hemvist_portal.forms import Form
from hemvist_portal.policy_words import SETTING_CHOICES
from hemvist_portal.wording import mark

LISTS = ("text_list", "int_list", "months_list")
_CHOICES = re.compile(rf"\b({'|'.join(SETTING_CHOICES)})\b")


def shown(value: Any, kind: str, words: Any) -> str:
    """A parameter's value in words; ``words`` translates."""
    if value is None:
        return str(words(mark("inget värde")))
    if value == []:
        return str(words(mark("inga ännu")))
    if isinstance(value, bool):
        return str(words(mark("Ja") if value else mark("Nej")))
    if isinstance(value, list):
        one = kind.removesuffix("_list")
        together = ", ".join(str(item) for item in value)
        return f"{together} {words(mark('månader'))}" if one == "months" else together
    match kind:
        case "money_ore":
            return kronor(value)
        case "months":
            return f"{value} {words(mark('månad') if value == 1 else mark('månader'))}"
        case "days":
            return f"{value} {words(mark('dag') if value == 1 else mark('dagar'))}"
    return str(value)


def with_choices(text: str, words: Any) -> str:
    """A label or a value with the codes of a setting's choices in words; ``words`` translates."""
    return _CHOICES.sub(lambda found: str(words(SETTING_CHOICES[found[1]])), text)


def put(form: Form, name: str, value: Any, kind: str) -> None:
    """Fill the field in with a value as a person writes it."""
    if value is None:
        return
    if isinstance(value, list):
        form.put(name, "\n".join(str(item) for item in value))
    elif kind == "money_ore":
        form.put(name, kronor_input(value))
    else:
        form.put(name, value)


def read(form: Form, name: str, kind: str) -> Any:
    """The value that was typed; what cannot be read is a problem of the field."""
    if kind in LISTS:
        return _list(form, name, kind)
    match kind:
        case "money_ore":
            return form.read_kronor(name, required=True)
        case "months" | "days" | "int":
            return form.read_int(name, required=True)
        case "date":
            return form.read_date(name, required=True)
    text = form.one(name)
    if not text:
        form.add_problem(name, mark("Fyll i värdet."))
        return None
    return {"true": True, "false": False}.get(text, text) if kind == "bool" else text


def _list(form: Form, name: str, kind: str) -> list[Any] | None:
    lines = [line.strip() for line in form.raw(name).splitlines() if line.strip()]
    if not lines:
        form.add_problem(name, mark("Fyll i minst ett värde, ett på varje rad."))
        return None
    if kind == "text_list":
        return lines
    if not all(line.isascii() and line.isdigit() for line in lines):
        form.add_problem(name, mark("Skriv ett heltal på varje rad."))
        return None
    return [int(line) for line in lines]


def latest(parameter: Mapping[str, Any], on: str) -> Any:
    """The value that holds on a day (YYYY-MM-DD); the first one before the first day."""
    found = [one["value"] for one in parameter["values"] if one["validFrom"] <= on]
    return found[-1] if found else parameter["values"][0]["value"]


def types_of(parameters: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What each parameter holds, by its name."""
    return {one["name"]: one["type"] for one in parameters}
