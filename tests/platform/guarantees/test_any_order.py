"""Whatever is done in whatever order, the money adds up."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from hemvist.errors import Conflict, ValidationFailed
from hemvist.guarantees.ledger_models import GuaranteeEntry, GuaranteePosting
from hemvist.guarantees.models import (
    Guarantee,
    GuaranteeClaim,
    GuaranteeRecourse,
    GuaranteeWriteOff,
)
from hemvist_guarantees import (
    CAP,
    claim,
    decide,
    demand,
    give_up,
    guaranteed,
    pay,
    repay,
    settle,
)
from hemvist_world import World

#: Around nothing, around what is there, and beyond the cap.
AMOUNTS = st.one_of(
    st.integers(-1, 2), st.integers(1, CAP // 2), st.sampled_from([CAP - 1, CAP, CAP + 1])
)
NUMBERS = st.integers(0, 5)
REFERENCES = st.sampled_from(["", "", "BG 1", "BG 2"])
_WORLDS: list[World] = []


class Money(RuleBasedStateMachine):
    """One guarantee with random acts on its money; what is refused must leave nothing behind."""

    @initialize()
    def begin(self) -> None:
        self.world = _WORLDS[0]
        self.guarantee: Guarantee = guaranteed(self.world)

    def attempt(self, act: Any, *arguments: Any, **more: Any) -> None:
        with suppress(Conflict, ValidationFailed):
            act(self.world, *arguments, **more)

    def one(self, model: Any, number: int) -> Any:
        rows = self.world.rows(model, guarantee_id=self.guarantee.id)
        return rows[number % len(rows)] if rows else None

    @rule(amount=AMOUNTS)
    def claimed(self, amount: int) -> None:
        self.attempt(claim, self.guarantee, amount)

    @rule(number=NUMBERS, amount=AMOUNTS, refuse=st.booleans())
    def decided(self, number: int, amount: int, refuse: bool) -> None:
        if (row := self.one(GuaranteeClaim, number)) is not None:
            outcome = {"outcome": "refused"} if refuse and amount % 3 == 0 else {}
            self.attempt(decide, row, 0 if outcome else amount, **outcome)

    @rule(number=NUMBERS, amount=AMOUNTS, reference=REFERENCES)
    def paid(self, number: int, amount: int, reference: str) -> None:
        if (row := self.one(GuaranteeClaim, number)) is not None:
            whole = row.approved_ore - row.paid_ore if amount % 2 else amount
            self.attempt(pay, row, whole, reference=reference)

    @rule(amount=AMOUNTS)
    def demanded(self, amount: int) -> None:
        now = self.world.again(self.guarantee)
        left = now.paid_ore - now.demanded_ore
        self.attempt(demand, self.guarantee, left if amount % 2 else amount)

    @rule(number=NUMBERS, amount=AMOUNTS, reference=REFERENCES)
    def repaid(self, number: int, amount: int, reference: str) -> None:
        if (row := self.one(GuaranteeRecourse, number)) is not None:
            self.attempt(repay, row, amount, reference=reference)

    @rule(number=NUMBERS, amount=AMOUNTS)
    def given_up(self, number: int, amount: int) -> None:
        if (row := self.one(GuaranteeRecourse, number)) is not None:
            self.attempt(give_up, row, amount)

    @rule(number=NUMBERS, outcome=st.sampled_from(["granted", "refused"]))
    def settled(self, number: int, outcome: str) -> None:
        if (row := self.one(GuaranteeWriteOff, number)) is not None:
            self.attempt(settle, row, outcome)

    @invariant()
    def adds_up(self) -> None:
        if not hasattr(self, "guarantee"):
            return
        row = self.world.again(self.guarantee)
        lines = self.world.rows(GuaranteePosting, guarantee_id=row.id)
        on: dict[str, int] = {}
        per: dict[Any, int] = {}
        for line in lines:
            on[line.account] = on.get(line.account, 0) + line.amount_ore
            per[line.entry_id] = per.get(line.entry_id, 0) + line.amount_ore
        assert set(per.values()) <= {0}
        # With its bank side it is nothing, and so is every account's share of it.
        assert sum(on.values()) == 0
        assert on.get("bank", 0) == row.recovered_ore - row.paid_ore
        assert on.get("household", 0) == row.demanded_ore - row.recovered_ore - row.written_off_ore
        assert on.get("loss", 0) == row.written_off_ore
        assert on.get("household", 0) >= 0
        assert 0 <= row.paid_ore <= row.approved_ore <= row.cap_ore
        asked = self.world.rows(GuaranteeClaim, guarantee_id=row.id)
        owed = self.world.rows(GuaranteeRecourse, guarantee_id=row.id)
        assert sum(one.approved_ore for one in asked) == row.approved_ore
        assert sum(one.paid_ore for one in asked) == row.paid_ore
        assert sum(one.amount_ore for one in owed) == row.demanded_ore
        for one in owed:
            left = one.amount_ore - one.paid_ore - one.written_off_ore
            assert left >= 0
            assert (one.state == "settled") == (left == 0)
        entered = self.world.rows(GuaranteeEntry, guarantee_id=row.id)
        assert len(lines) == 2 * len(entered)


@pytest.mark.timeout(300)
def test_money_adds_up_whatever_is_done(world: World) -> None:
    _WORLDS[:] = [world]
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
