"""A kommun with one case that has gone the whole way, and others to look at it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from hemvist.cases.models import Case
from hemvist_world import World, new_world


@dataclass(frozen=True)
class Housed:
    """A world and the case in it that has come to follow-ups."""

    world: World
    case: Case


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun with people, working by the Helsingborg pack."""
    return new_world()


@pytest.fixture(scope="module")
def housed(world: World) -> Housed:
    """The municipal contract, all the way to the decision on the housing."""
    case = world.case()
    world.housed(case)
    return Housed(world, case)
