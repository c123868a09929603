"""Papers between the landlord and its kommuner: fetching, sending, taking back."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from hemvist.errors import HemvistError
from hemvist.landlords.acting import landlord_actor, landlord_person, seen_through
from hemvist.papers.landlord_views import PAPERS
from hemvist.papers.models import DIRECTIONS, KINDS
from hemvist.papers.service import open_paper
from hemvist.tenancy import Audience, tenant_session
from hemvist_graphql.ids import require_row_id
from hemvist_portal.errors import Missing
from hemvist_portal.files import MEGABYTES, file_input, given_out, sent_file
from hemvist_portal.forms import Form
from hemvist_portal.landlord import SLUG
from hemvist_portal.landlord.pages import Reader, Sent, done, landlord_router, show
from hemvist_portal.landlord.visitor import LandlordVisitor
from hemvist_portal.wording import mark

router = landlord_router()


@router.get(f"/{SLUG}/papers")
def papers(
    visitor: Reader, kommun: str = "", direction: str = "", after: str | None = None
) -> Response:
    """The papers, both ways unless asked otherwise, and the form that sends one."""
    return _page(visitor, Form(prefix="send"), kommun, direction, after)


@router.post(f"/{SLUG}/papers")
async def send(request: Request, visitor: Reader) -> Response:
    """Send the kommun a paper."""
    form, name, content = await sent_file(request, visitor)
    return await run_in_threadpool(_send, visitor, form, name, content)


@router.post(f"/{SLUG}/papers/{{paper_id}}/take-back")
def take_back(visitor: Reader, form: Sent, paper_id: str) -> Response:
    """Take back a paper that the landlord sent."""
    values = {"paperId": paper_id, "expectedVersion": form.version or 0}
    if visitor.command("take_paper_back", form, values) is not None:
        return done(visitor, "papers", "paper_taken_back")
    return _page(visitor, form)


@router.get(f"/{SLUG}/papers/{{paper_id}}/file")
def file(visitor: Reader, paper_id: str) -> Response:
    """The paper itself, for whom it is within reach; the kommun's log says that it was opened."""
    principal_id = visitor.session.actor.principal_id
    if principal_id is None:
        raise Missing
    try:
        row_id = require_row_id("Paper", paper_id)
        seen = seen_through(PAPERS, principal_id, row_id)
        person = landlord_person(principal_id)
        with tenant_session(Audience.STAFF, seen.tenant_id) as session:
            actor = landlord_actor(session, person, seen.landlord_id)
            row, content = open_paper(session, actor, paper_id=row_id)
            kind, name = row.media_type, row.name
    except HemvistError as hidden:
        raise Missing from hidden
    return given_out(content, kind, name)


def _send(visitor: LandlordVisitor, form: Form, name: str, content: bytes) -> Response:
    values = file_input(form, name, content, "handling")
    if not form.one("kommunId"):
        form.add_problem("kommunId", mark("Välj kommun."))
    if values is not None and not form.problems:
        values |= {one: form.one(one) for one in ("kommunId", "kind", "title")}
        if visitor.command("send_paper", form, values) is not None:
            return done(visitor, "papers", "paper_sent")
    form.prefix = "send"
    return _page(visitor, form)


def _page(
    visitor: LandlordVisitor,
    form: Form,
    kommun: str = "",
    direction: str = "",
    after: str | None = None,
) -> Response:
    page = visitor.read(
        "papers",
        kommun=visitor.chosen_kommun(kommun),
        direction=direction if direction in DIRECTIONS else None,
        after=after,
    )["papers"]
    return show(
        visitor,
        "landlord/papers.html",
        page=page,
        form=form,
        kommun=kommun,
        direction=direction,
        directions=DIRECTIONS,
        kinds=KINDS,
        megabytes=MEGABYTES,
    )
