"""The work list (att göra): what the reader's departments have to do, with acts on several at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal import bulk
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

#: The list's parts by what the address calls them.
PARTS: Mapping[str, Mapping[str, Any]] = {
    "open": {"state": "open"},
    "overdue": {"state": "open", "overdue": True},
    "missed": {"state": "missed"},
    "impossible": {"state": "impossible"},
    "done": {"state": "done"},
}


@router.get("/{slug}/work")
def work(
    visitor: Reader,
    state: str = "open",
    due: str = "",
    department: str = "",
    code: str = "",
    mine: str = "",
    after: str | None = None,
) -> Response:
    """What the reader's departments have to do, the earliest first."""
    return _page(visitor, _selection(state, due, department, code, mine), after)


def _selection(state: str, due: str, department: str, code: str, mine: str) -> dict[str, str]:
    return {
        "state": state if state in PARTS else "open",
        "due": due if _day(due) else "",
        "department": department[:40],
        "code": code[:100],
        "mine": "1" if mine else "",
    }


def chosen(selection: Mapping[str, str]) -> dict[str, Any]:
    """The selection as the list's document takes it."""
    due = _day(selection["due"])
    return {
        "filter": without_none(
            {
                **PARTS[selection["state"]],
                "department": selection["department"] or None,
                "code": selection["code"] or None,
                "mine": True if selection["mine"] else None,
                "dueFrom": due,
                "dueTo": due,
            }
        )
    }


def _day(text: str) -> str | None:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return None


@router.post("/{slug}/work")
def act(visitor: Reader, form: Sent) -> Response:
    """Do one thing with every row that was ticked."""
    selection = _selection(
        *(form.one(f"sel.{name}") for name in ("state", "due", "department", "code", "mine"))
    )
    rows = bulk.ticked(form)
    if not rows:
        form.add_problem("row", mark("Bocka för minst en rad."))
        return _page(visitor, selection, None, form)
    if form.act == "take_over":
        return _take_over(visitor, form, selection, rows)
    planned = form.read_date("plannedOn", required=True)
    if form.problems:
        return _page(visitor, selection, None, form)
    outcome = bulk.carry_out(
        visitor,
        form,
        "plan_obligation",
        rows,
        lambda row: {"obligationId": row.id, "plannedOn": planned, "expectedVersion": row.version},
    )
    return _after(visitor, form, selection, outcome, "work_planned")


def _take_over(
    visitor: Visitor, form: Form, selection: Mapping[str, str], rows: list[bulk.Row]
) -> Response:
    # A case of which two rows were ticked is taken over once.
    cases = {}
    for row in rows:
        case_id, _, version = form.one(f"case.{row.id}").partition(":")
        cases[case_id] = bulk.Row(case_id, int(version) if version.isdigit() else None)
    outcome = bulk.carry_out(
        visitor,
        form,
        "take_over_case",
        list(cases.values()),
        lambda row: {"caseId": row.id, "expectedVersion": row.version},
    )
    return _after(visitor, form, selection, outcome, "work_taken_over")


def _after(
    visitor: Visitor,
    form: Form,
    selection: Mapping[str, str],
    outcome: bulk.Outcome,
    flash: str,
) -> Response:
    if not outcome.refused:
        query = urlencode({name: value for name, value in selection.items() if value})
        return done(visitor, f"work?{query}", flash)
    fresh = Form(values=form.values)
    return _page(visitor, selection, None, fresh, outcome)


def _page(
    visitor: Visitor,
    selection: Mapping[str, str],
    after: str | None,
    form: Form | None = None,
    outcome: bulk.Outcome | None = None,
) -> Response:
    data = visitor.read("work", **chosen(selection), after=after)
    nodes = [edge["node"] for edge in data["obligations"]["edges"]]
    names = {
        key: f"{node['label']}, {node['case']['number']}"
        for node in nodes
        for key in (node["id"], node["case"]["id"])
    }
    return show(
        visitor,
        "pages/work.html",
        422 if outcome is not None else 200,
        page=data["obligations"],
        filters=data["savedFilters"],
        selection=selection,
        form=form or Form.of(plannedOn=today()),
        parts=tuple(PARTS),
        outcome=outcome,
        names=names,
        ticked={row.id for row in bulk.ticked(form)} if form else set(),
    )
