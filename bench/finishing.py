"""What computed fields cost over planned rows: the portal's pages with them, without, and ordinary.

In turns in one process, one at a time, on the cluster of ``bench-graphql`` (BENCH_FOLDER; a small one
serves: ``make bench-graphql SIZE="--kommuner 2 --households 600 --audit-rows 1000" ARGS=data``).
Only ratios of one run say anything.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from graphql_bench.cluster import cluster
from report import Figure, report

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "60"))
FOLDER = Path(os.environ.get("BENCH_FOLDER", ".local/bench-graphql")).absolute()
PAGES = ("cases", "referrals", "follow_ups", "today", "case")
#: What is computed in the fragment of a case's head, and who asks.
_COMPUTED = re.compile(r"\b(stage|programmeLabel|departmentName)\(lang: \$lang\)")
_MOST_CASES = """
SELECT c.tenant_id, c.department, (array_agg(c.id ORDER BY c.id) FILTER (WHERE EXISTS (
  SELECT FROM contracts k WHERE k.tenant_id = c.tenant_id AND k.case_id = c.id)))[1],
  (SELECT m.principal_id FROM memberships m WHERE m.tenant_id = c.tenant_id
   AND m.role = 'caseworker' AND m.department = c.department ORDER BY 1 LIMIT 1)
FROM cases c WHERE c.state = 'open' GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1"""


def main() -> None:
    """Measure every page and say what was found."""
    with cluster(FOLDER) as at:
        os.environ.update(at.environment())
        with at.connect() as connection:
            found = connection.execute(_MOST_CASES).fetchone()
        assert found is not None
        figures = [figure for name in PAGES for figure in measured(name, *found)]
    report("finishing", figures)


def measured(name: str, tenant: Any, department: str, case: Any, principal: Any) -> list[Figure]:
    """The figures of one page."""
    from hemvist.identity import Actor, Membership, Role
    from hemvist_graphql.ids import global_id
    from hemvist_portal.documents import document

    actor = Actor(tenant, principal, "Bench", frozenset({Membership(Role.CASEWORKER, department)}))
    text = document(name)
    given = {"lang": "sv"} | ({"id": global_id("Case", case)} if "$id:" in text else {})
    ways: dict[str, Callable[[], str]] = {
        "planned": _way(actor, text, given, plans=True),
        "ordinary": _way(actor, text, given, plans=False),
    }
    if name == "cases":
        # The same list of columns alone.
        bare = _COMPUTED.sub("", text).replace("...Frame", "").replace("$lang: String!, ", "")
        bare = re.sub(r"fragment Frame on Query.*?\n}", "", bare, flags=re.DOTALL)
        ways["columns alone"] = _way(actor, bare, {}, plans=True)
    cpu: dict[str, list[float]] = {way: [] for way in ways}
    said = ""
    for turn in range(ROUNDS):
        for way, run in ways.items():
            began = time.process_time()
            answer = run()
            if turn >= ROUNDS // 10:
                cpu[way].append(time.process_time() - began)
            said = answer if way == "planned" else said
    median = {way: statistics.median(times) * 1e3 for way, times in cpu.items()}
    figures = [Figure(f"{name}, {way}: server cpu", each, "ms") for way, each in median.items()]
    ratio = median["ordinary"] / median["planned"]
    figures.append(Figure(f"{name}: ordinary / planned, server cpu", ratio, "x"))
    if "columns alone" in median:
        ratio = median["planned"] / median["columns alone"]
        figures.append(Figure(f"{name}: planned / columns alone, server cpu", ratio, "x"))
        figures.append(Figure(f"{name}: json / orjson, there and back", _json(said), "x"))
    return figures


def _way(actor: Any, text: str, given: dict[str, Any], *, plans: bool) -> Callable[[], str]:
    from hemvist.settings import get_settings
    from hemvist_graphql.execution import execute_text

    def run() -> str:
        get_settings().compiled_reads = plans
        answer = execute_text(actor, text, given, None)
        assert '"errors"' not in answer, answer[:300]
        return answer

    return run


def _json(text: str) -> float:
    """How much longer the standard library takes to read and write a page."""
    taken: dict[str, list[float]] = {"json": [], "orjson": []}
    for _ in range(30):
        for name, turn in (
            ("json", lambda: json.dumps(json.loads(text), ensure_ascii=False)),
            ("orjson", lambda: orjson.dumps(orjson.loads(text)).decode()),
        ):
            began = time.perf_counter()
            turn()
            taken[name].append(time.perf_counter() - began)
    return statistics.median(taken["json"]) / statistics.median(taken["orjson"])


if __name__ == "__main__":
    main()
