"""What a kommun assumes of temporary housing, as its file has it: costs avoided are reckoned by it."""

from __future__ import annotations

from hemvist_tenants.config import TemporaryHousing
from hemvist_tenants.reading import Table

#: Öre. More is a slip of the pen.
MOST_ORE = 2_000_000


def read_temporary_housing(table: Table) -> TemporaryHousing:
    """One assumption of the file; what does not hold is noted in the table's faults."""
    night, rent = table.number("night_ore"), table.number("rent_ore")
    for key, ore, such in (("night_ore", night, 85_000), ("rent_ore", rent, 720_000)):
        if ore is None:
            table.fault(key, "is missing", f"öre, such as {such}")
        elif not 0 < ore <= MOST_ORE:
            table.fault(key, f"is {ore}, must be 1 to {MOST_ORE} öre")
    entry = TemporaryHousing(
        since=table.day("since"),
        night_ore=night or 0,
        rent_ore=rent or 0,
        cite=table.text("cite"),
    )
    table.finish()
    return entry
