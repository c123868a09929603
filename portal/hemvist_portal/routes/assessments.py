"""Assessment (utredning): answering the pack's questions, and concluding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pack_fields import put_value, read_value
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()


@router.get("/{slug}/cases/{case_id}/assessment")
def assessment(visitor: Reader, case_id: str, every: str = "", rule: str = "") -> Response:
    """The questions of the case with their answers; of one rule, what it says and its own."""
    case = _case(visitor, case_id, every=bool(every), rule=rule)
    form = Form.of(case["version"], source="", effectiveOn=today())
    for question in case["questions"]:
        name = f"answers.{question['fact']}"
        put_value(
            form, f"{name}.value", question["type"].lower(), question["value"], fields_of(question)
        )
        form.put(f"{name}.reason", question["reason"])
    return _form(visitor, case, form, bool(every))


@router.post("/{slug}/cases/{case_id}/assessment")
def answer(visitor: Reader, form: Sent, case_id: str, every: str = "", rule: str = "") -> Response:
    """Save the answers that were changed, and judge anew."""
    case = _case(visitor, case_id, every=bool(every), rule=rule)
    effective = form.read_date("effectiveOn")
    changed = list(_changed(form, case["questions"]))
    if form.act.startswith("row:"):
        _add_row(form, form.act.removeprefix("row:"))
        return _form(visitor, case, form, bool(every))
    here = f"?{urlencode({'rule': rule})}" if rule else ""
    target = f"cases/{case_id}/assessment{here}" if form.act == "stay" else f"cases/{case_id}"
    if not form.problems and not changed:
        return done(visitor, target, "nothing_changed")
    if not form.problems:
        source = form.one("source")
        answers = [
            without_none({**one, "source": source or None, "effectiveOn": effective})
            | {"value": one["value"]}
            for one in changed
        ]
        values = {"caseId": case_id, "answers": answers}
        if visitor.command("answer_questions", form, values) is not None:
            return done(visitor, target, "answers_saved")
        form.rename_problems(
            {f"answers[{at}]": f"answers.{one['fact']}" for at, one in enumerate(changed)}
        )
    return _form(visitor, case, form, bool(every))


@router.get("/{slug}/cases/{case_id}/conclusion")
def conclusion(visitor: Reader, case_id: str, rule: str = "") -> Response:
    """The form of a person's own conclusion of one rule."""
    case = _judged(visitor, case_id, rule)
    chosen = case["criterion"]
    form = Form.of(rule=chosen["rule"] if chosen else rule, on=today())
    return show(visitor, "pages/conclusion.html", case=case, criterion=chosen, form=form)


@router.post("/{slug}/cases/{case_id}/conclusion")
def conclude(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Save the conclusion with its reason."""
    on = form.read_date("on")
    if not form.one("conclusion"):
        form.add_problem("conclusion", mark("Välj ett av alternativen."))
    if not form.problems:
        values = {
            "caseId": case_id,
            "rule": form.one("rule"),
            "conclusion": form.one("conclusion") == "true",
            "reason": form.one("reason"),
            "reasonInternal": form.ticked("reasonInternal"),
            "on": on,
        }
        if visitor.command("conclude_assessment", form, without_none(values)) is not None:
            return done(visitor, f"cases/{case_id}", "assessment_concluded")
    case = _judged(visitor, case_id, form.one("rule"))
    return show(visitor, "pages/conclusion.html", case=case, criterion=case["criterion"], form=form)


def fields_of(question: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields of a question whose answer is a list of records."""
    return list(question["fields"] or ())


def asked(question: Mapping[str, Any]) -> bool:
    """Whether a person answers it: what the record would say counts too while it says nothing."""
    return not question["fromRecord"]


def groups(questions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The questions that a person answers, in the order given, by their group."""
    found: list[dict[str, Any]] = []
    for question in questions:
        if not asked(question):
            continue
        if not found or found[-1]["name"] != question["group"]:
            found.append({"name": question["group"], "questions": []})
        found[-1]["questions"].append(question)
    return found


def _case(visitor: Visitor, case_id: str, *, every: bool, rule: str) -> dict[str, Any]:
    asked_of = {"rule": rule or None, "chosen": rule, "tried": bool(rule)}
    data = visitor.node("assessment", "case", id=case_id, all=every, **asked_of)
    found: dict[str, Any] = data["case"]
    if rule and found["criterion"] is None:
        raise Missing
    return found


def _form(visitor: Visitor, case: dict[str, Any], form: Form, every: bool) -> Response:
    return show(
        visitor,
        "pages/assessment.html",
        case=case,
        groups=groups(case["questions"]),
        derived=[one for one in case["questions"] if not asked(one)],
        tried=case.get("criterion"),
        every=every,
        form=form,
    )


def _changed(form: Form, questions: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """Answers that differ from what is saved. A question that was not on the form is left alone."""
    for question in questions:
        name = f"answers.{question['fact']}"
        if f"{name}.shown" not in form.values:
            continue
        value = read_value(form, f"{name}.value", question["type"].lower(), fields_of(question))
        reason = form.one(f"{name}.reason")
        if value is None and question["value"] is None:
            continue
        if value != question["value"] or reason != (question["reason"] or ""):
            yield {"fact": question["fact"], "value": value, "reason": reason or None}


def _judged(visitor: Visitor, case_id: str, rule: str) -> dict[str, Any]:
    found: dict[str, Any] = visitor.node("conclusion", "case", id=case_id, rule=rule)["case"]
    return found


def _add_row(form: Form, name: str) -> None:
    rows = form.rows(name)
    form.values[f"{name}[{rows[-1] + 1 if rows else 0}].new"] = [""]
