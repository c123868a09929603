"""One installation for the tests of a module."""

from __future__ import annotations

import pytest

from hemvist_login import port_for_later
from hemvist_operator import Installation


@pytest.fixture(scope="module")
def installation(
    database: str, valkey: str, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    """An installation whose folder of kommuner is empty."""
    work = tmp_path_factory.mktemp("operator")
    kommuner = work / "kommuner"
    kommuner.mkdir()
    return Installation(work, kommuner, f"http://127.0.0.1:{port_for_later()}")
