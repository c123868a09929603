"""What the documents tell one to type exists, with its options, and is run by a test."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import typer

from hemvist_docs import ROOT, Command, blocks, commands, documents, inline
from hemvist_infra.cli import app

MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.M)) | {
    f"bench-{path.stem}" for path in (ROOT / "bench").glob("*.py")
}
#: The test that runs a command of ``hemvist``, or the function behind it, by the command's words; the
#: test names the last of them, or what stands here after the colon.
RUN_BY = {
    "audit anchors": "tests/infra/test_cli_audit.py",
    "audit link": "tests/infra/test_cli_audit.py:linking",
    "audit verify": "tests/infra/test_cli_audit.py",
    "backup archive": "tests/infra/backups/test_after_a_kill.py",
    "backup base": "tests/infra/backups/test_cli.py",
    "backup drill": "tests/infra/backups/test_cli.py",
    "backup key": "tests/infra/backups/test_cli.py",
    "backup prune": "tests/infra/backups/test_store.py",
    "backup release": "tests/infra/test_cli_events.py",
    "backup restore": "tests/infra/backups/test_cli.py",
    "backup verify": "tests/infra/backups/test_cli.py",
    "beat": "tests/infra/test_containers.py",
    "check": "tests/infra/soundness/test_planted.py",
    "citus check": "tests/infra/distribution/test_schema.py:distribution",
    "citus plan": "tests/infra/distribution/test_sizing.py:sizing",
    "citus script": "tests/infra/distribution/test_script.py",
    "db check": "tests/infra/test_database.py",
    "db lint": "tests/infra/upgrades/test_checking.py:checking",
    "db migrate": "tests/infra/test_database.py",
    "db released": "tests/infra/upgrades/test_checking.py",
    "db revision": "tests/infra/test_database.py:differences",
    "db status": "tests/infra/upgrades/test_runner.py",
    "db upgrade": "tests/infra/upgrades/test_runner.py",
    "demo national": "tests/infra/national/test_national.py",
    "dev run": "tests/infra/dev/test_run.py",
    "dev servers": "tests/infra/dev/test_servers_command.py",
    "events parked": "tests/infra/test_cli_events.py",
    "figures count": "tests/workers/test_figures.py",
    "graphql persist": "tests/graphql/test_documents.py",
    "graphql token": "tests/graphql/test_command_line.py",
    "incident list": "tests/infra/test_cli_incident.py",
    "incident start": "tests/infra/test_cli_incident.py",
    "keys check": "tests/infra/test_cli_keys.py",
    "keys create": "tests/infra/test_cli_keys.py",
    "keys erase": "tests/infra/test_cli_keys.py",
    "keys reseal": "tests/infra/test_cli_keys.py",
    "keys retire": "tests/infra/test_cli_keys.py",
    "keys rotate": "tests/infra/test_cli_keys.py",
    "keys status": "tests/infra/test_cli_keys.py",
    "migrate": "tests/infra/test_containers.py",
    "networks account": "tests/platform/exchange/test_archive.py",
    "policy check": "tests/infra/test_cli_policy.py",
    "policy evaluate": "tests/infra/test_cli_policy.py",
    "policy explain": "tests/infra/test_cli_policy.py",
    "policy list": "tests/infra/test_cli_policy.py",
    "policy lock": "tests/infra/test_cli_policy.py",
    "policy page": "tests/infra/test_cli_pages.py",
    "policy replay": "tests/infra/test_cli_replay.py",
    "policy simulate": "tests/infra/test_cli_simulate.py",
    "policy snapshot": "tests/infra/test_cli_simulate.py",
    "policy versions": "tests/infra/test_cli_versions.py",
    "register check": "tests/infra/test_register_service.py:RegisterServer",
    "register serve": "tests/infra/test_register_service.py",
    "retention references": "tests/infra/test_cli_retention.py",
    "retention repeat": "tests/infra/test_cli_retention.py",
    "secrets": "tests/infra/test_containers.py",
    "settings check": "tests/docs/test_commands.py",
    "switches list": "tests/tenants/test_switches.py",
    "switches set": "tests/tenants/test_switches.py",
    "tenant check": "tests/infra/tenant_life/test_new_kommun.py",
    "tenant close": "tests/infra/leaving/test_demo.py",
    "tenant create": "tests/infra/tenant_life/test_creating.py",
    "tenant erase": "tests/infra/leaving/test_demo.py",
    "tenant export": "tests/infra/leaving/test_demo.py",
    "tenant import": "tests/infra/leaving/test_demo.py",
    "tenant invite": "tests/infra/tenant_life/test_new_kommun.py:follow_the_commands",
    "tenant list": "tests/infra/test_cli.py",
    "tenant new": "tests/infra/tenant_life/test_new_kommun.py:follow_the_commands",
    "tenant onboard": "tests/infra/test_cli.py",
    "tenant open": "tests/infra/leaving/test_demo.py",
    "tenant resume": "tests/infra/tenant_life/test_suspending.py:set_status",
    "tenant status": "tests/infra/tenant_life/test_creating.py:standings",
    "tenant suspend": "tests/infra/tenant_life/test_suspending.py:set_status",
    "watch run": "tests/infra/test_telemetry_privacy.py:watch",
    "watch status": "tests/infra/watching/test_page.py:status",
    "web": "tests/infra/test_containers.py",
    "worker": "tests/infra/test_containers.py",
}
#: Programs that are not ours, and why they stand in a document.
NOT_OURS = {
    "./configure": "builds the pooler from its source",
    "cd": "moves",
    "chgrp": "gives the service's group what a machine's administrator laid there",
    "chmod": "the same",
    "curl": "tests/docs/test_graphql.py sends what it sends",
    "docker": "tests/infra/test_containers.py runs what the images run; no engine runs in a test",
    "export": "sets what the next commands read",
    "install": "lays folders and files for the images, as an administrator",
    "kubectl": "tests/tools/test_charts.py judges what it is given; no cluster runs in a test",
    "rm": "throws away what the drill restored",
    "tar": "unpacks the pooler's source",
    "openssl": "makes a secret",
}


def told() -> Iterator[Command]:
    """Every command of every document."""
    for path in documents():
        for block in blocks(path):
            yield from commands(block)
        yield from inline(path)


def wrong(command: Command) -> str:
    """What is wrong with a command; nothing where it is right."""
    if ">" in command.words:
        command = replace(command, words=command.words[: command.words.index(">")])
    words = [re.sub(r"[\[\]]", "", word) for word in command.words if word != "…"]
    words = [word for word in words if word and word != "…"]
    match command.program:
        case "make":
            return _wrong_make(words[1:], command.sets)
        case "hemvist":
            return _wrong_hemvist(words[1:])
        case "python":
            return _wrong_python(words[1:])
        case "pytest":
            gone = [word for word in words[1:] if "/" in word and not (ROOT / word).exists()]
            return f"no {gone}" if gone else ""
    return "" if command.program in NOT_OURS else f"{command.program} is no program of ours"


def _wrong_make(words: list[str], sets: tuple[str, ...]) -> str:
    if words[:1] == ["-C"]:
        words = words[2:]
    for word in words:
        name, _, value = word.partition("=")
        if "=" not in word:
            if word not in TARGETS and word != "bench-NAME":
                return f"make has no target {word}"
        elif not re.search(rf"\$\({name}\)|ifdef {name}\b", MAKEFILE) and not _by_a_bench(name):
            return f"make reads no {name}"
        elif name == "ARGS":
            gone = [part for part in value.split() if part.startswith("tests/")]
            if any(not (ROOT / part).exists() for part in gone):
                return f"no {gone}"
    return ""


def _by_a_bench(name: str) -> bool:
    return any(f'"{name}"' in path.read_text() for path in (ROOT / "bench").rglob("*.py"))


def _wrong_python(words: list[str]) -> str:
    if words[0] == "-m":
        return "" if importlib.util.find_spec(words[1]) else f"no module {words[1]}"
    return "" if (ROOT / words[0]).exists() else f"no {words[0]}"


def leaf(words: list[str]) -> tuple[str, Any, list[str]]:
    """The words that name a command of ``hemvist``, the command, and the words that it gets."""
    at: Any = typer.main.get_command(app)
    named: list[str] = []
    while hasattr(at, "commands") and words and not words[0].startswith("-"):
        below = at.commands.get(words[0])
        if below is None:
            return " ".join([*named, words[0]]), None, []
        at, named, words = below, [*named, words[0]], words[1:]
    return " ".join(named), at, words


def _wrong_hemvist(words: list[str]) -> str:
    name, command, given = leaf(words)
    if command is None:
        return f"hemvist has no command {name}"
    if hasattr(command, "commands") or "--help" in given:
        # The whole group is meant: `hemvist keys …`.
        return "" if not given or given == ["--help"] else f"{name} is a group"
    context = command.context_class(command, info_name=name)
    try:
        _, left, _ = command.make_parser(context).parse_args(list(given))
    except Exception as error:
        return f"{name}: {error.format_message() if hasattr(error, 'format_message') else error}"
    if left:
        return f"{name}: {left} is too much"
    if name not in RUN_BY:
        return f"{name} is run by no test: say in RUN_BY which"
    return ""


def test_every_command_of_the_documents_is_right() -> None:
    everything = list(told())
    assert len(everything) > 100
    assert {
        f"{one.place}: {' '.join(one.words)}": why for one in everything if (why := wrong(one))
    } == {}


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("hemvist keys rotat", "no command keys rotat"),
        ("hemvist keyz rotate", "no command keyz"),
        ("hemvist backup drill --intoo /scratch --key a", "No such option"),
        ("hemvist keys retire SLUG 1 2", "too much"),
        ("hemvist settings page", "run by no test"),
        ("make tests", "no target tests"),
        ("make test ARG=x", "reads no ARG"),
        ('make test ARGS="tests/nowhere"', "no ['tests/nowhere']"),
        (".venv/bin/python -m hemvist_portal.extract", "no module"),
        (".venv/bin/pytest tests/nowhere", "no ['tests/nowhere']"),
        ("wget https://example.org", "no program of ours"),
    ],
)
def test_a_planted_wrong_command_is_found(typed: str, why: str) -> None:
    page = ROOT / "docs" / "planted.md"
    (block,) = blocks(page, f"Do this:\n\n```sh\n{typed}\n```\n")
    (command,) = commands(block)
    assert why in wrong(command)


def test_commands_are_taken_out_of_blocks_and_sentences() -> None:
    page = ROOT / "docs" / "planted.md"
    text = "Type `HEMVIST_X=1 hemvist check`.\n\n```\nA=1 make run   # starts\ncd x && \\\n make test\n```\n"
    (block,) = blocks(page, text)
    assert [(one.sets, one.words) for one in commands(block)] == [
        (("A=1",), ("make", "run")),
        ((), ("cd", "x")),
        ((), ("make", "test")),
    ]
    assert [one.words for one in inline(page, text)] == [("hemvist", "check")]


@pytest.mark.parametrize("name", sorted(RUN_BY))
def test_the_test_that_runs_a_command_is_there(name: str) -> None:
    file, _, named = RUN_BY[name].partition(":")
    assert (named or name.split()[-1]) in (ROOT / file).read_text()
    assert leaf(name.split())[1] is not None


def test_settings_are_checked_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    for process in ("web", "worker", "beat", "cli", "dev"):
        app(["settings", "check", "--process", process], standalone_mode=False)
    assert capsys.readouterr().out.count("the settings hold") == 5


def test_every_file_that_a_document_names_is_there() -> None:
    names = re.compile(r"`((?:docs|bench|tools|infra|platform|portal)/[\w/.-]+\.\w+)`")
    for path in documents():
        for found in names.findall(path.read_text()):
            assert "NAME" in found or (ROOT / found).exists(), f"{path}: {found}"
