"""Reading the forms of a ladder, and its steps as the stations of a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hemvist_portal.forms import Form
from hemvist_portal.labels import source
from hemvist_portal.pack_fields import put_value, read_value

#: How a step's state is drawn, unless it comes next: what may be done, waits or lacks something comes
#: later than what is to be done.
_DRAWN = {"done": "done", "now": "now"}


def filled(form: Form, *names: str) -> dict[str, Any]:
    """The texts that somebody has filled in; the others are left out."""
    return {name: form.one(name) for name in names if form.one(name)}


def read_actions(form: Form) -> list[dict[str, Any]]:
    """The rows of a plan that have anything in them; a problem keeps the row that it was in."""
    found: list[dict[str, Any]] = []
    for row in form.rows("actions"):
        path = f"actions[{row}]"
        if not form.one(f"{path}.what") and not form.one(f"{path}.dueOn"):
            continue
        due = form.read_date(f"{path}.dueOn", required=True)
        found.append(
            {"what": form.one(f"{path}.what"), "owner": form.one(f"{path}.owner"), "dueOn": due}
        )
    return found


def asked_questions(questions: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The questions that a person answers."""
    return [one for one in questions if not one["fromRecord"]]


def put_answers(form: Form, questions: Sequence[Mapping[str, Any]]) -> Form:
    """The form filled in with what has been answered."""
    for question in questions:
        name = f"answers.{question['fact']}"
        fields = list(question["fields"] or ())
        put_value(form, f"{name}.value", question["type"].lower(), question["value"], fields)
        form.put(f"{name}.reason", question["reason"])
    return form


def changed_answers(form: Form, questions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Answers that differ from what is saved."""
    found: list[dict[str, Any]] = []
    for question in asked_questions(questions):
        name = f"answers.{question['fact']}"
        if f"{name}.shown" not in form.values:
            continue
        fields = list(question["fields"] or ())
        value = read_value(form, f"{name}.value", question["type"].lower(), fields)
        reason = form.one(f"{name}.reason")
        if value is None and question["value"] is None:
            continue
        if value != question["value"] or reason != (question["reason"] or ""):
            found.append({"fact": question["fact"], "value": value, "reason": reason})
    return found


def pictured(
    words: Callable[[str], str], rungs: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The steps as stations; those that are not called for are left out."""
    return [
        {
            "code": one["code"],
            "label": words(source("rung", one["code"])),
            "state": one["state"] if one["comesNext"] else _DRAWN.get(one["state"], "later"),
            "on": one["on"] if one["state"] == "done" else None,
            "expectedOn": None,
        }
        for one in rungs
        if one["state"] != "off"
    ]
