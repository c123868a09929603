"""One beat sends, whatever number of them runs (ledarval).

Two beats that both sent would start every chore twice. So beats hold a lease at the broker that the tasks
go to: one that cannot reach the broker can neither lead nor send. A lease lasts ``LEASE`` seconds and is
renewed every second; one that stands by takes over when it has run out, at once when the leader ends in
order. By its own clock a leader stops ``MARGIN`` before the broker lets another one in, and looks before
each task: a process that was stopped for a minute sends nothing when it goes on.

When each entry was last sent stands at the broker too, so that a new leader sends what was missed and
nothing a second time. See docs/decisions/0051.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import redis
import structlog

from hemvist.settings import get_settings
from hemvist_workers.beating import SteadyScheduler
from hemvist_workers.living import sign

log = structlog.get_logger("hemvist.workers")

#: Where the lease and the moments stand at the broker.
LEADER = "hemvist:beat:leader"
SENT = "hemvist:beat:sent"
#: Seconds that a lease lasts, between its renewals, and by which a leader stops before its end.
LEASE = 6.0
RENEWAL = 1.0
MARGIN = 2.0
#: Sent by each new leader: what fell due while no beat ran need not wait for its next time.
CATCHING_UP = (
    "mark_overdue",
    "escalate_clocks",
    "expire_offers",
    "expire_referrals",
    "activate_versions",
    "lay_out_obligations",
    "refresh_snapshot",
    "resume_simulations",
    "watch_takeovers",
    "watch_guarantees",
    "watch_terms",
    "send_digests",
)

# Only who holds the lease may lengthen or end it.
_RENEW = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end
return 0"""
_END = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0"""


def _seconds() -> float:
    """A clock that nobody sets and that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Lease:
    """The right to lead, of one process. ``broker`` answers within ``MARGIN`` seconds or fails."""

    def __init__(
        self, broker: redis.Redis, name: str = LEADER, clock: Callable[[], float] = _seconds
    ) -> None:
        self._broker = broker
        self._name = name
        self._clock = clock
        # A process that is started anew is another one, also under its old number.
        self._me = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(8)}"
        self._until = float("-inf")
        self._asked = float("-inf")

    def holds(self) -> bool:
        """Whether this process leads now, by its own clock and without asking anybody."""
        return self._clock() < self._until

    def keep(self) -> bool:
        """Renew the lease, or try to get it, at most once a second; whether this process leads."""
        now = self._clock()
        if now - self._asked >= RENEWAL:
            self._asked = now
            try:
                # Counted from before it was asked: the broker counts from later.
                self._until = now + LEASE - MARGIN if self._get() else float("-inf")
            except redis.RedisError as error:
                log.warning("beat_lease_unknown", error=type(error).__name__)
        return self.holds()

    def end(self) -> None:
        """Let another one lead at once."""
        self._until = float("-inf")
        with suppress(redis.RedisError):
            self._broker.eval(_END, 1, self._name, self._me)

    def _get(self) -> bool:
        milliseconds = int(LEASE * 1000)
        if self._broker.eval(_RENEW, 1, self._name, self._me, str(milliseconds)):
            return True
        return bool(self._broker.set(self._name, self._me, nx=True, px=milliseconds))


class LeadingScheduler(SteadyScheduler):
    """Sends what is due while this process leads, and waits for its turn while it does not."""

    _leads = False

    def setup_schedule(self) -> None:
        """Take up the kept schedule, and stand by."""
        super().setup_schedule()
        self._broker = redis.Redis.from_url(
            get_settings().require("redis_url"),
            socket_timeout=MARGIN,
            socket_connect_timeout=MARGIN,
        )
        self._lease = Lease(self._broker)

    def tick(self, *given: Any, **named: Any) -> float:
        """Do what is due, if it is ours to do; seconds until the next look."""
        sign("beat")
        if not self._lease.keep():
            if self._leads:
                self._leads = False
                log.warning("beat_stands_by")
            return RENEWAL
        if not self._leads:
            self._leads = True
            log.info("beat_leads")
            self._take_over()
        return min(super().tick(*given, **named), RENEWAL)

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Send one entry's task, unless the lease has run out since: it is the next leader's then."""
        if not self._lease.holds():
            return
        super().apply_entry(entry, producer=producer)
        with suppress(redis.RedisError):
            self._broker.hset(SENT, entry.name, self.app.now().isoformat())

    def close(self) -> None:
        """End in order: whoever stands by need not wait for the lease's end."""
        super().close()
        self._leads = False
        self._lease.end()

    def _take_over(self) -> None:
        """Go on where the last leader stopped."""
        known = self._known()
        for name, entry in self.schedule.items():
            entry.last_run_at = known.get(name, entry.last_run_at)
        self._forget_future()
        for chore in CATCHING_UP:
            self.app.send_task("hemvist.chores", (chore,))
        self.app.send_task("hemvist.relay_again")

    def _known(self) -> dict[str, datetime]:
        found: dict[str, datetime] = {}
        with suppress(redis.RedisError):
            for name, moment in self._broker.hgetall(SENT).items():
                with suppress(ValueError):
                    found[_text(name)] = datetime.fromisoformat(_text(moment))
        return found


def _text(answer: bytes | str) -> str:
    return answer.decode() if isinstance(answer, bytes) else answer
