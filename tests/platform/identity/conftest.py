"""The demo kommuner and their issuers, served for real."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hemvist_login import Served, serve_login


@pytest.fixture(scope="module")
def platform(database: str) -> Iterator[Served]:
    with serve_login() as served:
        yield served
