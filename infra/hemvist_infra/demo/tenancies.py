"""Flats of the demo outside the kommun whose cases go the whole way: who has lived there, and how long.

One line is one household: the programme, the answers that entitle it, what the referral and the
contract hold, and where the way to a lease of its own stands today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: The waiver of tenure in the form of the law (JB 12:45 a); ``months`` is set by each line.
_WAIVER = {
    "own_document": True,
    "needs_approval": True,
    "approved": True,
    "approval_number": "1234-25",
    "months": 36,
    "block_letting": False,
}
_HOME = {"household": "En vuxen.", "home_needed": "Ett rum och kök."}


@dataclass(frozen=True, slots=True)
class PlannedTenancy:
    """One household in a flat.

    ``months`` and ``days`` since the contract was signed, a week before moving in. ``milestones``
    are days before signing → what was recorded then. A term that is None is the day it ends.
    ``later`` are answers given in the flat. ``absence`` is days after moving in and how many days.
    ``takeover`` is how far it has come: asked, refused, done, or nothing. ``support`` is by whom it is
    given on commission: own or procured; ``home`` what happens in the flat (``lives``).
    """

    department: str
    programme: str
    months: int
    answers: Mapping[str, Any]
    content: Mapping[str, Any]
    days: int = 0
    contract: Mapping[str, Any] = field(default_factory=dict)
    contract_months: int | None = None
    resident_signs: bool = True
    milestones: Mapping[int, str] = field(default_factory=dict)
    later: Mapping[str, Any] = field(default_factory=dict)
    absence: tuple[int, int] | None = None
    takeover: str = ""
    support: str = ""
    home: str = ""
    housing_decision: bool = True


_GOTEBORG_APPLICANT: Mapping[str, Any] = {
    "known_to_social_services": True,
    "applies_for_home": True,
    "right_investigated": True,
    "support_needs_investigated": True,
    "far_from_housing_market": True,
    "current_situation": "acute",
    "long_homelessness": True,
    "soon_situation_1_or_2": False,
    "alcohol_or_drug_misuse": True,
    "mental_ill_health": False,
    "wants_rental_flat": True,
    "accepts_support_in_flat": True,
    "tenant_undertakings": ["pay_rent", "care_for_flat", "not_disturb"],
    "consent_parties": [
        *("social_services", "support_staff", "development_administration", "property_owner"),
    ],
    "near_violence": False,
    "high_overdose_risk": False,
    "high_suicide_risk": False,
    "neighbour_safety_weighed": True,
    "staff_safety_weighed": True,
    "best_match": True,
    "flat_expected_in_time": True,
    "accepts_conditions": True,
    "provider_can_meet_needs": "alone",
}
_GOTEBORG_MANAGED: Mapping[str, Any] = {
    "rent_paid_months": 18,
    "pays_rent_independently": True,
    "neighbours_undisturbed": True,
    "joint_inspection_done": True,
    "flat_well_cared_for": True,
}


def _goteborg(months: int, department: str, **more: Any) -> PlannedTenancy:
    values: dict[str, Any] = {
        "department": department,
        "programme": "bostad_forst",
        "months": months,
        "answers": _GOTEBORG_APPLICANT,
        "content": {
            "filled_in_together": True,
            "target_group": "Akut hemlös sedan flera år, missbruk.",
            "support_needs": "Stöd i hemmet varje vecka.",
            "safety": "Inga kända risker.",
            "why_best": "Vill ha en egen lägenhet och stöd.",
            "consent": True,
        },
        "contract": {
            "terms": {"informed_of_duties": True},
            "waiver": {**_WAIVER, "months": 24},
            "went_on_because": "Rutinens tid står i avtalet; lagens tid gäller.",
        },
        "resident_signs": False,
        "milestones": {75: "advance_notice", 70: "information_meeting", 28: "phase_1"},
        "later": _GOTEBORG_MANAGED if months >= 18 else {},
    }
    return PlannedTenancy(**(values | more))


_VASTERAS: Mapping[str, Any] = {
    "homeless": True,
    "cannot_get_flat_ordinarily": True,
    "needs_support_and_follow_up": True,
    "newly_arrived_refugee": False,
    "former_misuse": True,
    "problems_bar_tenancy": False,
}
_STOCKHOLM: Mapping[str, Any] = {
    "difficulties": ["harmful_use"],
    "long_standing": True,
    "in_exit_programme": False,
    "needs_support_in_home": True,
    "needs_extensive_support": True,
    "manages_with_support": True,
    "needed_for_reasonable_living": True,
    "own_ways_exhausted": True,
    "market_weighed": False,
    "homelessness_only": False,
    "has_children_elsewhere": False,
    "boendestod_granted": True,
    "conditions_in_decision": [],
    "change_described": True,
}


def _vasteras(months: int, **later: Any) -> PlannedTenancy:
    return PlannedTenancy(
        "SKV",
        "training_flat",
        months,
        _VASTERAS,
        {
            **_HOME,
            "reasons": "Får inte hyra på egen hand.",
            "investigation": "Klarar ett eget boende med stöd.",
            "city_area": "Bäckby",
        },
        days=20,
        contract={"went_on_because": "Rapportens dygn står i avtalet; lagens tid gäller."},
        later=later,
    )


def _stockholm(programme: str, months: int, **terms: Any) -> PlannedTenancy:
    trainee = {"training_purpose": "limited_time", "chain_situation": "no_chain"}
    return PlannedTenancy(
        "SDN-BIST",
        programme,
        months,
        {**_STOCKHOLM, **(trainee if programme == "training_flat" else {})},
        {
            "decision": "Lägenhet med boendestöd.",
            "home_need": "Ett rum och kök.",
            "boendestod": True,
        },
        contract={"terms": {"informed_of_link": True, "fixed_term_until": None, **terms}},
        contract_months=12,
        resident_signs=False,
        housing_decision=False,
    )


TENANCIES: Mapping[str, tuple[PlannedTenancy, ...]] = {
    "goteborg": (
        _goteborg(19, "SF-SV"),
        _goteborg(15, "SF-SV", absence=(60, 40)),
        _goteborg(19, "SF-H", takeover="asked"),
        _goteborg(19, "SF-SV", takeover="refused"),
        _goteborg(19, "SF-NO", takeover="done"),
        _goteborg(2, "SF-SV", support="own", home="supported"),
        _goteborg(3, "SF-SV", support="own", home="ladder"),
        _goteborg(1, "SF-H", support="procured", home="demanded"),
    ),
    "karlstad": (
        PlannedTenancy(
            "ASF",
            "social_contract",
            12,
            {"barred_from_market": True},
            {**_HOME, "reasons": "Får inte hyra på egen hand."},
            days=20,
            contract={"waiver": _WAIVER},
            later={"reconciliation_favours_takeover": True},
            home="reported",
        ),
        PlannedTenancy(
            "ASF",
            "hyresgaranti",
            5,
            {"has_income_support": True, "debts_ore": 640_000},
            {**_HOME, "reasons": "Får inget kontrakt utan garanti."},
            contract={"guarantee_months": 12},
        ),
    ),
    "norrkoping": (
        PlannedTenancy(
            "SOC",
            "municipal_contract",
            14,
            {"target_groups": ["unaccompanied_young"], "has_income": False},
            {**_HOME, "reasons": "Måste lämna mottagandet."},
        ),
        PlannedTenancy(
            "SOC",
            "three_month_agreement",
            0,
            {"target_groups": ["unaccompanied_young"], "has_income": False},
            {**_HOME, "reasons": "Måste lämna mottagandet."},
            days=20,
            contract={
                "terms": {
                    **{f"signed_by_{one}": True for one in ("landlord", "tenant", "kommun")},
                    "open_cards_consent": True,
                },
                "waiver": {**_WAIVER, "months": 3},
                "guarantee_months": 3,
                "went_on_because": "Kommunen går i borgen enligt modellen.",
            },
            contract_months=3,
        ),
    ),
    "stockholm": (
        _stockholm("trial_flat", 8),
        _stockholm("training_flat", 5, may_be_taken_over=False),
    ),
    "vasteras": (
        _vasteras(13, had_disturbances=False, had_payment_failures=False),
        _vasteras(9),
    ),
}
