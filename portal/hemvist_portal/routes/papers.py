"""Papers between the kommun and its landlords: sending, fetching, taking back, reading rents in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from hemvist.arrears.access import departments_of
from hemvist.identity import Action, Actor
from hemvist.papers.models import DIRECTIONS, KINDS
from hemvist.papers.service import open_paper
from hemvist.tenancy import TenantSession
from hemvist_portal.files import MEGABYTES, file_input, opened, sent_file
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()


@router.get("/{slug}/papers")
def papers(
    visitor: Reader, landlord: str = "", direction: str = "", after: str | None = None
) -> Response:
    """The papers, both ways unless asked otherwise, and the form that sends one."""
    return _page(visitor, Form(prefix="send"), landlord, direction, after)


@router.post("/{slug}/papers")
async def send(request: Request, visitor: Reader) -> Response:
    """Send a landlord a paper."""
    form, name, content = await sent_file(request, visitor)
    return await run_in_threadpool(_send, visitor, form, name, content)


@router.get("/{slug}/papers/{paper_id}/file")
def file(visitor: Reader, paper_id: str) -> Response:
    """The paper itself; each opening is logged."""
    return opened(visitor, "LandlordPaper", paper_id, _open)


@router.post("/{slug}/papers/{paper_id}/take-back")
def take_back(visitor: Reader, form: Sent, paper_id: str) -> Response:
    """Take back a paper that the kommun sent."""
    values = {"landlordPaperId": paper_id, "expectedVersion": form.version or 0}
    if visitor.command("take_landlord_paper_back", form, values) is not None:
        return done(visitor, "papers", "paper_taken_back")
    return _page(visitor, form)


@router.post("/{slug}/papers/{paper_id}/rents")
def read_rents(visitor: Reader, form: Sent, paper_id: str) -> Response:
    """Read a list of rents in."""
    values = {
        "landlordPaperId": paper_id,
        "department": form.one("department"),
        "positionOn": form.read_date("positionOn"),
        "expectedVersion": form.version or 0,
    }
    if not form.problems:
        result = visitor.command("read_rents_from_paper", form, without_none(values))
        if result is not None:
            made = result["landlordPaper"]["arrearsFile"]
            return done(visitor, f"arrears/files/{made['id']}", "paper_read_in")
    return _page(visitor, form)


def _open(session: TenantSession, actor: Actor, *, file_id: UUID) -> tuple[Any, bytes]:
    return open_paper(session, actor, paper_id=file_id)


def _send(visitor: Visitor, form: Form, name: str, content: bytes) -> Response:
    values = file_input(form, name, content, "handling")
    if not form.one("landlordId"):
        form.add_problem("landlordId", mark("Välj hyresvärd."))
    if values is not None and not form.problems:
        values |= {one: form.one(one) for one in ("landlordId", "kind", "title")}
        if visitor.command("send_landlord_paper", form, values) is not None:
            return done(visitor, "papers", "paper_sent")
    form.prefix = "send"
    return _page(visitor, form)


def _page(
    visitor: Visitor,
    form: Form,
    landlord: str = "",
    direction: str = "",
    after: str | None = None,
) -> Response:
    data = visitor.read(
        "landlord_papers",
        landlord=landlord if landlord.startswith("Landlord_") else None,
        direction=direction if direction in DIRECTIONS else None,
        after=after,
    )
    visitor.require("maySharePapers", "papers.share")
    landlords = [edge["node"]["landlord"] for edge in data["landlordAccesses"]["edges"]]
    return show(
        visitor,
        "pages/papers.html",
        page=data["landlordPapers"],
        landlords=sorted(landlords, key=lambda one: str(one["name"])),
        form=form,
        landlord=landlord,
        direction=direction,
        kinds=KINDS,
        departments=departments_of(visitor.session.actor, Action.ARREARS_IMPORT),
        megabytes=MEGABYTES,
    )
