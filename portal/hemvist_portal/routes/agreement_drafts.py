"""Writing in a draft of an agreement: parties, terms and quotas."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.agreements.models import ROLES
from hemvist.agreements.quota_models import COUNTS, DELIVERED_IN, KINDS, ROUNDINGS
from hemvist.policy.quotas import KINDS as FORCES
from hemvist.policy.quotas import PERIODS
from hemvist_portal.errors import Missing
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()
#: Empty rows at the end of parties and of terms.
_EMPTY = 2


@router.get("/{slug}/agreements/{agreement_id}/draft")
def draft_form(visitor: Reader, agreement_id: str) -> Response:
    """The draft as a form."""
    one, draft = _found(visitor, agreement_id)
    form = Form.of(
        draft["version"],
        holdsFrom=draft["holdsFrom"],
        signedOn=draft["signedOn"],
        targetGroups=draft["targetGroups"],
        takesInAtOnce=draft["takesInAtOnce"] or None,
    )
    for place, row in enumerate(draft["parties"]):
        for name in ("role", "name", "undertakes"):
            form.put(f"parties[{place}].{name}", row[name])
    for place, row in enumerate(draft["terms"]):
        for name in ("subject", "written", "actual"):
            form.put(f"terms[{place}].{name}", row[name])
    return _form(visitor, one, draft, form)


@router.post("/{slug}/agreements/{agreement_id}/draft")
def save_draft(visitor: Reader, form: Sent, agreement_id: str) -> Response:
    """Write the draft anew."""
    one, draft = _found(visitor, agreement_id)
    parties = _rows(form, "parties", ("role", "name", "undertakes"), "name")
    terms = _rows(form, "terms", ("subject", "written", "actual"), "subject")
    values = {
        "agreementVersionId": draft["id"],
        "expectedVersion": form.version or 0,
        "holdsFrom": form.read_date("holdsFrom"),
        "signedOn": form.read_date("signedOn"),
        "targetGroups": form.one("targetGroups"),
        "takesInAtOnce": form.ticked("takesInAtOnce"),
        "parties": parties,
        "terms": terms,
    }
    if not form.problems and visitor.command(
        "change_agreement_version", form, without_none(values)
    ):
        return done(visitor, f"agreements/{agreement_id}", "version_saved")
    return _form(visitor, one, draft, form)


@router.get("/{slug}/agreements/{agreement_id}/quota")
def quota_form(visitor: Reader, agreement_id: str, code: str = "") -> Response:
    """The form of a quota; filled where the draft has one of that code."""
    one, draft = _found(visitor, agreement_id)
    form = Form.of(draft["version"], rounding="nearest", counts="let", deliveredIn="any")
    known = next((row for row in draft["quotas"] if row["code"] == code), None)
    if known is not None:
        for name, value in known.items():
            if name not in ("id", "shareBp", "excludedAreas", "properties", "pack", "packQuota"):
                form.put(name, value)
        if known["shareBp"] is not None:
            form.put("percent", f"{known['shareBp'] / 100:g}".replace(".", ","))
        form.put("excludedAreas", "\n".join(known["excludedAreas"]))
        form.put("properties", "\n".join(known["properties"]))
        if known["pack"]:
            form.put("of", f"{known['pack']}|{known['packQuota']}")
    return _quota(visitor, one, draft, form)


@router.post("/{slug}/agreements/{agreement_id}/quota")
def save_quota(visitor: Reader, form: Sent, agreement_id: str) -> Response:
    """Put the quota in the draft, or take it out."""
    one, draft = _found(visitor, agreement_id)
    named = {"agreementVersionId": draft["id"], "expectedVersion": form.version or 0}
    if form.act == "remove":
        values: dict[str, Any] = {**named, "code": form.one("code")}
        if visitor.command("remove_quota_term", form, values) is not None:
            return done(visitor, f"agreements/{agreement_id}", "quota_removed")
        return _quota(visitor, one, draft, form)
    pack, _, quota = form.one("of").partition("|")
    percent = form.read_number("percent")
    values = {
        **named,
        **{name: form.one(name) for name in ("code", "label", "kind", "force", "per", "rounding")},
        **{name: form.one(name) for name in ("counts", "deliveredIn", "groups")},
        "homes": form.read_int("homes"),
        "shareBp": None if percent is None else round(percent * 100),
        "withinCode": form.one("withinCode") or None,
        "excludedAreas": form.one("excludedAreas").splitlines(),
        "properties": form.one("properties").splitlines(),
        "pack": pack or None,
        "packQuota": quota or None,
    }
    if not form.problems and visitor.command("add_quota_term", form, without_none(values)):
        return done(visitor, f"agreements/{agreement_id}", "quota_added")
    form.rename_problems({"shareBp": "percent", "packQuota": "of"})
    return _quota(visitor, one, draft, form)


def _rows(form: Form, prefix: str, names: tuple[str, ...], main: str) -> list[dict[str, str]]:
    """The rows that say anything, moved together: a problem of one names its place in them."""
    found: list[dict[str, str]] = []
    for number in form.rows(prefix):
        row = {name: form.one(f"{prefix}[{number}].{name}") for name in names}
        if row[main] or any(text for name, text in row.items() if name != "role"):
            found.append(row)
    for number, row in enumerate(found):
        for name, text in row.items():
            form.values[f"{prefix}[{number}].{name}"] = [text]
    for number in form.rows(prefix):
        if number >= len(found):
            for name in names:
                form.values.pop(f"{prefix}[{number}].{name}", None)
    return found


def _found(visitor: Visitor, agreement_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    visitor.require("mayManageAgreements", "agreement.manage")
    one = visitor.node("agreement", "agreement", id=agreement_id)["agreement"]
    draft = next((row for row in one["versions"] if row["state"] == "draft"), None)
    if draft is None:
        raise Missing
    return one, draft


def _form(visitor: Visitor, one: dict[str, Any], draft: dict[str, Any], form: Form) -> Response:
    places = {
        prefix: range(max(form.rows(prefix), default=-1) + 1 + _EMPTY)
        for prefix in ("parties", "terms")
    }
    return show(
        visitor,
        "pages/agreement_draft.html",
        one=one,
        draft=draft,
        form=form,
        places=places,
        roles=ROLES,
    )


def _quota(visitor: Visitor, one: dict[str, Any], draft: dict[str, Any], form: Form) -> Response:
    return show(
        visitor,
        "pages/quota_form.html",
        one=one,
        draft=draft,
        form=form,
        known=visitor.read("agreement_forms")["guidelineQuotas"],
        kinds=KINDS,
        forces=FORCES,
        periods=PERIODS,
        roundings=ROUNDINGS,
        counts=COUNTS,
        delivered_in=DELIVERED_IN,
    )
