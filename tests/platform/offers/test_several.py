"""Several homes shown at a time, as many as the guideline says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hemvist.clock import today
from hemvist.errors import Conflict, PolicyRefused
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.policy.loading.parts import name_of
from hemvist.referrals.models import Referral
from hemvist_registry import copies, discovered, installed, rewrite
from hemvist_world import PACK, World

CASEWORKER = "caseworker SOF-VUX"


@pytest.fixture(scope="module", autouse=True)
def two_at_a_time() -> Iterator[None]:
    """The pack as it would be with two flats in parallel."""
    with TemporaryDirectory() as folder:
        own = next(found for found in copies(Path(folder)) if name_of(found) == PACK)
        pack = rewrite(
            own,
            lambda text: text.replace(
                "      mode: single\n", "      mode: several\n      count: 2\n"
            ),
            "municipal_contract.yaml",
        )
        others = [one for one in discovered().packs() if one.name != PACK]
        with installed([pack, *others]):
            yield


@pytest.fixture
def referral(world: World) -> Referral:
    return world.registered(world.case())


def test_as_many_as_the_guideline_says(world: World, referral: Referral) -> None:
    world.offer(referral)
    world.offer(referral)
    unit = world.unit()
    with pytest.raises(PolicyRefused) as refused:
        world.offer(referral, unit)
    assert refused.value.rule == "offers_at_a_time"
    assert refused.value.cite
    assert world.again(unit).state == "vacant"


def test_one_that_is_answered_makes_room(world: World, referral: Referral) -> None:
    first = world.offer(referral)
    world.offer(referral)
    world.act(
        "property",
        offers.withdraw,
        offer_id=first.id,
        reason="Fel bostad.",
        expected_version=first.version,
    )
    world.offer(referral)
    assert len(world.rows(Offer, referral_id=referral.id, state="made")) == 2


def test_when_one_is_accepted_no_more_are_made(world: World, referral: Referral) -> None:
    first = world.offer(referral)
    world.act(
        CASEWORKER,
        offers.accept,
        offer_id=first.id,
        expected_version=first.version,
        on=today(),
    )
    with pytest.raises(Conflict):
        world.offer(referral)
