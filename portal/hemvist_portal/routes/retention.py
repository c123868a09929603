"""Keeping and thinning: what is due, a thinning by two people, its certificate, and what stops one."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from hemvist.clock import today
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

UNDER_WAY = ("requested", "proposed", "approved", "running")


@router.get("/{slug}/retention")
def retention(visitor: Reader, after: str | None = None) -> Response:
    """What is due year by year, what is under way, what stops cases, and the thinnings so far."""
    return _retention(visitor, Form(), after)


@router.post("/{slug}/retention")
def propose(visitor: Reader, form: Sent) -> Response:
    """Let what is due today be counted."""
    result = visitor.command("propose_thinning", form, {})
    if result is not None:
        return done(visitor, f"retention/runs/{result['thinningRun']['id']}", "thinning_proposed")
    return _retention(visitor, form)


@router.post("/{slug}/retention/find")
def find(visitor: Reader, form: Sent) -> Response:
    """To the case with a number. The number is sent in the body, so that no log of addresses has it."""
    form.prefix = "find"
    found = visitor.read("retention_find", number=form.one("number"))["retentionCase"]
    if found is not None:
        return RedirectResponse(visitor.url(f"retention/cases/{found['caseId']}"), 303)
    form.add_problem("number", mark("Det finns inget avslutat ärende med det numret."))
    return _retention(visitor, form)


@router.get("/{slug}/retention/runs/{run_id}")
def run(visitor: Reader, run_id: str, after: str | None = None) -> Response:
    """A thinning: its counts, its cases, who has agreed, how far it has come."""
    return _run(visitor, run_id, Form(), after)


@router.post("/{slug}/retention/runs/{run_id}/approve")
def approve(visitor: Reader, form: Sent, run_id: str) -> Response:
    """Let it be carried out. Who approves says that they have looked at it."""
    form.prefix = "approve"
    if not form.ticked("looked"):
        form.add_problem("looked", mark("Kryssa i att du har gått igenom förslaget."))
    values = {"thinningRunId": run_id, "expectedVersion": form.version}
    if not form.problems and visitor.command("approve_thinning", form, values) is not None:
        return done(visitor, f"retention/runs/{run_id}", "thinning_approved")
    return _run(visitor, run_id, form)


@router.post("/{slug}/retention/runs/{run_id}/stop")
def stop(visitor: Reader, form: Sent, run_id: str) -> Response:
    """End it."""
    form.prefix = "stop"
    values = {"thinningRunId": run_id, "expectedVersion": form.version}
    if visitor.command("stop_thinning", form, values) is not None:
        return done(visitor, f"retention/runs/{run_id}", "thinning_stopped")
    return _run(visitor, run_id, form)


@router.get("/{slug}/retention/runs/{run_id}/certificate")
def certificate(visitor: Reader, run_id: str) -> Response:
    """The certificate as a file."""
    found = visitor.read("thinning_certificate", id=run_id)["run"]
    if not found or found["certificate"] is None:
        raise Missing
    return Response(
        found["certificate"] + "\n",
        media_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="gallringsbevis-{found["onDay"]}.json"',
            "Cache-Control": "no-store",
        },
    )


@router.get("/{slug}/retention/cases/{case_id}")
def case(visitor: Reader, case_id: str) -> Response:
    """When a case is thinned and why, and what stops it."""
    return _case(visitor, case_id, Form())


@router.post("/{slug}/retention/cases/{case_id}")
def place(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Keep it from being thinned."""
    form.prefix = "place"
    values: dict[str, Any] = {
        "caseId": case_id,
        "kind": form.one("kind"),
        "reason": form.one("reason"),
        "until": form.read_date("until"),
        "personId": form.one("personId") or None,
    }
    if not values["kind"]:
        form.add_problem("kind", mark("Välj ett av alternativen."))
    if not form.problems:
        result = visitor.command("place_retention_mark", form, without_none(values))
        if result is not None:
            return done(visitor, f"retention/cases/{case_id}", "mark_placed")
    return _case(visitor, case_id, form)


@router.post("/{slug}/retention/cases/{case_id}/lift")
def lift(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Let something that stopped it count no more."""
    form.prefix = "lift"
    values = {"retentionMarkId": form.one("markId"), "expectedVersion": form.version}
    if visitor.command("lift_retention_mark", form, values) is not None:
        return done(visitor, f"retention/cases/{case_id}", "mark_lifted")
    return _case(visitor, case_id, form)


def _retention(visitor: Visitor, form: Form, after: str | None = None) -> Response:
    data = visitor.read("retention", after=after)
    runs = [edge["node"] for edge in data["thinningRuns"]["edges"]]
    return show(
        visitor,
        "pages/retention.html",
        form=form,
        runs=runs,
        # There is one at a time, and it is the latest: its page says who has agreed on the others.
        under_way=next((one for one in runs[:1] if one["state"] in UNDER_WAY), None),
        proposed_by=next((edge["node"]["proposedBy"] for edge in data["latest"]["edges"]), None),
        # The latest count that is whole: of what is being counted the years are not known yet.
        counted=next((one for one in runs if one["judged"] and one["state"] != "requested"), None),
        marks=data["retentionMarks"],
        this_year=today().year,
    )


def _run(visitor: Visitor, run_id: str, form: Form, after: str | None = None) -> Response:
    data = visitor.node("thinning_run", "run", id=run_id, after=after)
    return show(
        visitor,
        "pages/thinning_run.html",
        run=data["run"],
        page=data["thinningItems"],
        form=form,
    )


def _case(visitor: Visitor, case_id: str, form: Form) -> Response:
    data = visitor.node("retention_case", "retentionCase", id=case_id)
    # Who reads no case chooses no child of it.
    held = data["case"]
    people = [] if held is None else [one["person"] for one in held["household"]["members"]]
    return show(
        visitor,
        "pages/retention_case.html",
        about=data["retentionCase"],
        reads=held is not None,
        people=people,
        marks=[edge["node"] for edge in data["retentionMarks"]["edges"]],
        form=form,
    )
