"""A case that goes on in another programme: Helsingborg's way from municipal contract to guarantee."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hemvist.cases.journal import changed_on
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.contracts import ending
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.decisions.models import Decision
from hemvist.errors import PolicyRefused
from hemvist.milestones import service as milestones
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.policy import add_months
from hemvist.referrals import service as referrals
from hemvist.referrals.models import Referral
from hemvist.ways.service import way_of
from hemvist_pack_cases import discovered
from hemvist_world import (
    GUARANTEE,
    HOUSING,
    MUNICIPAL,
    PACK,
    SUPPORT,
    World,
    content,
    new_world,
)

#: The municipal contract was signed 90 days ago (see ``Ways``); the guarantee is decided after it.
CHANGED = today() - timedelta(days=60)
CASEWORKER = "caseworker SOF-VUX"


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """Helsingborg's people."""
    return new_world()


def housed(world: World) -> tuple[Case, Contract]:
    """Living by a municipal contract, with the follow-ups laid out."""
    case = world.case()
    world.housed(case)
    [contract] = world.rows(Contract, case_id=case.id)
    return case, contract


def stage(world: World, case: Case) -> str | None:
    now = world.again(case)
    rules = discovered().get(PACK).programme(now.programme)
    return world.read(  # type: ignore[no-any-return]
        lambda session: milestones.stage_now(session, now, rules)
    )


def duties(world: World, case: Case, programme: str) -> set[str]:
    rows = world.rows(Obligation, case_id=case.id, programme=programme, state="open")
    return {row.code for row in rows}


def stations(world: World, case: Case) -> list[tuple[str, str]]:
    now = world.again(case)
    return [(one.code, one.state) for one in world.read(lambda session: way_of(session, now))]


def test_the_decision_moves_the_case_on_and_its_stage_begins_anew(world: World) -> None:
    case, _ = housed(world)
    assert (stage(world, case), world.again(case).programme) == ("housed", MUNICIPAL)
    proposal = world.propose(case, SUPPORT, programme=GUARANTEE, on=CHANGED)
    assert world.again(case).programme == MUNICIPAL
    assert proposal.programme == GUARANTEE

    other, _ = housed(world)
    world.grant(other, SUPPORT, programme=GUARANTEE, on=CHANGED)
    now = world.again(other)
    assert (now.programme, stage(world, other)) == (GUARANTEE, "referral")
    assert world.read(lambda session: changed_on(session, now)) == CHANGED
    [line] = world.rows(CaseEvent, case_id=other.id, kind="programme_changed")
    assert line.data == {"from": MUNICIPAL, "to": GUARANTEE}
    # The home is followed up as before until it is left.
    assert "follow_up" in duties(world, other, MUNICIPAL)
    assert duties(world, other, GUARANTEE) == {"execute_decision"}
    assert stations(world, other)[:3] == [
        ("earlier_home", "done"),
        ("support", "done"),
        ("referral", "now"),
    ]


def test_a_refusal_moves_nothing(world: World) -> None:
    case, _ = housed(world)
    world.grant(
        case,
        SUPPORT,
        programme=GUARANTEE,
        outcome="refused",
        departure_reason="Skulderna är för stora.",
        on=CHANGED,
    )
    assert (world.again(case).programme, stage(world, case)) == (MUNICIPAL, "housed")


def test_an_earlier_contract_is_no_contract_of_the_new_programme(world: World) -> None:
    """HBG-96: the contract before the decision, and it is the guarantee's own."""
    case, _ = housed(world)
    world.grant(case, SUPPORT, programme=GUARANTEE, on=CHANGED)
    with pytest.raises(PolicyRefused) as early:
        world.propose(case, HOUSING, programme=GUARANTEE, on=today())
    assert early.value.rule == "contract_before_decision"


def moved(world: World) -> tuple[Case, Contract, Contract]:
    """On to a lease of one's own with a guarantee, both contracts running."""
    case, before = housed(world)
    world.grant(case, SUPPORT, programme=GUARANTEE, on=CHANGED)
    draft = world.act(CASEWORKER, referrals.draft, case_id=case.id, programme=GUARANTEE, on=CHANGED)
    whole = world.act(
        CASEWORKER,
        referrals.revise,
        referral_id=draft.id,
        content=content(),
        told_one_offer_on=CHANGED,
        expected_version=draft.version,
    )
    signed = world.sign(whole, case)
    for who, verb in ((CASEWORKER, referrals.submit), ("property", referrals.register)):
        signed = world.act(
            who, verb, referral_id=signed.id, expected_version=signed.version, on=CHANGED
        )
    made = world.offer(signed, on=CHANGED)
    offer: Offer = world.act(
        CASEWORKER, offers.accept, offer_id=made.id, expected_version=made.version, on=CHANGED
    )
    signed_on = today() - timedelta(days=40)
    lease = world.contract(
        offer,
        guarantee_months=12,
        told_of_link_on=None,
        owner_notified_on=None,
        signed_on=signed_on,
        starts_on=signed_on,
    )
    return case, before, lease


def test_the_home_that_is_left_ends_its_own_duties_and_no_more(world: World) -> None:
    case, before, _ = moved(world)
    world.grant(case, HOUSING, programme=GUARANTEE, on=today() - timedelta(days=38))
    assert stage(world, case) == "housed"
    left = today() - timedelta(days=30)
    world.act(
        "property",
        ending.end,
        contract_id=before.id,
        expected_version=world.again(before).version,
        reason="agreement",
        ended_on=left,
    )
    assert duties(world, case, MUNICIPAL) == set()
    assert duties(world, case, GUARANTEE) == {
        *("first_follow_up", "follow_up", "guarantee_reassessment"),
    }
    # It is no loss of a home: the programme stands where it stood.
    assert stage(world, case) == "housed"
    kinds = {row.kind for row in world.rows(CaseEvent, case_id=case.id)}
    assert "earlier_contract_ended" in kinds and "contract_ended" not in kinds
    assert [code for code, _ in stations(world, case)] == [
        *("earlier_home", "support", "referral", "offer", "own_lease", "moved_in", "housing"),
        *("guarantee", "guarantee_ends"),
    ]


def test_the_duties_of_the_new_programme_count_from_its_own_events(world: World) -> None:
    case, _, lease = moved(world)
    due = {
        row.code: row.due_on
        for row in world.rows(Obligation, case_id=case.id, programme=GUARANTEE, state="open")
    }
    # The decision on the municipal contract starts no follow-up of the guarantee.
    assert due == {
        "execute_decision": add_months(CHANGED, 3),
        "guarantee_reassessment": add_months(lease.starts_on, 12),
    }


def test_a_home_that_is_lost_before_the_next_is_a_loss(world: World) -> None:
    case, before = housed(world)
    world.grant(case, SUPPORT, programme=GUARANTEE, on=CHANGED)
    world.act(
        "property",
        ending.end,
        contract_id=before.id,
        expected_version=world.again(before).version,
        reason="abandoned",
    )
    kinds = {row.kind for row in world.rows(CaseEvent, case_id=case.id)}
    assert "contract_ended" in kinds
    assert duties(world, case, MUNICIPAL) == set()
    assert stage(world, case) == "referral"
    assert world.rows(Referral, case_id=case.id, state="draft") == []
    assert len(world.rows(Decision, case_id=case.id)) == 3
