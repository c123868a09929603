"""Which event becomes a notice to whom. Only the fact travels; the portal words it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from hemvist.cases.overdue import OBLIGATION_OVERDUE
from hemvist.deadlines.models import Obligation
from hemvist.follow_ups.models import FilledChecklist, MissedFollowUp
from hemvist.identity import Role
from hemvist.incidents.clock_models import ServiceClock
from hemvist.notices import service as notices
from hemvist.outbox import OutboxEvent
from hemvist.tenancy import Base, TenantSession

#: Told to the department that has the case.
TO_CASE_DEPARTMENT: Mapping[str, Role] = {
    "decision_proposed": Role.DEPARTMENT_MANAGER,
    "referral_returned": Role.CASEWORKER,
    "referral_registered": Role.CASEWORKER,
    "referral_expired": Role.CASEWORKER,
    "decision_returned": Role.CASEWORKER,
    "support_granted": Role.CASEWORKER,
    "support_refused": Role.CASEWORKER,
    "decision_granted": Role.CASEWORKER,
    "decision_refused": Role.CASEWORKER,
    "right_ended": Role.CASEWORKER,
    "decision_extended": Role.CASEWORKER,
    "decision_changed": Role.CASEWORKER,
    "appeal_received": Role.DEPARTMENT_MANAGER,
    "appeal_remanded": Role.DEPARTMENT_MANAGER,
    "offer_made": Role.CASEWORKER,
    "offer_withdrawn": Role.CASEWORKER,
    "offer_expired": Role.CASEWORKER,
    "offer_consequence_overridden": Role.CASEWORKER,
    "contract_signed": Role.CASEWORKER,
    "guarantee_issued": Role.CASEWORKER,
    "guarantee_ended": Role.CASEWORKER,
    "incident_reported": Role.CASEWORKER,
    "incident_closed": Role.CASEWORKER,
    # The landlord has more to say of what it reported.
    "landlord_wrote": Role.CASEWORKER,
    # The copy of a demand to social services (GBG-107), and what the board has to know (LF-12).
    "demand_sent": Role.CASEWORKER,
    "board_notified": Role.CASEWORKER,
    "notice_given": Role.CASEWORKER,
    "joint_meeting_called": Role.CASEWORKER,
    "action_plan_made": Role.CASEWORKER,
    "eviction_applied": Role.CASEWORKER,
    "eviction_dated": Role.CASEWORKER,
    "moved_out": Role.CASEWORKER,
    "new_offer_proposed": Role.DEPARTMENT_MANAGER,
    "arrears_registered": Role.CASEWORKER,
    "recovery_started": Role.CASEWORKER,
    "liability_proposed": Role.DEPARTMENT_MANAGER,
    "liability_decided": Role.CASEWORKER,
    "liability_refused": Role.CASEWORKER,
    # The landlord's side sees that support is needed again (HBG-137).
    "support_need_noticed": Role.CASEWORKER,
    # GBG-36: not the kommun's own provider, so the caseworker chooses; and the month's report.
    "support_routed": Role.CASEWORKER,
    "support_report_received": Role.CASEWORKER,
    # The viewing is the household's day too.
    "landlord_time_agreed": Role.CASEWORKER,
    "landlord_time_withdrawn": Role.CASEWORKER,
}
#: Told to the support staff of that department besides.
TO_SUPPORT_STAFF = frozenset(
    # GBG-108: a copy of the demand, after which they seek contact within a day (GBG-109).
    {"demand_sent", "notice_given", "joint_meeting_called", "action_plan_made"}
)
#: Told to the property departments.
TO_PROPERTY_DEPARTMENTS = frozenset(
    {
        "referral_submitted",
        "referral_withdrawn",
        "referral_expired",
        "offer_accepted",
        "offer_declined",
        "offer_expired",
        "offer_accepted_by_household",
        "next_in_line",
        "decision_granted",
        "decision_refused",
        # HBG-79: the property office is told that the right, and the referral with it, is over.
        "right_ended",
        "joint_meeting_called",
        "action_plan_made",
        "eviction_confirmed",
        "new_offer_granted",
        "new_offer_refused",
        "incident_shared",
        # Who is the landlord knows who follows up.
        "follow_up_ended",
        "follow_up_reopened",
        # GBG-38: the coordinator is told which supplier was chosen.
        "support_provider_chosen",
        "commission_sent",
        "commission_ended",
        # What the landlord itself says of an offer, a choice, a takeover.
        "landlord_time_proposed",
        "landlord_time_agreed",
        "landlord_time_declined",
        "landlord_time_withdrawn",
        "landlord_chose",
        "takeover_answered",
        "takeover_put_off_by_landlord",
    }
)
CLOCK_LATE = "service_clock_late"
#: Told to those whom the guideline names, and to nobody where it names none.
NOT_HELD = frozenset({"visit_missed", "visit_impossible"})
CHECKLIST_SENT = "checklist_sent"
HANDLED = (
    frozenset(TO_CASE_DEPARTMENT)
    | TO_PROPERTY_DEPARTMENTS
    | NOT_HELD
    | {OBLIGATION_OVERDUE, CLOCK_LATE, CHECKLIST_SENT}
)
#: Events whose row names the departments that are told.
_TOLD: Mapping[str, tuple[type[Base], str]] = {
    OBLIGATION_OVERDUE: (Obligation, "departments"),
    CHECKLIST_SENT: (FilledChecklist, "sent_to"),
    **dict.fromkeys(NOT_HELD, (MissedFollowUp, "told")),
}


def give_notice(session: TenantSession, event: OutboxEvent) -> None:
    """Write the notices that ``event`` gives rise to."""
    payload = event.payload
    by = payload.get("by")
    for role, department in _receivers(session, event.type, payload):
        notices.notify(
            session,
            kind=event.type,
            role=role.value,
            department=department,
            case_id=UUID(payload["case_id"]),
            subject_type=payload["subject_type"],
            subject_id=UUID(payload["subject_id"]),
            source_id=event.id,
            caused_by=None if by is None else UUID(by),
        )


def _receivers(
    session: TenantSession, type_: str, payload: Mapping[str, Any]
) -> Iterator[tuple[Role, str]]:
    if type_ in TO_CASE_DEPARTMENT:
        yield TO_CASE_DEPARTMENT[type_], payload["department"]
    if type_ in TO_SUPPORT_STAFF:
        yield Role.SUPPORT_WORKER, payload["department"]
    if type_ in TO_PROPERTY_DEPARTMENTS:
        for department in payload["property_departments"]:
            yield Role.PROPERTY_OFFICER, department
    if type_ in _TOLD:
        row_type, column = _TOLD[type_]
        row = session.find(row_type, UUID(payload["subject_id"]))
        for department in getattr(row, column):
            at_home = department == payload["department"]
            yield Role.CASEWORKER if at_home else Role.PROPERTY_OFFICER, department
    if type_ == CLOCK_LATE:
        # Run out is the manager's to know, whoever had to act.
        yield Role.DEPARTMENT_MANAGER, payload["department"]
        clock = session.find(ServiceClock, UUID(payload["subject_id"]))
        for department in clock.departments:
            at_home = department == payload["department"]
            yield Role.CASEWORKER if at_home else Role.PROPERTY_OFFICER, department
