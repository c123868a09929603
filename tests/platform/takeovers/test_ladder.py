"""Västerås' staircase in one case: from the training flat to a lease of one's own with a surety."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.db import Audience
from hemvist.errors import PolicyRefused
from hemvist.policy import add_months
from hemvist.takeovers import carrying, watching
from hemvist.takeovers.models import Takeover
from hemvist.tenancy import tenant_session
from hemvist_pack_cases import Walk
from hemvist_vasteras import CONTENT, GOES_ON, SINGLE

SIGNED_ON = add_months(today(), -14)


@pytest.fixture(scope="module")
def walk(database: str) -> Walk:
    """Västerås: the social office for adults, and the property office."""
    return Walk.of("vasteras/boendetrappa", "SKV", "FK", "1980", CONTENT)


def in_training(walk: Walk) -> tuple[Case, Contract, Takeover]:
    """In a training flat since fourteen months, watched."""
    case = walk.opened(SIGNED_ON - timedelta(days=60), **SINGLE)
    offer = walk.taken(case, "training_flat", SIGNED_ON)
    contract = walk.sign(offer, SIGNED_ON, went_on_because=GOES_ON)
    with tenant_session(Audience.WORKER, walk.world.tenant_id) as session:
        watching.watch(session, case.id, "contract_signed")
    return case, contract, walk.world.rows(Takeover, case_id=case.id)[0]


def carried_out(walk: Walk, takeover: Takeover, on: date) -> Takeover:
    """The step up, taken on a day."""
    return walk.world.act(  # type: ignore[no-any-return]
        "property",
        carrying.carry_out,
        takeover_id=takeover.id,
        on=on,
        parties=["landlord", "resident"],
        expected_version=walk.world.again(takeover).version,
    )


def test_whoever_managed_moves_on(walk: Walk) -> None:
    """VAS-17, VAS-20: the case goes on in the next programme, and its year counts from the new lease."""
    case, contract, takeover = in_training(walk)
    assert takeover.earliest_on == add_months(contract.starts_on, 12)
    walk.answer(case, had_disturbances=False, had_payment_failures=False)
    stepped = add_months(contract.starts_on, 12) + timedelta(days=10)
    with pytest.raises(PolicyRefused) as early:
        carried_out(walk, takeover, stepped - timedelta(days=11))
    assert early.value.rule == "takeover_too_early"
    done = carried_out(walk, takeover, stepped)

    now = walk.world.again(case)
    assert (done.state, now.programme) == ("done", "support_lease")
    lease = walk.world.rows(Contract, id=done.lease_id)[0]
    assert (lease.form, lease.kind) == ("boendestodsavtal", "first_hand")
    assert walk.world.again(contract).end_reason == "taken_over"
    assert walk.stage(now) == "support_lease"
    assert walk.due(now, "reassessment") == [add_months(stepped, 12)]


def test_whoever_defaulted_stays(walk: Walk) -> None:
    """VAS-18: with a disturbance or a payment missed the training flat goes on."""
    case, contract, takeover = in_training(walk)
    walk.answer(case, had_disturbances=False, had_payment_failures=True)
    with pytest.raises(PolicyRefused) as no:
        carried_out(walk, takeover, today())
    assert no.value.trace
    assert walk.world.again(contract).state == "signed"
    assert walk.world.again(case).programme == "training_flat"
