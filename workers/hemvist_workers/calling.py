"""One call to a landlord's system: looked up, held to what was looked up, and limited in all it does."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping
from datetime import timedelta

import httpx2

from hemvist.webhooks.addresses import AddressRefused, Target, choose, target_of
from hemvist.webhooks.queue import Failure

#: Seconds that a receiver has for everything together: a receiver that answers drop by drop, too.
PATIENCE = 15.0
#: Seconds in which it must be connected to.
CONNECT = 5.0
USER_AGENT = "Hemvist-Webhooks/1.0"
#: Answers of what stands before a receiver: there is nobody behind it just now.
_AWAY = frozenset({429, 502, 503, 504})


def call(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    lenient: bool | None = None,
    patience: float = PATIENCE,
) -> str | Failure:
    """Post ``body`` to ``url``: the status of what it took with (2xx), or why it did not.

    Never follows a redirect, never sends what it reads anywhere, and asks no proxy of the
    surroundings: it would look the name up anew. ``lenient`` as in ``hemvist.webhooks.addresses``;
    ``patience`` in seconds.
    """
    try:
        return asyncio.run(asyncio.wait_for(_call(url, body, headers, lenient), patience))
    except TimeoutError:
        return Failure("timeout", answered=False)


async def _call(
    url: str, body: bytes, headers: Mapping[str, str], lenient: bool | None
) -> str | Failure:
    target = target_of(url)
    try:
        address = choose(await _look_up(target), lenient=lenient)
    except OSError:
        return Failure("unknown_host", answered=False)
    except AddressRefused:
        return Failure("address_refused", answered=False)
    try:
        async with (
            httpx2.AsyncClient(
                timeout=httpx2.Timeout(PATIENCE, connect=CONNECT),
                follow_redirects=False,
                trust_env=False,
                verify=ssl.create_default_context(),
                limits=httpx2.Limits(max_connections=1, max_keepalive_connections=0),
            ) as client,
            client.stream(
                "POST",
                _held_to(target, address),
                content=body,
                headers={**headers, "Host": _host_header(target), "User-Agent": USER_AGENT},
                # The certificate is the name's, not the address's that was looked up.
                extensions={"sni_hostname": target.host},
            ) as answer,
        ):
            # What it says beyond its status is not read.
            return _judged(answer)
    except httpx2.TimeoutException:
        return Failure("timeout", answered=False)
    except (httpx2.ConnectError, ssl.SSLError) as error:
        return Failure("tls" if _is_tls(error) else "unreachable", answered=False)
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, OSError):
        return Failure("broken", answered=False)


async def _look_up(target: Target) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(
        target.host, target.port, type=socket.SOCK_STREAM
    )
    return [str(place[0]) for *_, place in found]


def _held_to(target: Target, address: str) -> str:
    shown = f"[{address}]" if ":" in address else address
    return f"{target.scheme}://{shown}:{target.port}{target.path}"


def _host_header(target: Target) -> str:
    usual = 443 if target.scheme == "https" else 80
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == usual else f"{host}:{target.port}"


def _judged(answer: httpx2.Response) -> str | Failure:
    status = answer.status_code
    if 200 <= status < 300:
        return str(status)
    wish = answer.headers.get("retry-after", "")
    seconds = int(wish) if wish.isascii() and wish.isdigit() and len(wish) < 10 else None
    return Failure(
        str(status),
        answered=status not in _AWAY,
        wish=None if seconds is None else timedelta(seconds=seconds),
    )


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
