"""The queue and the signs of life, as they stand in the broker."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import redis

from hemvist_infra.watching.seen import Broker, Queue
from hemvist_workers import signs

#: Events and chores; what ticks; what takes long. One that nothing is sent to is empty.
QUEUES = ("hemvist", "hemvist-ticks", "hemvist-long")
#: Where the transport keeps what a worker has and has not ended, by when it was given out.
_GIVEN, _GIVEN_AT = "unacked", "unacked_index"


def look(client: redis.Redis) -> Broker:
    """What the broker knows. Raises ``RedisError``."""
    now = time.time()
    queues = {name: _queue(client, name, now) for name in QUEUES}
    ages = [one.oldest for one in queues.values()]
    given: Any = client.hlen(_GIVEN)
    first: Any = client.zrange(_GIVEN_AT, 0, 0, withscores=True)
    told = signs.read(client, (signs.BEAT, signs.WORKER, signs.RELAY, signs.AUDIT, signs.CHECK))

    def age(name: str) -> float | None:
        return max(now - told[name].at, 0.0) if name in told else None

    def finds(name: str) -> int | None:
        return told[name].finds if name in told else None

    return Broker(
        queues=queues,
        length=sum(one.length for one in queues.values()),
        oldest=None if None in ages else max(age for age in ages if age is not None),
        given=int(given),
        given_oldest=max(now - float(first[0][1]), 0.0) if first else 0.0,
        beat=age(signs.BEAT),
        worker=age(signs.WORKER),
        relay=age(signs.RELAY),
        audit=age(signs.AUDIT),
        audit_finds=finds(signs.AUDIT),
        check=age(signs.CHECK),
        check_finds=finds(signs.CHECK),
    )


def _queue(client: redis.Redis, name: str, now: float) -> Queue:
    length: Any = client.llen(name)
    # New ones come in from the left.
    oldest: Any = client.lindex(name, -1)
    return Queue(int(length), _waits(oldest, now))


def _waits(message: bytes | None, now: float) -> float | None:
    """For how many seconds a message waits; None where it does not say, as those of before."""
    if message is None:
        return 0.0
    with suppress(ValueError, KeyError, TypeError):
        return max(now - float(json.loads(message)["headers"][signs.SENT_AT]), 0.0)
    return None
