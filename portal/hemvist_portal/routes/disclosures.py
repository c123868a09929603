"""Consents of a household, and what of a case is told over a secrecy border: by case, and a list."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from hemvist.clock import today
from hemvist_portal.forms import Form, without_none
from hemvist_portal.pages import Reader, Sent, done, portal_router
from hemvist_portal.rendering import show
from hemvist_portal.visitor import Visitor

router = portal_router()

RECIPIENTS = ("board", "authority", "kommun", "landlord", "provider", "other")
GROUNDS = ("consent", "necessity", "statutory_duty")
GIVEN = ("written", "signed_electronically", "oral")
FIELDS = (
    *("identity", "address", "contact", "household", "housing_need", "health"),
    *("economy", "assessment", "decision", "support", "protection"),
)


@router.get("/{slug}/disclosures")
def disclosures(visitor: Reader, ground: str = "", after: str | None = None) -> Response:
    """What the reader's departments have told, newest first."""
    chosen = ground if ground in GROUNDS else None
    data = visitor.read("disclosures", ground=chosen, after=after)
    page = data["secrecyDisclosures"]
    return show(visitor, "pages/disclosures.html", page=page, chosen=chosen or "", grounds=GROUNDS)


@router.get("/{slug}/cases/{case_id}/disclosures")
def of_case(visitor: Reader, case_id: str) -> Response:
    """The case's consents and disclosures, and the forms of new ones."""
    return _of_case(visitor, case_id)


@router.post("/{slug}/cases/{case_id}/disclosures")
def disclose(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Write down what is told."""
    form.prefix = "disclosure"
    by_consent = form.one("ground") == "consent"
    values: dict[str, Any] = {
        "caseId": case_id,
        "ground": form.one("ground"),
        "recipientKind": form.one("recipientKind"),
        "recipient": form.one("recipient"),
        "fields": form.many("fields"),
        # A consent that stands in the form says nothing of what rests on another ground.
        "secrecyConsentId": (form.one("secrecyConsentId") or None) if by_consent else None,
        "purpose": form.one("purpose") or None,
        "on": form.read_date("on"),
    }
    if values["secrecyConsentId"] and not values["recipient"]:
        values |= _recipient(visitor, case_id, values["secrecyConsentId"])
    if not form.problems:
        result = visitor.command("disclose_over_border", form, without_none(values))
        if result is not None:
            return done(visitor, f"cases/{case_id}/disclosures", "disclosure_noted")
    return _of_case(visitor, case_id, form)


@router.post("/{slug}/cases/{case_id}/consents")
def give(visitor: Reader, form: Sent, case_id: str) -> Response:
    """Register a consent."""
    form.prefix = "consent"
    texts = ("personId", "recipientKind", "recipient", "given")
    values = {
        "caseId": case_id,
        "scope": form.many("scope"),
        "givenOn": form.read_date("givenOn"),
        "until": form.read_date("until"),
        **{one: form.one(one) for one in texts},
    }
    if not form.problems:
        result = visitor.command("give_secrecy_consent", form, without_none(values))
        if result is not None:
            return done(visitor, f"cases/{case_id}/disclosures", "consent_registered")
    return _of_case(visitor, case_id, form)


@router.post("/{slug}/cases/{case_id}/consents/{consent_id}/withdraw")
def withdraw(visitor: Reader, form: Sent, case_id: str, consent_id: str) -> Response:
    """Register that a consent is taken back."""
    form.prefix = f"withdraw-{consent_id}"
    values = {
        "secrecyConsentId": consent_id,
        "how": form.one("how"),
        "on": form.read_date("on"),
        "expectedVersion": form.version,
    }
    if not form.problems:
        result = visitor.command("withdraw_secrecy_consent", form, without_none(values))
        if result is not None:
            return done(visitor, f"cases/{case_id}/disclosures", "consent_withdrawn")
    return _of_case(visitor, case_id, form)


def _recipient(visitor: Visitor, case_id: str, consent_id: str) -> dict[str, Any]:
    """Whom the consent is for: nobody has to write it again, letter for letter."""
    found = visitor.node("case_disclosures", "case", id=case_id)["case"]
    return {
        key: one[key]
        for one in found["secrecyConsents"]
        if one["id"] == consent_id
        for key in ("recipientKind", "recipient")
    }


def _of_case(visitor: Visitor, case_id: str, form: Form | None = None) -> Response:
    found = visitor.node("case_disclosures", "case", id=case_id)["case"]
    return show(
        visitor,
        "pages/case_disclosures.html",
        case=found,
        form=form,
        recipients=RECIPIENTS,
        grounds=GROUNDS,
        ways=GIVEN,
        fields=FIELDS,
        day=today(),
    )
