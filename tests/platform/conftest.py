"""One kommun per test file of the core's concepts."""

from __future__ import annotations

import pytest

from hemvist_world import World, new_world


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun with people, working by the Helsingborg pack."""
    return new_world()
