"""Rent guarantees: given, in force, called on, and what the state grants for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from hemvist.authority_forms.rules.scope import Found, Scope
from hemvist.cases.models import Case
from hemvist.guarantees import grants as state_grants
from hemvist.guarantees.ledger_models import GuaranteeEntry
from hemvist.guarantees.models import Guarantee


def guarantees_issued(scope: Scope, given: Mapping[str, Any]) -> Iterator[Found]:
    """Guarantees given in these days."""
    for one in _guarantees(
        scope, given["kinds"], Guarantee.issued_on.between(scope.first, scope.last)
    ):
        yield Found(one.case_id, one.id, one.issued_on)


def guarantees_running(scope: Scope, given: Mapping[str, Any]) -> Iterator[Found]:
    """Guarantees that hold on the last day."""
    chosen = (
        Guarantee.starts_on <= scope.last,
        # One that nobody has ended yet holds no longer than its own period.
        Guarantee.ends_on > scope.last,
        or_(Guarantee.ended_on.is_(None), Guarantee.ended_on > scope.last),
    )
    for one in _guarantees(scope, given["kinds"], *chosen):
        yield Found(one.case_id, one.id, one.starts_on)


def guarantees_paid(scope: Scope, given: Mapping[str, Any]) -> Iterator[Found]:
    """Guarantees on which something was paid in these days, what was reversed taken off; öre."""
    rows = scope.session.execute(
        select(
            Guarantee.case_id,
            Guarantee.id,
            func.max(GuaranteeEntry.booked_on),
            func.sum(GuaranteeEntry.amount_ore),
        )
        .join(
            GuaranteeEntry,
            (GuaranteeEntry.tenant_id == Guarantee.tenant_id)
            & (GuaranteeEntry.guarantee_id == Guarantee.id),
        )
        .join(Case, (Case.tenant_id == Guarantee.tenant_id) & (Case.id == Guarantee.case_id))
        .where(
            scope.cases(),
            Guarantee.kind.in_(given["kinds"]),
            GuaranteeEntry.kind == "payment",
            GuaranteeEntry.booked_on.between(scope.first, scope.last),
        )
        .group_by(Guarantee.case_id, Guarantee.id)
        .order_by(Guarantee.id)
    )
    for case_id, guarantee_id, day, paid in rows:
        if paid > 0:
            yield Found(case_id, guarantee_id, day, int(paid))


def grants(scope: Scope, given: Mapping[str, Any]) -> Iterator[Found]:
    """Guarantees of which the law says ``outcome`` about the state grant, with what is applied with.

    What was applied for before these days is no more to be applied for.
    """
    earlier = given.get("earlier", False)
    for guarantee, made in scope.once(f"grants {earlier}", lambda: _applications(scope, earlier)):
        if made.outcome != given["outcome"]:
            continue
        if given.get("lacking") and not made.lacking:
            continue
        yield Found(
            guarantee.case_id,
            guarantee.id,
            guarantee.issued_on,
            made.amount_ore if given.get("amount") == "grant" else 1,
            {name: _plain(value) for name, value in made.fields.items()},
        )


def _applications(scope: Scope, earlier: bool) -> list[tuple[Guarantee, state_grants.Application]]:
    if earlier:
        since = scope.first - timedelta(days=scope.form.settings["max_days_before"])
        chosen = (
            Guarantee.issued_on.between(since, scope.first - timedelta(days=1)),
            or_(Guarantee.grant_applied_on.is_(None), Guarantee.grant_applied_on > scope.last),
        )
    else:
        chosen = (
            Guarantee.issued_on.between(scope.first, scope.last),
            or_(Guarantee.grant_applied_on.is_(None), Guarantee.grant_applied_on >= scope.first),
        )
    return [
        (one, state_grants.application(scope.session, one, one.issued_on))
        for one in _guarantees(scope, ("guarantee",), *chosen)
    ]


def _guarantees(scope: Scope, kinds: Any, *chosen: ColumnElement[bool]) -> list[Guarantee]:
    return list(
        scope.session.scalars(
            select(Guarantee)
            .join(Case, (Case.tenant_id == Guarantee.tenant_id) & (Case.id == Guarantee.case_id))
            .where(scope.cases(), Guarantee.kind.in_(kinds), *chosen)
            .order_by(Guarantee.issued_on, Guarantee.id)
        )
    )


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int)) else str(value)
