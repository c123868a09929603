"""Who sees which rows, as conditions for the reading declarations.

A row of a case is seen through the case. Whom a case was only disclosed to sees less of it than the
department that has it: what was disclosed is the referral, not the investigation behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    literal,
    not_,
    null,
    or_,
    select,
)

from hemvist.addresses.withholding import unit_withheld, withheld
from hemvist.cases.access import commissioned_to, reading_departments, visible_cases
from hemvist.cases.commissioned import commissioned
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.follow_ups.models import FollowUp
from hemvist.households.access import departments_named
from hemvist.households.models import Person
from hemvist.households.protection import in_clear
from hemvist.identity import Action, Actor, allows
from hemvist.notices.models import Notice
from hemvist.offers.models import Offer
from hemvist.support_plans.models import SupportPlan
from hemvist.units.models import Unit
from hemvist_graphql.seeing import Column, Through

Criterion = Callable[[Actor], ColumnElement[bool]]


def of_own_case(model: Any) -> Through:
    """Condition on ``model``: the actor reads it in the department that has the case."""

    def criterion(actor: Actor) -> ColumnElement[bool]:
        own, _ = reading_departments(actor, Action.CASE_READ)
        if not own:
            return false()
        return exists(
            select(Case.id).where(
                Case.tenant_id == model.tenant_id,
                Case.id == model.case_id,
                Case.department.in_(sorted(own)),
            )
        )

    def left(actor: Actor, case: Column) -> ColumnElement[bool] | None:
        own, disclosed = reading_departments(actor, Action.CASE_READ)
        # Who reads nothing that is disclosed sees the cases of their own departments alone.
        return case("department").in_(sorted(own)) if disclosed else None

    return Through(model.case_id, Case, criterion, left)


def of_visible_case(
    model: Any,
    when_disclosed: ColumnElement[bool] | Criterion | None = None,
    for_provider: Criterion | None = None,
) -> Through:
    """Condition on ``model``: the actor sees its case.

    ``when_disclosed`` is a further condition for those whom the case was only disclosed to.
    ``for_provider`` opens rows to those who give the support in the case on commission: they see no
    case, and nothing of one without it (``hemvist.cases.commissioned``).
    """

    def criterion(actor: Actor) -> ColumnElement[bool]:
        inside = seen_inside(actor)
        if for_provider is None or not commissioned_to(actor, Action.COMMISSION_READ):
            return inside
        return or_(inside, for_provider(actor))

    def seen_inside(actor: Actor) -> ColumnElement[bool]:
        seen = exists(
            select(Case.id).where(
                Case.tenant_id == model.tenant_id, Case.id == model.case_id, visible_cases(actor)
            )
        )
        if when_disclosed is None:
            return seen
        further = when_disclosed(actor) if callable(when_disclosed) else when_disclosed
        return or_(of_own_case(model)(actor), and_(seen, further))

    def left(actor: Actor, case: Column) -> ColumnElement[bool] | None:
        own = of_own_case(model).left(actor, case)
        if when_disclosed is None or own is None:
            return None
        further = when_disclosed(actor) if callable(when_disclosed) else when_disclosed
        return or_(own, further)

    def beside(actor: Actor) -> bool:
        return for_provider is not None and bool(commissioned_to(actor, Action.COMMISSION_READ))

    return Through(model.case_id, Case, criterion, left, beside)


def for_own_department(model: Any, column: Any) -> Callable[[Actor], ColumnElement[Any]]:
    """``column`` for the department that has the case, null for those it was disclosed to."""

    def expression(actor: Actor) -> ColumnElement[Any]:
        return case((of_own_case(model)(actor), column), else_=null())

    return expression


def unmasked(column: Any) -> Callable[[Actor], ColumnElement[Any]]:
    """A column of ``Person``; null outside the person's own department for who is protected, or
    lives or has lived with somebody who is.

    Not known to be unprotected counts as protected (OSL 21:3, 22:1; SFS 1991:481 section 16).
    """

    def expression(actor: Actor) -> ColumnElement[Any]:
        clear = in_clear(today())
        inside = sorted(departments_named(actor))
        if inside:
            # First what costs nothing.
            clear = or_(Person.department.in_(inside), clear)
        return case((clear, column), else_=null())

    return expression


def unless_withheld(column: Any, instead: str = "") -> Callable[[Actor], ColumnElement[Any]]:
    """A column of ``Unit`` that tells where it lies; ``instead`` where the address is withheld."""

    def expression(actor: Actor) -> ColumnElement[Any]:
        return case((withheld(actor), literal(instead, Text())), else_=column)

    return expression


def unless_unit_withheld(
    model: Any, column: Any, instead: str | None = ""
) -> Callable[[Actor], ColumnElement[Any]]:
    """The same of a ``model`` that tells where its unit lies; null where ``instead`` is None."""

    def expression(actor: Actor) -> ColumnElement[Any]:
        hidden = unit_withheld(model.tenant_id, model.unit_id, actor)
        if instead is None:
            return case((not_(hidden), column), else_=null())
        return case((hidden, literal(instead, Text())), else_=column)

    return expression


def of_shown_unit(model: Any) -> Criterion:
    """Condition on ``model``, such as a picture: the actor sees its unit, and where it lies."""

    def criterion(actor: Actor) -> ColumnElement[bool]:
        hidden = unit_withheld(model.tenant_id, model.unit_id, actor)
        return and_(of_visible_unit(model)(actor), not_(hidden))

    return criterion


def shared_follow_up(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``FollowUp``: a department that the actor reads disclosed cases in took part."""
    _, disclosed = reading_departments(actor, Action.CASE_READ)
    theirs = cast(sorted(disclosed), ARRAY(Text))
    return FollowUp.departments.op("&&", is_comparison=True)(theirs)


def plan_of_shared_follow_up(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``SupportPlan``: drawn up at a follow-up in which their department took part."""
    return exists(
        select(FollowUp.id).where(
            FollowUp.tenant_id == SupportPlan.tenant_id,
            FollowUp.plan_id == SupportPlan.id,
            shared_follow_up(actor),
        )
    )


def of_visible_unit(model: Any) -> Through:
    """Condition on ``model``: the actor sees its unit."""

    def criterion(actor: Actor) -> ColumnElement[bool]:
        return exists(
            select(Unit.id).where(
                Unit.tenant_id == model.tenant_id, Unit.id == model.unit_id, visible_units(actor)
            )
        )

    return Through(model.unit_id, Unit, criterion)


def visible_units(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``Unit``: the right to all units, or one that was offered in a visible case."""
    if allows(actor, Action.UNIT_READ):
        return Unit.id.is_not(None)
    return exists(
        select(Offer.id).where(
            Offer.tenant_id == Unit.tenant_id,
            Offer.unit_id == Unit.id,
            of_visible_case(Offer)(actor),
        )
    )


def addressed_notices(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``Notice``: given to a role that the actor holds, about a case they see, and
    not of the actor's own act."""
    held = [
        and_(Notice.role == membership.role.value, Notice.department == membership.department)
        for membership in actor.memberships
    ]
    if not held:
        return false()
    others = Notice.caused_by.is_distinct_from(actor.principal_id)
    return and_(or_(*held), others, of_visible_case(Notice)(actor))


def for_those_who_read_households(column: Any) -> Callable[[Actor], ColumnElement[Any]]:
    """``unmasked``, and null for whoever knows the person by a commission alone."""
    # Of the column's type: what has none no plan can read.
    nothing: ColumnElement[Any] = cast(null(), column.type)

    def expression(actor: Actor) -> ColumnElement[Any]:
        return unmasked(column)(actor) if allows(actor, Action.HOUSEHOLD_READ) else nothing

    return expression


def duties_of_provider(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``Obligation``: the support staff's, in a case whose support is the actor's."""
    theirs = Obligation.by.op("@>", is_comparison=True)(cast(["support_worker"], ARRAY(Text)))
    return and_(commissioned(actor, Obligation), theirs)


def plans_of_provider(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``SupportPlan``: what the actor works by, or is making; not what was before."""
    return and_(commissioned(actor, SupportPlan), SupportPlan.state.in_(("draft", "agreed")))


def visits_of_provider(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``FollowUp``: the actor's own staff took part, in a case whose support is theirs."""
    codes = cast(sorted(commissioned_to(actor, Action.COMMISSION_READ)), ARRAY(Text))
    return and_(
        commissioned(actor, FollowUp), FollowUp.departments.op("&&", is_comparison=True)(codes)
    )


def reads_as_owner(actor: Actor, department: str) -> bool:
    """Whether the actor reads the cases of ``department`` as one who has them."""
    return department in reading_departments(actor, Action.CASE_READ)[0]
