"""Guarantees and sureties: what the kommun answers for, one guarantee, and its state grant."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist.guarantees.grants import FILLED_IN, OWNER_TYPES
from hemvist.spreadsheets.written import as_csv
from hemvist_graphql.ids import global_id
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()

STATES = ("active", "ended")


@router.get("/{slug}/guarantees")
def guarantees(visitor: Reader, state: str = "active", after: str | None = None) -> Response:
    """What the kommun answers for, by landlord and together, and its guarantees."""
    visitor.require("maySeeExposure", "guarantee.exposure")
    if visitor.frame["mayReadCase"]:
        data = visitor.read("guarantees", **chosen(state), after=after)
    else:
        # Who steers reads figures only.
        data = visitor.read("guarantee_exposure") | {"guarantees": None}
    return show(
        visitor,
        "pages/guarantees.html",
        exposure=data["guaranteeExposure"],
        page=data["guarantees"],
        state=state,
        states=STATES,
    )


def chosen(state: str) -> dict[str, Any]:
    """The selection of the list, as its document takes it."""
    return {"state": state if state in STATES else None}


@router.get("/{slug}/guarantees/{guarantee_id}")
def guarantee(visitor: Reader, guarantee_id: str) -> Response:
    """The terms, the claims, the recourse and the ledger."""
    who = visitor.session.actor.principal_id
    return show(
        visitor,
        "pages/guarantee.html",
        one=found(visitor, guarantee_id),
        # Nobody takes back what they entered themselves.
        me=None if who is None else global_id("Principal", who),
    )


@router.get("/{slug}/guarantees/{guarantee_id}/grant")
def grant(visitor: Reader, guarantee_id: str) -> Response:
    """The application for the state grant: what the record answers, and what is to be filled in."""
    one = _grant(visitor, guarantee_id)
    form = Form.of(one["version"])
    for item in one["grantApplication"]["fields"]:
        if item["filledIn"]:
            form.put(f"fields.{item['name']}", item["value"])
    return _grant_page(visitor, one, form)


@router.post("/{slug}/guarantees/{guarantee_id}/grant")
def fill_grant(visitor: Reader, form: Sent, guarantee_id: str) -> Response:
    """Keep what was filled in, and that the application was sent."""
    one = _grant(visitor, guarantee_id)
    fields: dict[str, Any] = {
        name: form.one(f"fields.{name}") for name in FILLED_IN if form.one(f"fields.{name}")
    }
    if "tenant_age" in fields:
        fields["tenant_age"] = form.read_int("fields.tenant_age")
    values = {
        "guaranteeId": guarantee_id,
        "fields": without_none(fields),
        "appliedOn": form.read_date("appliedOn"),
        "expectedVersion": form.version,
    }
    if not form.problems and visitor.command("fill_grant_application", form, without_none(values)):
        return done(visitor, f"guarantees/{guarantee_id}/grant", "grant_filled")
    return _grant_page(visitor, one, form)


@router.get("/{slug}/guarantees/{guarantee_id}/grant.csv")
def grant_file(visitor: Reader, guarantee_id: str) -> Response:
    """The application's fields as a file: one line each, semicolons, for the form of the state."""
    one = _grant(visitor, guarantee_id)
    heading = (visitor.words("Uppgift"), visitor.words("Värde"))
    lines = ((item["label"], _shown(item)) for item in one["grantApplication"]["fields"])
    return Response(
        "\ufeff" + as_csv([heading, *lines]),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="statsbidrag-{today()}.csv"',
            "Cache-Control": "no-store",
        },
    )


def found(visitor: Visitor, guarantee_id: str) -> dict[str, Any]:
    """The guarantee as its page reads it. Raises ``Missing``."""
    one: dict[str, Any] = visitor.node("guarantee", "guarantee", id=guarantee_id)["guarantee"]
    if "capOre" not in one:
        raise Missing
    return one


def _grant(visitor: Visitor, guarantee_id: str) -> dict[str, Any]:
    one: dict[str, Any] = visitor.node("guarantee_grant", "guarantee", id=guarantee_id)["guarantee"]
    if "grantApplication" not in one:
        raise Missing
    return one


def _grant_page(visitor: Visitor, one: dict[str, Any], form: Form) -> Response:
    return show(visitor, "pages/guarantee_grant.html", one=one, form=form, owner_types=OWNER_TYPES)


def _shown(item: dict[str, Any]) -> str:
    value = item["value"] or ""
    if item["name"].endswith("_ore") and value:
        whole, rest = divmod(int(value), 100)
        return f"{whole},{rest:02}"
    return str(value)
