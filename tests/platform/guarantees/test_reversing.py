"""A mistaken entry is taken back by another, by somebody else, and the ledger stays balanced."""

from __future__ import annotations

import pytest

from hemvist.cases.models import CaseEvent
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.guarantees import reversing
from hemvist.guarantees.ledger_models import GuaranteeEntry
from hemvist.guarantees.models import Guarantee, GuaranteeClaim, GuaranteeRecourse
from hemvist_guarantees import (
    OFFICER,
    OTHER,
    RENT,
    accounts,
    claim,
    decide,
    demand,
    entries,
    give_up,
    guaranteed,
    paid,
    pay,
    repay,
    settle,
)
from hemvist_world import World, at_once, new_world


def entry(world: World, guarantee: Guarantee, kind: str) -> GuaranteeEntry:
    """The latest entry of a kind that is no reversal."""
    rows = world.rows(GuaranteeEntry, guarantee_id=guarantee.id)
    return [row for row in rows if row.kind == kind and row.reverses_id is None][-1]  # type: ignore[no-any-return]


def undo(
    world: World, guarantee: Guarantee, kind: str, who: str = OTHER, reason: str = "Fel belopp."
) -> Guarantee:
    return world.act(  # type: ignore[no-any-return]
        who,
        reversing.reverse_entry,
        entry_id=entry(world, guarantee, kind).id,
        reason=reason,
        expected_version=world.again(guarantee).version,
    )


def test_a_payment_of_the_wrong_amount_is_taken_back_and_entered_anew(world: World) -> None:
    row = guaranteed(world)
    approved = decide(world, claim(world, row, 2 * RENT), 2 * RENT)
    wrong = pay(world, approved, 2 * RENT, reference="B-77")
    assert wrong.state == "paid"
    after = undo(world, row, "payment")
    assert (after.paid_ore, after.approved_ore) == (0, 2 * RENT)
    assert accounts(world, row.id) == {"liability": 2 * RENT, "landlord": -2 * RENT, "bank": 0}
    reopened = world.again(wrong)
    assert (reopened.state, reopened.paid_ore) == ("approved", 0)
    # The counter-entry refers to the first, which stands as it was written.
    first, back = [
        one for one in world.rows(GuaranteeEntry, guarantee_id=row.id) if one.kind == "payment"
    ]
    assert (back.reverses_id, back.amount_ore, back.reason) == (first.id, -2 * RENT, "Fel belopp.")
    assert (first.amount_ore, first.reference) == (2 * RENT, "B-77")
    assert back.recorded_by == world[OTHER].principal_id
    # The same payment can be entered once more, and only once.
    again = pay(world, reopened, RENT, reference="B-77")
    assert world.again(row).paid_ore == RENT
    with pytest.raises(Conflict) as twice:
        pay(world, again, RENT, reference="B-77")
    assert twice.value.rule == "already_entered"
    events = [line.kind for line in world.rows(CaseEvent, case_id=row.case_id)]
    assert "guarantee_entry_reversed" in events


def test_everything_back_from_the_write_off_to_the_approval(world: World) -> None:
    row = guaranteed(world)
    paid(world, row)
    owed = demand(world, row, RENT)
    repay(world, owed, 100_000)
    given_up = settle(world, give_up(world, owed, RENT - 100_000), on=today())
    assert world.again(owed).state == "settled"
    # What rests on an entry goes first.
    for kind, by in (("approval", "payment"), ("payment", "demand"), ("demand", "recovery")):
        with pytest.raises(Conflict) as early:
            # The approval was entered by the other officer.
            undo(world, row, kind, OFFICER if kind == "approval" else OTHER)
        assert (early.value.rule, early.value.params["by"]) == ("rests_on_it", by)
    # The write-off was entered by the one who decided on it: the other officer takes it back.
    undo(world, row, "write_off", OFFICER)
    assert (world.again(owed).state, world.again(given_up).state) == ("open", "reversed")
    undo(world, row, "recovery")
    assert world.again(owed).paid_ore == 0
    undo(world, row, "demand")
    assert world.again(owed).state == "reversed"
    undo(world, row, "payment")
    undo(world, row, "approval", OFFICER)
    whole = world.again(row)
    amounts = (whole.approved_ore, whole.paid_ore, whole.demanded_ore, whole.recovered_ore)
    assert (*amounts, whole.written_off_ore) == (0, 0, 0, 0, 0)
    assert set(accounts(world, row.id).values()) == {0}
    assert len(entries(world, row.id)) == 10
    # The claim waits for a decision anew, and can be decided.
    [anew] = world.rows(GuaranteeClaim, guarantee_id=row.id)
    assert (anew.state, anew.decided_on) == ("received", None)
    assert decide(world, anew, RENT).state == "approved"
    [reversed_demand] = world.rows(GuaranteeRecourse, guarantee_id=row.id)
    with pytest.raises(Conflict):
        repay(world, reversed_demand, 1_000)


def test_neither_a_reversal_nor_what_was_reversed_is_reversed(world: World) -> None:
    row = guaranteed(world)
    paid(world, row)
    undo(world, row, "payment")
    with pytest.raises(Conflict) as again:
        undo(world, row, "payment")
    assert again.value.rule == "already_reversed"
    [back] = [one for one in world.rows(GuaranteeEntry, guarantee_id=row.id) if one.reverses_id]
    with pytest.raises(Conflict) as reversal:
        world.act(
            OFFICER,
            reversing.reverse_entry,
            entry_id=back.id,
            reason="Ändå.",
            expected_version=world.again(row).version,
        )
    assert reversal.value.rule == "is_a_reversal"


def test_not_by_the_one_who_entered_it_not_without_a_reason_not_in_another_kommun(
    world: World,
) -> None:
    row = guaranteed(world)
    paid(world, row)
    with pytest.raises(NotAllowed):
        undo(world, row, "payment", OFFICER)
    with pytest.raises(NotAllowed):
        undo(world, row, "payment", "caseworker SOF-VUX")
    with pytest.raises(ValidationFailed) as wordless:
        undo(world, row, "payment", reason=" ")
    assert wordless.value.problems[0].field == "reason"
    with pytest.raises(NotFound):
        new_world().act(
            "property",
            reversing.reverse_entry,
            entry_id=entry(world, row, "payment").id,
            reason="Fel.",
            expected_version=1,
        )
    assert world.again(row).paid_ore == RENT


def test_of_two_who_take_it_back_at_once_one_does(world: World) -> None:
    row = guaranteed(world)
    paid(world, row)
    version, mistaken = world.again(row).version, entry(world, row, "payment")

    def act() -> Guarantee:
        return world.act(  # type: ignore[no-any-return]
            OTHER,
            reversing.reverse_entry,
            entry_id=mistaken.id,
            reason="Fel.",
            expected_version=version,
        )

    outcomes = at_once(act, act)
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Guarantee"]
    assert entries(world, row.id).count(("payment", -RENT)) == 1
