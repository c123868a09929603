"""Feature switches: declared once, chosen by a kommun's file, ended by their day."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hemvist.clock import SWEDISH_TIME
from hemvist.settings import get_settings
from hemvist_infra import cli_switches
from hemvist_tenants import SWITCHES, TenantFileError, is_on, load_tenant, load_tenants
from hemvist_tenants.switches import VISIT_DRAFTS, Switch, past
from hemvist_tenants.switching import with_choice

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "tenants" / "hemvist_tenants" / "helsingborg.toml"
DAY = date(2026, 11, 23)


def test_no_switch_is_past_its_last_day() -> None:
    """By the real day: who reads this red removes the switch, or moves its day and says why."""
    assert past(datetime.now(SWEDISH_TIME).date()) == []


def test_one_that_is_past_is_found_on_the_day_after_its_last() -> None:
    planted = {"old": Switch("old", "…", "portal", DAY, True)}
    assert past(DAY, planted) == []
    assert past(DAY + timedelta(days=1), planted) == list(planted.values())


def test_every_switch_is_declared_whole_asked_and_described() -> None:
    code = "\n".join(
        path.read_text()
        for folder in ("portal", "graphql", "workers", "infra")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "cli_switches.py"
    )
    page = (ROOT / "docs" / "switches.md").read_text()
    for name, switch in SWITCHES.items():
        assert name == switch.name and switch.description.endswith(".") and switch.owner
        assert re.search(rf"is_on\([^)]*\b{name.upper()}\b", code), f"nothing asks for {name}"
        assert f"| `{name}` |" in page and f"| {switch.owner} | {switch.ends} |" in page


def test_what_is_declared_holds_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    assert all(is_on(kommun, VISIT_DRAFTS) for kommun in load_tenants().values())
    file = tmp_path / "helsingborg.toml"
    file.write_text(with_choice(FILE.read_text(), "visit_drafts", False, "Åsa", DAY, 'it is "new"'))
    kommun = load_tenant(file)
    assert not is_on(kommun, VISIT_DRAFTS)
    (choice,) = kommun.switches
    assert (choice.by, choice.since, choice.why) == ("Åsa", DAY, 'it is "new"')


def test_a_choice_takes_the_place_of_the_earlier_and_leaves_the_rest(tmp_path: Path) -> None:
    text = 'a = 1\n\n[[switches]]\nname = "visit_drafts"\non = false\n\n[b]\nc = 2  # kept\n'
    made = with_choice(text, "visit_drafts", True, "M", DAY, "w")
    assert made.count("[[switches]]") == 1 and "on = true" in made
    assert "[b]\nc = 2  # kept" in made and made.startswith("a = 1\n")
    other = text.replace("visit_drafts", "another")
    assert with_choice(other, "visit_drafts", True, "M", DAY, "w").count("[[switches]]") == 2


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ('name = "visit_draft"\non = true', "did you mean 'visit_drafts'?"),
        ('name = "visit_drafts"', "is missing"),
        ('name = "visit_drafts"\non = "no"', "must be true or false"),
        ('name = "visit_drafts"\non = true\nwhen = 1', "is not a key"),
    ],
)
def test_a_choice_that_does_not_hold_is_told(tmp_path: Path, block: str, told: str) -> None:
    file = tmp_path / "helsingborg.toml"
    rest = 'by = "M"\nsince = 2026-11-23\nwhy = "w"\n'
    file.write_text(f"{FILE.read_text()}\n[[switches]]\n{block}\n{rest}")
    with pytest.raises(TenantFileError, match=re.escape(told)):
        load_tenant(file)


def test_list_tells_of_every_switch_and_of_those_past(monkeypatch: pytest.MonkeyPatch) -> None:
    said = CliRunner().invoke(cli_switches.app, ["list"])
    assert said.exit_code == 0 and "visit_drafts: on unless chosen" in said.output
    monkeypatch.setattr(cli_switches, "today", lambda: VISIT_DRAFTS.ends + timedelta(days=1))
    late = CliRunner().invoke(cli_switches.app, ["list"])
    assert late.exit_code == 1 and "should have ended" in late.output


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "helsingborg.toml").write_text(FILE.read_text())
    monkeypatch.setattr(get_settings(), "tenants_dir", tmp_path)
    return tmp_path


SET = ("set", "helsingborg", "visit_drafts", "off", "--by", "Maria", "--why", "assessed first")


def test_set_writes_the_file_and_the_log(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[tuple[str, str, str]] = []
    monkeypatch.setattr(cli_switches, "_log", lambda *what: logged.append(what))
    said = CliRunner().invoke(cli_switches.app, SET)
    assert said.exit_code == 0, said.output
    assert not is_on(load_tenant(files / "helsingborg.toml"), VISIT_DRAFTS)
    assert logged == [("helsingborg", "visit_drafts", "off")]
    assert [path.name for path in files.iterdir()] == ["helsingborg.toml"]


def test_what_cannot_be_logged_is_not_done(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: str) -> None:
        raise OSError("the database is away")

    monkeypatch.setattr(cli_switches, "_log", away)
    assert CliRunner().invoke(cli_switches.app, SET).exit_code != 0
    assert [path.read_text() for path in files.iterdir()] == [FILE.read_text()]


@pytest.mark.parametrize(
    "words",
    [
        ("set", "helsingborg", "nothing", "off", "--by", "M", "--why", "w"),
        ("set", "nowhere", "visit_drafts", "off", "--by", "M", "--why", "w"),
    ],
)
def test_what_is_not_there_is_not_set(files: Path, words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(cli_switches.app, words).exit_code != 0
    assert (files / "helsingborg.toml").read_text() == FILE.read_text()
