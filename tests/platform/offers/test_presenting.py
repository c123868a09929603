"""A landlord chooses among letters (NYN-30): what it learns, what follows, and who is first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hemvist.errors import Conflict, PolicyRefused, ValidationFailed
from hemvist.offers import presenting
from hemvist.offers.matching.models import PresentedHousehold
from hemvist.policy import Registry, load_pack
from hemvist_registry import copies, installed, rewrite
from hemvist_world import PACK, World, adult, at_once, new_world


@pytest.fixture
def landlord_picks() -> Iterator[None]:
    """The pack as it would be with a landlord who chooses among two."""
    with TemporaryDirectory() as folder:
        own = next(found for found in copies(Path(folder)) if load_pack(found).name == PACK)
        pack = rewrite(
            own,
            lambda text: text.replace(
                "      mode: single\n", "      mode: single\n      landlord_picks: 2\n"
            ),
            "municipal_contract.yaml",
        )
        others = [one for one in Registry.discover().packs() if one.name != PACK]
        with installed([pack, *others]):
            yield


def test_letters_then_one_offer(landlord_picks: None, database: str) -> None:
    world = new_world()
    lone, family = (
        world.registered(world.case()),
        world.registered(world.case(adult(), adult("partner"))),
    )
    unit = world.unit()
    third = world.registered(world.case())
    with pytest.raises(PolicyRefused):
        world.act(
            "property",
            presenting.present,
            unit_id=unit.id,
            referral_ids=[lone.id, family.id, third.id],
        )
    with pytest.raises(ValidationFailed):
        world.act("property", presenting.present, unit_id=unit.id, referral_ids=[lone.id])
    row = world.act(
        "property", presenting.present, unit_id=unit.id, referral_ids=[lone.id, family.id]
    )
    shown = world.rows(PresentedHousehold, presentation_id=row.id)
    assert {(one.alias, one.adults, one.children) for one in shown} in (
        {("A", 1, 0), ("B", 2, 0)},
        {("B", 1, 0), ("A", 2, 0)},
    )
    with pytest.raises(Conflict):
        world.act("property", presenting.present, unit_id=unit.id, referral_ids=[lone.id, third.id])
    picked = next(one for one in shown if one.referral_id == family.id)

    def choose() -> object:
        return world.act(
            "property",
            presenting.choose,
            presentation_id=row.id,
            alias=picked.alias,
            expected_version=row.version,
        )

    with pytest.raises(ValidationFailed):
        world.act(
            "property",
            presenting.choose,
            presentation_id=row.id,
            alias="C",
            expected_version=row.version,
        )
    outcomes = at_once(choose, choose)
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "Offer"]
    assert world.again(unit).state == "offered"
    assert world.again(row).state == "chosen"
    assert world.again(lone).state == "registered"


def test_no_choice_where_the_guideline_gives_none(world: World) -> None:
    referrals = [world.registered(world.case()).id for _ in range(2)]
    with pytest.raises(PolicyRefused) as refused:
        world.act("property", presenting.present, unit_id=world.unit().id, referral_ids=referrals)
    assert refused.value.rule == "no_landlord_choice"
