"""Letting open cases go over to another version, each by choice and with what it would change."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.routes.policy import targets, title_of
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()


@router.get("/{slug}/policy/move")
def choose(
    visitor: Reader, pack: str = "", source: str = "", to: str = "", after: str | None = None
) -> Response:
    """The open cases of a version, each with what another version would change."""
    return _page(visitor, Form.of(), pack, source, to, after or None)


@router.post("/{slug}/policy/move")
def move(visitor: Reader, form: Sent) -> Response:
    """Let the ticked cases go over."""
    pack, source, to = form.one("pack"), form.one("source"), form.one("to")
    chosen = []
    for ticked in form.many("cases"):
        case_id, _, version = ticked.rpartition(":")
        if version.isascii() and version.isdigit():
            chosen.append({"caseId": case_id, "expectedVersion": int(version)})
    if not chosen:
        form.add_problem("cases", mark("Kryssa för minst ett ärende."))
    if not form.one("reason"):
        form.add_problem("reason", mark("Skriv varför."))
    if not form.problems:
        values = {"cases": chosen, "toVersion": to, "reason": form.one("reason")}
        if visitor.command("migrate_cases", form, values) is not None:
            return done(visitor, "policy", "cases_moved")
        form.rename_problems({"toVersion": "cases"})
    return _page(visitor, form, pack, source, to, form.one("after") or None)


def _page(
    visitor: Visitor, form: Form, pack: str, source: str, to: str, after: str | None
) -> Response:
    data = visitor.read("policy_move", **{"pack": pack, "from": source, "after": after})
    if source not in {one["number"] for one in data["knownPackVersions"]}:
        raise Missing
    others = [
        one
        for one in targets(data["knownPackVersions"], today().isoformat())
        if one["number"] != source
    ]
    if to not in {one["number"] for one in others}:
        to = others[-1]["number"] if others else ""
    found = [edge["node"] for edge in data["cases"]["edges"]]
    previews: dict[str, Any] = {}
    if to and found:
        asked = visitor.read("policy_previews", cases=[one["id"] for one in found], to=to)
        previews = {one["case"]["id"]: one for one in asked["caseMigrationPreview"]}
    return show(
        visitor,
        "pages/policy_move.html",
        form=form,
        title=title_of(data, pack),
        pack=pack,
        source=source,
        to=to,
        targets=others,
        cases=found,
        page=data["cases"],
        after=after or "",
        previews=previews,
    )
