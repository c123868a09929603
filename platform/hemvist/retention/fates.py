"""What thinning does with each table's rows: read from ``thinning.toml``, the one place that says so."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from hemvist.db import Audience

#: The login role of the one who thins: it deletes what may go, reads what points at it, and no more.
ROLE = Audience.THINNING.value
#: What the role does besides deleting: it writes down what it thins, and reads the homes of what goes to
#: the archive.
_BESIDES: Mapping[str, tuple[str, ...]] = {
    "units": ("SELECT",),
    "thinning_runs": ("SELECT",),
    "thinning_items": ("SELECT", "UPDATE"),
    "kept_vouchers": ("SELECT", "INSERT"),
    "audit_entries": ("SELECT", "INSERT"),
}


@dataclass(frozen=True, slots=True)
class Aged:
    """Rows that go by the age of what they are part of."""

    parent: str
    column: str
    day: str


@dataclass(frozen=True, slots=True)
class Fates:
    """Names of the tenant's tables by what becomes of their rows; ``kept`` with the reason."""

    case: frozenset[str]
    household: frozenset[str]
    shared: frozenset[str]
    aged: Mapping[str, Aged]
    kept: Mapping[str, str]

    @property
    def going(self) -> frozenset[str]:
        """Tables that thinning takes rows from."""
        return self.case | self.household | self.shared | frozenset(self.aged)

    def names(self) -> list[str]:
        """Every table that is named, as often as it is."""
        return [*self.case, *self.household, *self.shared, *self.aged, *self.kept]


@lru_cache(maxsize=1)
def fates() -> Fates:
    """What is written. A table that is written twice in ``kept`` raises ``ValueError``."""
    read = tomllib.loads(files(__package__).joinpath("thinning.toml").read_text("utf-8"))
    kept: dict[str, str] = {}
    for group in read["kept"]:
        for table in group["tables"]:
            if table in kept:
                raise ValueError(f"{table} is kept twice")
            kept[table] = group["why"]
    return Fates(
        case=frozenset(read["case"]["tables"]),
        household=frozenset(read["household"]["tables"]),
        shared=frozenset(read["shared"]["tables"]),
        aged={table: Aged(**said) for table, said in read["aged"].items()},
        kept=kept,
    )


def grants(table: str) -> tuple[str, ...]:
    """What the thinning role may do with a table."""
    if table in _BESIDES:
        return _BESIDES[table]
    if table in fates().going:
        return ("SELECT", "DELETE")
    # The day of what is aged.
    if table in {one.parent for one in fates().aged.values()}:
        return ("SELECT",)
    return ()
