"""What judging by a guideline costs, beside cel-expr-python, zen-engine and openfisca-core.

The same twelve rules over the same invented cases, in one run: one case with its trace, a million
cases, the difference between two versions, and how many answers agree. Run it with
``make bench-policy``, which gives the peers an environment of their own; it also writes
``docs/benchmarks/policy.md``. Figures that matter are ratios of the same run; the rest is for
orientation on the machine at hand.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import policy_loading
from policy_cases import ON, RULES, answers, table, twelve_rules
from policy_cel import Cel
from policy_openfisca import OpenFisca
from policy_page import write
from policy_timing import cpu, in_turns
from policy_zen import Zen
from report import Figure, report

from hemvist.policy import Evaluation, Pack, evaluate
from hemvist.policy.columns import Columns, evaluate_columns
from hemvist.policy.readiness import ready

ONE_BY_ONE = 4_000
ZEN_CASES = 1_000
OPENFISCA_ALONE = 20
OPENFISCA_CASES = 200_000
AGREEMENT = 20_000
ROUNDS = 9
_TRUTH = (False, None, True)


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that was measured: microseconds of one case, seconds of caseloads, agreement."""

    one: dict[str, float]
    caseload: dict[str, float]
    peers_million: dict[str, float]
    agreement: dict[str, tuple[int, int]]
    packs: policy_loading.Loaded


def _read(found: Evaluation) -> object:
    return found.outcome, found.ask


def one_case(
    pack: Pack, columns: Columns, cel: Cel, zen: Zen, fisca: OpenFisca
) -> dict[str, float]:
    """Microseconds of CPU for one case, by engine and by how much is asked of it."""
    cases = answers(columns.part(0, ONE_BY_ONE))
    engine = ready(pack)
    rule = engine.rule("entitled")
    ours = [engine.values(case, ON) for case in cases]
    cels, zens = [cel.ready(case) for case in cases], [zen.ready(case) for case in cases]
    single = [columns.part(index, index + 1) for index in range(OPENFISCA_ALONE)]

    def each(run: Callable[[Any], object], items: list[Any]) -> Callable[[], None]:
        def runs() -> None:
            for item in items:
                run(item)

        return runs

    few = zens[:ZEN_CASES], cases[:ZEN_CASES]
    runs: dict[str, tuple[Callable[[], None], int]] = {
        "answer": (
            each(lambda case: _read(evaluate(pack, "entitled", case, ON)), cases),
            ONE_BY_ONE,
        ),
        "trace": (each(lambda case: evaluate(pack, "entitled", case, ON).trace, cases), ONE_BY_ONE),
        "json": (
            each(lambda case: evaluate(pack, "entitled", case, ON).as_json(), cases),
            ONE_BY_ONE,
        ),
        "ready": (each(lambda values: _read(Evaluation(rule, values)), ours), ONE_BY_ONE),
        "cel": (each(lambda case: cel.judge(cel.ready(case)), cases), ONE_BY_ONE),
        "cel ready": (each(cel.judge, cels), ONE_BY_ONE),
        "zen": (each(lambda case: zen.judge(zen.ready(case)), few[1]), ZEN_CASES),
        "zen ready": (each(zen.judge, few[0]), ZEN_CASES),
        "openfisca": (
            each(lambda part: fisca.judge(1, fisca.ready(part)), single),
            OPENFISCA_ALONE,
        ),
    }
    best = in_turns({name: run for name, (run, _) in runs.items()}, ROUNDS)
    return {name: seconds / runs[name][1] * 1e6 for name, seconds in best.items()}


def agreement(
    pack: Pack, columns: Columns, cel: Cel, zen: Zen, fisca: OpenFisca
) -> dict[str, tuple[int, int]]:
    """How many of the answers each engine gives as the columns do, and how many there are."""
    part = columns.part(0, AGREEMENT)
    judged = evaluate_columns(pack, RULES, part, ON, nodes=True)
    expected = np.stack([judged.rules[rule] for rule in RULES], axis=1)
    cases = answers(part)
    same = {"closures": 0, "cel": 0, "zen": 0}
    for case, row in zip(cases, expected.tolist(), strict=True):
        wanted = tuple(_TRUTH[code] for code in row)
        found = {node.path: node.outcome for node in evaluate(pack, "entitled", case, ON).trace}
        closures = tuple({"true": True, "false": False}.get(found[rule]) for rule in RULES)
        for name, given in (
            ("closures", closures),
            ("cel", cel.judge(cel.ready(case))),
            ("zen", zen.judge(zen.ready(case))),
        ):
            same[name] += sum(a is b for a, b in zip(given, wanted, strict=True))
    fiscal = fisca.judge(AGREEMENT, fisca.ready(part))
    codes = np.stack([fiscal[rule] * 2 for rule in RULES], axis=1)
    same["openfisca"] = int(np.count_nonzero(codes == expected))
    return {name: (count, expected.size) for name, count in same.items()}


def caseload() -> dict[str, float]:
    """A million cases, in a process of their own."""
    script = Path(__file__).with_name("policy_caseload.py")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure everything, print it and write the page."""
    pack, columns = twelve_rules(), table(OPENFISCA_CASES)
    cel, zen, fisca = Cel(), Zen(), OpenFisca()
    one = one_case(pack, columns, cel, zen, fisca)
    arrays = fisca.ready(columns)
    fiscal = min(cpu(lambda: fisca.judge(OPENFISCA_CASES, arrays)) for _ in range(3))
    million = {
        "cel": one["cel ready"],
        "zen": one["zen ready"],
        "openfisca": fiscal / OPENFISCA_CASES * 1e6,
    }
    measured = Measured(
        one,
        caseload(),
        million,
        agreement(pack, columns, cel, zen, fisca),
        policy_loading.measured(),
    )
    page = write(measured)
    load, peak = measured.caseload["judged"], measured.caseload["peak_mb"]
    report(
        "policy",
        [
            Figure("one case, 12 rules, every clause judged", one["answer"], "µs", 15),
            Figure("the same with its trace put into words", one["trace"], "µs", 15),
            Figure("the same as JSON", one["json"], "µs"),
            Figure("this / cel-expr-python, from answers", one["answer"] / one["cel"], "x", 0.25),
            Figure(
                "this / cel-expr-python, facts ready", one["ready"] / one["cel ready"], "x", 0.25
            ),
            Figure("a million cases", load, "CPU s", 1),
            Figure("the most memory with two versions", peak, "MB", 1500),
            Figure("two versions / one", measured.caseload["diff"] / load, "x", 2),
            Figure("load all packs", measured.packs.load, "CPU s"),
            Figure("check all packs", measured.packs.check, "CPU s"),
        ],
    )
    print(page)


if __name__ == "__main__":
    main()
