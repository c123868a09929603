"""Extending, changing and ending an earlier decision, and the guard around favourable ones.

A favourable decision is altered to the person's disadvantage only on a ground that the law knows
(FL 37 §; SoL 14:9 for open-ended ones from 2025-07-01; HFD 2019:63 where the need has ceased), and
only after the person has been told what it would rest on (FL 25 §).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hemvist.cases.models import Case
from hemvist.decisions.models import ALTER_GROUNDS, ALTERING, Decision
from hemvist.errors import Conflict, NotFound, Problem
from hemvist.identity import Actor
from hemvist.policy.legal import law_pack
from hemvist.tenancy import TenantSession

#: What somebody does when a right has ended, in the same transaction.
Reaction = Callable[[TenantSession, Actor, Case, Decision, date], None]

_REACTIONS: list[Reaction] = []
#: Kinds whose end is the end of the right to housing; of others only a measure ends.
RIGHTS = ("support_to_obtain_housing", "housing")


def when_right_ends(react: Reaction) -> Reaction:
    """Register what a later step of the case's life does when a right ends (``decision``: which)."""
    _REACTIONS.append(react)
    return react


def tell_that_right_ended(
    session: TenantSession, actor: Actor, case: Case, decision: Decision, on: date
) -> None:
    """Let every later step react."""
    for react in _REACTIONS:
        react(session, actor, case, decision, on)


@dataclass(frozen=True, slots=True)
class Alteration:
    """What an extension, a change or an end says besides what every decision says."""

    alters_id: UUID | None = None
    ground: str = ""
    disadvantage: bool = False
    told_on: date | None = None


def altered_by(session: TenantSession, case: Case, kind: str, said: Alteration) -> Decision | None:
    """The decision that is altered, or None for kinds that alter none.

    Raises ``ValidationFailed`` (by the caller, from ``check``), ``NotFound`` for one of another case,
    ``Conflict`` for one that is no granted decision or has ended.
    """
    if kind not in ALTERING or said.alters_id is None:
        return None
    found = session.get(Decision, (session.tenant_id, said.alters_id))
    if found is None or found.case_id != case.id:
        raise NotFound("Decision")
    require_alterable(found)
    return found


def require_alterable(altered: Decision) -> None:
    """Raise ``Conflict`` unless it is a granted decision of its own that still runs."""
    if altered.state != "decided" or altered.outcome != "granted" or altered.kind in ALTERING:
        raise Conflict("not_alterable", "only a granted decision is extended, changed or ended")
    if altered.ended_on is not None:
        raise Conflict("already_ended", "the right has ended", ended_on=str(altered.ended_on))


def runs_until(session: TenantSession, decision: Decision) -> date | None:
    """Last day of the decision's period, as extended or changed; None when it is open-ended."""
    if decision.altered_by_id is None:
        return decision.valid_until
    return session.find(Decision, decision.altered_by_id).valid_until


def check(
    session: TenantSession,
    kind: str,
    outcome: str,
    said: Alteration,
    altered: Decision | None,
    start: date,
    end: date | None,
    on: date,
) -> list[Problem]:
    """What is wrong with an alteration; nothing may be said of one in kinds that alter none."""
    if kind not in ALTERING:
        if said != Alteration():
            return [Problem("altersId", "alters_none", "this kind of decision alters no other")]
        return []
    if altered is None:
        return [Problem("altersId", "required", "name the decision that is altered")]
    problems: list[Problem] = []
    now_until = runs_until(session, altered)
    if kind == "end" and outcome == "refused":
        problems.append(Problem("outcome", "end_is_granted", "an end is decided or not proposed"))
    if start < altered.valid_from:
        problems.append(
            Problem("validFrom", "too_early", "before the decision that it alters began")
        )
    if kind == "extension" and outcome == "granted":
        if now_until is None:
            problems.append(Problem("altersId", "open_ended", "it runs until further notice"))
        elif end is not None and end <= now_until:
            problems.append(
                Problem("validUntil", "no_extension", f"it runs until {now_until} already")
            )
    if outcome == "granted" and (said.disadvantage or kind == "end"):
        problems += _check_disadvantage(said, altered, now_until, on)
    return problems


def _check_disadvantage(
    said: Alteration, altered: Decision, now_until: date | None, on: date
) -> list[Problem]:
    if said.ground not in ALTER_GROUNDS:
        return [Problem("alterGround", "required", "on which ground", {"allowed": ALTER_GROUNDS})]
    problems: list[Problem] = []
    if said.ground == "reservation" and not altered.reservation:
        problems.append(Problem("alterGround", "no_reservation", "the decision made none"))
    if said.ground == "open_ended":
        since = law_pack().param("open_ended_change_from", on)
        assert isinstance(since, date)
        if now_until is not None or on < since:
            problems.append(
                Problem("alterGround", "not_open_ended", f"for open-ended decisions, from {since}")
            )
    if said.ground in ("own_request", "safety"):
        return problems
    if said.told_on is None:
        problems.append(
            Problem("toldOn", "required", "the day on which the person was told (FL 25 §)")
        )
    elif said.told_on > on or (altered.decided_on and said.told_on < altered.decided_on):
        problems.append(Problem("toldOn", "out_of_range", "between the decision and today"))
    return problems
