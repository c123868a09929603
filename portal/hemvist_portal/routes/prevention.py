"""Rounds and letters that prevent evictions: made of the guideline, walked down the list, closed."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.errors import Missing
from hemvist_portal.formats import kronor
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.routes.arrears_files import importing_departments
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

KINDS = ("letter", "phone", "visit", "reference", "consultant_call", "meeting", "other")
OUTCOMES = (
    *("paid", "instalments", "applies_for_support", "consultant", "case_opened", "moved"),
    *("declined_help", "not_reached", "no_need", "other"),
)
_YES_NO = {"yes": True, "no": False}


@router.get("/{slug}/prevention")
def prevention(visitor: Reader, after: str | None = None) -> Response:
    """The guideline's campaigns, the rounds that were made, and making one."""
    return _start(visitor, after, Form())


@router.post("/{slug}/prevention")
def make_run(visitor: Reader, form: Sent) -> Response:
    """Make a campaign's round."""
    form.prefix = form.one("campaign")
    values = {
        name: form.one(name) or None
        for name in ("campaign", "department", "landlordOrganisationNumber", "area")
    }
    result = visitor.command("start_prevention", form, without_none(values))
    if result is not None:
        return done(visitor, f"prevention/runs/{result['preventionRun']['id']}", "run_made")
    return _start(visitor, None, form)


@router.get("/{slug}/prevention/runs/{run_id}")
def run(
    visitor: Reader, run_id: str, state: str = "", area: str = "", after: str | None = None
) -> Response:
    """The round's list: whom to see, why, what was done, what came of it."""
    return _run(visitor, run_id, state, area, after, Form())


@router.post("/{slug}/prevention/runs/{run_id}/letters")
def letters_sent(visitor: Reader, form: Sent, run_id: str) -> Response:
    """Note that the letter went to everybody who had none."""
    values = {
        "preventionRunId": run_id,
        "on": form.read_date("on"),
        "expectedVersion": form.version,
    }
    if not form.failed:
        result = visitor.command("mark_prevention_letters", form, without_none(values))
        if result is not None:
            return done(visitor, f"prevention/runs/{run_id}", "letters_marked")
    return _run(visitor, run_id, "", "", None, form)


@router.post("/{slug}/prevention/runs/{run_id}/close")
def close_run(visitor: Reader, form: Sent, run_id: str) -> Response:
    """Close a round in which everybody is done with."""
    values = {"preventionRunId": run_id, "expectedVersion": form.version}
    if visitor.command("close_prevention", form, values) is not None:
        return done(visitor, f"prevention/runs/{run_id}", "run_closed")
    return _run(visitor, run_id, "", "", None, form)


@router.get("/{slug}/prevention/runs/{run_id}/letters")
def letters(visitor: Reader, run_id: str, after: str | None = None) -> Response:
    """The letters on paper, one page each; the protected have none here."""
    data = visitor.node("prevention_letters", "run", id=run_id, after=after)
    letter = data["run"]["campaign"]["letter"]
    if letter is None:
        raise Missing
    entries = [edge["node"] for edge in data["preventionEntries"]["edges"]]
    written = [
        {"entry": one, "paragraphs": [_filled(text, one) for text in letter["paragraphs"]]}
        for one in entries
        if one["letterOn"] is None and not one["account"]["protected"]
    ]
    return show(
        visitor,
        "pages/prevention_letters.html",
        run=data["run"],
        letter=letter,
        written=written,
        page=data["preventionEntries"],
    )


@router.get("/{slug}/prevention/entries/{entry_id}")
def entry(visitor: Reader, entry_id: str) -> Response:
    """One tenant on the list."""
    return _entry(visitor, entry_id, {})


@router.post("/{slug}/prevention/entries/{entry_id}/contact")
def contact(visitor: Reader, form: Sent, entry_id: str) -> Response:
    """Note what was done."""
    form.prefix = "contact"
    values: dict[str, Any] = {
        "preventionEntryId": entry_id,
        "kind": form.one("kind"),
        "on": form.read_date("on"),
        "reached": _YES_NO.get(form.one("reached")),
        "cannotPay": _YES_NO.get(form.one("cannotPay")),
        "children": _YES_NO.get(form.one("children")),
        "childrenNote": form.one("childrenNote") or None,
        "incomeOre": form.read_kronor("incomeOre"),
        "supportLineOre": form.read_kronor("supportLineOre"),
        "notes": form.one("notes") or None,
        "expectedVersion": form.version,
    }
    if not form.failed:
        result = visitor.command("record_prevention_contact", form, without_none(values))
        if result is not None:
            return done(visitor, f"prevention/entries/{entry_id}", "contact_noted")
    return _entry(visitor, entry_id, {"contact": form})


@router.post("/{slug}/prevention/entries/{entry_id}/finish")
def finish(visitor: Reader, form: Sent, entry_id: str) -> Response:
    """Be done with the tenant."""
    form.prefix = "finish"
    values = {
        "preventionEntryId": entry_id,
        "outcome": form.one("outcome"),
        "children": _YES_NO.get(form.one("children")),
        "childrenNote": form.one("childrenNote") or None,
        "expectedVersion": form.version,
    }
    result = visitor.command("finish_prevention_entry", form, without_none(values))
    if result is not None:
        return done(visitor, f"prevention/runs/{form.one('run')}", "entry_finished")
    return _entry(visitor, entry_id, {"finish": form})


def _filled(text: str, entry: dict[str, Any]) -> str:
    account = entry["account"]
    home = account["streetAddress"] or account["reference"]
    return (
        text.replace("{amount}", kronor(entry["amountOre"]))
        .replace("{address}", home)
        .replace("{day}", str(today()))
    )


def _start(visitor: Visitor, after: str | None, form: Form) -> Response:
    data = visitor.read("prevention", after=after)
    found = (edge["node"]["landlord"] for edge in data["arrearsFiles"]["edges"])
    landlords = {one["organisationNumber"]: one["name"] for one in found}
    return show(
        visitor,
        "pages/prevention.html",
        campaigns=data["campaigns"],
        page=data["preventionRuns"],
        landlords=sorted(landlords.items(), key=lambda one: one[1]),
        departments=importing_departments(visitor),
        form=form,
        month=f"{today():%Y-%m}",
    )


def chosen(state: str, area: str) -> dict[str, Any]:
    """The page's query string as the document's variables."""
    return {
        "state": state if state in ("open", "done") else None,
        "area": area.strip()[:80] or None,
    }


def _run(
    visitor: Visitor, run_id: str, state: str, area: str, after: str | None, form: Form
) -> Response:
    data = visitor.node("prevention_run", "run", id=run_id, **chosen(state, area), after=after)
    return show(
        visitor,
        "pages/prevention_run.html",
        run=data["run"],
        page=data["preventionEntries"],
        state=state if state in ("open", "done") else "",
        area=area.strip()[:80],
        form=form,
    )


def _entry(visitor: Visitor, entry_id: str, forms: dict[str, Form]) -> Response:
    one = visitor.node("prevention_entry", "entry", id=entry_id)["entry"]
    failed = next((form for form in forms.values() if form.failed), None)
    return show(
        visitor,
        "pages/prevention_entry.html",
        one=one,
        forms=forms,
        form=failed or Form(),
        kinds=KINDS,
        outcomes=OUTCOMES,
        yes_no=[("yes", visitor.words(mark("Ja"))), ("no", visitor.words(mark("Nej")))],
    )
