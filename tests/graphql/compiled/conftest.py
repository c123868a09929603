"""A kommun with cases in many states, people in many roles, and another kommun beside it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hemvist.identity import Actor, Membership, Role
from hemvist_operations import Known, known_of
from hemvist_world import World, adult, child, new_world


@dataclass(frozen=True)
class Populated:
    """A world, everybody in it who asks, and what there is to ask for."""

    world: World
    actors: list[Actor]
    known: Known


@pytest.fixture(scope="module")
def populated(database: str) -> Populated:
    """Protected households, several departments, disclosures, and every role."""
    world = new_world()
    world.housed(world.case())
    world.submitted(world.case(adult(protection="secrecy_mark")))
    world.offer(world.registered(world.case(adult(), adult("partner"))))
    world.propose(world.case())
    world.draft(world.case(department="SOF-BUF"))
    world.case(adult(), child())
    world.registered(world.case(adult(protection="unknown", protection_checked_on=None)))
    world.unit()
    for role in Role:
        world.add(f"{role.value} FF", Membership(role, "FF"))
        world.add(f"{role.value} all", Membership(role, ""))
    world.add(
        "both",
        Membership(Role.CASEWORKER, "SOF-VUX"),
        Membership(Role.PROPERTY_OFFICER, "FF"),
    )
    world.add("nobody")
    other = new_world()
    other.housed(other.case())
    actors = [*world.people.values(), other["caseworker SOF-VUX"]]
    return Populated(world, actors, known_of(world, actors))
