"""How much a look is worth a reviewer's time (riskvikt): reasons, and what each weighs.

No reason says that anything was wrong. They say where a look that had no business is more likely, or would
do more harm, so that fifty looks of a hundred thousand are not fifty ordinary ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from hemvist.clock import SWEDISH_TIME
from hemvist.log_reviews.names import Staff

#: What each reason weighs. A look without any weighs 1.
REASONS: Mapping[str, int] = {
    "break_glass": 12,
    "own_family_name": 12,
    "colleague": 10,
    "same_address": 10,
    "closed_circle": 8,
    "many_looks": 6,
    "night": 5,
    "refused": 4,
}
#: From this hour to that one it is night.
NIGHT = (22, 6)
#: Looks of one person on one day that are many: so many at least, and so many times the kommun's median.
MANY, MANY_TIMES = 20, 3
#: Refused commands of one person on one day that say something.
REFUSED = 5


@dataclass(slots=True)
class Look:
    """Somebody, on a day, at a case or at a few people: as many entries as that left."""

    principal_id: UUID
    on_day: date
    entry_id: UUID
    case_id: UUID | None
    entries: int = 0
    persons: set[UUID] = field(default_factory=set)
    at_night: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the month beside the looks."""

    #: Names of principals, as their issuer says them.
    staff: Staff
    #: Given and family name of the persons, and of the tenants, that were looked at.
    persons: Mapping[UUID, tuple[str, str]]
    #: Cases and persons that are closed to a circle.
    closed: Collection[UUID]
    #: Who broke the glass of which case, with the persons in it, and the days on which it stood open.
    openings: Collection[tuple[UUID, UUID, date]]
    #: Digests of addresses: of the staff by principal, of homes by case and by person.
    staff_homes: Mapping[UUID, bytes]
    homes: Mapping[UUID, Collection[bytes]]
    #: How many cases and persons somebody looked at on a day.
    busy: Mapping[tuple[UUID, date], int]
    #: The kommun's median of those.
    median: float
    #: How many commands of somebody's were refused on a day.
    refused: Mapping[tuple[UUID, date], int]


def reasons_for(look: Look, known: Known) -> list[str]:
    """Why the look is worth looking at, the heaviest reason first."""
    who, day = look.principal_id, look.on_day
    names = [known.persons[one] for one in look.persons if one in known.persons]
    subjects = [one for one in (look.case_id, *look.persons) if one is not None]
    found = {
        "break_glass": any((who, one, day) in known.openings for one in subjects),
        "own_family_name": any(known.staff.shares(who, family) for _, family in names),
        "colleague": any(known.staff.has_another(who, *name) for name in names),
        "same_address": any(
            known.staff_homes.get(who) in known.homes.get(one, ()) for one in subjects
        ),
        "closed_circle": any(one in known.closed for one in subjects),
        "many_looks": known.busy.get((who, day), 0) >= max(MANY, MANY_TIMES * known.median),
        "night": look.at_night,
        "refused": known.refused.get((who, day), 0) >= REFUSED,
    }
    return sorted((code for code, so in found.items() if so), key=lambda code: -REASONS[code])


def weight_of(reasons: Iterable[str]) -> int:
    """What a look with these reasons weighs."""
    return 1 + sum(REASONS[code] for code in reasons)


def is_night(at: datetime) -> bool:
    """Whether it was night in Sweden."""
    hour = at.astimezone(SWEDISH_TIME).hour
    return hour >= NIGHT[0] or hour < NIGHT[1]
