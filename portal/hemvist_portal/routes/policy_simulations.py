"""Simulations: what a version would change for the cases there are."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal import policy_values
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.routes.policy import title_of
from hemvist_portal.visitor import Visitor

router = portal_router()

CHANGES = ("gain", "loss", "newly_unknown", "newly_known")


@router.get("/{slug}/policy/versions/{version_id}/simulate")
def new_simulation(visitor: Reader, version_id: str) -> Response:
    """The form that asks for a simulation."""
    data = _version(visitor, version_id)
    day = max(today().isoformat(), data["version"]["inForceFrom"])
    form = Form.of(judgedOn=day)
    return show(visitor, "pages/policy_simulate.html", form=form, **data)


@router.post("/{slug}/policy/versions/{version_id}/simulate")
def simulate(visitor: Reader, form: Sent, version_id: str) -> Response:
    """Ask for a simulation against the version that it is based on."""
    data = _version(visitor, version_id)
    found = data["version"]
    values = {
        "pack": found["pack"],
        "oldVersion": found["basedOn"],
        "newVersion": found["number"],
        "judgedOn": form.read_date("judgedOn"),
    }
    if not form.problems:
        result = visitor.command("request_simulation", form, without_none(values))
        if result is not None:
            path = f"policy/versions/{version_id}/simulations/{result['simulation']['id']}"
            return done(visitor, path, "simulation_requested")
    return show(visitor, "pages/policy_simulate.html", form=form, **data)


@router.get("/{slug}/policy/versions/{version_id}/simulations/{simulation_id}")
def simulation(visitor: Reader, version_id: str, simulation_id: str, every: str = "") -> Response:
    """How far it has come, or what it found."""
    return _page(visitor, version_id, simulation_id, every=bool(every))


@router.post("/{slug}/policy/versions/{version_id}/simulations/{simulation_id}/cancel")
def cancel(visitor: Reader, form: Sent, version_id: str, simulation_id: str) -> Response:
    """Stop the simulation."""
    form.prefix = "cancel"
    values = {"simulationId": simulation_id}
    if visitor.command("cancel_simulation", form, values) is not None:
        path = f"policy/versions/{version_id}/simulations/{simulation_id}"
        return done(visitor, path, "simulation_cancelled")
    return _page(visitor, version_id, simulation_id, form)


@router.get("/{slug}/policy/versions/{version_id}/simulations/{simulation_id}/cases")
def cases(
    visitor: Reader,
    version_id: str,
    simulation_id: str,
    subject: str = "",
    change: str = "",
    after: str | None = None,
) -> Response:
    """The cases behind the figures, for those who may read them."""
    data = _version(visitor, version_id)
    found = visitor.node(
        "policy_simulation_cases",
        "simulation",
        id=simulation_id,
        subject=subject or None,
        change=[change] if change in CHANGES else None,
        after=after or None,
    )
    result = found["simulation"]["result"]
    rule = (
        next((one for one in result["rules"] if one["subject"] == subject), None)
        if result
        else None
    )
    return show(
        visitor,
        "pages/policy_simulation_cases.html",
        simulation=found["simulation"],
        page=found["simulationChanges"],
        rule=rule,
        subject=subject,
        change=change if change in CHANGES else "",
        changes=CHANGES,
        **data,
    )


def _page(
    visitor: Visitor,
    version_id: str,
    simulation_id: str,
    form: Form | None = None,
    *,
    every: bool = False,
) -> Response:
    data = _version(visitor, version_id)
    found = visitor.node(
        "policy_simulation", "simulation", id=simulation_id, changedOnly=not every
    )["simulation"]
    if found["newVersion"] != data["version"]["number"] or found["pack"] != data["version"]["pack"]:
        raise Missing
    return show(
        visitor,
        "pages/policy_simulation.html",
        simulation=found,
        form=form,
        every=every,
        types=policy_values.types_of(data["version"]["parameters"]),
        **data,
    )


def _version(visitor: Visitor, version_id: str) -> dict[str, Any]:
    data = visitor.node("policy_version_head", "packVersion", id=version_id)
    found = data["packVersion"]
    return {"version": found, "title": title_of(data, found["pack"])}
