"""The portal: every page's routes in one router."""

from __future__ import annotations

from fastapi import APIRouter

from hemvist_portal.routes import (
    appeals,
    assessment_records,
    assessments,
    cases,
    claim_files,
    contract_acts,
    contracts,
    decisions,
    excel,
    filters,
    follow_ups,
    guarantee_acts,
    guarantees,
    households,
    incidents,
    inspection_files,
    ladders,
    letters,
    matching,
    milestones,
    my_day,
    offers,
    policy,
    policy_drafts,
    policy_moves,
    policy_simulations,
    policy_versions,
    presentations,
    referrals,
    start,
    takeovers,
    today,
    unexecuted,
    units,
    visits,
    work,
)

__all__ = ["router"]

#: For the composition root. Comes after every router with addresses of its own (login, API, health),
#: since a kommun's slug is any first part of an address.
router = APIRouter(include_in_schema=False)
for _module in (
    start,
    cases,
    assessments,
    appeals,
    assessment_records,
    decisions,
    # Its addresses below a case name their end.
    matching,
    incidents,
    ladders,
    # Of two that share the beginning of an address, the one that names its end comes first.
    contract_acts,
    inspection_files,
    contracts,
    offers,
    referrals,
    unexecuted,
    presentations,
    units,
    follow_ups,
    visits,
    excel,
    households,
    letters,
    claim_files,
    guarantees,
    guarantee_acts,
    milestones,
    policy,
    policy_drafts,
    policy_moves,
    policy_simulations,
    policy_versions,
    takeovers,
    today,
    work,
    filters,
    my_day,
):
    router.include_router(_module.router)
