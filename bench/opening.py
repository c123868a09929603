"""What opening sealed values adds to the lists that people read all day.

The portal's own documents through the compiled read path, in turns in one process: as they are, and with
every value's opening replaced by a look at what it was before. Fifty rows are a page; five hundred are
five pages of a hundred. Only ratios of one run travel.

    make bench-opening                        # BENCH_ROUNDS=40
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import orjson
from large_kommun import LargeKommun, large_kommun
from report import Figure, report

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "40"))
#: Rows, pages of them, and the size of a page.
SIZES = ((50, 1, 50), (500, 5, 100))
LISTS = ("cases", "households", "today", "vacancies")
#: Homes that are reported for the list of vacancies, where there are fewer.
VACANCIES = 500
CASES = 2_000


def main() -> None:
    """Measure every list at every size, and say what was found."""
    with large_kommun(CASES) as kommun:
        report("opening", [one for name in LISTS for one in measured(kommun, name)])


def measured(kommun: LargeKommun, name: str) -> Iterator[Figure]:
    """The figures of one list."""
    from hemvist.identity import Actor, Membership, Role
    from hemvist_portal.documents import document

    membership = Membership(Role.CASEWORKER, kommun.department)
    actor = Actor(kommun.tenant, kommun.caseworker, "Bench", frozenset({membership}))
    if name == "vacancies":
        actor = _reported(kommun)
    text = document(name)
    for rows, pages, size in SIZES:
        if name == "today" and pages > 1:
            continue  # as long as a day is, and no longer
        run = _reading(
            actor, name, text.replace("first: 50, after", f"first: {size}, after"), pages
        )
        yield from _compared(f"{name}, {rows} rows" if name != "today" else name, run)


def _reported(kommun: LargeKommun) -> Any:
    """Who answers vacancies there, when there are some."""
    from hemvist.clock import today
    from hemvist.db import Audience
    from hemvist.identity import Actor, Membership, Role
    from hemvist.tenancy import tenant_session
    from hemvist.vacancies.service import report as report_vacancy

    membership = Membership(Role.PROPERTY_OFFICER, "FF")
    actor = Actor(kommun.tenant, kommun.officer, "Bench", frozenset({membership}))
    for place in range(VACANCIES):
        with tenant_session(Audience.STAFF, kommun.tenant, kommun.officer) as session:
            report_vacancy(
                session,
                actor,
                landlord_id=kommun.landlord,
                property_designation=f"Mätningen {1 + place // 100}",
                street_address=f"Mätgatan {1 + place // 10}",
                postal_code="651 84",
                city="Karlstad",
                apartment_number=f"1{place % 10:01}01",
                rooms=2,
                size_m2=58,
                rent_ore=745_000,
                available_from=today() + timedelta(days=30),
                note="Nymålad, ring vaktmästaren om nyckeln.",
            )
    return actor


def _reading(actor: Any, name: str, text: str, pages: int) -> Callable[[], None]:
    from hemvist_graphql.execution import execute_text

    def page(after: str | None) -> str:
        answer = execute_text(
            actor, text, {"lang": "sv"} | ({"after": after} if after else {}), None
        )
        assert '"errors"' not in answer, answer[:300]
        return answer

    cursors: list[str | None] = [None]
    while len(cursors) < pages:
        told = orjson.loads(page(cursors[-1]))["data"][name]["pageInfo"]
        if not told["hasNextPage"]:
            raise SystemExit(f"{name} has no {pages} pages: generate more households")
        cursors.append(told["endCursor"])

    def run() -> None:
        for after in cursors:
            page(after)

    return run


def _compared(name: str, run: Callable[[], None]) -> Iterator[Figure]:
    """In turns: opening, and looking up what was opened before."""
    from hemvist.tenancy.keys import TenantKeys

    opening = TenantKeys.open_bytes
    before: dict[tuple[str, bytes], bytes] = {}
    opened = 0

    def looked_up(keys: TenantKeys, field: str, sealed: bytes) -> bytes:
        nonlocal opened
        opened += 1
        found = before.get((field, sealed))
        if found is None:
            found = before[field, sealed] = opening(keys, field, sealed)
        return found

    ways: dict[str, Any] = {"as it is": opening, "nothing opened": looked_up}
    cpu: dict[str, list[float]] = {way: [] for way in ways}
    wall: dict[str, list[float]] = {way: [] for way in ways}
    try:
        for turn in range(ROUNDS):
            for way, how in ways.items():
                TenantKeys.open_bytes = how  # type: ignore[method-assign]
                opened = 0
                began, on = time.perf_counter(), time.process_time()
                run()
                if turn >= ROUNDS // 5:
                    cpu[way].append((time.process_time() - on) * 1e3)
                    wall[way].append((time.perf_counter() - began) * 1e3)
    finally:
        TenantKeys.open_bytes = opening  # type: ignore[method-assign]
    yield Figure(f"{name}: values opened", float(opened), "")
    for what, times in (("process cpu", cpu), ("until answered", wall)):
        median = {way: statistics.median(taken) for way, taken in times.items()}
        yield Figure(f"{name}: {what}", median["as it is"], "ms")
        yield Figure(
            f"{name}: as it is / nothing opened, {what}",
            median["as it is"] / median["nothing opened"],
            "x",
        )


if __name__ == "__main__":
    main()
