"""What tests tell of a household: answers that entitle it, a referral that is whole, a plan."""

from __future__ import annotations

from typing import Any

from hemvist.assessments.service import NewAnswer


def answers(department: str, *, children: bool = False, **changes: Any) -> list[NewAnswer]:
    """Answers that make a household entitled in ``department``; ``changes`` overrides values."""
    given: dict[str, Any] = {
        "current_housing": "no_home",
        "lacks_roof": True,
        "has_own_contract": False,
        "need_met_otherwise": False,
        "assistance_reasonable": True,
        "manages_home": "with_support",
        "combined_difficulties": True,
        "debts_ore": 0,
        "own_ways_exhausted": True,
        "searched_other_kommuner": True,
        "searched_second_hand": True,
        "has_guarantor": False,
        "vulnerable_groups": ["family_measures"] if children else ["addiction"],
        "has_contact_children": False,
        "manages_first_hand_lease": True,
        "needs_adapted_home": False,
        "has_unsuitable_area": False,
        "has_other_contacts": False,
    }
    if department == "AMF":
        given |= {
            "has_economic_assistance": True,
            "homeless_for_economic_reasons": True,
            "lacks_economic_means": True,
            "needs_extensive_support": False,
        }
    if children:
        given |= {
            "child_perspective_weighed": True,
            "child_consequences_weighed": True,
            "child_needs_weighed": True,
        }
    given |= changes
    return [NewAnswer(fact, value, "Bedömt i samtal.", "samtal") for fact, value in given.items()]


def content(*, children: bool = False) -> dict[str, Any]:
    """Referral content that is whole but for what the decision fills in."""
    filled = {
        "household": "Ensamstående vuxen.",
        "home_size": "Ett rum och kök.",
        "present_housing": "Sover hos bekanta.",
        "housing_history": "Hade hyresrätt till 2023.",
        "housing_support": "Boendestöd två gånger i veckan.",
        "means_of_support": "Sjukersättning.",
        "debt_picture": "Inga skulder.",
    }
    return filled | ({"school": "Klass 4, trivs."} if children else {})


PLAN: dict[str, Any] = {
    "way_forward": "Söka bostad hos två värdar i månaden.",
    "to_work_on": "Sköta tvättstugan.",
    "support_needs": "Påminnelser om räkningar.",
    "matches_decision": True,
    "goal_own_lease": True,
    "sub_goals": "Betalplan klar till våren.",
    "follow_up_how": "Hembesök.",
    "follow_up_when": "Var tredje månad.",
    "housing_support": "Boendestöd en gång i veckan.",
}
