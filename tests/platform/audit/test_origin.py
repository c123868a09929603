"""From where: the network of an address, never the whole of it."""

from __future__ import annotations

import pytest

from hemvist.audit.origin import coming_from, network_of, origin


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.1.2.3", "10.1.2.0/24"),
        ("2001:db8:1:2::9", "2001:db8:1::/48"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("testclient", ""),
        ("", ""),
    ],
)
def test_an_address_is_told_as_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_it_holds_for_the_request_alone() -> None:
    with coming_from("10.1.2.3"):
        assert origin() == "10.1.2.0/24"
    assert origin() == ""
