"""The landlord's homes in every kommun, a home with its pictures, and saying that it is free again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from hemvist.clock import today
from hemvist.units.landlord_views import UNIT_FILE_BYTES, UNIT_FILES
from hemvist.units.models import STATES
from hemvist_portal.files import MEGABYTES, file_input, sent_file
from hemvist_portal.forms import Form, without_none
from hemvist_portal.landlord import SLUG
from hemvist_portal.landlord.files import opened
from hemvist_portal.landlord.pages import Reader, Sent, done, landlord_router, show
from hemvist_portal.landlord.visitor import LandlordVisitor

router = landlord_router()


@router.get(f"/{SLUG}/units")
def units(
    visitor: Reader, kommun: str = "", state: str = "", area: str = "", after: str | None = None
) -> Response:
    """The homes, of every kommun and state unless asked otherwise."""
    chosen = {
        "state": state if state in STATES else None,
        "area": area.strip()[:200] or None,
    }
    page = visitor.read("units", kommun=visitor.chosen_kommun(kommun), after=after, **chosen)
    rest = urlencode({name: value for name, value in chosen.items() if value})
    return show(
        visitor,
        "landlord/units.html",
        page=page["units"],
        kommun=kommun,
        state=state,
        area=area,
        rest=rest + "&" if rest else "",
        states=STATES,
    )


@router.get(f"/{SLUG}/units/{{unit_id}}")
def unit(visitor: Reader, unit_id: str) -> Response:
    """A home: what is known of it, where it stands, its pictures."""
    return _unit(visitor, unit_id, Form(prefix="again"), Form(prefix="file"))


@router.post(f"/{SLUG}/units/{{unit_id}}/vacant")
def report_again(visitor: Reader, form: Sent, unit_id: str) -> Response:
    """The home is free again."""
    values = {
        "unitId": unit_id,
        "availableFrom": form.read_date("availableFrom", required=True),
        "rentOre": form.read_kronor("rentOre"),
        "note": form.one("note") or None,
    }
    if not form.problems and visitor.command("report_unit_vacant", form, without_none(values)):
        return done(visitor, "vacancies", "vacancy_reported")
    form.prefix = "again"
    return _unit(visitor, unit_id, form, Form(prefix="file"))


@router.post(f"/{SLUG}/units/{{unit_id}}/files")
async def add_file(request: Request, visitor: Reader, unit_id: str) -> Response:
    """Keep a picture or a plan."""
    form, name, content = await sent_file(request, visitor)
    return await run_in_threadpool(_keep, visitor, form, unit_id, name, content)


def _keep(
    visitor: LandlordVisitor, form: Form, unit_id: str, name: str, content: bytes
) -> Response:
    values = file_input(form, name, content, "bild")
    if values is not None:
        values |= {"unitId": unit_id, "kind": form.one("kind") or "picture"}
        if visitor.command("add_unit_file", form, values) is not None:
            return done(visitor, f"units/{unit_id}", "unit_file_added")
    form.prefix = "file"
    return _unit(visitor, unit_id, Form(prefix="again"), form)


@router.post(f"/{SLUG}/units/{{unit_id}}/files/{{file_id}}/remove")
def remove_file(visitor: Reader, form: Sent, unit_id: str, file_id: str) -> Response:
    """Take a picture or plan away."""
    if visitor.command("remove_unit_file", form, {"unitFileId": file_id}) is not None:
        return done(visitor, f"units/{unit_id}", "unit_file_removed")
    form.prefix = "file"
    return _unit(visitor, unit_id, Form(prefix="again"), form)


@router.get(f"/{SLUG}/unit-files/{{file_id}}")
def open_file(visitor: Reader, file_id: str) -> Response:
    """The picture itself, for whom the home is within reach. Nothing in it is run."""
    return opened(visitor, "UnitFile", file_id, UNIT_FILES, UNIT_FILE_BYTES)


def _unit(visitor: LandlordVisitor, unit_id: str, again: Form, file: Form) -> Response:
    unit: dict[str, Any] = visitor.node("unit", "unit", id=unit_id)["unit"]
    if not again.failed and not again.problems:
        again.put("availableFrom", today())
    return show(
        visitor,
        "landlord/unit.html",
        unit=unit,
        form=file if file.failed or file.problems else again,
        again=again,
        file=file,
        megabytes=MEGABYTES,
        # What the kommun holds cannot be reported; what it has not, can.
        may_report=unit["state"] in ("let", "returned"),
    )
