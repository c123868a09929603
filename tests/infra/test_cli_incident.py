"""Incidents of the service: clocks from when it was found, kept without anything about anybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hemvist.clock import SWEDISH_TIME
from hemvist.settings import get_settings
from hemvist_infra import cli_incident
from hemvist_infra.incident_clocks import Incident, IncidentProblem, Kept, due

FOUND = datetime(2026, 11, 23, 8, 15, tzinfo=SWEDISH_TIME)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "incidents" / "kept.jsonl"
    monkeypatch.setattr(get_settings(), "incident_file", path)
    monkeypatch.setattr(cli_incident, "real_now", lambda: FOUND.astimezone(UTC))
    return path


def hemvist(*arguments: str, status: int = 0) -> str:
    """What the command told."""
    ran = CliRunner().invoke(cli_incident.app, arguments)
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    assert ran.exit_code == status, ran.output
    return ran.output


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(cli_incident, "real_now", lambda: moment)


def ends(found: datetime, **more: bool) -> dict[str, datetime]:
    """When each clock of an incident ends, in Swedish time."""
    given = {"significant": True, "personal": True, **more}
    one = Incident("2026-1", found, "X-1", given["significant"], given["personal"], ())
    return {each.clock.name: each.by.astimezone(SWEDISH_TIME) for each in due(one)}


def test_a_day_three_days_and_a_month_from_when_it_was_found() -> None:
    assert ends(FOUND) == {
        "kommuner": FOUND + timedelta(days=1),
        "warning": FOUND + timedelta(days=1),
        "notification": FOUND + timedelta(days=3),
        "personal": FOUND + timedelta(days=3),
        "report": datetime(2026, 12, 23, 8, 15, tzinfo=SWEDISH_TIME),
    }


def test_hours_are_hours_when_the_clocks_go_back() -> None:
    found = datetime(2026, 10, 24, 12, 0, tzinfo=SWEDISH_TIME)
    assert ends(found)["warning"] == datetime(2026, 10, 25, 11, 0, tzinfo=SWEDISH_TIME)


@pytest.mark.parametrize(
    ("found", "by"),
    [
        (datetime(2027, 1, 31, 9), datetime(2027, 2, 28, 9)),
        (datetime(2028, 1, 30, 9), datetime(2028, 2, 29, 9)),
        (datetime(2026, 12, 31, 9), datetime(2027, 1, 31, 9)),
    ],
)
def test_a_month_ends_on_a_day_that_there_is(found: datetime, by: datetime) -> None:
    assert ends(found.replace(tzinfo=SWEDISH_TIME))["report"] == by.replace(tzinfo=SWEDISH_TIME)


def test_only_the_clocks_that_concern_it_run() -> None:
    assert set(ends(FOUND, significant=False)) == {"kommuner", "personal"}
    assert set(ends(FOUND, significant=False, personal=False)) == {"kommuner"}


def test_from_beginning_to_end(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = hemvist("start", "--ticket", "OPS-12", "--tenant", "helsingborg")
    for word in ("2026-1", "helsingborg", "2026-11-24 08:15 CET", "art. 33", "2025:1506", "[ ]"):
        assert word in told
    assert file.stat().st_mode & 0o077 == 0
    at(monkeypatch, FOUND + timedelta(hours=20))
    assert hemvist("list").count("SOON") == 2
    hemvist("tick", "2026-1", "warning")
    at(monkeypatch, FOUND + timedelta(hours=25))
    over = hemvist("list", status=1)
    assert "OVER for 1 h 00 min" in over
    assert "sent 2026-11-24 04:15 CET" in over
    assert ", LATE" in hemvist("tick", "2026-1", "kommuner")
    hemvist("list")
    assert "notification" not in hemvist("judge", "2026-1", "--no-significant")
    assert "never sent: personal" in hemvist("close", "2026-1")
    assert hemvist("list") == "No incidents.\n"
    assert "2026-1" in hemvist("list", "--all")
    assert "2026-2" in hemvist("start", "--ticket", "OPS-13", "--found", "2026-11-24T07:00")


@pytest.mark.parametrize(
    "arguments",
    [
        ("start", "--ticket", "Anna Svensson såg det"),
        ("start", "--ticket", "19900101-2384"),
        ("start", "--ticket", "ops/9001012384"),
        ("start", "--ticket", "X-1", "--tenant", "Helsingborgs stad"),
        ("start", "--ticket", "X-1", "--tenant", "200001012384"),
        ("start", "--ticket", "X-1", "--found", "i går"),
        ("start", "--ticket", "X-1", "--found", "2030-01-01"),
    ],
)
def test_words_and_numbers_of_people_are_not_kept(file: Path, arguments: tuple[str, ...]) -> None:
    with pytest.raises(IncidentProblem):
        hemvist(*arguments)
    assert not file.exists() or file.read_text() == ""


def test_what_does_not_fit_is_refused(file: Path) -> None:
    hemvist("start", "--ticket", "OPS-1")
    for arguments in (
        ("tick", "2026-9", "warning"),
        ("tick", "2026-1", "letter"),
        ("tick", "2026-1", "warning", "--sent", "2026-11-23T08:00"),
        ("judge", "2026-1"),
        ("checklist", "2026-7"),
    ):
        with pytest.raises(IncidentProblem):
            hemvist(*arguments)
    hemvist("tick", "2026-1", "warning")
    with pytest.raises(IncidentProblem, match="was sent"):
        hemvist("tick", "2026-1", "warning")
    hemvist("close", "2026-1")
    with pytest.raises(IncidentProblem, match="closed"):
        hemvist("tick", "2026-1", "report")


def test_a_broken_line_is_told_of_and_not_passed_over(file: Path) -> None:
    hemvist("start", "--ticket", "OPS-1")
    with file.open("a") as kept:
        kept.write('{"incident": "2026-1", "clo')
    with pytest.raises(IncidentProblem, match="line 2"):
        Kept(file).all()
