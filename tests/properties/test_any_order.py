"""Whatever people do in whatever order: what must always hold of cases, homes, money and the record.

Few examples by default; ``HEMVIST_ANY_ORDER=200`` tries as many.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from hemvist.assessments.guarding import facts_for
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.policy import Outcome, evaluate
from hemvist_any_order import ACTS, TOWNS, Act, Draw, Town, tried
from hemvist_world import as_owner

EXAMPLES = int(os.environ.get("HEMVIST_ANY_ORDER", "6"))
STEPS = 40
#: Written by reading too, or by nobody's act.
_NOT_COUNTED = {"idempotency_keys"}
NUMBERS = st.lists(st.integers(0, 10_000), min_size=8, max_size=8)
DONE: Counter[tuple[str, bool]] = Counter()

#: What may not be found in the database, whatever was done.
NEVER = {
    "two leases of one home on a day": """
        SELECT a.id, b.id FROM contracts a JOIN contracts b
          ON a.unit_id = b.unit_id AND a.id < b.id
         AND daterange(a.starts_on, greatest(a.ended_on, a.starts_on))
          && daterange(b.starts_on, greatest(b.ended_on, b.starts_on))""",
    "two days of letting of one level": """
        SELECT a.id, b.id FROM lettings a JOIN lettings b
          ON a.unit_id = b.unit_id AND a.level = b.level AND a.id < b.id
         AND daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)""",
    "a running lease of a home that is not let": """
        SELECT c.id, u.state FROM contracts c JOIN units u ON u.id = c.unit_id
         WHERE c.state = 'signed' AND c.follows_id IS NULL AND u.state <> 'let'""",
    "an entry that does not sum to nothing": """
        SELECT entry_id FROM guarantee_postings GROUP BY entry_id
        HAVING sum(amount_ore) <> 0 OR count(*) <> 2""",
    "a bank side that is another": """
        SELECT g.id FROM guarantees g WHERE g.recovered_ore - g.paid_ore <> coalesce((
            SELECT sum(p.amount_ore) FROM guarantee_postings p
             WHERE p.guarantee_id = g.id AND p.account = 'bank'), 0)""",
    "more than the cap": """
        SELECT id FROM guarantees WHERE NOT (0 <= paid_ore AND paid_ore <= approved_ore
          AND approved_ore <= cap_ore AND demanded_ore <= paid_ore
          AND recovered_ore + written_off_ore <= demanded_ore)""",
    "a takeover without its lease, or with a sublease that goes on": """
        SELECT t.id FROM takeovers t
          LEFT JOIN contracts lease ON lease.id = t.lease_id
          JOIN contracts sublease ON sublease.id = t.contract_id
         WHERE t.state = 'done' AND (lease.id IS NULL OR lease.kind <> 'first_hand'
            OR lease.starts_on <> t.taken_over_on OR lease.follows_id <> sublease.id
            OR sublease.state <> 'ended' OR sublease.end_reason <> 'taken_over'
            OR sublease.ended_on <> t.taken_over_on)
            OR t.state <> 'done' AND t.lease_id IS NOT NULL""",
    "a home accepted twice": """
        SELECT o.unit_id FROM offers o LEFT JOIN contracts c ON c.offer_id = o.id
         WHERE o.state = 'accepted' AND (c.id IS NULL OR c.state = 'signed')
         GROUP BY o.unit_id HAVING count(DISTINCT o.id) > 1""",
    "a referral with two homes accepted": """
        SELECT o.referral_id FROM offers o LEFT JOIN contracts c ON c.offer_id = o.id
         WHERE o.state = 'accepted' AND (c.id IS NULL OR c.state = 'signed')
         GROUP BY o.referral_id HAVING count(DISTINCT o.id) > 1""",
    "a home reserved without an accepted offer": """
        SELECT u.id FROM units u WHERE u.state = 'reserved' AND NOT EXISTS (
            SELECT FROM offers o WHERE o.unit_id = u.id AND o.state = 'accepted')""",
    "an offered home without an offer": """
        SELECT u.id FROM units u WHERE u.state = 'offered' AND NOT EXISTS (
            SELECT FROM offers o WHERE o.unit_id = u.id AND o.state = 'made')""",
    "a decision made by who proposed it": """
        SELECT id FROM decisions WHERE state = 'decided' AND decided_by = proposed_by""",
    "duties in a closed case": """
        SELECT o.id FROM obligations o JOIN cases c ON c.id = o.case_id
         WHERE c.state = 'closed' AND o.state = 'open'""",
}


class AnyOrder(RuleBasedStateMachine):
    """Three kommuner; one act at a time, each looked at from the database before and after."""

    @initialize(
        town=st.integers(0, len(TOWNS) - 1),
        points=st.lists(st.sampled_from([3, 2, 1, 0]), min_size=2, max_size=2),
    )
    def begin(self, town: int, points: list[int]) -> None:
        self.town: Town = TOWNS[town](points)
        self.town.world.unit()
        self.clock = today() - timedelta(days=60)

    @rule(name=st.sampled_from(sorted(ACTS)), numbers=NUMBERS, back=st.integers(-3, 20))
    def attempt(self, name: str, numbers: list[int], back: int) -> None:
        """One act, tried twice with other words: the second often meets what the first has done."""
        self.once(name, numbers, back)
        self.once(name, [number + 1 for number in numbers], back)

    def once(self, name: str, numbers: list[int], back: int) -> None:
        self.clock = min(today(), self.clock + timedelta(days=2))
        # Most are registered as they come; some are told of late, or early.
        day = self.clock - timedelta(days=back * back if back > 14 else min(back, 0))
        chosen = ACTS[name](self.town, Draw(numbers), day)
        if chosen is not None:
            self.act(name, chosen)

    def act(self, name: str, chosen: Act) -> None:
        with as_owner(self.town.world.tenant_id) as database:
            before = contents(database)
        allowed = {case.id: moves(self.town, case) for case in self.town.cases}
        refused = tried(self.town, chosen)
        DONE[name, refused is None] += 1
        told = f"{name}: {chosen}"
        with as_owner(self.town.world.tenant_id) as database:
            after = contents(database)
            for wrong, query in NEVER.items():
                assert not database.execute(query).fetchall(), f"{wrong} after {told}"
            if refused is not None:
                changed = sorted(table for table in after if after[table] != before[table])
                assert not changed, f"{changed} changed though refused ({refused}): {told}"
                return
            lines = after["case_events"][0] - before["case_events"][0]
            audited = after["audit_entries"][0] - before["audit_entries"][0]
            assert lines >= 1, f"no line of the journal after {told}"
            assert audited >= 1 and after["outbox_events"][0] > before["outbox_events"][0], told
        for case in self.town.cases:
            now, events = standing(self.town, case)
            was, known, guarded = allowed[case.id]
            new = events[len(known) :] if events[: len(known)] == known else None
            if now == was or now[0] != was[0]:
                continue
            # One of the table's arrows, and its guard was true before the act was done.
            arrows = reachable(self.town, case, was, guarded)
            assert now in arrows, f"{was} -> {now} (new: {new}, {arrows}) after {told}"


def contents(database: psycopg.Connection) -> dict[str, tuple[int, Any]]:
    """Rows of each table of the kommun: how many, and a sum of what stands in them."""
    parts = [
        f"SELECT '{table}', count(*), sum(hashtext(t::text)::bigint) FROM {table} t"
        for table in tables(database)
    ]
    return {name: (rows, sum_) for name, rows, sum_ in database.execute(" UNION ALL ".join(parts))}


_TABLES: list[str] = []


def tables(database: psycopg.Connection) -> list[str]:
    """Every table that kommuner own rows in."""
    if not _TABLES:
        found = database.execute(
            """SELECT DISTINCT c.table_name FROM information_schema.columns c
                 JOIN information_schema.tables t USING (table_schema, table_name)
                WHERE c.column_name = 'tenant_id' AND c.table_schema = 'public'
                  AND t.table_type = 'BASE TABLE'"""
        ).fetchall()
        _TABLES.extend(sorted({name for (name,) in found} - _NOT_COUNTED))
    return _TABLES


Stage = tuple[str | None, str | None]


def standing(town: Town, case: Case) -> tuple[Stage, list[str]]:
    """Programme and stage by the pack's table folded over the case's lines, read from the database."""
    with as_owner(town.world.tenant_id) as database:
        rows = database.execute(
            """SELECT kind FROM case_events WHERE case_id = %s
               ORDER BY occurred_on, recorded_at, id""",
            (case.id,),
        ).fetchall()
        [(name,)] = database.execute("SELECT programme FROM cases WHERE id = %s", (case.id,))
    events = [kind for (kind,) in rows]
    if name is None or town.pack.programme(name).stages is None:
        return (name, None), events
    stages = town.pack.programme(name).stages
    assert stages is not None
    stage = stages.initial
    for event in events:
        for arrow in stages.transitions:
            if (arrow.source, arrow.event) == (stage, event):
                stage = arrow.target
                break
    return (name, stage), events


def moves(town: Town, case: Case) -> tuple[Stage, list[str], dict[str, bool]]:
    """Where the case stands, and what each guard of its programme says of it now."""
    now, events = standing(town, case)
    guards: dict[str, bool] = {}
    if now[0] is not None and now[1] is not None:
        programme = town.pack.programme(now[0])
        assert programme.stages is not None
        row = town.world.again(case)
        facts = town.world.read(lambda session: facts_for(session, row, programme, today()))
        for arrow in programme.stages.transitions:
            if arrow.guard is not None and arrow.guard not in guards:
                said = evaluate(town.pack, arrow.guard, facts, today())
                guards[arrow.guard] = said.outcome is Outcome.TRUE
    return now, events, guards


def reachable(town: Town, case: Case, was: Stage, guards: dict[str, bool]) -> set[Stage]:
    """What one event may lead to from a stage."""
    assert was[0] is not None
    stages = town.pack.programme(was[0]).stages
    assert stages is not None
    return {
        (was[0], arrow.target)
        for arrow in stages.transitions
        if arrow.source == was[1] and (arrow.guard is None or guards[arrow.guard])
    }


@pytest.mark.timeout(0 if EXAMPLES > 6 else 300)
def test_whatever_is_done_in_whatever_order(database: str) -> None:
    DONE.clear()
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=EXAMPLES <= 6,
            database=None,
            # Each step is read from the database: making a failure shorter takes minutes.
            phases=[Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # An order in which nothing can be done shows nothing.
    done = {name for name, well in DONE if well}
    print(sorted((name, DONE[name, True], DONE[name, False]) for name in ACTS))
    assert len(done) >= len(ACTS) // 3, DONE
