"""Who sees which case, as a condition inside the query: never a filter afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar, cast
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, and_, bindparam, exists, false, func, or_, select
from sqlalchemy import cast as sql_cast

from hemvist.cases.checks import require_open
from hemvist.cases.models import Case, CaseDisclosure
from hemvist.errors import NotFound
from hemvist.identity import MATRIX, Action, Actor, Condition, require
from hemvist.tenancy import Base, TenantSession
from hemvist.tenancy.statements import Ask, of_tenant

RowT = TypeVar("RowT", bound=Base)


#: Departments that a case lies open to now, besides its own; asked together with the case.
_DISCLOSED = func.array(
    select(CaseDisclosure.department)
    .where(
        CaseDisclosure.tenant_id == Case.tenant_id,
        CaseDisclosure.case_id == Case.id,
        CaseDisclosure.ended_on.is_(None),
    )
    .distinct()
    .correlate(Case)
    .scalar_subquery(),
    type_=ARRAY(Text()),
)


#: Condition on ``CaseDisclosure``: it was made for a commission of support. A code that a provider
#: happens to share with a department opens nothing that was disclosed to the department.
OF_COMMISSION = CaseDisclosure.fields.op("@>", is_comparison=True)(
    sql_cast(["commission"], ARRAY(Text()))
)


#: ``visible_cases`` with the departments as values, so that it is compiled once.
_VISIBLE = Ask(
    select(*Case.__table__.columns, _DISCLOSED).where(
        Case.tenant_id == of_tenant(),
        Case.id == bindparam("id"),
        or_(
            Case.department == func.any(bindparam("own", type_=ARRAY(Text()))),
            exists(
                select(CaseDisclosure.id).where(
                    CaseDisclosure.tenant_id == Case.tenant_id,
                    CaseDisclosure.case_id == Case.id,
                    CaseDisclosure.department
                    == func.any(bindparam("disclosed", type_=ARRAY(Text()))),
                    CaseDisclosure.ended_on.is_(None),
                )
            ),
            exists(
                select(CaseDisclosure.id).where(
                    CaseDisclosure.tenant_id == Case.tenant_id,
                    CaseDisclosure.case_id == Case.id,
                    CaseDisclosure.department
                    == func.any(bindparam("commissioned", type_=ARRAY(Text()))),
                    CaseDisclosure.ended_on.is_(None),
                    OF_COMMISSION,
                )
            ),
        ),
    )
)


class _OfCase(Protocol):
    case_id: UUID


def reading_departments(actor: Actor, action: Action) -> tuple[frozenset[str], frozenset[str]]:
    """Departments whose own matters the actor reads, and those that read what is disclosed."""
    own: set[str] = set()
    disclosed: set[str] = set()
    for membership in actor.memberships:
        condition = MATRIX[membership.role].get(action)
        if condition in (None, Condition.COMMISSIONED) or not membership.department:
            continue
        own.add(membership.department)
        if condition is Condition.DISCLOSED:
            disclosed.add(membership.department)
    return frozenset(own), frozenset(disclosed)


def commissioned_to(actor: Actor, action: Action) -> frozenset[str]:
    """Codes of the support providers for which the actor takes ``action`` on what they are
    commissioned with."""
    return frozenset(
        membership.department
        for membership in actor.memberships
        if membership.department and MATRIX[membership.role].get(action) is Condition.COMMISSIONED
    )


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``Case``: the actor's own department has it, or it was disclosed to theirs."""
    own, disclosed = reading_departments(actor, Action.CASE_READ)
    ways: list[ColumnElement[bool]] = []
    if own:
        ways.append(Case.department.in_(sorted(own)))
    if disclosed:
        ways.append(
            exists(
                select(CaseDisclosure.id).where(
                    and_(
                        CaseDisclosure.tenant_id == Case.tenant_id,
                        CaseDisclosure.case_id == Case.id,
                        CaseDisclosure.department.in_(sorted(disclosed)),
                        CaseDisclosure.ended_on.is_(None),
                    )
                )
            )
        )
    return or_(*ways) if ways else false()


def disclosed_departments(session: TenantSession, case: Case) -> list[str]:
    """Departments that the case lies open to now, besides its own."""
    return list(
        session.scalars(
            select(CaseDisclosure.department)
            .where(CaseDisclosure.case_id == case.id, CaseDisclosure.ended_on.is_(None))
            .distinct()
        )
    )


def case_for(
    session: TenantSession,
    actor: Actor,
    case_id: UUID,
    action: Action,
    *,
    not_by: Iterable[UUID | None] = (),
) -> Case:
    """The case, if the actor may take ``action`` on it.

    Raises ``NotFound`` when the actor may not even see it, ``NotAllowed`` when the role lacks the
    right.
    """
    if actor.is_system:
        return session.find(Case, case_id)
    own, disclosed = reading_departments(actor, Action.CASE_READ)
    found = _VISIBLE.rows(
        session,
        id=case_id,
        own=sorted(own),
        disclosed=sorted(disclosed),
        # Whoever has the support on commission reads no cases, but does what the role gives on one.
        commissioned=sorted(commissioned_to(actor, action)),
    )
    if not found:
        raise NotFound("Case")
    (*values, departments) = found[0]
    case = session.hold(Case, values)
    require(
        actor,
        action,
        department=case.department,
        disclosed_to=departments,
        not_by=not_by,
    )
    return case


def open_matter(
    session: TenantSession,
    actor: Actor,
    model: type[RowT],
    row_id: UUID,
    action: Action,
    *,
    prepared_by: Callable[[RowT], UUID | None] = lambda _row: None,
) -> tuple[RowT, Case]:
    """A row of an open case and the case, if the actor may take ``action`` on it.

    ``prepared_by`` tells who made the row, for acts that this person may not take. Raises
    ``NotFound`` naming the row's kind, also when it is the case that the actor may not see;
    ``NotAllowed``; ``Conflict`` when the case is closed.
    """
    row = session.find(model, row_id)
    try:
        case = case_for(
            session,
            actor,
            cast(_OfCase, row).case_id,
            action,
            not_by=[person for person in [prepared_by(row)] if person is not None],
        )
    except NotFound as hidden:
        raise NotFound(model.__name__) from hidden
    require_open(case)
    return row, case
