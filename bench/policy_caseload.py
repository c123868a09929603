"""A million cases by the twelve rules, in a process of their own so that its memory can be told.

Prints JSON: CPU seconds (best of the rounds) and the most memory that the process ever had.
"""

from __future__ import annotations

import json
import resource
import sys

from policy_cases import ON, RULES, answers, table, twelve_rules
from policy_timing import in_turns

from hemvist.policy import what_if
from hemvist.policy.columns import Columns, Question, evaluate_columns, judge, transitions

CASES = 1_000_000
BUILT = 20_000
ROUNDS = 5


def main() -> None:
    """Measure and print."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else CASES
    pack, columns = twelve_rules(), table(cases)
    # The version after: a larger debt is let pass, and a shorter time without a home.
    changed = what_if(pack, {"debt_limit": 1_500_000, "adult_age": 20})
    questions = [Question(one, RULES, ON) for one in (pack, changed)]
    some = answers(columns.part(0, BUILT))
    stored = columns.to_bytes()

    def diff() -> None:
        before, after = judge(questions, columns)
        for rule in RULES:
            transitions(before.rules[rule], after.rules[rule])

    found = in_turns(
        {
            "judged": lambda: evaluate_columns(pack, RULES, columns, ON),
            "diff": diff,
            "asked": lambda: evaluate_columns(pack, RULES, columns, ON, missing=True),
            "traced": lambda: evaluate_columns(pack, RULES, columns, ON, nodes=True),
            "read": lambda: Columns.from_bytes(stored),
        },
        ROUNDS,
    )
    # The peak before the rest: what a diff of a caseload needs, columns and all.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    built = in_turns({"built": lambda: Columns.build(pack.facts, some)}, 3)["built"]
    print(
        json.dumps(
            {
                **found,
                "built": built * cases / BUILT,
                "peak_mb": peak,
                "table_mb": columns.nbytes / 2**20,
                "stored_mb": len(stored) / 2**20,
            }
        )
    )


if __name__ == "__main__":
    main()
