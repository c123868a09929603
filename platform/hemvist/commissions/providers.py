"""Support providers of the kommun, and how the running commissions are shared among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from hemvist.commissions.models import Commission
from hemvist.identity.support_providers import SupportProvider
from hemvist.tenancy import TenantSession

#: A commission that takes a place at its provider.
RUNNING = ("draft", "sent")


@dataclass(frozen=True, slots=True)
class Share:
    """A provider's running commissions, and their share of all in whole percent (None of none)."""

    provider: SupportProvider
    running: int
    percent: int | None


def providers(session: TenantSession, *, active: bool = True) -> Sequence[SupportProvider]:
    """The kommun's providers, its own first; with ``active`` those that take new commissions."""
    chosen = select(SupportProvider).order_by(SupportProvider.regime, SupportProvider.code)
    if active:
        chosen = chosen.where(SupportProvider.active)
    return session.scalars(chosen).all()


def shares(session: TenantSession) -> list[Share]:
    """How the running commissions of the whole kommun are shared (volymfördelning). Figures only."""
    session.flush()
    counted: dict[UUID, int] = {
        provider: count
        for provider, count in session.execute(
            select(Commission.provider_id, func.count())
            .where(Commission.state.in_(RUNNING))
            .group_by(Commission.provider_id)
        )
        if provider is not None
    }
    total = sum(counted.values())
    return [
        Share(
            one,
            counted.get(one.id, 0),
            round(100 * counted.get(one.id, 0) / total) if total else None,
        )
        for one in providers(session, active=False)
    ]
