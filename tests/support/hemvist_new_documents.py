"""As many new documents as a test sends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from hemvist_graphql import asking
from hemvist_testing import forget_settings

_WITHOUT_END = {
    "HEMVIST_NEW_DOCUMENTS_AT_ONCE": "100000",
    "HEMVIST_NEW_DOCUMENTS_PER_MINUTE": "1000000",
}


@contextmanager
def new_documents_without_end() -> Iterator[None]:
    """The limit on documents that are new would answer instead of what is tested, on a fast machine."""
    os.environ.update(_WITHOUT_END)
    forget_settings()
    asking._allowance.cache_clear()
    try:
        yield
    finally:
        for name in _WITHOUT_END:
            del os.environ[name]
        forget_settings()
        asking._allowance.cache_clear()
