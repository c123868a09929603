"""Feature switches (funktionsväljare): what a kommun has turned on before, or later than, the others.

A switch is for the time in which kommuner take something up one after another. It has an owner and a
day by which it ends: then the code takes one way for everybody and the switch is removed. Past that day
it answers as before, so that nothing changes for anybody overnight; a test fails, ``hemvist switches
list`` ends with status 1, and whoever owns it removes it. See docs/switches.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hemvist_tenants.reading import Table

if TYPE_CHECKING:
    from hemvist_tenants.config import TenantConfig


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch as it is declared, here and nowhere else."""

    name: str
    description: str
    #: Who sees to it that it ends: a role of the project, not a person.
    owner: str
    #: The last day of it.
    ends: date
    #: What it is where a kommun's file says nothing.
    default: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What a kommun's file says of a switch: which way, who decided it and from when."""

    name: str
    on: bool
    by: str
    since: date
    why: str


VISIT_DRAFTS = Switch(
    name="visit_drafts",
    description="A visit's form keeps what is typed on the device, sealed, until it has been sent. A kommun"
    " that has not yet assessed the risk of personal data on its telephones turns it off.",
    owner="portal",
    ends=date(2027, 6, 30),
    default=True,
)
SWITCHES: Mapping[str, Switch] = {one.name: one for one in (VISIT_DRAFTS,)}


def is_on(kommun: TenantConfig, switch: Switch) -> bool:
    """Whether ``switch`` is on for ``kommun``: the one way to ask.

    It is read from the kommun's file, which a process reads once: no statement, and nothing that could
    be another kommun's. The same before its last day and after it.
    """
    return next((one.on for one in kommun.switches if one.name == switch.name), switch.default)


def past(day: date, switches: Mapping[str, Switch] = SWITCHES) -> list[Switch]:
    """Those whose last day was before ``day``: to be removed from the code."""
    return [one for one in switches.values() if one.ends < day]


def read_switches(tables: Sequence[Table]) -> tuple[Choice, ...]:
    """A file's ``[[switches]]``; what does not hold is noted in the tables' faults."""
    found: list[Choice] = []
    for table in tables:
        choice = Choice(
            name=table.choice("name", tuple(SWITCHES)),
            on=table.flag("on", False),
            by=table.text("by"),
            since=table.day("since"),
            why=table.text("why"),
        )
        if not table.has("on"):
            table.fault("on", "is missing", "write on = true or on = false")
        if table.sound("name") and any(one.name == choice.name for one in found):
            table.fault("name", f"{choice.name!r} has been said above", "once is enough")
        table.finish()
        found.append(choice)
    return tuple(found)
