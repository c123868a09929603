"""``hemvist policy``: ask packs from the command line.

Exit status 0 when the command did its work; 2 on bad input, with file, line and column on
standard error where there is a file. For ``check`` a case that fails is bad input too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from hemvist.clock import today
from hemvist.policy import (
    FactDef,
    Pack,
    PolicyError,
    Registry,
    evaluate,
    explain,
    load_pack,
    schedule,
)
from hemvist.policy.dead_ends import dead_ends
from hemvist.policy.legal import contradictions, law_pack
from hemvist.policy.loading.parts import HEAD, read_parts
from hemvist.policy.locks import LOCK, broken, read_lock, write_lock
from hemvist.policy.registry import pack_folders
from hemvist.policy.sentences import CASES, read_sentences
from hemvist.policy.summary import summary
from hemvist_infra.cli_input import bad_input, day_of, fail, no_key_twice, pack_named, print_json
from hemvist_infra.cli_pages import page, pages
from hemvist_infra.cli_replay import replay
from hemvist_infra.cli_simulate import simulate, snapshot_command
from hemvist_infra.cli_versions import versions

MAX_FACTS_BYTES = 1_000_000

app = typer.Typer(
    help="Policy packs: list, ask, schedule, explain, check.",
    no_args_is_help=True,
    add_completion=False,
)

for _command in (replay, page, pages, simulate, versions):
    app.command()(_command)
app.command("snapshot")(snapshot_command)

PackArgument = Annotated[
    str, typer.Argument(metavar="PACK", help="Name, name@version, or a folder with pack.yaml.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_packs(as_json: Json = False) -> None:
    """The packs that are installed."""
    with bad_input():
        packs = Registry.discover().packs()
    if as_json:
        print_json([_summary(pack) for pack in packs])
        return
    for pack in packs:
        about = "" if pack.status.kind == "guideline" else f"  ({pack.status.kind})"
        print(f"{pack.name}  {pack.version}  from {pack.in_force.start}  {pack.title.sv}{about}")


@app.command()
def facts(pack: PackArgument, as_json: Json = False) -> None:
    """The facts that a pack asks for or takes from the record."""
    with bad_input():
        found = pack_named(pack)
    if as_json:
        print_json([_fact(fact) for fact in found.facts.values()])
        return
    for fact in found.facts.values():
        print(f"{fact.name}  {fact.type}  {fact.kind}  {fact.label.sv}")


@app.command("evaluate")
def evaluate_rule(
    pack: PackArgument,
    rule: Annotated[str, typer.Option(help="Id of the rule.")],
    facts: Annotated[Path, typer.Option(help="JSON object of facts; null is not known.")],
    on: Annotated[str, typer.Option(help="Date of the decision, YYYY-MM-DD.")],
    as_json: Json = False,
) -> None:
    """Judge one case by one rule."""
    with bad_input(facts):
        day = day_of(on, "--on")
        answer = evaluate(pack_named(pack, day), rule, _read_facts(facts), day)
    if as_json:
        print_json(answer.as_json())
        return
    print(f"{rule}: {answer.outcome}  ({answer.version}, {day})")
    if answer.ask:
        print(f"ask: {', '.join(answer.ask)}")
    for node in answer.trace[1:]:
        print(f"  {node.outcome:8}{node.path}: {node.label.sv} [{'; '.join(node.cite)}]")


@app.command("schedule")
def schedule_programme(
    pack: PackArgument,
    programme: Annotated[str, typer.Option(help="Name of the programme.")],
    anchor: Annotated[list[str], typer.Option(help="NAME=YYYY-MM-DD; may be repeated.")],
    until: Annotated[str, typer.Option(help="Last date, YYYY-MM-DD.")],
    department: Annotated[
        str | None, typer.Option(help="Code of the case's department; all when not given.")
    ] = None,
    as_json: Json = False,
) -> None:
    """The due dates of a programme's obligations."""
    with bad_input():
        anchors = dict(_anchor(written) for written in anchor)
        last = day_of(until, "--until")
        found = schedule(pack_named(pack), programme, anchors, last, department=department)
    if as_json:
        print_json([due.as_json() for due in found])
        return
    for due in found:
        print(f"{due.due_on}  {due.label.sv}  ({', '.join(due.by)})  [{'; '.join(due.cite)}]")


@app.command("explain")
def explain_rule(
    pack: PackArgument,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Id of the rule.")],
    lang: Annotated[str, typer.Option(help="sv or en.")] = "sv",
    on: Annotated[str | None, typer.Option(help="Date of the values, YYYY-MM-DD.")] = None,
) -> None:
    """A rule as text, with its sources."""
    with bad_input():
        if lang not in ("sv", "en"):
            raise PolicyError(f"--lang is sv or en, not {lang[:20]!r}")
        day = None if on is None else day_of(on, "--on")
        print(explain(pack_named(pack, day), rule, lang, day))


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A pack, or a folder of packs.")],
) -> None:
    """Check packs: syntax, types, references, dates, every sentence in cases.yaml, that a locked
    version still answers as it did, and that nothing is against the law without saying so."""
    with bad_input():
        folders = list(pack_folders(folder)) if folder.is_dir() else []
        if not folders:
            raise PolicyError(f"{folder} holds no {HEAD}")
        failures = [_check_pack(Path(str(found))) for found in folders]
    if any(failures):
        raise typer.Exit(2)


@app.command("lock")
def lock_outcomes(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder with pack.yaml.")],
    force: Annotated[
        bool, typer.Option("--force", help="Also a version locked before, if never published.")
    ] = False,
) -> None:
    """Record what the cases give in outcomes.lock, so that no outcome changes within a version."""
    with bad_input():
        pack = load_pack(folder)
        written = write_lock(folder, pack, read_sentences(pack, folder), force=force)
    print(f"{pack.name} {pack.version}: {'locked' if written else 'locked already'}")


def _check_pack(folder: Path) -> int:
    """Prints a line per fault and a summary; the number of faults."""
    pack = load_pack(folder)
    sentences = read_sentences(pack, folder)
    failed = 0
    for sentence in sentences:
        problem = sentence.judge()
        if problem is not None:
            failed += 1
            place = sentence.place
            line = f"{place.file}:{place.line}:{place.column}: {sentence.name}: {problem}"
            print(line, file=sys.stderr)
    tested = {sentence.tests for sentence in sentences}
    for id, rule in pack.rules.items():
        if rule.active and f"rule:{id}" not in tested:
            print(f"note: no case judges the rule {id}")
    ends = dead_ends(pack)
    for end in ends:
        print(
            f"note: {end.rule} can stay unknown for want of {end.fact}, "
            f"which is asked only when {end.ask_when}"
        )
    if not sentences:
        print(f"note: {folder} has no {CASES}")
    against = contradictions(pack, read_parts(folder), law_pack())
    for one in against:
        if one.severity == "error":
            print(one, file=sys.stderr)
        else:
            print(f"note: {one}")
    unlawful = sum(one.severity == "error" for one in against)
    lock = read_lock(folder)
    changed = () if lock is None else broken(lock, pack, sentences)
    for problem in changed:
        print(f"{folder}/{LOCK}:1:1: {problem}", file=sys.stderr)
    if lock is None or lock.version != pack.version:
        print(f"note: {pack.version} is not locked yet; see hemvist policy lock")
    elif lock.content_hash != pack.content_hash:
        print(f"note: the files have changed since {pack.version} was locked")
    print(
        f"{pack.name} {pack.version}: {len(pack.rules)} rules, {len(pack.facts)} facts, "
        f"{len(pack.params)} parameters, {len(pack.covers)} catalogue ids covered, "
        f"{len(sentences)} cases, {failed} failed, {len(ends)} dead ends"
    )
    return failed + len(changed) + unlawful


def _read_facts(path: Path) -> Mapping[str, object]:
    try:
        if path.stat().st_size > MAX_FACTS_BYTES:
            fail(f"{path}:1:1: the file is larger than {MAX_FACTS_BYTES} bytes")
        found = json.loads(path.read_text("utf-8"), object_pairs_hook=no_key_twice)
    except json.JSONDecodeError as error:
        fail(f"{path}:{error.lineno}:{error.colno}: not valid JSON: {error.msg}")
    except RecursionError:
        fail(f"{path}:1:1: nested too deep")
    except (OSError, ValueError) as error:
        fail(f"{path}:1:1: cannot be read: {error.__class__.__name__}")
    if not isinstance(found, dict):
        fail(f"{path}:1:1: the facts must be one JSON object")
    return found


def _anchor(written: str) -> tuple[str, date]:
    name, equals, day = written.partition("=")
    if not equals:
        raise PolicyError(f"--anchor is NAME=YYYY-MM-DD, not {written[:60]!r}")
    return name, day_of(day, f"--anchor {name}")


def _summary(pack: Pack) -> dict[str, object]:
    end = pack.in_force.end
    return {
        "pack": pack.name,
        "version": pack.version,
        "title": pack.title.as_json(),
        "in_force": {
            "from": pack.in_force.start.isoformat(),
            "to": None if end is None else end.isoformat(),
        },
        "programmes": list(pack.programmes),
        "rules": list(pack.rules),
        "sha256": pack.content_hash,
        **summary(pack, today()),
    }


def _fact(fact: FactDef) -> dict[str, object]:
    found: dict[str, object] = {
        "name": fact.name,
        "type": fact.type.value,
        "kind": fact.kind.value,
        "group": fact.group,
        "label": fact.label.as_json(),
    }
    if fact.help is not None:
        found["help"] = fact.help.as_json()
    if fact.options:
        found["options"] = {code: label.as_json() for code, label in fact.options.items()}
    if fact.fields:
        found["fields"] = [
            {**_fact(field), "optional": field.optional} for field in fact.fields.values()
        ]
    if fact.ask_when is not None:
        found["ask_when"] = fact.ask_when.text
    if fact.computed_from is not None:
        found["computed_from"] = fact.computed_from.as_json()
    if fact.type.value in ("int", "money_ore"):
        found["min"], found["max"] = fact.bounds
    return found
