"""Whatever is asked, by whomever: the plan and the ordinary path say and log the same."""

from __future__ import annotations

import os
from collections import Counter
from random import Random

from graphql import parse, validate

from hemvist_graphql.compiled import Why
from hemvist_graphql.schema import executable_schema
from hemvist_operations import Maker
from hemvist_paths import Told, ordinary, planned

#: Operations of a usual run; the long run is asked for by its number.
OPERATIONS = int(os.environ.get("HEMVIST_TEST_OPERATIONS", "250"))
SEED = int(os.environ.get("HEMVIST_TEST_SEED", "4"))


def test_generated_operations_are_answered_alike(populated) -> None:  # type: ignore[no-untyped-def]
    random = Random(SEED)
    maker = Maker(random, populated.known)
    seen: Counter[str] = Counter()
    for _ in range(OPERATIONS):
        made = maker.operation()
        if validate(executable_schema(), parse(made.document)):
            # Fields that conflict under one key, in the end: rarer than what is wanted.
            seen["invalid"] += 1
            continue
        actor = random.choice(populated.actors if random.random() < 0.5 else populated.actors[:9])
        by_plan = planned(actor, made.document, made.variables)
        if not isinstance(by_plan, Told):
            seen[by_plan.value] += 1
            if by_plan in (Why.NULL, Why.REFUSED, Why.FINISHING):
                told = ordinary(actor, made.document, made.variables)
                assert '"extensions"' in told.data, (by_plan, made, told.data[:500])
            continue
        told = ordinary(actor, made.document, made.variables)
        seen["alike"] += 1
        context = f"{actor.memberships}\n{made.document}\n{made.variables}"
        assert by_plan.data == told.data, context
        assert by_plan.logged == told.logged, context
    print(dict(seen))
    assert seen["alike"] > OPERATIONS * 0.4
