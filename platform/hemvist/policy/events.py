"""What happens in a case, in the core's words; packs anchor and order by them, and invent none."""

from __future__ import annotations

#: Events without a form of their own, which a person records where a programme has them.
MILESTONES = (
    *("advance_notice_given", "information_meeting_held", "planning_started"),
    *("planning_meeting_held", "support_assigned", "inspection_done", "reconciliation_held"),
    *("lease_taken_over", "support_ended", "notice_given", "keys_returned"),
)
#: What happens in a case. Anchors of obligations and events of transitions; the core owns them.
EVENTS = (
    *("case_opened", "support_granted", "support_refused", "right_ended"),
    *("referral_submitted", "referral_returned", "referral_registered", "referral_extended"),
    *("referral_expired", "referral_withdrawn", "offer_made", "offer_accepted", "offer_declined"),
    *("viewing_booked", "contract_signed", "guarantee_issued", "decision_granted"),
    *("decision_refused", "moved_in", "follow_up_recorded", "plan_signed", "follow_up_ended"),
    *("follow_up_reopened", "guarantee_reassessed", "guarantee_ended", "contract_ended"),
    *("visit_missed", "visit_impossible", "home_visit_held"),
    *("incident_reported", "incident_closed"),
    *("arrears_registered", "arrears_settled", "liability_assumed"),
    *("commission_sent", "support_report_received", "plan_reviewed"),
    "case_closed",
    # The ladder of a tenancy in trouble.
    *("demand_sent", "board_notified", "action_plan_made", "notice_taken_back"),
    *("eviction_applied", "eviction_dated", "moved_out"),
    *MILESTONES,
)
#: What somebody reports about a home and that starts a clock of service. ``problem_reported`` is a
#: problem of any kind that the landlord reports.
INCIDENTS = (
    *("problem_reported", "disturbance_reported", "complaint_received", "rent_unpaid"),
    *("demand_sent", "notice_given", "absence_reported", "eviction_applied", "eviction_dated"),
)
