"""Vacancies: reporting one, or a list of them in Excel with a preview; what became of each."""

from __future__ import annotations

import base64
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from hemvist.clock import today
from hemvist.spreadsheets.sheets import MAX_BYTES
from hemvist.units.models import RENT_PARTS
from hemvist.vacancies.models import ROW_STATES, STATES
from hemvist.vacancies.template import MEDIA_TYPE, NAME, template
from hemvist_portal.forms import Form, without_none
from hemvist_portal.landlord import SLUG
from hemvist_portal.landlord.pages import Reader, Sent, done, landlord_router, show
from hemvist_portal.landlord.visitor import LandlordVisitor
from hemvist_portal.wording import mark

router = landlord_router()
MEGABYTES = MAX_BYTES // (1024 * 1024)
#: Good rows that can be chosen among one by one; of a longer list all are reported.
MOST_CHOSEN = 500
_TEXTS = (
    *("kommunId", "propertyDesignation", "streetAddress", "apartmentNumber", "postalCode"),
    *("city", "area", "note"),
)


@router.get(f"/{SLUG}/vacancies")
def vacancies(
    visitor: Reader, kommun: str = "", state: str = "", after: str | None = None
) -> Response:
    """What has been reported, and what became of it."""
    chosen = state if state in STATES else None
    page = visitor.read(
        "vacancies", kommun=visitor.chosen_kommun(kommun), state=chosen, after=after
    )["vacancies"]
    return show(
        visitor, "landlord/vacancies.html", page=page, kommun=kommun, state=state, states=STATES
    )


@router.get(f"/{SLUG}/vacancies/new")
def new_vacancy(visitor: Reader) -> Response:
    """The empty form."""
    visitor.read("vacancy_form")
    return _form(visitor, Form.of(availableFrom=today()))


@router.post(f"/{SLUG}/vacancies/new")
def report(visitor: Reader, form: Sent) -> Response:
    """Report a home."""
    parts = {part: form.read_kronor(f"rentParts.{part}") for part in RENT_PARTS}
    told = {part: amount for part, amount in parts.items() if amount}
    values: dict[str, Any] = {
        **{name: form.one(name) or None for name in _TEXTS},
        "rooms": form.read_int("rooms", required=True),
        "sizeM2": form.read_number("sizeM2", required=True),
        "rentOre": form.read_kronor("rentOre", required=True),
        "rentParts": told or None,
        "floor": form.read_int("floor"),
        "lift": form.ticked("lift"),
        "stepFree": form.ticked("stepFree"),
        "stepFreeWidthCm": form.read_int("stepFreeWidthCm"),
        "adapted": form.ticked("adapted"),
        "availableFrom": form.read_date("availableFrom", required=True),
    }
    for name in ("propertyDesignation", "streetAddress", "apartmentNumber", "postalCode", "city"):
        values[name] = form.one(name)
    if not form.one("kommunId"):
        form.add_problem("kommunId", mark("Välj kommun."))
    if not form.problems and visitor.command("report_vacancy", form, without_none(values)):
        return done(visitor, "vacancies", "vacancy_reported")
    visitor.read("vacancy_form")
    return _form(visitor, form)


def _form(visitor: LandlordVisitor, form: Form) -> Response:
    return show(visitor, "landlord/vacancy_form.html", form=form, parts=RENT_PARTS)


@router.post(f"/{SLUG}/vacancies/{{vacancy_id}}/withdraw")
def withdraw(visitor: Reader, form: Sent, vacancy_id: str) -> Response:
    """Take an unanswered report back."""
    values = {"vacancyId": vacancy_id, "expectedVersion": form.version or 0}
    if visitor.command("withdraw_vacancy", form, values):
        return done(visitor, "vacancies", "vacancy_withdrawn")
    page = visitor.read("vacancies")["vacancies"]
    return show(
        visitor,
        "landlord/vacancies.html",
        page=page,
        kommun="",
        state="",
        states=STATES,
        form=form,
    )


@router.get(f"/{SLUG}/vacancies/template.xlsx")
def download_template(visitor: Reader) -> Response:
    """The list to fill in."""
    return Response(
        template(),
        media_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{NAME}"'},
    )


@router.get(f"/{SLUG}/vacancies/files")
def lists(visitor: Reader, kommun: str = "", after: str | None = None) -> Response:
    """Sending a list in, and those that were sent."""
    return _lists(visitor, Form(), kommun, after)


@router.post(f"/{SLUG}/vacancies/files")
async def send_list(request: Request, visitor: Reader) -> Response:
    """Read a list into a preview."""
    async with request.form(max_files=1, max_fields=20) as data:
        form = Form.sent(data)
        visitor.check_form(form.csrf)
        sent = data.get("file")
        if isinstance(sent, UploadFile):
            return await run_in_threadpool(
                _read, visitor, form, sent.filename or "", await sent.read(MAX_BYTES + 1)
            )
    return await run_in_threadpool(_read, visitor, form, "", b"")


def _read(visitor: LandlordVisitor, form: Form, name: str, content: bytes) -> Response:
    if not form.one("kommunId"):
        form.add_problem("kommunId", mark("Välj kommun."))
    if not content:
        form.add_problem("content", mark("Välj en fil."))
    elif len(content) > MAX_BYTES:
        form.add_problem("content", mark("Filen är för stor."))
    if not form.problems:
        values = {
            "kommunId": form.one("kommunId"),
            "fileName": name[:300] or "lista",
            "contentBase64": base64.b64encode(content).decode(),
        }
        result = visitor.command("read_vacancy_file", form, values)
        if result is not None:
            return done(visitor, f"vacancies/files/{result['vacancyFile']['id']}", "list_read")
    return _lists(visitor, form, "", None)


def _lists(visitor: LandlordVisitor, form: Form, kommun: str, after: str | None) -> Response:
    page = visitor.read("vacancy_files", kommun=visitor.chosen_kommun(kommun), after=after)
    return show(
        visitor,
        "landlord/vacancy_files.html",
        page=page["vacancyFiles"],
        form=form,
        kommun=kommun,
        megabytes=MEGABYTES,
    )


@router.get(f"/{SLUG}/vacancies/files/{{file_id}}")
def one_list(visitor: Reader, file_id: str) -> Response:
    """The preview: what is wrong, and which rows to report."""
    return _list(visitor, file_id, Form())


@router.post(f"/{SLUG}/vacancies/files/{{file_id}}/import")
def import_list(visitor: Reader, form: Sent, file_id: str) -> Response:
    """Report the chosen rows."""
    values: dict[str, Any] = {"vacancyFileId": file_id, "expectedVersion": form.version or 0}
    if form.one("choosing"):
        values["choose"] = [int(one) for one in form.many("row") if one.isascii() and one.isdigit()]
    if visitor.command("import_vacancy_file", form, values):
        return done(visitor, f"vacancies/files/{file_id}", "list_imported")
    return _list(visitor, file_id, form)


@router.post(f"/{SLUG}/vacancies/files/{{file_id}}/discard")
def discard_list(visitor: Reader, form: Sent, file_id: str) -> Response:
    """Throw the list away."""
    values = {"vacancyFileId": file_id, "expectedVersion": form.version or 0}
    if visitor.command("discard_vacancy_file", form, values):
        return done(visitor, "vacancies/files", "list_discarded")
    return _list(visitor, file_id, form)


def _list(visitor: LandlordVisitor, file_id: str, form: Form) -> Response:
    rows: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        data = visitor.node("vacancy_file", "vacancyFile", id=file_id, after=after)
        rows += [edge["node"] for edge in data["vacancyRows"]["edges"]]
        after = data["vacancyRows"]["pageInfo"]["endCursor"]
        if not data["vacancyRows"]["pageInfo"]["hasNextPage"]:
            break
    by_state: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_state.setdefault(row["state"], []).append(row)
    good = by_state.get("good", [])
    return show(
        visitor,
        "landlord/vacancy_file.html",
        one=data["vacancyFile"],
        rows={state: by_state.get(state, []) for state in ROW_STATES},
        good=good[:MOST_CHOSEN],
        choosing=len(good) <= MOST_CHOSEN,
        chosen=set(form.many("row")) if form.one("choosing") else None,
        form=form,
    )
