"""Homes at risk in random order: counted as cases change, from nothing and by the oracles, it is the same."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hemvist.arrears import recovery
from hemvist.arrears.models import RentAccount
from hemvist.arrears.time_models import RecoveryPeriod
from hemvist.cases import closing
from hemvist.cases.models import Case
from hemvist.clock import SWEDISH_TIME, now, today
from hemvist.errors import HemvistError
from hemvist.households.models import HouseholdMember, Person
from hemvist.households.service import open_number
from hemvist.incidents import service as incidents
from hemvist.incidents.models import Incident
from hemvist.indicators import running
from hemvist.ladder import demands, evictions, leaving, notices, service
from hemvist.ladder.models import Eviction, Ladder
from hemvist.policy import add_months
from hemvist_any_order import REASON, Draw
from hemvist_arrears import imported, row
from hemvist_counted import agree, counted, counted_on
from hemvist_goteborg import CASEWORKER, housed, housing_first, opened
from hemvist_made_up import a_number, adult, child
from hemvist_world import World

SEED = int(os.environ.get("HEMVIST_ANY_ORDER", "11"))
DEPARTMENT, ACTS_EACH, BACK = "SF-SV", 180, 60
#: What the acts are for: each of them comes about.
MEANT = {
    *("incidents", "warnings", "arrears", "arrears_new", "evictions_averted", "evicted"),
    *("service_levels_kept", "follow_ups_on_time", "children_evicted"),
}


@dataclass
class Trouble:
    """A kommun with households at home and households that are not, and what is tried next."""

    world: World
    cases: list[Case]
    numbers: list[str]
    draw: Draw = field(default_factory=lambda: Draw(0))
    day: date = field(default_factory=today)

    def one(self, model: Any, **where: Any) -> Any:
        rows = self.world.rows(model, **where)
        return self.draw.of(*rows) if rows else None

    def case(self) -> Case:
        found: Case = self.draw.of(*self.cases)
        return found

    def at(self) -> datetime:
        moment = datetime.combine(self.day, datetime.min.time(), SWEDISH_TIME)
        return min(moment + timedelta(minutes=self.draw.below(1440)), now())

    def act(self, verb: Callable[..., Any], who: str = CASEWORKER, **words: Any) -> Any:
        return self.world.act(who, verb, **words)

    def on(self, row: Any, name: str, verb: Callable[..., Any], **words: Any) -> None:
        """An act on a row by its present version. Raises ``LookupError`` where there is none."""
        if row is None:
            raise LookupError(name)
        self.act(verb, **{name: row.id}, expected_version=row.version, **words)


def reported(t: Trouble) -> None:
    t.act(
        incidents.report,
        case_id=t.case().id,
        kind=t.draw.of("disturbance", "complaint", "neglect"),
        reported_by="landlord",
        channel="phone",
        what=REASON,
        happened_on=t.day - timedelta(days=1),
        received_at=t.at(),
        reporter_name="Bo Hyresvärd",
    )


def dropped(t: Trouble) -> None:
    found = t.one(Incident, state="open")
    outcome = t.draw.of("unfounded", "duplicate")
    t.on(found, "incident_id", incidents.close, outcome=outcome, note=REASON)


def climbed(t: Trouble) -> None:
    t.act(
        service.open_ladder,
        case_id=t.case().id,
        ground=t.draw.of("misconduct", "arrears"),
        severity="serious",
        severity_reason=REASON,
        about=REASON,
        opened_on=t.day,
    )


def warned(t: Trouble) -> None:
    found = t.one(Ladder, state="open")
    sent = t.day - timedelta(days=t.draw.below(3))
    t.on(found, "ladder_id", demands.receive_demand, what=REASON, sent_on=sent, received_on=t.day)


def applied(t: Trouble) -> None:
    t.on(
        t.one(Ladder, state="open"), "ladder_id", evictions.apply_for_eviction,
        by_landlord=True, number="U-1", applied_on=t.day,
    )  # fmt: skip


def dated(t: Trouble) -> None:
    found = t.one(Eviction, state="applied")
    t.on(
        found, "eviction_id", evictions.set_eviction_date,
        evicts_on=t.day + timedelta(days=1), learned_at=t.at(),
    )  # fmt: skip


def confirmed(t: Trouble) -> None:
    t.on(t.one(Eviction, state="dated"), "eviction_id", evictions.confirm_eviction_date)


def withdrawn(t: Trouble) -> None:
    found = t.one(Eviction, state=t.draw.of("applied", "dated"))
    t.on(found, "eviction_id", evictions.withdraw_eviction, because=REASON, on=t.day)


def carried_out(t: Trouble) -> None:
    t.on(t.one(Eviction, state="dated"), "eviction_id", evictions.carry_out_eviction)


def noticed(t: Trouble) -> None:
    t.on(
        t.one(Ladder, state="open"), "ladder_id", notices.receive_notice,
        what=REASON, given_on=t.day, ends_on=t.day,
    )  # fmt: skip


def gone(t: Trouble) -> None:
    """Told of other housing first, of which another word may come next time."""
    found = t.one(Ladder, state="open")
    if t.draw.once_in(2):
        t.on(found, "ladder_id", leaving.tell_of_housing, what=REASON)
    else:
        t.on(found, "ladder_id", leaving.register_move_out, who="property", moved_on=t.day)


def ended(t: Trouble) -> None:
    found = t.one(Ladder, state="open")
    words = {"outcome": t.draw.of("corrected", "closed"), "reason": REASON, "ended_on": t.day}
    t.on(found, "ladder_id", service.end_ladder, who="property", **words)


def owed(t: Trouble) -> None:
    """A list as of the day: rent is owed on one of a household's tenancies, or no more."""
    place = t.draw.below(len(t.numbers))
    said = {"Personnummer": t.numbers[place]}
    if t.draw.once_in(2):
        said |= {"Restbelopp": "0", "Betaldatum": str(t.day)}
    told = row(f"A-{place}-{t.draw.below(2)}", 3, **said)
    imported(t.world, CASEWORKER, DEPARTMENT, [told], position_on=t.day)


def served(t: Trouble) -> None:
    found = t.one(RentAccount)
    if found is None:
        raise LookupError("account")
    t.act(
        recovery.register_recovery,
        account_id=found.id,
        amount_ore=745_050,
        served_on=t.day,
        board_told_on=t.day,
    )


def won_back(t: Trouble) -> None:
    found = t.one(RecoveryPeriod, state="running")
    how = t.draw.of("paid", "paid", "withdrawn", "expired")
    t.on(found, "recovery_id", recovery.end_recovery, how=how, on=t.day)


def closed(t: Trouble) -> None:
    if not t.draw.once_in(4):
        raise LookupError("not yet")
    found = t.world.again(t.case())
    t.on(found, "case_id", closing.close, reason=t.draw.of("own_home", "other"), on=t.day)


ACTS = (
    *(reported, dropped, climbed, warned, applied, dated, confirmed, withdrawn, carried_out),
    *(noticed, gone, ended, owed, served, won_back, closed),
)


def troubled() -> Trouble:
    """Three households in their flats, two that ask for one."""
    world = housing_first()
    moved_in = today() - timedelta(days=200)
    # Whoever is evicted has children, of whom one becomes of age meanwhile.
    checked = {"protection_checked_on": moved_in}
    young = a_number(add_months(today(), -18 * 12) - timedelta(days=BACK // 2))
    of_age = adult("child", personal_number=young, **checked)
    families = ((child(**checked),), (of_age,), (child(**checked), child(**checked)))
    cases = [housed(world, moved_in, *others)[0] for others in families]
    cases += [opened(world, today() - timedelta(days=150)) for _ in range(2)]
    numbers = []
    for case in cases:
        (member,) = world.rows(HouseholdMember, household_id=case.household_id, role="applicant")
        numbers.append(open_number(world.rows(Person, id=member.person_id)[0]))
    return Trouble(world, cases, numbers)


@pytest.mark.slow
def test_homes_at_risk_are_counted_the_same_four_ways(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After every act. Only what was registered since the last count is looked at."""
    monkeypatch.setattr(running, "LATE", timedelta(0))
    trouble = troubled()
    tenant_id = trouble.world.tenant_id
    counted(tenant_id)
    facts = agree(tenant_id, "the beginning")
    done: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for number in range(ACTS_EACH):
        trouble.draw = Draw(SEED * 7919 + number)
        trouble.day = today() - timedelta(days=BACK - BACK * number // ACTS_EACH)
        act = min(
            trouble.draw.of(*ACTS), trouble.draw.of(*ACTS), key=lambda one: done[one.__name__]
        )
        try:
            act(trouble)
        except (HemvistError, LookupError):
            continue
        done[act.__name__] += 1
        counted_on(tenant_id)
        facts = agree(tenant_id, f"{act.__name__} number {number} of seed {SEED}")
        seen |= Counter(one[1] for one in facts)
    assert counted(tenant_id) == 0
    print(sorted(done.items()), sorted(seen.items()))
    assert set(seen) >= MEANT, MEANT - set(seen)
