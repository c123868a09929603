"""What waits for workers of an erased kommun: ids on the broker, which lead nowhere any more."""

from __future__ import annotations

import base64
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError

from hemvist.settings import MissingSetting, get_settings
from hemvist_infra.leaving.problem import LeavingProblem


def drop(tenant_id: UUID) -> int | None:
    """Take the kommun's messages out of every queue; how many, None where no broker is set.

    Raises ``LeavingProblem`` where it does not answer: the same command goes on.
    """
    try:
        url = get_settings().require("redis_url")
    except MissingSetting:
        return None
    wanted = str(tenant_id).encode()
    dropped = 0
    try:
        with Redis.from_url(url, socket_timeout=10, socket_connect_timeout=5) as broker:
            for key in broker.scan_iter(_type="LIST"):
                for message in broker.lrange(key, 0, -1):
                    if wanted in message or _holds(message, wanted):
                        dropped += int(broker.lrem(key, 1, message))
    except RedisError as error:
        raise LeavingProblem(
            f"the broker does not answer ({error}): give the command again"
        ) from None
    return dropped


def _holds(message: bytes, wanted: bytes) -> bool:
    """Whether a message of Celery's names the kommun: its body is JSON in base64."""
    begin = message.find(b'"body": "')
    if begin < 0:
        return False
    begin += len(b'"body": "')
    try:
        return wanted in base64.b64decode(message[begin : message.index(b'"', begin)])
    except ValueError:
        return False
