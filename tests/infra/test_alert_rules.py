"""Alerts, dashboards, the operator's page and the runbooks speak of the same things, and those exist."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from hemvist_infra.telemetry.measures import ATTRIBUTES, MEASURES, label
from hemvist_infra.watching.judging import LIMITS
from hemvist_tenants import load_tenants

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "infra" / "prometheus"
GRAFANA = ROOT / "infra" / "grafana"
RUNBOOKS = ROOT / "docs" / "runbooks.md"
_WORDS = set(
    "sum max min avg rate increase delta histogram_quantile topk vector scalar absent"  # noqa: SIM905 - a list of one column is no easier to read
    " avg_over_time by and or unless bool".split()
)
_LABELS = {label(name) for name in ATTRIBUTES} | {"le", "job", "instance"}
#: What a panel may be measured in, as Grafana calls it.
_UNITS = {"s", "short", "reqps", "ops", "percentunit", "bytes"}
#: Which alert a line of the page belongs to.
_ALERT_OF = {
    "queue": "HemvistQueueOld",
    "given": "HemvistTaskStuck",
    "beat": "HemvistBeatSilent",
    "worker": "HemvistWorkerSilent",
    "relay": "HemvistRelaySilent",
    "outbox": "HemvistOutboxLag",
    "parked": "HemvistEventsParked",
    "deadlines": "HemvistDeadlinesUnhandled",
    "unlinked": "HemvistLogUnlinked",
    "anchors": "HemvistAnchorsLate",
    "audit_verified": "HemvistAuditNotVerified",
    "audit_finds": "HemvistAuditBroken",
    "checked": "HemvistNotChecked",
    "check_finds": "HemvistCheckFinds",
    "clearing": "HemvistClearingStuck",
    "backup_base": "HemvistBackupOld",
    "backup_log": "HemvistBackupLate",
    "connections": "HemvistConnectionsFull",
    "transaction": "HemvistTransactionOld",
    "locks": "HemvistLocksWaiting",
    "replica": "HemvistReplicaBehind",
    "slots": "HemvistSlotKeepsLog",
}


@cache
def rules() -> list[dict[str, Any]]:
    """Every rule of every file."""
    return [
        rule
        for path in sorted(RULES.glob("*.yaml"))
        for group in yaml.safe_load(path.read_text()).get("groups", ())
        for rule in group["rules"]
    ]


def alerts() -> dict[str, dict[str, Any]]:
    """By name, the first alert of each."""
    found: dict[str, dict[str, Any]] = {}
    for rule in rules():
        if "alert" in rule:
            found.setdefault(rule["alert"], rule)
    return found


@cache
def panels() -> list[tuple[str, dict[str, Any]]]:
    """Every panel with the file that it stands in."""
    return [
        (path.name, panel)
        for path in sorted(GRAFANA.glob("*.json"))
        for panel in json.loads(path.read_text())["panels"]
    ]


def unknown(query: str) -> set[str]:
    """Names in a query that nobody measures or records, and labels that nothing has."""
    known = {name for one in MEASURES for name in one.series}
    known |= {rule["record"] for rule in rules() if "record" in rule}
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", re.sub(r"\[\w+\]", "", query))
    names = set(re.findall(r"(?<![\w.:$])[a-zA-Z_:][\w:]*", bare))
    return names - known - _WORDS - _LABELS


def promtool() -> str:
    """The program. In CI it must be there."""
    for name in (
        os.environ.get("HEMVIST_PROMTOOL", ""),
        "promtool",
        str(ROOT / "build" / "promtool" / "usr" / "bin" / "promtool"),
    ):
        found = shutil.which(name) if name else None
        if found:
            return found
    if os.environ.get("CI"):
        pytest.fail("there is no promtool: sh tools/promtool.sh tells why")
    pytest.skip("there is no promtool: make test-needs fetches it")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "prometheus.yaml"),
        ("check", "rules", "recording.yaml", "alerts.yaml", "service-levels.yaml"),
        ("test", "rules", "tests/alerts.yaml", "tests/service-levels.yaml"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_promtool_finds_nothing(arguments: tuple[str, ...]) -> None:
    ran = subprocess.run(
        [promtool(), *arguments], cwd=RULES, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_promtool_sees_an_alert_that_does_not_fire(tmp_path: Path) -> None:
    """What would be the use of its tests if they could not fail."""
    shutil.copytree(RULES, tmp_path / "rules")
    path = tmp_path / "rules" / "alerts.yaml"
    path.write_text(path.read_text().replace("hemvist_audit_finds > 0", "hemvist_audit_finds > 9"))
    ran = subprocess.run(
        [promtool(), "test", "rules", "tests/alerts.yaml"],
        cwd=tmp_path / "rules",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "HemvistAuditBroken" in ran.stdout + ran.stderr


def test_every_query_asks_for_what_is_measured() -> None:
    queries = [(rule.get("alert") or rule["record"], rule["expr"]) for rule in rules()]
    for file, panel in panels():
        queries += [(f"{file}: {panel['title']}", target["expr"]) for target in panel["targets"]]
    assert {name: unknown(query) for name, query in queries if unknown(query)} == {}
    assert unknown("rate(hemvist_invented_total[5m]) > 0") == {"hemvist_invented_total"}
    assert unknown('hemvist_outbox_waiting{slug="x"}') == {"slug"}


def test_every_metric_is_looked_at_somewhere() -> None:
    """What nobody looks at costs, and is no use."""
    asked = " ".join(
        [rule["expr"] for rule in rules()]
        + [target["expr"] for _, panel in panels() for target in panel["targets"]]
    )
    unseen = {one.name for one in MEASURES if not any(name in asked for name in one.series)}
    # For whoever tunes the read path, by hand.
    assert unseen == {"graphql.answers.length", "graphql.fields.finished"}


def test_dashboards_are_as_they_are_generated_and_have_units() -> None:
    made = runpy.run_path(str(ROOT / "tools" / "dashboards.py"))
    assert {path.stem for path in GRAFANA.glob("*.json")} == set(made["DASHBOARDS"])
    for name in made["DASHBOARDS"]:
        assert (GRAFANA / f"{name}.json").read_text() == made["written"](name), "make dashboards"
    for file, panel in panels():
        assert panel["fieldConfig"]["defaults"]["unit"] in _UNITS, f"{file}: {panel['title']}"
        assert panel["title"]
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])


def test_no_kommun_is_named_anywhere() -> None:
    names = {
        word for one in load_tenants().values() for word in (one.slug, one.name, one.kommun_code)
    }
    for path in (*RULES.rglob("*.yaml"), *GRAFANA.glob("*.json")):
        text = path.read_text()
        assert [name for name in names if re.search(rf"\b{name}\b", text)] == [], path.name


def test_every_alert_has_its_runbook_and_every_runbook_its_alert() -> None:
    text = RUNBOOKS.read_text()
    sections = dict(re.findall(r"^## (Hemvist\w+)\n(.*?)(?=^## |\Z)", text, re.M | re.S))
    assert set(sections) == set(alerts())
    for name, rule in alerts().items():
        assert rule["annotations"]["runbook"] == f"docs/runbooks.md#{name.lower()}"
        for part in ("**Users notice**", "**Look**", "**Do**", "**Wake**"):
            assert part in sections[name], f"{name} has no {part}"
    for rule in rules():
        if "alert" in rule:
            assert rule["labels"]["severity"] in ("page", "ticket"), rule["alert"]
            assert rule["annotations"]["summary"], rule["alert"]
            assert "for" in rule, rule["alert"]


def test_the_page_calls_wrong_what_the_alerts_do() -> None:
    assert set(_ALERT_OF) == set(LIMITS)
    for line, name in _ALERT_OF.items():
        found = re.search(r"> ([\d.e]+)", alerts()[name]["expr"])
        assert found is not None, name
        assert float(found[1]) == LIMITS[line].wrong, name
        assert LIMITS[line].watch <= LIMITS[line].wrong


def test_service_levels_are_those_of_the_document() -> None:
    text = (ROOT / "docs" / "service-levels.md").read_text()
    told = dict(re.findall(r"^\| `hemvist:(\w+):` \|.*\| ([\d.]+) % \|", text, re.M))
    budgets: dict[str, float] = {}
    for rule in rules():
        if "alert" in rule and rule["alert"].endswith("Budget"):
            found = re.match(r"hemvist:(\w+):ratio_\w+ > [\d.]+ \* ([\d.]+) and", rule["expr"])
            assert found is not None, rule["alert"]
            budgets[found[1]] = float(found[2])
    assert {name: 100 * (1 - budget) for name, budget in budgets.items()} == pytest.approx(
        {name: float(share) for name, share in told.items()}
    )
