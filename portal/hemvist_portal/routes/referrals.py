"""Referrals (remisser): choosing the programme, writing, signing, sending, registering."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pack_fields import put_value, read_value
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.programmes import programmes_of
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()

STATES = (
    "draft",
    "submitted",
    "returned",
    "registered",
    "extended",
    "expired",
    "withdrawn",
    "fulfilled",
)


@router.get("/{slug}/referrals")
def referrals(visitor: Reader, state: str = "", after: str | None = None) -> Response:
    """The reader's referrals, of one state when asked."""
    data = visitor.read("referrals", **chosen(state), after=after)
    return show(
        visitor,
        "pages/referrals.html",
        page=data["referrals"],
        filters=data["savedFilters"],
        state=state,
        states=STATES,
    )


def chosen(state: str) -> dict[str, Any]:
    """The selection of the list, as its document takes it."""
    return {"state": [state] if state in STATES else None}


@router.get("/{slug}/cases/{case_id}/referral")
def choose_programme(visitor: Reader, case_id: str) -> Response:
    """Which programme the referral is to: exactly one (guideline §3.1)."""
    data = programmes_of(visitor, case_id)
    form = Form.of(programme=data["case"]["programme"], on=today())
    return show(visitor, "pages/referral_new.html", form=form, **data)


@router.post("/{slug}/cases/{case_id}/referral")
def draft(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Make the draft; its content is written on the next page, where the case fills in what it can."""
    on = form.read_date("on")
    if not form.problems:
        values: dict[str, Any] = {
            "caseId": case_id,
            "programme": form.one("programme"),
            "content": {},
            "on": on,
        }
        result = visitor.command("draft_referral", form, without_none(values))
        if result is not None:
            return done(visitor, f"referrals/{result['referral']['id']}/edit", "referral_drafted")
    return show(visitor, "pages/referral_new.html", form=form, **programmes_of(visitor, case_id))


@router.get("/{slug}/referrals/{referral_id}")
def referral(visitor: Reader, referral_id: str) -> Response:
    """The referral with what it lacks and what can be done with it."""
    return _page(visitor, referral_id)


@router.get("/{slug}/referrals/{referral_id}/edit")
def edit(visitor: Reader, referral_id: str) -> Response:
    """The content's form. What the case knows stands in empty fields as a proposal."""
    found = _referral(visitor, referral_id)
    form = _content_form(found)
    form.put("toldOneOfferOn", found["toldOneOfferOn"])
    return _edit_page(visitor, found, form, "edit")


@router.post("/{slug}/referrals/{referral_id}/edit")
def revise(visitor: Reader, form: Sent, referral_id: str) -> Response:
    """Save the content. An unfinished one may be saved too."""
    found = _referral(visitor, referral_id)
    told = form.read_date("toldOneOfferOn")
    if not form.problems:
        values = {
            "referralId": referral_id,
            "content": read_content(form, found["content"]),
            "toldOneOfferOn": told,
            "expectedVersion": form.version,
        }
        if visitor.command("revise_referral", form, without_none(values)) is not None:
            return done(visitor, f"referrals/{referral_id}", "referral_revised")
    return _edit_page(visitor, found, form, "edit")


@router.get("/{slug}/referrals/{referral_id}/extend")
def extension(visitor: Reader, referral_id: str) -> Response:
    """The form of an extension: the content is gone through again."""
    found = _referral(visitor, referral_id)
    form = _content_form(found)
    form.put("on", today())
    return _edit_page(visitor, found, form, "extend")


@router.post("/{slug}/referrals/{referral_id}/extend")
def extend(visitor: Reader, form: Sent, referral_id: str) -> Response:
    """Extend the referral with its content brought up to date."""
    found = _referral(visitor, referral_id)
    on = form.read_date("on")
    if not form.problems:
        values = {
            "referralId": referral_id,
            "content": read_content(form, found["content"]),
            "on": on,
            "expectedVersion": form.version,
        }
        if visitor.command("extend_referral", form, without_none(values)) is not None:
            return done(visitor, f"referrals/{referral_id}", "referral_extended")
    return _edit_page(visitor, found, form, "extend")


@dataclass(frozen=True, slots=True)
class _Act:
    """Something done to a referral from its page: mutation, what it sends, what is then said."""

    mutation: str
    flash: str
    send: Callable[[Form], Mapping[str, Any]]
    versioned: bool = True


_ACTS = {
    "resident-signature": _Act(
        "record_resident_signature",
        "resident_signed",
        lambda form: {"personId": form.one("personId"), "signedOn": form.read_date("signedOn")},
    ),
    "manager-signature": _Act(
        "sign_referral_as_manager",
        "manager_signed",
        lambda form: {"signedOn": form.read_date("signedOn")},
    ),
    "submit": _Act(
        "submit_referral", "referral_submitted", lambda form: {"on": form.read_date("on")}
    ),
    "register": _Act(
        "register_referral", "referral_registered", lambda form: {"on": form.read_date("on")}
    ),
    "return": _Act(
        "return_referral",
        "referral_returned",
        lambda form: {"request": form.one("request"), "on": form.read_date("on")},
    ),
    "complete": _Act(
        "complete_referral",
        "referral_completed",
        lambda form: {"on": form.read_date("on")},
        versioned=False,
    ),
    "withdraw": _Act(
        "withdraw_referral",
        "referral_withdrawn",
        lambda form: {"reason": form.one("reason"), "on": form.read_date("on")},
    ),
}


@router.post("/{slug}/referrals/{referral_id}/{act}")
def act_on(visitor: Reader, form: Sent, referral_id: str, act: str) -> Response:
    """Do one of the things that a referral's page offers."""
    wanted = _ACTS.get(act)
    if wanted is None:
        raise Missing
    form.prefix = act
    values: dict[str, Any] = {"referralId": referral_id, **wanted.send(form)}
    if wanted.versioned:
        values["expectedVersion"] = form.version
    if not form.problems:
        result = visitor.command(wanted.mutation, form, without_none(values))
        if result is not None:
            target = f"referrals/{result['referral']['id']}"
            return done(visitor, f"{target}/edit" if act == "complete" else target, wanted.flash)
    return _page(visitor, referral_id, form)


def read_content(form: Form, items: list[dict[str, Any]]) -> dict[str, Any]:
    """The content as the form has it, empty items left out."""
    read = {
        item["id"]: read_value(form, f"content.{item['id']}", item["kind"].lower())
        for item in items
    }
    return without_none(read)


def _referral(visitor: Visitor, referral_id: str) -> dict[str, Any]:
    found: dict[str, Any] = visitor.node("referral", "referral", id=referral_id)["referral"]
    return found


def _content_form(found: Mapping[str, Any]) -> Form:
    form = Form.of(found["version"])
    for item in found["content"]:
        value = item["value"] if item["value"] is not None else item["prefill"]
        put_value(form, f"content.{item['id']}", item["kind"].lower(), value)
    return form


def _page(visitor: Visitor, referral_id: str, form: Form | None = None) -> Response:
    found = _referral(visitor, referral_id)
    people = [member["person"] for member in found["case"]["household"]["members"]]
    return show(visitor, "pages/referral.html", referral=found, people=people, form=form)


def _edit_page(visitor: Visitor, found: dict[str, Any], form: Form, mode: str) -> Response:
    return show(visitor, "pages/referral_form.html", referral=found, form=form, mode=mode)
