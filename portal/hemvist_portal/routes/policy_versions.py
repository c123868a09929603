"""A version of a guideline: what it says, what the check found, and each step of its life."""

from __future__ import annotations

from typing import Any

from starlette.responses import RedirectResponse, Response

from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.routes.policy import title_of
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

#: Steps that take nothing but the version: the command and what is told afterwards.
_PLAIN = {
    "check": ("check_pack_version", "version_checked"),
    "submit": ("submit_pack_version", "version_submitted"),
    "approve": ("approve_pack_version", "version_approved"),
    "resume": ("resume_pack_version", "version_resumed"),
}
#: Steps that take a reason.
_REASONED = {
    "reject": ("reject_pack_version", "version_rejected"),
    "freeze": ("freeze_pack_version", "version_frozen"),
    "withdraw": ("withdraw_pack_version", "version_withdrawn"),
}


@router.get("/{slug}/policy/versions/{version_id}")
def version(visitor: Reader, version_id: str) -> Response:
    """The version with its next step."""
    return _page(visitor, version_id)


@router.get("/{slug}/policy/versions/{version_id}/differences")
def differences(visitor: Reader, version_id: str, against: str | None = None) -> Response:
    """What the version says otherwise than the one before it."""
    data = visitor.node("policy_differences", "packVersion", id=version_id, against=against)
    found = data["packVersion"]
    return show(
        visitor,
        "pages/policy_differences.html",
        version=found,
        title=title_of(data, found["pack"]),
    )


@router.get("/{slug}/policy/versions/{version_id}/{step}")
def after_step(visitor: Reader, version_id: str, step: str) -> Response:
    """Where a refused step's page is opened anew: the version."""
    if step not in {*_PLAIN, *_REASONED, "reschedule"}:
        raise Missing
    return RedirectResponse(visitor.url(f"policy/versions/{version_id}"), 303)


@router.post("/{slug}/policy/versions/{version_id}/reschedule")
def reschedule(visitor: Reader, form: Sent, version_id: str) -> Response:
    """Let a draft apply from another day."""
    form.prefix = "reschedule"
    day = form.read_date("inForceFrom", required=True)
    values = {"packVersionId": version_id, "inForceFrom": day, "expectedVersion": form.version}
    if not form.problems and visitor.command("reschedule_pack_version", form, values):
        return done(visitor, f"policy/versions/{version_id}", "version_rescheduled")
    return _page(visitor, version_id, form)


@router.post("/{slug}/policy/versions/{version_id}/{step}")
def take_step(visitor: Reader, form: Sent, version_id: str, step: str) -> Response:
    """Check, submit, approve, resume; or reject, freeze and withdraw with a reason."""
    form.prefix = step
    values: dict[str, Any] = {"packVersionId": version_id, "expectedVersion": form.version}
    if step in _REASONED:
        name, flash = _REASONED[step]
        values["reason"] = form.one("reason")
        if not values["reason"]:
            form.add_problem("reason", mark("Skriv varför."))
    elif step in _PLAIN:
        name, flash = _PLAIN[step]
    else:
        raise Missing
    if not form.problems and visitor.command(name, form, values) is not None:
        return done(visitor, f"policy/versions/{version_id}", flash)
    return _page(visitor, version_id, form)


def _page(visitor: Visitor, version_id: str, form: Form | None = None) -> Response:
    data = visitor.node("policy_version", "packVersion", id=version_id)
    found = data["packVersion"]
    runs = visitor.read("policy_simulations", pack=found["pack"])["simulations"]["edges"]
    return show(
        visitor,
        "pages/policy_version.html",
        version=found,
        title=title_of(data, found["pack"]),
        files={one["name"]: one["content"] for one in found["files"]},
        names={one["name"]: one["label"] for one in found["parameters"]},
        simulations=[one["node"] for one in runs if one["node"]["newVersion"] == found["number"]],
        form=form,
    )
