"""Which addresses a webhook may go to: those of the open internet, looked up and held to.

A landlord gives the address, and our worker calls it: without this it could be made to call what is
inside our own network (server-side request forgery).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from hemvist.errors import Problem
from hemvist.settings import get_settings

MAX_ADDRESS = 500
#: TCP ports of services that are no receiver of webhooks are not called, whatever answers there.
_PORTS = frozenset({443})
_FIRST_FREE_PORT = 1024
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".home.arpa", ".lan")
#: IPv6 prefixes that carry an IPv4 address inside (NAT64): judged by what is inside.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
#: Special by IANA's registers, or used inside networks, though ``ipaddress`` calls some of them global:
#: protocol assignments, the old relays of 6to4, site-local, NAT64 of a network's own.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(one)
    for one in ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "64:ff9b:1::/48")
)


class AddressRefused(Exception):
    """The name leads to where no webhook goes."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to call: the address that was looked up, and the name it was looked up by."""

    scheme: str
    host: str
    port: int
    #: With its query, as it is sent.
    path: str


def everything_allowed() -> bool:
    """Whether this machine and private networks may be called, and without TLS: never in production."""
    return get_settings().environment != "production"


def check_address(text: str, field: str = "url", *, lenient: bool | None = None) -> list[Problem]:
    """What is wrong with an address as a landlord gives it; nothing is looked up.

    ``lenient`` as ``everything_allowed`` unless given.
    """
    lenient = everything_allowed() if lenient is None else lenient
    if len(text) > MAX_ADDRESS:
        return [Problem(field, "too_long", f"at most {MAX_ADDRESS}", {"limit": MAX_ADDRESS})]
    if not text.isascii() or any(not sign.isprintable() or sign in ' "<>\\^`{|}' for sign in text):
        return [Problem(field, "webhook_address_form", "not an address of the web")]
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return [Problem(field, "webhook_address_form", "not an address of the web")]
    if not parts.hostname or parts.scheme not in ("https", "http"):
        return [Problem(field, "webhook_address_form", "not an address of the web")]
    if parts.username is not None or parts.password is not None or parts.fragment:
        return [Problem(field, "webhook_address_parts", "no user, password or fragment")]
    if parts.scheme == "http" and not lenient:
        return [Problem(field, "webhook_address_https", "https only")]
    if lenient:
        return []
    if port is not None and port not in _PORTS and port < _FIRST_FREE_PORT:
        return [Problem(field, "webhook_address_port", "port 443 or one from 1024")]
    if not _may_be_public(parts.hostname):
        return [Problem(field, "webhook_address_private", "not on the open internet")]
    return []


def target_of(url: str) -> Target:
    """The parts of an address that ``check_address`` found nothing wrong with."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port, path)


def choose(found: Iterable[str], *, lenient: bool | None = None) -> str:
    """The IP address to call, of those that a name was looked up to.

    One that is not public refuses them all: a name that leads to both is a trick. Raises
    ``AddressRefused``.
    """
    lenient = everything_allowed() if lenient is None else lenient
    addresses = list(dict.fromkeys(found))
    if not addresses:
        raise AddressRefused("no address")
    if not lenient and not all(is_public(one) for one in addresses):
        raise AddressRefused("not public")
    # IPv4 first: it is what every network here reaches.
    return next((one for one in addresses if ":" not in one), addresses[0])


def is_public(text: str) -> bool:
    """Whether an IP address is one of the open internet."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inside = _inside(address)
        if inside is not None:
            return is_public(str(inside))
    special = any(address in network for network in _NOT_PUBLIC)
    return address.is_global and not address.is_multicast and not special


def _inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address carries: mapped, 6to4, Teredo, NAT64."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _may_be_public(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        name = host.rstrip(".").lower()
        # A last label of digits is an IP address written in a way that some resolvers take.
        last = name.rpartition(".")[2]
        return (
            "." in name
            and not name.endswith(_LOCAL_NAMES)
            and last.isalpha() | last.startswith("xn--")
        )
    return is_public(host)
