"""Letters (brev): those of a case, a draft to look at and mend, its release, the file."""

from __future__ import annotations

import base64
from typing import Any

from starlette.responses import Response

from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.labels import LABELS, source
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import translate

router = portal_router()

#: The field that its writer fills in; all others come from the record.
WRITTEN = "ownWords"


@router.get("/{slug}/cases/{case_id}/letters")
def letters(visitor: Reader, case_id: str, subject: str = "") -> Response:
    """The case's letters, and the form that begins one; ``subject`` is chosen beforehand."""
    return _list(visitor, case_id, Form.of(subject=subject))


@router.post("/{slug}/cases/{case_id}/letters")
def begin(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Begin a letter."""
    kind, _, subject = form.one("subject").partition("/")
    if not subject:
        form.add_problem("subject", visitor.words("Välj ett av alternativen."))
        return _list(visitor, case_id, form)
    values = {
        "caseId": case_id,
        "kind": kind,
        "subjectId": subject,
        "ownWords": form.one(WRITTEN) or None,
    }
    made = visitor.command("draft_letter", form, without_none(values))
    if made is None:
        return _list(visitor, case_id, form)
    return done(visitor, f"letters/{made['letter']['id']}", "letter_drafted")


@router.get("/{slug}/letters/{letter_id}")
def letter(visitor: Reader, letter_id: str) -> Response:
    """A letter: a draft as it would go out, or what was released."""
    return _page(visitor, letter_id, None)


@router.post("/{slug}/letters/{letter_id}")
def act(visitor: Reader, form: Sent, letter_id: str) -> Response:
    """Save other words, release the letter or throw the draft away."""
    values: dict[str, Any] = {"letterId": letter_id, "expectedVersion": form.version}
    match form.act:
        case "revise":
            form.prefix, name, flash = "revise", "revise_letter", "letter_revised"
            values[WRITTEN] = form.one(WRITTEN)
        case "discard":
            form.prefix, name, flash = "discard", "discard_letter", "letter_discarded"
        case "release":
            form.prefix, name, flash = "release", "release_letter", "letter_released"
        case _:
            raise Missing
    if visitor.command(name, form, without_none(values)) is not None:
        return done(visitor, f"letters/{letter_id}", flash)
    return _page(visitor, letter_id, form)


@router.get("/{slug}/letters/{letter_id}/file")
def file(visitor: Reader, letter_id: str) -> Response:
    """The PDF, kept or marked as a draft. Each fetch is logged."""
    found = visitor.read("letter_file", id=letter_id)["file"]
    if found is None:
        raise Missing
    return Response(
        base64.b64decode(found["content"]),
        media_type=found["mediaType"],
        headers={
            "Content-Disposition": f'attachment; filename="{found["name"]}"',
            "Cache-Control": "no-store",
            "ETag": f'"{found["sha256"]}"',
        },
    )


def _list(visitor: Visitor, case_id: str, form: Form) -> Response:
    data = visitor.node("letters", "case", id=case_id)
    case = data["case"]
    return show(
        visitor,
        "pages/letters.html",
        case=case,
        subjects=subjects(visitor, case),
        form=form,
    )


def _page(visitor: Visitor, letter_id: str, form: Form | None) -> Response:
    data = visitor.node("letter", "letter", id=letter_id)
    preview = data["preview"]
    if form is not None:
        # Fields that are not the writer's own are named by where they come from.
        for field in form.problems:
            form.labels[field] = field_words(visitor, field)
    fields = (
        sorted({field_words(visitor, one["field"]) for one in preview["traces"]}) if preview else []
    )
    return show(
        visitor,
        "pages/letter.html",
        letter=data["letter"],
        preview=preview,
        fields=fields,
        form=form,
    )


def field_words(visitor: Visitor, field: str) -> str:
    """Where in a letter something stands, in words: ``content.school`` is of the referral."""
    group = field.partition(".")[0].lower()
    known = group if group in LABELS["letter_field"] else "record"
    return visitor.words(source("letter_field", known))


def subjects(visitor: Visitor, case: dict[str, Any]) -> list[tuple[str, str]]:
    """(kind/id, words) of every letter that can be begun now."""
    found: list[tuple[str, str, str]] = []
    for one in case["decisions"]:
        if one["state"].lower() == "decided":
            kind = translate(visitor.lang, source("decision_kind", one["kind"]))
            found.append(("decision", one["id"], f"{kind}, {one['decidedOn']}"))
    for one in case["referrals"]:
        if one["submittedOn"]:
            found.append(("referral", one["id"], f"{one['programmeLabel']}, {one['submittedOn']}"))
    found += [("offer", one["id"], one["madeOn"]) for one in case["offers"]]
    happened = {one["kind"] for one in case["timeline"]}
    for one in case["contracts"]:
        words = f"{one['formLabel']}, {one['signedOn']}"
        kinds = [
            "contract",
            *(["waiver"] if one["waiver"] or "tenure_waived" in happened else []),
            "demand",
        ]
        kinds += ["notice"] if "notice_given" in happened else []
        found += [(kind, one["id"], words) for kind in kinds]
    found += [("guarantee", one["id"], one["startsOn"]) for one in case["guarantees"]]
    found += [
        ("explanation", one["id"], f"{one['label']}, {one['evaluatedOn']}")
        for one in case["assessments"]
    ]
    return [
        (f"{kind}/{id}", f"{translate(visitor.lang, source('letter_kind', kind))}: {words}")
        for kind, id, words in found
    ]
