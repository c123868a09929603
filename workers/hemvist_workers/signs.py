"""Signs of life (livstecken) in the broker: when beat last ticked, when a worker last ended a task.

What watches reads them from outside: a process that has stopped cannot say so itself. They hold instants
and counts. A broker that has lost them has them again with the next tick; the result of a look at night
is missing until the next one, which is told of as not done.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import redis

from hemvist.settings import get_settings

BEAT, WORKER, RELAY = "beat", "worker", "relay"
#: Looks at night: whether the logs' chains hold, and whether the rows do.
AUDIT, CHECK = "audit_verify", "check"
#: Seconds within which the same sign is not given again.
SELDOM = 5.0
#: Where a message says when it was put into the queue, in seconds since 1970.
SENT_AT = "hemvist_sent_at"

_PREFIX = "hemvist:sign:"
_SECONDS = 2
_given: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Sign:
    """When a sign was given, in seconds since 1970, and how many finds a look had."""

    at: float
    finds: int | None = None


def connected() -> redis.Redis:
    """The broker, which is not waited for long."""
    return redis.Redis.from_url(
        get_settings().require("redis_url"),
        socket_timeout=_SECONDS,
        socket_connect_timeout=_SECONDS,
    )


def give(name: str, *, finds: int | None = None, seldom: bool = True) -> None:
    """Give the sign ``name``, at most every ``SELDOM`` seconds. A broker that is away is no error here."""
    began = time.monotonic()
    if seldom and began - _given.get(name, -SELDOM) < SELDOM:
        return
    _given[name] = began
    told = {"at": time.time()} | ({} if finds is None else {"finds": finds})
    with suppress(redis.RedisError, OSError, RuntimeError), connected() as client:
        client.set(f"{_PREFIX}{name}", json.dumps(told))


def read(client: redis.Redis, names: tuple[str, ...]) -> Mapping[str, Sign]:
    """The signs there are. Raises ``RedisError``."""
    values: Any = client.mget([f"{_PREFIX}{name}" for name in names])
    found = {}
    for name, value in zip(names, values, strict=True):
        with suppress(ValueError, TypeError, KeyError):
            told = json.loads(value)
            finds = told.get("finds")
            found[name] = Sign(float(told["at"]), None if finds is None else int(finds))
    return found
