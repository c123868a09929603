"""Whatever is asked, by whomever: the plan and the ordinary path say and log the same, byte for byte.

A usual run asks some 1 500 operations, or as many as fit in its time. The long one is asked for with
``HEMVIST_TEST_OPERATIONS=50000``; ``HEMVIST_TEST_SEED`` makes it another.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from hemvist.identity import Actor
from hemvist_graphql.compiled import Why
from hemvist_operations import Maker, Operation
from hemvist_paths import Told, ordinary, planned

OPERATIONS = int(os.environ.get("HEMVIST_TEST_OPERATIONS", "1500"))
SEED = int(os.environ.get("HEMVIST_TEST_SEED", "4"))
#: Seconds that a usual run takes at most; the long one takes what it takes.
LONG = "HEMVIST_TEST_OPERATIONS" in os.environ
SECONDS = 10**6 if LONG else 90
CHUNKS = max(6, OPERATIONS // 500) if LONG else 6
#: Each document is asked this often: with other values, by others.
TIMES = int(os.environ.get("HEMVIST_TEST_TIMES", "4"))
#: Of what is answered without errors, so much must be planned; and so much must be such answers.
PLANNED, ANSWERED = 0.99, 0.5
BUSY = ("caseworker SOF-VUX", "manager SOF-VUX", "property", "both", "caseworker two")
#: Why a plan may refuse only what the ordinary path answers with errors.
_REFUSING = {Why.NULL, Why.REFUSED, Why.FINISHING}
#: What no plan is to hold: asked for rarely, and on purpose.
_ON_PURPOSE = {Why.INTROSPECTION, Why.LONG_KEY}


@dataclass
class Tally:
    """What happened to the operations of a run."""

    seen: Counter[str] = field(default_factory=Counter)
    fell_back: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    def ask(self, actor: Actor, made: Operation, variables: dict[str, Any]) -> bool:
        """Both ways; False when the document is none."""
        told = ordinary(actor, made.document, variables, made.name)
        if told.failed and _never_started(told):
            self.seen["invalid"] += 1
            return False
        by_plan = planned(actor, made.document, variables, made.name)
        context = f"{actor.memberships}\n{made.document}\n{variables}"
        if isinstance(by_plan, Told):
            assert by_plan.data == told.data, context
            assert by_plan.logged == told.logged, context
            self.seen["alike"] += 1
            self.roles.update(one.role.value for one in actor.memberships)
            self.seen["alike, and logged"] += by_plan.logged is not None
        elif told.failed:
            self.seen["refused by both"] += 1
            self.codes.update(_codes(told))
        else:
            assert by_plan not in _REFUSING, f"{by_plan}: {context}"
            self.fell_back[by_plan.value] += 1
        return True


def _codes(told: Told) -> set[str]:
    return {one.get("extensions", {}).get("code") for one in json.loads(told.data)["errors"]}


def _never_started(told: Told) -> bool:
    # Fields in conflict under one key, say: rarer than what is wanted.
    unread = {"INVALID_DOCUMENT", "TOO_COSTLY", "TOO_DEEP", "TOO_MANY_ALIASES"}
    return bool(_codes(told) & unread)


def _readers(populated: Any, random: Random) -> list[Actor]:
    """Mostly those who see much; the heads of every department; and everybody, in any kommun."""
    chance = random.random()
    if chance < 0.6:
        return [populated.world[name] for name in BUSY]
    found: list[Actor] = populated.actors
    return found[:9] if chance < 0.8 else found


@pytest.mark.timeout(0 if LONG else 300)
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_generated_operations_are_answered_alike(populated: Any, chunk: int) -> None:
    random = Random(f"{SEED} {chunk}")
    maker = Maker(random, populated.known)
    tally = Tally()
    # Time of this process: what a neighbour takes makes the proof no smaller.
    started = time.process_time()
    asked = 0
    while asked < OPERATIONS / CHUNKS and time.process_time() - started < SECONDS / CHUNKS:
        made = maker.operation()
        for turn in range(TIMES):
            actor = random.choice(_readers(populated, random))
            variables = made.again() if turn else made.variables
            asked += 1
            if not tally.ask(actor, made, variables):
                break
    unplanned = sum(n for why, n in tally.fell_back.items() if why not in _ON_PURPOSE)
    answered = tally.seen["alike"] + unplanned
    print(
        {
            "seed": f"{SEED} {chunk}",
            "asked": asked,
            **tally.seen,
            "fell back": dict(tally.fell_back),
            "refused for": dict(tally.codes),
            "seconds": round(time.process_time() - started),
        }
    )
    assert tally.seen["alike"] >= PLANNED * answered, tally.fell_back
    assert answered >= ANSWERED * asked, tally.seen
    # Many lists hold nothing in this kommun, and what shows nobody is not logged.
    assert tally.seen["alike, and logged"] > 0.04 * answered
    assert len(tally.roles) >= 4
