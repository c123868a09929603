"""Of several beats one sends, whatever happens to them."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
import redis

from hemvist_workers.leading import LEADER, LEASE, MARGIN, RENEWAL, SENT, Lease
from hemvist_workshop import Workshop, wait_for

TICKS = "hemvist-ticks"


class Clock:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def broker(valkey: str) -> Iterator[redis.Redis]:
    """A broker without a leader."""
    with redis.Redis.from_url(os.environ["HEMVIST_REDIS_URL"]) as client:
        client.delete("try:leader")
        yield client
        client.delete("try:leader")


def lease(broker: redis.Redis, clock: Clock) -> Lease:
    """A lease of one of several."""
    return Lease(broker, "try:leader", clock)


def test_one_of_two_leads_and_the_other_follows_when_it_ends(broker: redis.Redis) -> None:
    clock = Clock()
    first, second = lease(broker, clock), lease(broker, clock)
    assert first.keep()
    assert not second.keep()
    clock.now += RENEWAL
    assert first.keep()
    assert not second.keep()
    first.end()
    assert not first.holds()
    clock.now += RENEWAL
    assert second.keep()
    assert not first.keep()


def test_a_leader_stops_before_the_broker_lets_another_one_in(broker: redis.Redis) -> None:
    clock = Clock()
    first = lease(broker, clock)
    assert first.keep()
    clock.now += LEASE - MARGIN
    assert not first.holds()
    # At the broker it is the leader's for MARGIN seconds still.
    assert broker.pttl("try:leader") > 0


def test_who_does_not_hold_it_neither_renews_nor_ends_it(broker: redis.Redis) -> None:
    clock = Clock()
    first, second = lease(broker, clock), lease(broker, clock)
    assert first.keep()
    # It has run out there, as for a process that was stopped, and another one leads.
    broker.delete("try:leader")
    assert second.keep()
    clock.now += RENEWAL
    assert not first.keep()
    first.end()
    clock.now += RENEWAL
    assert second.keep()


def test_a_broker_that_is_away_ends_it_by_the_clock(broker: redis.Redis) -> None:
    clock = Clock()
    away = redis.Redis(port=1, socket_connect_timeout=0.2)
    first = lease(broker, clock)
    assert first.keep()
    first._broker = away
    clock.now += RENEWAL
    assert first.keep(), "the broker still has it as the leader's"
    clock.now += LEASE
    assert not first.keep()


class Watched:
    """What beats have sent, and who leads."""

    def __init__(self, workshop: Workshop) -> None:
        self.broker = redis.Redis.from_url(workshop.redis_url, decode_responses=True)

    def leader(self) -> int:
        """The number of the process that leads; 0 for none."""
        found = self.broker.get(LEADER)
        return int(str(found).split(":")[1]) if found else 0

    def relays(self) -> list[int]:
        """Who sent the relay's ticks, in the order in which they were sent."""
        sent = [json.loads(str(one)) for one in self.broker.lrange(TICKS, 0, -1)]
        headers = [one["headers"] for one in reversed(sent)]
        return [
            int(one["origin"].split("@")[0].removeprefix("gen"))
            for one in headers
            if one["task"] == "hemvist.relay"
        ]


@pytest.mark.slow
def test_two_beats_never_both_send_and_one_follows_the_other_within_seconds(
    workshop: Workshop,
) -> None:
    watched = Watched(workshop)
    beats = {beat.pid: beat for beat in (workshop.beat(), workshop.beat())}
    wait_for("one leads", lambda: watched.leader() in beats)
    first = watched.leader()
    wait_for("it sends", lambda: len(watched.relays()) >= 5)
    # Both have begun by now, and one of them has sent all.
    assert set(watched.relays()) == {first}

    killed = time.monotonic()
    os.kill(first, signal.SIGKILL)
    second = next(pid for pid in beats if pid != first)
    wait_for("the other sends", lambda: watched.relays()[-1] == second)
    took = time.monotonic() - killed
    assert took < LEASE + 10, f"{took:.1f} s"
    told = watched.relays()
    at = told.index(second)
    assert set(told[:at]) == {first}
    assert set(told[at:]) == {second}
    # What is due once a night was not sent again by the second: it knows when the first had sent it.
    assert watched.broker.hget(SENT, "relay")

    # One that is stopped, and goes on when another leads, sends nothing any more.
    third = workshop.beat().pid
    os.kill(second, signal.SIGSTOP)
    wait_for("the third sends", lambda: watched.relays()[-1] == third)
    before = watched.relays().count(second)
    os.kill(second, signal.SIGCONT)
    time.sleep(5)
    told = watched.relays()
    assert told.count(second) == before
    assert told[-1] == third
    changes = sum(one != other for one, other in pairwise(told))
    assert changes == 2, "who sends has changed twice, and never to and fro"

    # One that ends in order is followed at once, and so is the last.
    os.kill(third, signal.SIGTERM)
    wait_for("the second leads again", lambda: watched.leader() == second)
