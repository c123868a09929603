"""Where a case's next step is taken. The API says what can be done; this says on which page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hemvist_portal.wording import mark as _

#: Codes of what stands in the way, in words. Names of questions and items are counted, not listed.
BLOCKERS: Mapping[str, str] = {
    "questions_open": _("frågor är inte besvarade"),
    "assessment_open": _("bedömningen är inte skriven"),
    "decision_open": _("beslutet är inte fattat"),
    "content_missing": _("uppgifter saknas i remissen"),
    "resident_signature": _("den boende har inte skrivit under"),
    "manager_signature": _("chefen har inte skrivit under"),
    "notice_not_given": _("den boende har inte fått veta att bara ett boende erbjuds"),
    "overdue": _("dagen har passerat"),
}


def link_of(step: Mapping[str, Any], case: Mapping[str, Any]) -> str | None:
    """The page, under the kommun, where a step of ``case`` is taken."""
    own = f"cases/{case['id']}"
    match step["code"]:
        case "answer_questions":
            return f"{own}/assessment"
        case "conclude_assessment":
            first = case["criteria"][0]["rule"] if case["criteria"] else ""
            return f"{own}/conclusion?rule={first}"
        case "propose_support":
            onward = f"&programme={step['programme']}" if step["programme"] else ""
            return f"{own}/decision?kind=support_to_obtain_housing{onward}"
        case "propose_housing":
            return f"{own}/decision?kind=housing"
        case "decide_support" | "decide_housing":
            return _to(case, "decisions", "proposed")
        case "draft_referral":
            return f"{own}/referral"
        case "complete_content":
            draft = _to(case, "referrals", "draft")
            return f"{draft}/edit" if draft else None
        case "resident_signature" | "manager_signature" | "submit_referral":
            return _to(case, "referrals", "draft")
        case "register_referral":
            return _to(case, "referrals", "submitted")
        case "complete_returned":
            return _to(case, "referrals", "returned")
        case "make_offer":
            waiting = _to(case, "referrals", "registered", "extended")
            return f"{waiting}/offer" if waiting else None
        case "answer_offer":
            return _to(case, "offers", "made")
        case "sign_contract":
            accepted = _to(case, "offers", "accepted")
            return f"{accepted}/contract" if accepted else None
        case "record_milestone":
            handed_over = step["event"] == "lease_taken_over"
            takeover = _to(case, "takeovers", *_BEFORE_TAKEOVER) if handed_over else None
            return takeover or f"{own}/milestone?milestone={step['milestone']}"
        case "give_guarantee":
            lease = _to(case, "contracts", "signed")
            return f"{lease}/act/guarantee" if lease else None
        case "conclude_end" | "end_follow_up":
            return f"{own}/end-of-follow-up"
        case "follow_up":
            return _next_obligation(case)
    return None


#: States of a takeover that has yet to be carried out: on its page.
_BEFORE_TAKEOVER = ("waiting", "asked", "agreed", "refused", "tribunal")
#: Where a task or a notice leads, by the schema's type of what it is about.
PLACES: Mapping[str, str] = {
    "Assessment": "assessments/{id}",
    "Referral": "referrals/{id}",
    "Decision": "decisions/{id}",
    "Offer": "offers/{id}",
    "Contract": "contracts/{id}",
    "Obligation": "obligations/{id}/follow-up",
    "Incident": "incidents/{id}",
    "Ladder": "ladders/{id}",
    "Letter": "letters/{id}",
    "ServiceClock": "clocks/{id}",
    "Takeover": "takeovers/{id}",
    "Unit": "units/{id}",
    "Household": "households/{id}",
    "Case": "cases/{id}",
}


#: Subjects that stand on the page of a case's circle, of what was told, of its follow-ups.
_CIRCLES = ("CaseCircle", "CaseOpening")
_TOLD = ("SecrecyConsent", "SecrecyDisclosure")
_FOLLOWED = ("FollowUp", "SupportPlan", "MissedFollowUp", "FilledChecklist", "ObligationPause")


def place_of(subject_type: str, subject_id: str, case_id: str) -> str:
    """The page of what a task or notice is about; the case's where it has none of its own."""
    if subject_type in _FOLLOWED:
        return f"cases/{case_id}/follow-ups"
    if subject_type in _CIRCLES:
        return f"cases/{case_id}/circle"
    if subject_type in _TOLD:
        return f"cases/{case_id}/disclosures"
    if subject_type == "RenewedNeed":
        return f"cases/{case_id}/support-again"
    return PLACES.get(subject_type, f"cases/{case_id}").format(id=subject_id)


def _to(case: Mapping[str, Any], rows: str, *states: str) -> str | None:
    found = [row["id"] for row in case[rows] if row["state"] in states]
    return f"{rows}/{found[-1]}" if found else None


def _next_obligation(case: Mapping[str, Any]) -> str | None:
    for row in case["obligations"]:
        if row["state"] == "open":
            return f"obligations/{row['id']}/follow-up"
    return None
