"""Whether a favourable decision has been carried out, and since when somebody waits (SoL 34:1).

A home carries out a decision on support and on housing; a measure begins when its planning starts or
when somebody notes it. What ends again without another home is an interruption, and the clock runs
from there. A case that goes on in another programme begins anew: the home that it had before carries
out nothing that is granted there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from hemvist.cases.journal import days_by_kind
from hemvist.cases.models import Case, CaseEvent
from hemvist.cases.stage import RESTART
from hemvist.decisions.models import Decision
from hemvist.policy import add_months
from hemvist.policy.legal import law_pack
from hemvist.tenancy import TenantSession

#: Kinds that give somebody something to wait for.
FAVOURABLE = ("support_to_obtain_housing", "housing", "support_measure")
#: Events that carry a decision out.
HOME = ("contract_signed", "guarantee_issued", "moved_in", "lease_taken_over")
MEASURE = ("planning_started", "support_assigned")
#: Events after which there is no home any more.
INTERRUPTION = ("contract_ended", "keys_returned")


def unexecuted_months(on: date) -> int:
    """Months after which a favourable decision counts as not carried out, on a day."""
    months = law_pack().param("unexecuted_months", on)
    assert isinstance(months, int)
    return months


def carried_out_by(kind: str) -> tuple[str, ...]:
    """The events that carry a decision of the kind out."""
    return MEASURE if kind == "support_measure" else HOME


def waiting_since(
    decision: Decision, events: Mapping[str, Sequence[date]], on: date
) -> date | None:
    """The day from which somebody waits for what was granted, as known on the day ``on``.

    ``events`` are the days of the case's events by kind. None when the decision has been carried
    out, has ended or run out, or was not yet made.
    """
    if decision.decided_on is None or decision.decided_on > on:
        return None
    if decision.ended_on is not None and decision.ended_on <= on:
        return None
    if (
        decision.valid_until is not None
        and decision.valid_until < on
        and not decision.altered_by_id
    ):
        return None
    if executed_on(decision, events, on) is not None:
        return None
    broken = None
    if decision.kind != "support_measure":
        broken = _latest(events, INTERRUPTION, on)
    return max(decision.decided_on, broken) if broken else decision.decided_on


def executed_on(decision: Decision, events: Mapping[str, Sequence[date]], on: date) -> date | None:
    """The day it was carried out, as known on the day ``on``; None if not, or no more."""
    done = [_latest(events, carried_out_by(decision.kind), on, _began(decision, events))]
    if decision.executed_on is not None and decision.executed_on <= on:
        done.append(decision.executed_on)
    if decision.contract_id is not None and decision.decided_on and decision.decided_on <= on:
        done.append(decision.decided_on)
    known = [day for day in done if day is not None]
    if not known:
        return None
    if decision.kind == "support_measure":
        return max(known)
    broken = _latest(events, INTERRUPTION, on)
    return None if broken is not None and broken > max(known) else max(known)


class Waiting(NamedTuple):
    """How a case stands: whether anything was granted in it, and since when somebody waits for it."""

    granted: bool
    since: date | None


def waiting_in(session: TenantSession, case: Case, on: date) -> Waiting:
    """How the case's favourable decisions stand on a day; of several that wait the longest counts."""
    rows = session.scalars(
        select(Decision).where(
            Decision.case_id == case.id,
            Decision.state == "decided",
            Decision.outcome == "granted",
            Decision.kind.in_(FAVOURABLE),
            Decision.decided_on <= on,
        )
    ).all()
    if not rows:
        return Waiting(granted=False, since=None)
    events = days_by_kind(session, case)
    waits_since = (waiting_since(one, events, on) for one in rows)
    return Waiting(True, min((day for day in waits_since if day is not None), default=None))


def due_on(since: date) -> date:
    """Last day on which it is carried out in time."""
    return add_months(since, unexecuted_months(since))


class SpecialFee(NamedTuple):
    """The range (öre) in which a court can set the special fee (särskild avgift), and its source."""

    least_ore: int
    most_ore: int
    cite: tuple[str, ...]


def special_fee(since: date, on: date) -> SpecialFee | None:
    """What the kommun risks for what somebody has waited for ``since``; None while it is in time.

    Whether a delay is unreasonable, and what it costs, the authority and a court decide: the law
    names the least and the most (SoL 34:5-7).
    """
    if due_on(since) >= on:
        return None
    law = law_pack()
    least, most = (law.param(f"special_fee_{end}_ore", on) for end in ("least", "most"))
    assert isinstance(least, int)
    assert isinstance(most, int)
    cited = law.params["special_fee_most_ore"].cite
    act = "SoL2025" if on >= _act_from(on) else "SoL2001"
    return SpecialFee(least, most, tuple(one for one in cited if one.startswith(act)))


def _act_from(on: date) -> date:
    first = law_pack().param("sol_2025_from", on)
    assert isinstance(first, date)
    return first


def _began(decision: Decision, events: Mapping[str, Sequence[date]]) -> date:
    """The day the case went over to the programme in which the decision was made."""
    assert decision.decided_on is not None
    return _latest(events, (RESTART,), decision.decided_on) or date.min


def _latest(
    events: Mapping[str, Sequence[date]],
    kinds: Sequence[str],
    on: date,
    since: date = date.min,
) -> date | None:
    days = [day for kind in kinds for day in events.get(kind, ()) if since <= day <= on]
    return max(days, default=None)


# --- the same as conditions of a query, for lists ---------------------------------------------


def _event(kinds: Sequence[str], *more: ColumnElement[bool]) -> ColumnElement[Any]:
    return (
        select(func.max(CaseEvent.occurred_on))
        .where(
            CaseEvent.tenant_id == Decision.tenant_id,
            CaseEvent.case_id == Decision.case_id,
            CaseEvent.kind.in_(kinds),
            *more,
        )
        .correlate(Decision)
        .scalar_subquery()
    )


# Made anew at each call: a statement's parameters are renamed where it is compiled, so no two
# conditions may share one.


def _in_programme() -> ColumnElement[bool]:
    """Condition on an event: since the case went over to the decision's programme, if it did."""
    change = aliased(CaseEvent)
    began = (
        select(func.max(change.occurred_on))
        .where(
            change.tenant_id == Decision.tenant_id,
            change.case_id == Decision.case_id,
            change.kind == RESTART,
            change.occurred_on <= Decision.decided_on,
        )
        .correlate(Decision)
        .scalar_subquery()
    )
    return CaseEvent.occurred_on >= func.coalesce(began, date.min)


def since() -> ColumnElement[Any]:
    """The day from which somebody waits, for a decision that ``waits``."""
    return case(
        (Decision.kind == "support_measure", Decision.decided_on),
        else_=func.greatest(Decision.decided_on, _event(INTERRUPTION)),
    )


def not_carried_out() -> ColumnElement[bool]:
    """Condition: a favourable decision that nothing has carried out and that has not been ended."""
    home, interrupted = _event(HOME, _in_programme()), _event(INTERRUPTION)
    return and_(
        Decision.state == "decided",
        Decision.outcome == "granted",
        Decision.kind.in_(FAVOURABLE),
        Decision.executed_on.is_(None),
        Decision.ended_on.is_(None),
        Decision.contract_id.is_(None),
        case(
            (Decision.kind == "support_measure", _event(MEASURE, _in_programme()).is_(None)),
            else_=or_(home.is_(None), interrupted > home),
        ),
    )


def waits(on: date) -> ColumnElement[bool]:
    """Condition: a favourable decision that holds on the day and that nothing has carried out."""
    return and_(
        not_carried_out(),
        or_(
            Decision.valid_until.is_(None),
            Decision.valid_until >= on,
            Decision.altered_by_id.is_not(None),
        ),
    )


def due_by(from_day: ColumnElement[Any], on: date) -> ColumnElement[Any]:
    """``due_on`` of a column of days, by the law of the day ``on``."""
    return cast(from_day + func.make_interval(0, literal(unexecuted_months(on))), Date)


def late(on: date) -> ColumnElement[bool]:
    """Condition on what ``waits``: longer than the law allows."""
    return due_by(since(), on) < on
