"""Writing a version: started from another or sent in, a figure changed, a file written anew."""

from __future__ import annotations

import base64
from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from hemvist_portal import policy_values
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.routes.policy import title_of, versions_of
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark

router = portal_router()

#: Bytes of an archive; in base64 the API takes as much.
MAX_ARCHIVE = 280_000


@router.get("/{slug}/policy/drafts/new")
def new_draft(visitor: Reader, pack: str = "", base: str = "") -> Response:
    """The form that starts a draft."""
    visitor.require("mayChangePolicy", "policy.change")
    return _new(visitor, Form.of(pack=pack, base=base))


@router.post("/{slug}/policy/drafts/new")
def start_draft(visitor: Reader, form: Sent) -> Response:
    """Start a draft from a version."""
    values = {
        "pack": form.one("pack"),
        "base": form.one("base") or None,
        "inForceFrom": form.read_date("inForceFrom", required=True),
    }
    if not form.problems:
        result = visitor.command("create_pack_version", form, without_none(values))
        if result is not None:
            return done(
                visitor, f"policy/versions/{result['packVersion']['id']}", "version_drafted"
            )
    return _new(visitor, form)


@router.get("/{slug}/policy/upload")
def new_upload(visitor: Reader) -> Response:
    """The form that takes in a whole version."""
    visitor.require("mayChangePolicy", "policy.change")
    return show(visitor, "pages/policy_upload.html", form=Form.of())


async def _sent_with_file(request: Request, visitor: Reader) -> tuple[Form, bytes]:
    async with request.form(max_files=1, max_fields=20) as data:
        form = Form.sent(data)
        file = data.get("archive")
        content = b"" if file is None or isinstance(file, str) else await file.read(MAX_ARCHIVE + 1)
    visitor.check_form(form.csrf)
    return form, content


@router.post("/{slug}/policy/upload")
def upload(
    visitor: Reader, sent: Annotated[tuple[Form, bytes], Depends(_sent_with_file)]
) -> Response:
    """Take in a whole version as a draft."""
    form, content = sent
    if not content:
        form.add_problem("archive", mark("Välj en zip-fil."))
    elif len(content) > MAX_ARCHIVE:
        form.add_problem("archive", mark("Filen är för stor. Ta bort det som inte hör dit."))
    if not form.problems:
        values = {"archive": base64.b64encode(content).decode()}
        result = visitor.command("upload_pack_version", form, values)
        if result is not None:
            return done(
                visitor, f"policy/versions/{result['packVersion']['id']}", "version_uploaded"
            )
        # Whatever is wrong is wrong with the file that was chosen.
        _gather(form, "archive")
    visitor.require("mayChangePolicy", "policy.change")
    return show(visitor, "pages/policy_upload.html", form=form)


@router.get("/{slug}/policy/versions/{version_id}/parameters")
def parameters(visitor: Reader, version_id: str) -> Response:
    """The figures of the draft over time, to choose one from."""
    data = _head(visitor, version_id)
    return show(visitor, "pages/policy_parameters.html", **data)


@router.get("/{slug}/policy/versions/{version_id}/parameter")
def parameter(visitor: Reader, version_id: str, name: str = "") -> Response:
    """The form of one figure."""
    data = _head(visitor, version_id)
    chosen = _chosen(data, name)
    form = Form.of(data["version"]["version"], validFrom=data["version"]["inForceFrom"])
    now = policy_values.latest(chosen, data["version"]["inForceFrom"])
    policy_values.put(form, "value", now, chosen["type"])
    return show(visitor, "pages/policy_parameter.html", form=form, parameter=chosen, **data)


@router.post("/{slug}/policy/versions/{version_id}/parameter")
def change_parameter(visitor: Reader, form: Sent, version_id: str, name: str = "") -> Response:
    """Give the figure a value from a day on."""
    data = _head(visitor, version_id)
    chosen = _chosen(data, name)
    values = {
        "packVersionId": version_id,
        "parameter": name,
        "value": policy_values.read(form, "value", chosen["type"]),
        "validFrom": form.read_date("validFrom", required=True),
        "expectedVersion": form.version,
    }
    if not form.problems and visitor.command("change_parameter", form, values) is not None:
        return done(visitor, f"policy/versions/{version_id}", "parameter_changed")
    return show(visitor, "pages/policy_parameter.html", form=form, parameter=chosen, **data)


@router.get("/{slug}/policy/versions/{version_id}/file")
def file(visitor: Reader, version_id: str, name: str = "", line: str = "") -> Response:
    """One file of the draft for editing; a new one when it has no such file."""
    data = _file(visitor, version_id)
    form = Form.of(data["version"]["version"], name=name, content=data["files"].get(name, ""))
    return show(visitor, "pages/policy_file.html", form=form, name=name, line=line, **data)


@router.post("/{slug}/policy/versions/{version_id}/file")
def replace_file(visitor: Reader, form: Sent, version_id: str, name: str = "") -> Response:
    """Write a file of the draft anew."""
    values = {
        "packVersionId": version_id,
        "name": form.one("name"),
        "content": form.raw("content"),
        "expectedVersion": form.version,
    }
    if visitor.command("replace_pack_file", form, values) is not None:
        return done(visitor, f"policy/versions/{version_id}", "file_replaced")
    form.rename_problems({"files": "content"})
    data = _file(visitor, version_id)
    return show(visitor, "pages/policy_file.html", form=form, name=name, line="", **data)


def _new(visitor: Visitor, form: Form) -> Response:
    packs = visitor.read("packs")["packs"]
    name = form.one("pack")
    if name not in {one["name"] for one in packs}:
        raise Missing
    bases = [
        one
        for one in versions_of(visitor, name)
        if not one["under_work"] and one["state"] != "withdrawn"
    ]
    title = title_of({"packs": packs}, name)
    current = next(one["version"] for one in packs if one["name"] == name)
    if not form.one("base"):
        form.put("base", current)
    return show(
        visitor, "pages/policy_draft.html", form=form, title=title, bases=bases, current=current
    )


def _head(visitor: Visitor, version_id: str) -> dict[str, Any]:
    data = visitor.node("policy_version_head", "packVersion", id=version_id)
    visitor.require("mayChangePolicy", "policy.change")
    found = data["packVersion"]
    return {"version": found, "title": title_of(data, found["pack"])}


def _chosen(data: dict[str, Any], name: str) -> dict[str, Any]:
    for one in data["version"]["parameters"]:
        if one["name"] == name:
            found: dict[str, Any] = one
            return found
    raise Missing


def _file(visitor: Visitor, version_id: str) -> dict[str, Any]:
    data = visitor.node("policy_file", "packVersion", id=version_id)
    visitor.require("mayChangePolicy", "policy.change")
    found = data["packVersion"]
    files = {one["name"]: one["content"] for one in found["files"]}
    return {"version": found, "title": title_of(data, found["pack"]), "files": files}


def _gather(form: Form, name: str) -> None:
    messages = [one for several in form.problems.values() for one in several]
    form.problems.clear()
    for one in messages:
        form.add_problem(name, one)
