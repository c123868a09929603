"""Authorities' forms: what is due, a form with what is prefilled and what is missing, the cases behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist.identity import MATRIX, Action
from hemvist.spreadsheets.written import as_csv
from hemvist_portal.errors import Missing
from hemvist_portal.excel import Column, ListSheet, Value
from hemvist_portal.excel_values import at, protected
from hemvist_portal.forms import Form, without_none
from hemvist_portal.labels import source
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()
_LIST = "figures/forms"


@router.get("/{slug}/figures/forms")
def forms(visitor: Reader) -> Response:
    """The forms with their windows, and what was prepared."""
    return _list(visitor)


@router.post("/{slug}/figures/forms/prepare")
def prepare(visitor: Reader, form: Sent) -> Response:
    """Let a form be filled in from the cases, or counted anew."""
    values = {name: form.one(name) for name in ("form", "department", "period")}
    result = visitor.command("prepare_authority_form", form, values)
    if result is None:
        return _list(visitor, form)
    return done(visitor, f"{_LIST}/{result['authorityForm']['id']}", "form_prepared")


@router.get("/{slug}/figures/forms/{form_id}")
def one(visitor: Reader, form_id: str) -> Response:
    """A form: its questions, what they are answered with, what is missing."""
    return _form(visitor, form_id)


@router.post("/{slug}/figures/forms/{form_id}/answers")
def answers(visitor: Reader, form: Sent, form_id: str) -> Response:
    """Keep what was answered by hand: each answer that changed is a command of its own."""
    found = _node(visitor, form_id)
    key, version = form.key, form.version
    changed = 0
    for question in found["questions"]:
        code = question["code"]
        if question["how"] == "counted" or code not in form.values:
            continue
        if form.one(code) == _typed(question):
            continue
        form.key = f"{key}-{code}"[:100]
        values = {
            "authorityFormId": form_id,
            "question": code,
            "value": form.one(code) or None,
            "expectedVersion": version,
        }
        result = visitor.command("answer_authority_form", form, values)
        if result is None:
            # The problem is the value's: said at the question that it was typed in.
            form.problems[code] = form.problems.pop("value", [])
            form.key = key
            return _form(visitor, form_id, form)
        version = result["authorityForm"]["version"]
        changed += 1
    return done(visitor, f"{_LIST}/{form_id}", "form_answered" if changed else "form_unchanged")


@router.post("/{slug}/figures/forms/{form_id}/ready")
def ready(visitor: Reader, form: Sent, form_id: str) -> Response:
    """Let the figures stay as they are shown."""
    values = {"authorityFormId": form_id, "expectedVersion": form.version}
    form.prefix = "ready"
    if visitor.command("ready_authority_form", form, values) is None:
        return _form(visitor, form_id, form)
    return done(visitor, f"{_LIST}/{form_id}", "form_ready")


@router.post("/{slug}/figures/forms/{form_id}/sent")
def sent(visitor: Reader, form: Sent, form_id: str) -> Response:
    """Note that the form has gone to the authority."""
    form.prefix = "sent"
    values = {
        "authorityFormId": form_id,
        "sentOn": form.read_date("sentOn"),
        "expectedVersion": form.version,
    }
    if not form.problems:
        result = visitor.command("mark_authority_form_sent", form, without_none(values))
        if result is not None:
            return done(visitor, f"{_LIST}/{form_id}", "form_sent")
    return _form(visitor, form_id, form)


@router.get("/{slug}/figures/forms/{form_id}/cases/{question}")
def cases(visitor: Reader, form_id: str, question: str, after: str | None = None) -> Response:
    """The cases behind a figure, of those that the reader sees."""
    data = visitor.node("authority_form_cases", "form", id=form_id, question=question, after=after)
    asked = next((one for one in _whole(data["form"]) if one["code"] == question), None)
    if asked is None:
        raise Missing
    return show(
        visitor,
        "pages/authority_form_cases.html",
        form=data["form"],
        asked=asked,
        page=data["authorityFormLines"],
    )


@router.get("/{slug}/figures/forms/{form_id}/file")
def file(visitor: Reader, form_id: str) -> Response:
    """The form as a file: a line for each question."""
    found = _node(visitor, form_id)
    if found["state"].lower() == "counting":
        raise Missing
    heads = (mark("Fråga"), mark("Svar"), mark("Enhet"), mark("Underlag"))
    rows = [[visitor.words(head) for head in heads]]
    for question in found["questions"]:
        unit = visitor.words(source("form_unit", question["unit"])) if question["unit"] else ""
        rows.append([question["label"], _told(visitor, question), unit, question["source"]])
    name = f"{found['code']}-{found['department']}-{found['period']}.csv"
    return Response(
        # The mark at the front lets spreadsheets read it as UTF-8.
        b"\xef\xbb\xbf" + as_csv(rows).encode(),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name.encode("ascii", "ignore").decode()}"',
            "Cache-Control": "no-store",
        },
    )


def _node(visitor: Visitor, form_id: str) -> dict[str, Any]:
    found: dict[str, Any] = visitor.node("authority_form", "form", id=form_id)["form"]
    _whole(found)
    return found


def _whole(form: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The form's questions, their numbers whole as they were before they became a schema's Float."""
    questions: list[dict[str, Any]] = form["questions"]
    for question in questions:
        if question["number"] is not None:
            question["number"] = int(question["number"])
    return questions


def _typed(question: Mapping[str, Any]) -> str:
    """The answer as its field shows it."""
    if question["yes"] is not None:
        return "yes" if question["yes"] else "no"
    value = question["number"] if question["how"] == "number" else question["text"]
    return "" if value is None else str(value)


def _told(visitor: Visitor, question: Mapping[str, Any]) -> str:
    if question["yes"] is not None:
        return visitor.words(mark("Ja") if question["yes"] else mark("Nej"))
    if question["unit"] == "ore":
        ore = question["number"]
        return f"{ore // 100},{ore % 100:02}"
    return _typed({**question, "how": "number"} if question["number"] is not None else question)


def _departments(visitor: Visitor, action: Action) -> list[str]:
    """Where the reader may take an action on forms."""
    return sorted(
        {
            one.department
            for one in visitor.session.actor.memberships
            if one.department and action in MATRIX[one.role]
        }
    )


def _list(visitor: Visitor, form: Form | None = None) -> Response:
    data = visitor.read("authority_forms")
    prepared: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for edge in data["authorityForms"]["edges"]:
        row = edge["node"]
        prepared.setdefault((row["code"], row["period"]), []).append(row)
    return show(
        visitor,
        "pages/authority_forms.html",
        kinds=data["authorityFormKinds"],
        prepared=prepared,
        departments=_departments(visitor, Action.AUTHORITY_FORM_PREPARE),
        form=form,
    )


def _form(visitor: Visitor, form_id: str, form: Form | None = None) -> Response:
    found = _node(visitor, form_id)
    if form is None or form.prefix:
        typed = Form.of(found["version"])
        for question in found["questions"]:
            typed.put(question["code"], _typed(question) or None)
    else:
        typed = form
    window = next((one for one in found["kind"]["periods"] if one["code"] == found["period"]), None)
    return show(
        visitor,
        "pages/authority_form.html",
        one=found,
        typed=typed,
        failed=form,
        window=window,
        may_release=found["department"] in _departments(visitor, Action.AUTHORITY_FORM_RELEASE),
        today_is=str(today()),
    )


def _field(name: str) -> Value:
    def value(row: Mapping[str, Any], _: Visitor) -> Any:
        found = next((one["value"] for one in row["fields"] if one["name"] == name), None)
        return found if found is None or not name.endswith("_ore") else int(found)

    return value


def _chosen(query: Mapping[str, str]) -> dict[str, Any]:
    return {"id": query.get("form", ""), "question": query.get("question", "")}


#: The cases behind a figure as a list; of a grant's application with what is handed in of each.
FORM_SHEET = ListSheet(
    mark("Ärenden bakom talet"),
    "authority_form_cases",
    "authorityFormLines",
    (
        Column(mark("Ärende"), at("case", "number")),
        Column(mark("Hushållet"), at("case", "household", "alias"), width=14),
        Column(mark("Skyddade personuppgifter"), protected("case", "household"), width=12),
        Column(mark("Förvaltning"), at("case", "departmentName"), width=32),
        Column(mark("Dag"), at("onDay"), "day", 12),
        Column(mark("Antal eller belopp i öre"), at("amount"), "number", 12),
        Column(mark("Månadshyror"), _field("rent_months"), width=10),
        Column(mark("Gäller från"), _field("starts_on"), "day", 12),
        Column(mark("Gäller till"), _field("ends_on"), "day", 12),
        Column(mark("Utfärdad"), _field("issued_on"), "day", 12),
        Column(mark("Ägartyp"), _field("owner_type"), width=16),
        Column(mark("Lägenhetstyp"), _field("flat_type"), width=22),
        Column(mark("Årshyra (kr)"), _field("yearly_rent_ore"), "kronor", 14),
        Column(mark("Betalningsförmåga"), _field("ability"), width=32),
        Column(mark("Skäl"), _field("reason"), width=32),
        Column(mark("Hushållstyp"), _field("household_type"), width=22),
        Column(mark("Ålder"), _field("tenant_age"), width=8),
        Column(mark("Tidigare boende"), _field("earlier_housing"), width=22),
    ),
    _chosen,
    page=lambda query: f"{_LIST}/{query.get('form', '')}/cases/{query.get('question', '')}",
)
