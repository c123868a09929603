"""``hemvist policy simulate``: what a version would change, for a kommun's cases or a file of facts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console
from sqlalchemy import select
from sqlalchemy.orm import Session

from hemvist import audit
from hemvist.clock import today
from hemvist.db import Audience, engine
from hemvist.errors import HemvistError, ValidationFailed
from hemvist.identity import Actor
from hemvist.policy import Label, Pack, PolicyError, check_answer
from hemvist.policy.catalogue import DECISION_DATE
from hemvist.policy.loading.parts import HEAD
from hemvist.simulations import snapshot
from hemvist.simulations.causes import causes
from hemvist.simulations.comparing import Change, Reader, compare
from hemvist.simulations.population import COUNTED, DIMENSIONS, groups_of_facts
from hemvist.simulations.result import concluded
from hemvist.simulations.subjects import Plan, make_plan
from hemvist.simulations.suppression import THRESHOLD
from hemvist.simulations.tally import KINDS, Tally
from hemvist.simulations.versions import version_of
from hemvist.tenancy import Tenant, tenant_session
from hemvist_infra.cli_input import bad_input, day_of, fail, key_at, no_key_twice, pack_named
from hemvist_infra.cli_input import print_json as told_as_json
from hemvist_infra.dev.progress import Step, Steps

#: Cases judged at a time, and characters of a line.
PART = 5_000
MAX_LINE = 1_000_000
#: Lines of a file that are named for one rule and kind of change.
MAX_NAMED = 1_000
_ROWS = Label("Raderna i filen.", "The lines of the file.")

Row = tuple[Mapping[str, Any], Mapping[str, str]]


@dataclass(slots=True)
class _Run:
    """What has been judged so far."""

    plan: Plan
    tally: Tally = field(default_factory=Tally)
    #: Subject → kind of change → lines of the file.
    named: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def add(self, rows: Sequence[Row], first_line: int | None = None) -> None:
        """Judge some cases more; those of a file are named by their lines."""
        plan = self.plan
        part, changes = compare(
            plan, causes(plan.old, plan.new, plan.on), [r[0] for r in rows], [r[1] for r in rows]
        )
        self.tally.merge(part)
        if first_line is not None:
            for change in changes:
                self._name(change, first_line + change.place)

    def _name(self, change: Change, line: int) -> None:
        kinds = self.named.setdefault(change.subject.key, {})
        lines = kinds.setdefault(KINDS[change.change], [])
        if len(lines) < MAX_NAMED:
            lines.append(line)


def simulate(
    old: Annotated[str, typer.Argument(metavar="OLD", help="name@version, or a folder.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="name@version, or a folder.")],
    tenant: Annotated[
        str | None, typer.Option(help="Slug of the kommun whose current cases are judged.")
    ] = None,
    facts: Annotated[
        Path | None, typer.Option(help="NDJSON: a JSON object of facts on each line.")
    ] = None,
    on: Annotated[
        str | None,
        typer.Option(help="Day that both are judged on, YYYY-MM-DD; else the first possible one."),
    ] = None,
    rule: Annotated[list[str] | None, typer.Option(help="Only this rule; may be repeated.")] = None,
    programme: Annotated[str | None, typer.Option(help="Only this programme's rules.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Who would gain, who would lose, and of whom more must be asked.

    With --tenant the figures of small groups are left out and nobody is named; with --facts the
    lines are, since whoever has the file has the facts.
    """
    if (tenant is None) == (facts is None):
        fail("give either --tenant or --facts")
    with bad_input():
        day = None if on is None else day_of(on, "--on")
        asked = _Asked(old, new, day, programme, tuple(rule or ()))
        try:
            found = _of_tenant(asked, str(tenant)) if facts is None else _of_file(asked, facts)
        except ValidationFailed as wrong:
            fail("\n".join(problem.message for problem in wrong.problems))
    if as_json:
        told_as_json(found)
    else:
        _print_lines(found)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command line names."""

    old: str
    new: str
    day: date | None
    programme: str | None
    rules: tuple[str, ...]

    def plan(self, old: Pack, new: Pack) -> Plan:
        """What is compared, on the day given or the first on which both can be judged."""
        day = self.day or max(today(), old.in_force.start, new.in_force.start)
        return make_plan(old, new, day, programme=self.programme, rules=self.rules)


def _of_file(asked: _Asked, path: Path) -> dict[str, Any]:
    run = _Run(asked.plan(pack_named(asked.old, asked.day), pack_named(asked.new, asked.day)))
    steps = Steps(Console(stderr=True))
    with steps.step(f"judging {path.name}") as step:
        for first_line, rows in _parts(run.plan, path, step):
            run.add(rows, first_line)
    return _told(run, None, 0, _ROWS)


def _parts(plan: Plan, path: Path, step: Step) -> Iterator[tuple[int, list[Row]]]:
    """The file's cases, so many at a time, with the line of the first."""
    rows: list[Row] = []
    readers = (Reader(plan.new.facts), Reader(plan.old.facts))
    first = last = 0
    for number, line, done, size in _lines(path):
        facts = _facts_of(plan, readers, path, number, line)
        if rows and (number != last + 1 or len(rows) == PART):
            yield first, rows
            step.advance(done, size)
            rows = []
        if not rows:
            first = number
        last = number
        rows.append((facts, groups_of_facts(facts)))
    if rows:
        yield first, rows


def _lines(path: Path) -> Iterator[tuple[int, str, int, int]]:
    """Every line that is not empty: its number, its text, bytes read and bytes there are."""
    done = 0
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            number = 0
            while line := stream.readline(MAX_LINE + 1):
                number += 1
                done += len(line)
                if len(line) > MAX_LINE:
                    fail(f"{path}:{number}:1: the line is longer than {MAX_LINE} bytes")
                try:
                    text = line.decode("utf-8")
                except UnicodeDecodeError as wrong:
                    fail(f"{path}:{number}:{wrong.start + 1}: is not UTF-8")
                if text.strip():
                    yield number, text.rstrip("\r\n"), done, size
    except OSError as error:
        fail(f"{path}:1:1: cannot be read: {error.__class__.__name__}")


def _facts_of(
    plan: Plan, readers: tuple[Reader, Reader], path: Path, number: int, line: str
) -> Mapping[str, Any]:
    """The facts of a line; what neither version takes ends the command."""
    try:
        found = json.loads(line, object_pairs_hook=no_key_twice)
    except json.JSONDecodeError as error:
        fail(f"{path}:{number}:{error.colno}: not valid JSON: {error.msg}")
    except PolicyError as error:
        fail(f"{path}:{number}:{key_at(line, error.fact or '') + 1}: {error}")
    except (RecursionError, ValueError):
        fail(f"{path}:{number}:1: not valid JSON")
    if not isinstance(found, dict):
        fail(f"{path}:{number}:1: the facts must be one JSON object")
    if found.pop(DECISION_DATE, None) not in (None, plan.on.isoformat()):
        column = key_at(line, DECISION_DATE) + 1
        fail(f"{path}:{number}:{column}: {DECISION_DATE} is another day than {plan.on}")
    new, old = (reader.read(found) for reader in readers)
    for name, value in found.items():
        # Only what neither has taken is looked at closely.
        if name in new[0] or name in old[0]:
            continue
        wrong = _refused(plan, name, value)
        if wrong is not None:
            fail(f"{path}:{number}:{max(key_at(line, name), 0) + 1}: {wrong}")
    return found


def _refused(plan: Plan, name: str, value: Any) -> PolicyError | None:
    """Why neither version takes the answer; None when one of them does."""
    asking = [pack for pack in (plan.new, plan.old) if name in pack.facts]
    reasons: list[PolicyError] = []
    for pack in asking:
        try:
            if value is not None:
                check_answer(pack.facts[name], value)
            return None
        except PolicyError as error:
            reasons.append(error)
    if not asking:
        try:
            plan.new.fact(name)
        except PolicyError as unknown:
            return unknown
    return reasons[0]


def _of_tenant(asked: _Asked, slug: str) -> dict[str, Any]:
    tenant_id = _tenant_id(slug)
    steps = Steps(Console(stderr=True))
    with tenant_session(Audience.WORKER, tenant_id) as session:
        old, new = (_version(session, written) for written in (asked.old, asked.new))
        run = _Run(asked.plan(old, new))
    with steps.step(f"gathering the facts of {slug}") as step:
        _bring_up_to_date(tenant_id, run.plan.old.name, step)
    as_of: str | None = None
    with (
        steps.step(f"judging the cases of {slug}") as step,
        tenant_session(Audience.WORKER, tenant_id) as session,
    ):
        kept = [
            row
            for row in snapshot.rows(session, run.plan.old.name)
            if run.plan.programme is None
            or row.about[snapshot.PROGRAMME] in (None, run.plan.programme)
        ]
        for start in range(0, len(kept), PART):
            part = kept[start : start + PART]
            run.add([(row.facts, {d: row.about[d] for d in DIMENSIONS}) for row in part])
            step.advance(start + len(part), len(kept))
        as_of = min((row.about[snapshot.AS_OF] for row in kept), default=None)
        audit.record(
            session,
            Actor.system(tenant_id),
            "policy.simulate",
            kind="read",
            details={"pack": old.name, "old": old.version, "new": new.version, "cases": len(kept)},
        )
    return _told(run, as_of, THRESHOLD, COUNTED)


def snapshot_command(
    tenant: Annotated[str, typer.Option(help="Slug of the kommun.")],
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Throw it away first and make it anew.")
    ] = False,
) -> None:
    """Bring the snapshot that simulations judge up to date; the worker does so by itself."""
    tenant_id = _tenant_id(tenant)
    if rebuild:
        with tenant_session(Audience.WORKER, tenant_id) as session:
            snapshot.rebuild(session)
    with Steps(Console(stderr=True)).step(f"gathering the facts of {tenant}") as step:
        made = _bring_up_to_date(tenant_id, None, step)
    with tenant_session(Audience.WORKER, tenant_id) as session:
        held = snapshot.held(session)
    print(f"{held} cases in the snapshot, {made} of them looked at now")


def _bring_up_to_date(tenant_id: UUID, pack: str | None, step: Step) -> int:
    with tenant_session(Audience.WORKER, tenant_id) as session:
        stale = list(snapshot.out_of_date(session, 10_000_000, pack=pack))
    for start in range(0, len(stale), snapshot.CHUNK):
        with tenant_session(Audience.WORKER, tenant_id) as session:
            snapshot.refresh(session, stale[start : start + snapshot.CHUNK])
        step.advance(min(start + snapshot.CHUNK, len(stale)), len(stale))
    return len(stale)


def _version(session: Any, written: str) -> Pack:
    """By folder, or a version as the kommun has it, its own checked drafts among them."""
    name, _, version = written.partition("@")
    if not version or Path(written, HEAD).is_file():
        return pack_named(written)
    return version_of(session, name, version)


def _tenant_id(slug: str) -> UUID:
    with Session(engine(Audience.WORKER)) as session:
        found = session.scalar(select(Tenant.id).where(Tenant.slug == slug))
    if found is None:
        raise HemvistError(f"no kommun {slug[:60]!r} is in the register")
    return found


def _told(run: _Run, as_of: str | None, threshold: int, counted: Label) -> dict[str, Any]:
    plan = run.plan
    found = concluded(
        plan,
        causes(plan.old, plan.new, plan.on),
        run.tally,
        as_of,
        counted=counted,
        threshold=threshold,
    )
    if threshold == 0:
        for row in found["rows"]:
            row["lines"] = run.named.get(row["subject"], {})
    return {
        "pack": plan.new.name,
        "old": {"version": plan.old.version, "sha256": plan.old.content_hash},
        "new": {"version": plan.new.version, "sha256": plan.new.content_hash},
        **found,
    }


def _print_lines(found: Mapping[str, Any]) -> None:
    print(
        f"{found['pack']} {found['old']['version']} -> {found['new']['version']}, judged on "
        f"{found['judged_on']}: {_figure(found['cases'])} cases. {found['counted']['sv']}"
    )
    for row in found["rows"]:
        if row["presence"] != "both":
            print(f"{row['subject']}: {row['presence']}")
        elif row["changed"] != 0:
            counts = row["counts"] or dict.fromkeys(KINDS)
            figures = ", ".join(
                f"{kind} {_figure(counts[kind])}" for kind in KINDS if counts[kind] != 0
            )
            print(f"{row['subject']} ({row['label']['sv']}): {figures}")
            for one in row["causes"]:
                print(f"    {one['cause']} makes {one['answers']}")
            for dimension in row["dimensions"]:
                for group in dimension["groups"]:
                    inner = ", ".join(
                        f"{kind} {_figure(count)}"
                        for kind, count in group["counts"].items()
                        if count != 0
                    )
                    print(
                        f"    {dimension['label']['sv']}: {group['label']['sv']} "
                        f"({group['cases']}): {inner}"
                    )
    for one in found["refused"]:
        print(
            f"{one['fact']}: {_figure(one['cases'])} answers that the {one['version']} version "
            "does not take"
        )


def _figure(count: int | None) -> str:
    """A figure, or what stands for one that is not shown."""
    return "-" if count is None else str(count)
