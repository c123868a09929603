"""The demo's protected move goes on where it was stopped, and is made once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from hemvist.contracts.models import Contract
from hemvist.handovers.models import Handover
from hemvist.tenancy import Audience, tenant_session
from hemvist.transfers.models import TransferOffer, TransferRequest
from hemvist_infra import demo
from hemvist_infra.demo.people import known_staff
from hemvist_infra.demo.protected_move import FROM, TO, Side, carry_through
from hemvist_tenants import load_tenants
from hemvist_testing import owner_connection

SIZES = {"helsingborg": 16, "karlstad": 6}


class Stop(Exception):
    """The plug was pulled."""


def stopped_after(acts: int, monkeypatch: pytest.MonkeyPatch, seed: Callable[[], object]) -> bool:
    """Pull the plug after so many transactions of the move; whether there were any more."""
    whole, done = Side.act, 0

    def act(side: Side, verb: Callable[..., Any]) -> Any:
        nonlocal done
        done += 1
        if done > acts:
            raise Stop
        return whole(side, verb)

    with monkeypatch.context() as patched:
        patched.setattr(Side, "act", act)
        try:
            seed()
        except Stop:
            return True
    return False


def states(tenant_id: UUID) -> list[tuple[str, ...]]:
    """How the kommun's requests, flats and handovers stand, and the homes of whoever was handed over."""
    with tenant_session(Audience.STAFF, tenant_id) as session:
        handed_over = session.scalars(select(Handover.case_id)).all()
        homes = select(Contract.state).where(Contract.case_id.in_(handed_over))
        questions = (
            *(select(one.state) for one in (TransferRequest, TransferOffer, Handover)),
            homes,
        )
        return [tuple(session.scalars(one)) for one in questions]


@pytest.mark.slow
def test_a_move_that_is_stopped_anywhere_goes_on(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stopped_after(0, monkeypatch, lambda: demo.seed(lambda _done, _total: None, SIZES))
    with owner_connection() as connection:
        ids = dict(connection.execute("SELECT slug, id FROM tenants").fetchall())
    tenants = load_tenants()
    sides = {
        slug: Side(slug, ids[slug], known_staff(tenants[slug], ids[slug])) for slug in (FROM, TO)
    }
    acts = 1
    while stopped_after(acts, monkeypatch, lambda: carry_through(sides)):
        acts += 1
    assert acts > 10
    assert states(ids[FROM]) == [("moved",), ("proposed",), ("moved",), ()]
    assert states(ids[TO]) == [("proposed",), ("taken",), ("moved",), ("signed",)]
    assert not carry_through(sides)
