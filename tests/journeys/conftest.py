"""One kommun per journey file, whose people send as many documents as it takes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hemvist_new_documents import new_documents_without_end
from hemvist_world import World, new_world


@pytest.fixture(autouse=True, scope="module")
def documents_without_end() -> Iterator[None]:
    """No limit on documents that are new."""
    with new_documents_without_end():
        yield


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """A kommun with people, working by the Helsingborg pack."""
    return new_world()
