"""Acts on a unit: what is known of it, keeping it for another household, giving it back, pictures."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from hemvist.identity import Actor
from hemvist.tenancy import TenantSession
from hemvist.units import files
from hemvist.units.models import KEPT_FOR, RENT_PARTS, SOURCES
from hemvist_portal.files import file_input, opened, sent_file
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.routes.units import rent_parts, unit_page
from hemvist_portal.visitor import Visitor

router = portal_router()


@router.get("/{slug}/units/{unit_id}/change")
def change_form(visitor: Reader, unit_id: str) -> Response:
    """What is known of the unit, to be changed."""
    visitor.require("mayRegisterUnit", "unit.register")
    return _change(visitor, unit_id, {})


@router.post("/{slug}/units/{unit_id}/change")
def change(visitor: Reader, form: Sent, unit_id: str) -> Response:
    """Keep what was changed."""
    values = {
        "unitId": unit_id,
        "expectedVersion": form.version or 0,
        "area": form.one("area") or None,
        "source": form.one("source") or None,
        "rooms": form.read_int("rooms"),
        "sizeM2": form.read_number("sizeM2"),
        "rentOre": form.read_kronor("rentOre"),
        "rentParts": rent_parts(form) or {},
        "floor": form.read_int("floor"),
        "lift": form.ticked("lift"),
        "stepFree": form.ticked("stepFree"),
        "stepFreeWidthCm": form.read_int("stepFreeWidthCm"),
        "adapted": form.ticked("adapted"),
        "availableFrom": form.read_date("availableFrom"),
    }
    if not form.problems and visitor.command("change_unit", form, without_none(values)):
        return done(visitor, f"units/{unit_id}", "unit_changed")
    return _change(visitor, unit_id, {"change": form})


@router.post("/{slug}/units/{unit_id}/keep")
def keep(visitor: Reader, form: Sent, unit_id: str) -> Response:
    """Keep it for another household, or no longer."""
    values = {
        "unitId": unit_id,
        "expectedVersion": form.version or 0,
        "keptFor": form.one("keptFor") or None,
        "because": form.one("because") or None,
    }
    if visitor.command("keep_unit", form, without_none(values)):
        return done(visitor, f"units/{unit_id}", "unit_kept")
    return _change(visitor, unit_id, {"keep": form})


@router.post("/{slug}/units/{unit_id}/give-back")
def give_back(visitor: Reader, form: Sent, unit_id: str) -> Response:
    """Give a vacant unit back to its owner."""
    values = {
        "unitId": unit_id,
        "expectedVersion": form.version or 0,
        "keptBecause": form.one("keptBecause") or None,
        "on": form.read_date("on"),
    }
    if not form.problems and visitor.command("give_back_unit", form, without_none(values)):
        return done(visitor, f"units/{unit_id}", "unit_given_back")
    return _change(visitor, unit_id, {"back": form})


@router.post("/{slug}/units/{unit_id}/files")
async def add_file(request: Request, visitor: Reader, unit_id: str) -> Response:
    """Keep a picture or a plan."""
    form, name, content = await sent_file(request, visitor)
    return await run_in_threadpool(_keep, visitor, form, unit_id, name, content)


def _keep(visitor: Visitor, form: Form, unit_id: str, name: str, content: bytes) -> Response:
    values = file_input(form, name, content, "bild")
    if values is not None:
        values |= {"unitId": unit_id, "kind": form.one("kind") or "picture"}
        if visitor.command("add_unit_file", form, values) is not None:
            return done(visitor, f"units/{unit_id}", "unit_file_added")
    return unit_page(visitor, unit_id, form)


@router.post("/{slug}/units/{unit_id}/files/{file_id}/remove")
def remove_file(visitor: Reader, form: Sent, unit_id: str, file_id: str) -> Response:
    """Take a picture or plan away."""
    if visitor.command("remove_unit_file", form, {"unitFileId": file_id}) is not None:
        return done(visitor, f"units/{unit_id}", "unit_file_removed")
    return unit_page(visitor, unit_id, form)


@router.get("/{slug}/unit-files/{file_id}")
def open_file(visitor: Reader, file_id: str) -> Response:
    """The picture itself, for whoever sees the unit."""
    visitor.node("unit_file", "unitFile", id=file_id)
    return opened(visitor, "UnitFile", file_id, _bytes)


def _bytes(session: TenantSession, actor: Actor, *, file_id: UUID) -> tuple[Any, bytes]:
    return files.bytes_of(session, file_id=file_id)


def _change(visitor: Visitor, unit_id: str, forms: dict[str, Form]) -> Response:
    unit = visitor.node("unit", "unit", id=unit_id)["unit"]
    form = forms.get("change")
    if form is None:
        form = Form.of(
            unit["version"],
            **{
                name: unit[name]
                for name in ("area", "source", "rooms", "sizeM2", "floor", "stepFreeWidthCm")
            },
            availableFrom=unit["availableFrom"],
            rentOre=_kronor(unit["rentOre"]),
            **{name: "true" for name in ("lift", "stepFree", "adapted") if unit[name]},
            **{f"rentParts.{part}": _kronor(amount) for part, amount in unit["rentParts"].items()},
        )
    return show(
        visitor,
        "pages/unit_change.html",
        unit=unit,
        form=next((one for one in forms.values() if one.failed), form),
        change=form,
        forms=forms,
        sources=SOURCES,
        parts=RENT_PARTS,
        kept_for=KEPT_FOR,
    )


def _kronor(ore: int) -> str:
    return f"{ore / 100:.2f}".replace(".00", "").replace(".", ",")
