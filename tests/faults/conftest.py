"""Faults are sent by the hundred from one caller, each a document of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hemvist_new_documents import new_documents_without_end


@pytest.fixture(autouse=True, scope="module")
def documents_without_end() -> Iterator[None]:
    """No limit on documents that are new."""
    with new_documents_without_end():
        yield
