"""``make faults``: real commands, real faults in the middle of them, and an auditor afterwards.

``python -m hemvist_faults --commands 1000 --seed 1``. The last line has every count and the finds.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from typer.testing import CliRunner

from hemvist.audit import anchors, linking
from hemvist.clock import now
from hemvist.db import Audience
from hemvist.outbox import parking
from hemvist.tenancy import tenant_session
from hemvist_faults_auditor import audit, effects
from hemvist_faults_causes import Causes, alarms
from hemvist_faults_load import SLUG, Journal, Load, Town
from hemvist_faults_stack import Stack, running
from hemvist_infra import cli, soundness
from hemvist_workers.handlers import handled_types
from hemvist_workers.relay import PATIENCE, relay_again
from hemvist_world import as_owner

#: Seconds for what waits to be handled, and for a poisoned event to be parked.
SETTLES = 240.0
#: So often each kind of fault is caused in a thousand commands.
OFTEN = {"disk full": 2, "network cut": 3, "clock set": 3, "database killed": 3, "api killed": 3}


@dataclass
class Outcome:
    """What a run comes to."""

    caused: Counter[str] = field(default_factory=Counter)
    left_out: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    finds: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def last_line(self) -> str:
        """All counts and the finds."""
        counted = ", ".join(f"{number} {what}" for what, number in self.counts.items())
        return (
            f"{sum(self.caused.values())} faults of {len(self.caused)} kinds caused, {counted};"
            f" {len(self.finds)} finds"
        )


def run(commands: int, seed: int, *, journal: Path | None = None, say=lambda line: None) -> Outcome:  # type: ignore[no-untyped-def]
    """So many commands under faults, and what an auditor makes of it."""
    began, outcome = time.monotonic(), Outcome()
    with running() as (stack, fills):
        say(f"the stack runs at {stack.address}; seed {seed}")
        town = Town.prepared(commands)
        before = effects(town.tenant_id)
        path = journal or stack.folder / "journal.jsonl"
        load = Load(stack.address, town, Journal(path), commands, seed)
        causes = Causes(stack, town, random.Random(seed), fills)
        _under_faults(stack, load, causes, say)
        load.journal.close()
        say("every command is answered; what waits is handled")
        _settle(stack, town, outcome)
        _poisoned(stack, causes, outcome)
        _audit(stack, town, load, path, before, outcome)
        outcome.caused, outcome.left_out = causes.caused, causes.left_out
        outcome.counts["processes started again"] = stack.restarts
        outcome.answers = load.answers
    outcome.seconds = time.monotonic() - began
    return outcome


def _plan(causes: Causes, commands: int) -> list[tuple[int, str]]:
    """After how many acknowledged commands which fault is caused."""
    names = [
        name
        for name in causes.kinds()
        for _ in range(1 if commands < 500 else OFTEN.get(name, 4) * commands // 1000)
    ]
    moments = sorted(causes.chance.randrange(1, max(2, commands * 9 // 10)) for _ in names)
    causes.chance.shuffle(names)
    return list(zip(moments, names, strict=True))


def _under_faults(stack: Stack, load: Load, causes: Causes, say: Callable[[str], None]) -> None:
    plan = _plan(causes, load.commands)
    # Not many more than are done when the next fault comes: each comes in the middle of some.
    more = max(2, load.commands // 100)
    with load.going_on() as over:
        while not over.is_set():
            load.allow(plan[0][0] + more if plan else load.commands)
            if plan and load.finished >= plan[0][0]:
                _, name = plan.pop(0)
                say(f"after {load.acknowledged} of {load.commands}: {name}")
                load.allow(load.finished + 2 * more)
                causes.cause(name)
            stack.keep()
            over.wait(0.05)
    for _, name in plan:
        causes.cause(name)


def _settle(stack: Stack, town: Town, outcome: Outcome) -> None:
    """Until every event is handled or parked: as time would bring it, only sooner."""
    limit = time.monotonic() + SETTLES
    while time.monotonic() < limit:
        stack.keep()
        # As beat does it every five minutes, for what went out ten minutes before: by a clock that was
        # ahead, perhaps.
        later = now() + PATIENCE + timedelta(hours=2)
        sent = relay_again(town.tenant_id, handled_types(), later)
        if sent == 0 and _waiting(town) == 0:
            return
        settled = time.monotonic() + 20
        while _waiting(town) and time.monotonic() < settled:
            stack.keep()
            time.sleep(1)
        time.sleep(3)
    outcome.finds.append(f"{_waiting(town)} events wait after {SETTLES:.0f} s")


def _waiting(town: Town) -> int:
    with as_owner(town.tenant_id) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM outbox_events WHERE relayed_at IS NULL)"
            " + (SELECT count(*) FROM event_troubles WHERE parked_at IS NULL)"
        ).fetchone()
    assert row is not None
    return int(row[0])


def _poisoned(stack: Stack, causes: Causes, outcome: Outcome) -> None:
    """Each is parked with an alarm; the first is repaired and goes out again, the others are discarded."""
    poisoned, tenant_id = causes.poisoned, causes.town.tenant_id
    with tenant_session(Audience.WORKER, tenant_id) as session:
        parked = {one.event_id for one in parking.parked(session)}
    outcome.counts["parked"] = len(parked)
    for one in parked.symmetric_difference(poisoned):
        outcome.finds.append(f"{one}: parked, or poisoned, and not both")
    for one in set(poisoned) - alarms(stack, poisoned):
        outcome.finds.append(f"{one}: parked without an alarm")
    told = CliRunner().invoke(cli.app, ["events", "parked", "--tenant", SLUG])
    if parked and (told.exit_code != 1 or str(next(iter(parked))) not in told.output):
        outcome.finds.append(f"hemvist events parked: {told.exit_code} {told.output[:300]}")
    for number, event_id in enumerate(poisoned):
        asked = ["events", "discard", "--tenant", SLUG, str(event_id), "--reason", "HV-1"]
        if number == 0:
            case = causes.town.spare
            payload = {"case_id": str(case.id), "department": case.department}
            with as_owner(tenant_id) as connection:
                connection.execute(
                    "UPDATE outbox_events SET payload = %s || jsonb_build_object("
                    "'property_departments', '[]'::jsonb, 'subject_type', 'case',"
                    " 'subject_id', %s::text) WHERE id = %s",
                    [json.dumps(payload), str(case.id), event_id],
                )
            asked = ["events", "release", "--tenant", SLUG, str(event_id)]
        ran = CliRunner().invoke(cli.app, asked)
        if ran.exit_code != 0:
            outcome.finds.append(f"{asked}: {ran.output[:300]} {ran.exception}")
    _settle(stack, causes.town, outcome)
    if poisoned and not _noticed(causes):
        outcome.finds.append(f"{poisoned[0]} was repaired and released, and not handled")


def _noticed(causes: Causes) -> bool:
    with as_owner(causes.town.tenant_id) as connection:
        row = connection.execute(
            "SELECT count(*) FROM notices WHERE source_id = %s", [causes.poisoned[0]]
        ).fetchone()
    return row == (1,)


def _audit(
    stack: Stack, town: Town, load: Load, path: Path, before: dict[str, int], outcome: Outcome
) -> None:
    outcome.finds += load.wrong
    found = audit(town.tenant_id, path, before)
    outcome.finds += found.finds
    # What nobody linked yet is linked, as each night; then the chain is looked through.
    linking.link(town.tenant_id, None)
    linking.anchor(town.tenant_id, now=True)
    file = stack.disk / "anchors.jsonl"
    anchors.carry_out(town.tenant_id, file)
    report = soundness.look_through(town.tenant_id, at=now() + timedelta(hours=2), anchors=file)
    outcome.finds += [one.line for one in report.findings]
    outcome.counts["commands sent"] = load.sent
    outcome.counts["acknowledged"] = load.acknowledged
    outcome.counts["given up"] = load.given_up
    outcome.counts["acknowledged and checked"] = found.checked
    for what, number in report.counts.items():
        if what != "commands":
            outcome.counts[f"{what} checked"] = number
    if load.acknowledged != found.checked:
        outcome.finds.append(f"{load.acknowledged} acknowledged, {found.checked} checked")


def main() -> int:
    """Run, print the counts by kind, and everything in the last line; status 1 if anything was found."""
    from hemvist_testing import use_test_settings

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commands", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--journal", type=Path)
    asked = parser.parse_args()
    use_test_settings()
    # Told to stop, it mends and removes what it has made.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    outcome = run(
        asked.commands,
        asked.seed,
        journal=asked.journal,
        say=lambda line: print(f"{time.strftime('%H:%M:%S')} {line}", flush=True),
    )
    for name, number in sorted(outcome.caused.items()):
        print(f"  {number:4} {name}")
    for name, why in outcome.left_out.items():
        print(f"     0 {name}: left out, {why}")
    print(f"answers: {dict(outcome.answers.most_common())}; {outcome.seconds:.0f} s")
    for find in outcome.finds:
        print(f"FIND {find}")
    print(outcome.last_line, flush=True)
    return 1 if outcome.finds else 0


if __name__ == "__main__":
    sys.exit(main())
