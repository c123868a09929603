"""Which homes' addresses are withheld from whom: those that would tell where somebody protected is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select

from hemvist.addresses.models import AddressReveal
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.households.protection import anyone_protected
from hemvist.identity import Actor
from hemvist.offers.models import Offer
from hemvist.units.models import Unit

#: What stands where the address would.
WITHHELD = "Skyddad adress"
#: A flat in one of these has an offer that stands, made or accepted.
_HELD = ("offered", "reserved", "let")


def withheld(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``Unit``: a protected household lives there or is offered it, and the actor has
    not let the address be shown just now.

    Of a flat that a household has taken over, its lease with the kommun has ended and it lives on. Of a
    flat that is held by whom the actor's session cannot see (a closed circle), nothing is told either.
    """
    return or_(
        held_unseen(),
        _of(Offer, _standing(), actor),
        _of(Contract, Contract.end_reason == "taken_over", actor),
    )


def held_unseen() -> ColumnElement[bool]:
    """Condition on ``Unit``: somebody holds it, or is offered it, whom the session does not see."""
    seen = exists(
        select(Offer.id).where(
            Offer.tenant_id == Unit.tenant_id, Offer.unit_id == Unit.id, _standing()
        )
    )
    return and_(Unit.state.in_(_HELD), not_(seen))


def _standing() -> ColumnElement[bool]:
    return and_(Offer.state.in_(("made", "accepted")), Offer.home_free_on.is_(None))


def unit_withheld(tenant_id: Any, unit_id: Any, actor: Actor) -> ColumnElement[bool]:
    """Condition on a row that names a unit by two columns, or none: the unit's address is withheld."""
    return exists(
        select(Unit.id).where(Unit.tenant_id == tenant_id, Unit.id == unit_id, withheld(actor))
    )


def _of(model: Any, held: ColumnElement[bool], actor: Actor) -> ColumnElement[bool]:
    return exists(
        select(model.id)
        .join(Case, and_(Case.tenant_id == model.tenant_id, Case.id == model.case_id))
        .where(
            model.tenant_id == Unit.tenant_id,
            model.unit_id == Unit.id,
            held,
            anyone_protected(Case.tenant_id, Case.household_id, today()),
            not_(_revealed(actor)),
        )
    )


def _revealed(actor: Actor) -> ColumnElement[bool]:
    return exists(
        select(AddressReveal.id).where(
            AddressReveal.tenant_id == Case.tenant_id,
            AddressReveal.principal_id == actor.principal_id,
            AddressReveal.household_id == Case.household_id,
            AddressReveal.ends_at > func.statement_timestamp(),
        )
    )
