"""Who looked at which case, for as long as it has been there: most of an audit log is reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from hemvist_infra.national.ids import DIGITS, morning, spelled

#: Operations of the portal, and how often each is among the reads of a case.
_OPERATIONS = (("CasePage", 60), ("AssessmentForm", 14), ("FollowUpsPage", 14), ("HouseholdPage", 8),
               ("ContractPage", 4))  # fmt: skip
COLUMNS = (
    "tenant_id, id, at, kind, principal_id, roles, channel, action, case_id, person_ids,"
    " subject_type, subject_id, details"
)
_AT_ONCE = 20_000
_OFFICE_SECONDS = 9 * 3600


@dataclass(frozen=True, slots=True)
class Read:
    """A case that is read, from a day to a day, by its caseworker."""

    case: str
    persons: tuple[str, ...]
    principal: str
    first: date
    last: date


def reads(tenant: str, cases: list[Read], count: int, key: list[int]) -> Iterator[str]:
    """``count`` lines for COPY, the oldest first."""
    if not cases or count <= 0:
        return
    dice = np.random.Generator(np.random.PCG64(key))
    of = dice.integers(0, len(cases), count)
    first = np.array([morning(case.first) // 86_400_000 for case in cases])
    days = np.array([max((case.last - case.first).days, 1) for case in cases])
    day = first[of] + (dice.random(count) * days[of]).astype(np.int64)
    seconds = day * 86_400 + 7 * 3600 + dice.integers(0, _OFFICE_SECONDS, count)
    order = np.argsort(seconds, kind="stable")
    of, seconds = of[order], seconds[order]
    names = [name for name, _ in _OPERATIONS]
    weights = np.array([weight for _, weight in _OPERATIONS], dtype=float)
    operation = dice.choice(len(names), count, p=weights / weights.sum())
    # A line is its beginning, when, who read, what, and which case: all but the id are few.
    who = [f"+00\tread\t{case.principal}\t{{caseworker}}\tportal\t" for case in cases]
    what = [f"\t{case.case}\t{{{','.join(case.persons)}}}\t\\N\t\\N\t{{}}\n" for case in cases]
    for start in range(0, count, _AT_ONCE):
        part = slice(start, min(start + _AT_ONCE, count))
        size = part.stop - part.start
        instants = (seconds[part] * 1000 + dice.integers(0, 1000, size)).tolist()
        # Ids of one batch rise with time, as they do when they are made.
        written = np.datetime_as_string(seconds[part].astype("datetime64[s]")).tolist()
        fresh = spelled(instants, dice.bytes(size * DIGITS // 2).hex())
        yield "".join(
            [
                f"{tenant}\t{id}\t{at}{who[case]}{names[act]}{what[case]}"
                for id, at, case, act in zip(
                    fresh, written, of[part].tolist(), operation[part].tolist(), strict=True
                )
            ]
        )
