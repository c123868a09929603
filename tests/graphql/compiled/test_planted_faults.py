"""A fault planted anywhere in the compiler of reads is found by a read picked by hand or made at
random: it says or logs something else than the ordinary path, or is planned where it cannot be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

import psycopg
import pytest
from graphql import parse, validate

import hemvist_paths
from hemvist.db import Audience, reading_connection
from hemvist_graphql.schema import executable_schema
from hemvist_operations import Maker
from hemvist_planted import Fault, planted_in_compiler
from hemvist_read_faults import FAULTS
from hemvist_reads import Asked, Expected, by_hand, difference, expected_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

#: Reads made at random, beside those picked by hand.
AT_RANDOM = 60


@dataclass
class Battery:
    """Reads with what is to be expected, and which of them have found faults so far."""

    reads: list[Expected]
    found_by: Counter[int] = field(default_factory=Counter)

    def finds(self, paths: Any) -> str | None:
        """The first difference: by those that have found something before, then by all in turn."""
        often = [at for at, _ in self.found_by.most_common(12)]
        for at in (*often, *range(len(self.reads))):
            found = difference(paths, self.reads[at])
            if found is not None:
                self.found_by[at] += 1
                return found
        return _left_over()


@pytest.fixture(scope="module")
def battery(populated: Any) -> Battery:
    p = populated
    asked = by_hand(p.world, p.other, p.filled, p.known)
    # Of all kinds early on. Those that change how homes are read forget every plan: they come last.
    Random(5).shuffle(asked)
    asked.sort(key=lambda one: bool(one.units))
    last = next(at for at, one in enumerate(asked) if one.units)
    asked[last:last] = _made(p, Random(11))
    return Battery([expected_of(one, hemvist_paths) for one in asked])


def _made(populated: Any, random: Random) -> list[Asked]:
    maker = Maker(random, populated.known)
    found: list[Asked] = []
    while len(found) < AT_RANDOM:
        made = maker.operation()
        if not validate(executable_schema(), parse(made.document)):
            found.append(
                Asked(
                    random.choice(populated.actors[:9]),
                    made.document,
                    made.variables,
                    name=made.name,
                )
            )
    return found


def test_the_compiler_as_it_is_has_none(battery: Battery) -> None:
    with planted_in_compiler(None) as paths:
        assert battery.finds(paths) is None


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_planted_fault_is_found(battery: Battery, fault: Fault) -> None:
    with planted_in_compiler(fault) as paths:
        assert battery.finds(paths) is not None, f"survives: {fault}"


def _left_over() -> str | None:
    """A setting of a request that stays on its connection."""
    with reading_connection(Audience.STAFF) as lent:
        connection: psycopg.Connection[Any] = lent
        kept = connection.execute("SELECT current_setting('hemvist.tenant_id', true)").fetchone()
    return None if kept is None or not kept[0] else f"left on the connection: {kept[0]}"
