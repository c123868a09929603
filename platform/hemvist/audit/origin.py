"""From where an act came: the network of the request, known at the edge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_ORIGIN: ContextVar[str] = ContextVar("hemvist.audit.origin", default="")
#: Bits of an address that are kept: an office's network, no single machine.
_KEPT = {4: 24, 6: 48}


def origin() -> str:
    """The network that the present request came from; "" where there is none."""
    return _ORIGIN.get()


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    """Acts inside come from the network of ``address``; one that is none is left out."""
    token = _ORIGIN.set(network_of(address))
    try:
        yield
    finally:
        _ORIGIN.reset(token)


def network_of(address: str) -> str:
    """``10.1.2.0/24`` of ``10.1.2.3``, ``2001:db8:1::/48`` of an IPv6 address; "" of anything else."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.split("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ip_network((found, _KEPT[found.version]), strict=False))
