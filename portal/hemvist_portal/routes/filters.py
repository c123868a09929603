"""Saved selections: keeping the one that a list shows, and removing one's own."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from hemvist.saved_filters.models import LISTS
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()


@router.post("/{slug}/filters")
def save(visitor: Reader, form: Sent) -> Response:
    """Keep the selection, and go back to the list as it was."""
    page = _page(form)
    selection = {
        name.removeprefix("sel."): form.one(name)
        for name in sorted(form.values)
        if name.startswith("sel.") and form.one(name)
    }
    values = {
        "page": page,
        "name": form.one("name"),
        "selection": selection,
        "department": form.one("department") or None,
    }
    if visitor.command("save_filter", form, values) is None:
        return _refused(visitor, form, page)
    return done(visitor, f"{page}?{urlencode(selection)}", "filter_saved")


@router.post("/{slug}/filters/{filter_id}/remove")
def remove(visitor: Reader, form: Sent, filter_id: str) -> Response:
    """Remove one's own."""
    page = _page(form)
    if visitor.command("remove_filter", form, {"savedFilterId": filter_id}) is None:
        return _refused(visitor, form, page)
    return done(visitor, page, "filter_removed")


def _page(form: Form) -> str:
    page = form.one("page")
    if page not in LISTS:
        raise Missing
    return page


def _refused(visitor: Visitor, form: Form, page: str) -> Response:
    visitor.read("frame")
    own = sorted({one["department"] for one in visitor.frame["memberships"]} - {""})
    shared = [(code, code) for code in own]
    return show(visitor, "pages/filter_form.html", form=form, page=page, shared=shared)
