"""A webhook goes to the open internet and nowhere else, however the address is written."""

from __future__ import annotations

import pytest

from hemvist.webhooks.addresses import AddressRefused, check_address, choose, is_public, target_of

INSIDE = [
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.5.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",
    "2002:0a00:0001::",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2001:db8::1",
    "192.88.99.1",
    "fec0::1",
    "64:ff9b:1::7f00:1",
    "not an address",
]
OUTSIDE = ["93.184.215.14", "2a00:1450:400f:80c::200e", "64:ff9b::5db8:d70e"]


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_not_called(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(AddressRefused):
        choose([address], lenient=False)


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_outside_is(address: str) -> None:
    assert is_public(address)
    assert choose([address], lenient=False) == address


def test_a_name_that_leads_to_both_leads_nowhere() -> None:
    with pytest.raises(AddressRefused):
        choose(["93.184.215.14", "127.0.0.1"], lenient=False)
    with pytest.raises(AddressRefused):
        choose([], lenient=True)
    assert choose(["2a00:1450:400f:80c::200e", "93.184.215.14"], lenient=False) == "93.184.215.14"
    assert choose(["::1", "127.0.0.1"], lenient=True) == "127.0.0.1"


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("http://hooks.example.se/in", "webhook_address_https"),
        ("ftp://hooks.example.se/in", "webhook_address_form"),
        ("hooks.example.se", "webhook_address_form"),
        ("https://", "webhook_address_form"),
        ("https://hooks.example.se:99999/", "webhook_address_form"),
        ("https://[::1/", "webhook_address_form"),
        ("https://hooks.example.se/a b", "webhook_address_form"),
        ("https://hooks.example.se/\r\nX: y", "webhook_address_form"),
        ("https://hooks.exämple.se/", "webhook_address_form"),
        ("https://user:secret@hooks.example.se/", "webhook_address_parts"),
        ("https://good.example.se@127.0.0.1/", "webhook_address_parts"),
        ("https://hooks.example.se/#there", "webhook_address_parts"),
        ("https://hooks.example.se:22/", "webhook_address_port"),
        ("https://hooks.example.se:25/", "webhook_address_port"),
        ("https://127.0.0.1/", "webhook_address_private"),
        ("https://[::1]/", "webhook_address_private"),
        ("https://[::ffff:7f00:1]/", "webhook_address_private"),
        ("https://localhost/", "webhook_address_private"),
        ("https://LOCALHOST./", "webhook_address_private"),
        ("https://db.internal/", "webhook_address_private"),
        ("https://printer.local/", "webhook_address_private"),
        ("https://intranet/", "webhook_address_private"),
        # Ways to write 127.0.0.1 that some resolvers take.
        ("https://2130706433/", "webhook_address_private"),
        ("https://127.1/", "webhook_address_private"),
        ("https://0x7f.0.0.1/", "webhook_address_private"),
        ("https://0177.0.0.01/", "webhook_address_private"),
        ("https://hooks.example.se/" + "x" * 500, "too_long"),
    ],
)
def test_an_address_that_is_none_is_refused_by_name(url: str, rule: str) -> None:
    (problem,) = check_address(url, lenient=False)
    assert (problem.field, problem.rule) == ("url", rule)


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.se",
        "https://hooks.example.se/in?key=1",
        "https://hooks.example.se:8443/in",
        "https://xn--exmple-cua.se/in",
        "https://93.184.215.14/in",
    ],
)
def test_an_address_of_the_web_is_taken(url: str) -> None:
    assert check_address(url, lenient=False) == []


def test_development_may_call_this_machine_but_not_anything() -> None:
    assert check_address("http://127.0.0.1:8080/in", lenient=True) == []
    assert check_address("http://a:b@127.0.0.1/", lenient=True) != []
    assert check_address("gopher://127.0.0.1/", lenient=True) != []


def test_a_target_keeps_its_query() -> None:
    target = target_of("https://hooks.example.se/in?key=1")
    assert (target.host, target.port, target.path) == ("hooks.example.se", 443, "/in?key=1")
    assert target_of("http://hooks.example.se").path == "/"
