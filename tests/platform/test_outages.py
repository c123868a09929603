"""What the database says of itself is told apart from what a caller did."""

from __future__ import annotations

import psycopg
import pytest

from hemvist.outages import Outage, outage_of


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("53100", Outage.UNAVAILABLE),  # disk_full
        ("53200", Outage.UNAVAILABLE),  # out_of_memory
        ("58030", Outage.UNAVAILABLE),  # io_error
        ("08006", Outage.UNAVAILABLE),
        ("57P01", Outage.UNAVAILABLE),
        ("53300", Outage.BUSY),
        ("57014", Outage.TIMEOUT),
        ("23505", None),
        ("40001", None),
    ],
)
def test_a_state_is_an_outage_or_not(state: str, told: Outage | None) -> None:
    error = type("Told", (psycopg.Error,), {"sqlstate": state})
    assert outage_of(error()) is told
