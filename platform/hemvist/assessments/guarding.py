"""Asking the guideline whether an event may happen now: the guard of the stage's transition."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from hemvist.assessments.service import facts_of
from hemvist.cases.journal import kinds_of
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.cases.stage import stage_of
from hemvist.errors import PolicyRefused
from hemvist.policy import Evaluation, GuardRefused, Programme, next_stage
from hemvist.tenancy import TenantSession


def ask_guard(
    session: TenantSession, case: Case, programme: Programme, event: str, on: date
) -> None:
    """Refuse where the stage's transition has a guard that is not true; the case's row is locked.

    Raises ``PolicyRefused`` with the trace.
    """
    stage = stage_of(programme, kinds_of(session, case))
    if stage is None:
        return
    facts = facts_for(session, case, programme, on)
    try:
        next_stage(pack_of(case), programme.id, stage, event, facts, on)
    except GuardRefused as refused:
        raise refused_by(refused.evaluation) from refused


def facts_for(
    session: TenantSession, case: Case, programme: Programme, on: date
) -> dict[str, object]:
    """The case's facts that the pack knows, as of the programme."""
    pack = pack_of(case)
    facts = {**facts_of(session, case, on), "programme": programme.id}
    return {name: value for name, value in facts.items() if name in pack.facts}


def refused_by(said: Evaluation) -> PolicyRefused:
    """The refusal of a rule that is not true, with its trace."""
    return PolicyRefused(
        said.rule,
        f"{said.rule} is {said.outcome}",
        cite=", ".join(said.trace[0].cite),
        trace=cast(list[dict[str, Any]], said.as_json()["trace"]),
    )
