"""Faults are sent by the hundred from one caller, each a document of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from hemvist_graphql import asking
from hemvist_testing import forget_settings

_WITHOUT_END = {
    "HEMVIST_NEW_DOCUMENTS_AT_ONCE": "100000",
    "HEMVIST_NEW_DOCUMENTS_PER_MINUTE": "1000000",
}


@pytest.fixture(autouse=True, scope="module")
def new_documents_without_end() -> Iterator[None]:
    """The limit on documents that are new would answer instead of what is tested."""
    os.environ.update(_WITHOUT_END)
    forget_settings()
    asking._allowance.cache_clear()
    yield
    for name in _WITHOUT_END:
        del os.environ[name]
    forget_settings()
    asking._allowance.cache_clear()
