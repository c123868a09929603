"""Kinds of rows as people count them: a thinning takes rows from a hundred tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

#: Kind → tables, in the order in which they are shown. A test holds it against what thinning takes.
KINDS: Mapping[str, tuple[str, ...]] = {
    "cases": (
        *("cases", "case_events", "case_disclosures", "migrated_cases", "simulation_changes"),
        *("authority_form_lines", "indicator_facts"),
    ),
    "households": ("households", "household_members", "persons", "address_reveals"),
    "inquiries": (
        *("answers", "assessments", "evaluations", "filled_checklists", "home_exclusions"),
        *("home_needs", "milestones", "referral_signatures", "referrals", "renewed_needs"),
    ),
    "decisions": ("appeals", "decisions", "tenure_waivers"),
    "offers": (
        *("match_ranks", "offers", "landlord_offers", "landlord_times", "presented_households"),
        *("landlord_disclosures", "landlord_name_consents"),
    ),
    "contracts": (
        *("contract_notices", "contract_parties", "contracts", "inspection_files", "inspections"),
        *("key_movements", "takeover_replies", "takeover_shown", "takeover_steps", "takeovers"),
        *("file_bytes", "recovery_periods"),
    ),
    "guarantees": (
        *("claim_file_bytes", "claim_files", "guarantee_claims", "guarantee_entries"),
        *("guarantee_postings", "guarantee_recourses", "guarantee_write_offs", "guarantees"),
    ),
    "rents": (
        *("arrears_rows", "instalment_plans", "rent_accounts", "rent_changes", "rent_liabilities"),
        *("rent_months", "prevention_contacts", "prevention_entries"),
    ),
    "incidents": (
        *("absences", "evictions", "incident_actions", "incident_feedbacks", "incidents"),
        *("joint_meetings", "ladder_actions", "ladder_steps", "ladders", "landlord_report_words"),
        *("landlord_reports", "service_clocks"),
    ),
    "support": (
        *("commissions", "execution_efforts", "follow_ups", "missed_follow_ups", "obligations"),
        *("obligation_horizons", "obligation_pauses", "plan_goals", "plan_reviews"),
        *("plan_signatures", "support_plans", "support_reports"),
    ),
    "moves": (
        *("handover_handlers", "handover_items", "handover_parcels", "handovers"),
        *("kommun_request_steps", "kommun_requests", "transfer_bans", "transfer_entries"),
        *("transfer_overrides", "transfer_proposals", "transfer_requests"),
    ),
    "secrecy": (
        *("case_circles", "case_openings", "circle_members", "circle_rows"),
        *("secrecy_consents", "secrecy_disclosures", "retention_marks"),
    ),
    "letters": ("documents", "letters", "notices"),
}
_KIND_OF = {table: kind for kind, tables in KINDS.items() for table in tables}


def by_kind(counts: Mapping[str, int]) -> dict[str, int]:
    """Rows by kind, of rows by table; a kind without rows is left out."""
    found: Counter[str] = Counter()
    for table, count in counts.items():
        found[_KIND_OF[table]] += count
    return {kind: found[kind] for kind in KINDS if found[kind]}
