"""The list of metrics: everything that is measured stands in it, and the collector passes no more."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from hemvist_infra.telemetry import measures
from hemvist_infra.telemetry.export import ALLOWED
from hemvist_infra.telemetry.measures import ATTRIBUTES, BY_NAME, MEASURES

ROOT = Path(__file__).resolve().parents[2]
COLLECTOR = yaml.safe_load((ROOT / "infra" / "otel" / "collector.yaml").read_text())
#: What every process says of itself.
_RESOURCE = {
    "deployment.environment.name",
    "service.instance.id",
    "service.name",
    "telemetry.sdk.language",
    "telemetry.sdk.name",
    "telemetry.sdk.version",
}
#: Imports everything that measures, with a provider that only takes down what is made, and prints it.
_INSTRUMENTS = """
import json, re
from opentelemetry import metrics
made = {}
class Meter(metrics.NoOpMeter):
    pass
def noting(kind):
    plain = getattr(metrics.NoOpMeter, kind)
    def create(self, name, *given, **named):
        made[name] = kind.removeprefix("create_").removeprefix("observable_")
        return plain(self, name, *given, **named)
    return create
for kind in dir(metrics.NoOpMeter):
    if kind.startswith("create_"):
        setattr(Meter, kind, noting(kind))
class Provider(metrics.NoOpMeterProvider):
    def get_meter(self, name, *given, **named):
        return Meter(name)
metrics.set_meter_provider(Provider())
import hemvist_infra.app, hemvist_infra.cli_backup
import hemvist_workers.tasks
from hemvist_infra.telemetry import http, sql, tasks
from hemvist_infra.watching import telling
telling.observe(lambda: None)
print(json.dumps(made))
"""


def test_everything_that_is_measured_is_on_the_list() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _INSTRUMENTS], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    made: dict[str, str] = json.loads(ran.stdout.splitlines()[-1])
    # Has no points: it is only called before a collection.
    measured = {name: kind for name, kind in made.items() if not name.endswith(".batches")}
    assert {name for name in measured if name not in BY_NAME} == set()
    listed = {one.name: one.kind for one in MEASURES if not one.of}
    assert set(listed) - set(measured) == set()
    assert {name for name, kind in listed.items() if measured[name] != kind} == set()


def test_names_and_units_hold_together() -> None:
    assert len({one.name for one in MEASURES}) == len(MEASURES)
    assert len({one.in_prometheus for one in MEASURES}) == len(MEASURES)
    for one in MEASURES:
        assert one.told.endswith("."), one.name
        assert bool(one.bounds) == (one.kind == "histogram"), one.name
        assert one.unit in ("", "s", "By", "{request}"), one.name
        if one.of:
            assert BY_NAME[one.of].kind == one.kind


def test_an_attribute_that_is_not_listed_does_not_leave_the_process() -> None:
    reader = InMemoryMetricReader()
    provider = MeterProvider(metric_readers=[reader], views=list(measures.views()))
    meter = provider.get_meter("hemvist.http")
    meter.create_histogram("http.server.request.duration", unit="s").record(
        0.3,
        {
            "http.route": "/{slug}/cases",
            "http.response.status_code": 200,
            "hemvist.tenant_id": "t",
            "enduser.name": "Zyxmark",
        },
    )
    meter.create_counter("http.server.refused").add(1, {"gate": "data", "who": "Zyxmark"})
    found: dict[str, Any] = {}
    data = reader.get_metrics_data()
    assert data is not None
    for metric in data.resource_metrics[0].scope_metrics[0].metrics:
        (found[metric.name],) = metric.data.data_points
    assert found["http.server.request.duration"].attributes == {
        "http.route": "/{slug}/cases",
        "http.response.status_code": 200,
    }
    # Seconds, told apart below one: the library's own bounds are milliseconds.
    assert 0.25 in found["http.server.request.duration"].explicit_bounds
    assert found["hemvist.tenant.request.duration"].attributes == {
        "hemvist.tenant_id": "t",
        "http.response.status_code": 200,
    }
    assert found["http.server.refused"].attributes == {"gate": "data"}


@pytest.mark.parametrize(
    ("of", "sent"), [("traces", ALLOWED | _RESOURCE), ("metrics", ATTRIBUTES | _RESOURCE)]
)
def test_the_collector_passes_what_is_sent_and_no_more(of: str, sent: frozenset[str]) -> None:
    redaction = COLLECTOR["processors"][f"redaction/{of}"]
    assert redaction["allow_all_keys"] is False
    assert set(redaction["allowed_keys"]) == sent
    assert redaction["allowed_keys"] == sorted(redaction["allowed_keys"])
    pipeline = COLLECTOR["service"]["pipelines"][of]
    assert f"redaction/{of}" in pipeline["processors"]


def test_the_collectors_parts_exist_and_are_used() -> None:
    service = COLLECTOR["service"]
    used: dict[str, set[str]] = {"extensions": set(service["extensions"])}
    for pipeline in service["pipelines"].values():
        assert list(pipeline) == ["receivers", "processors", "exporters"]
        # What protects its memory comes first, what bundles comes last.
        assert pipeline["processors"][0] == "memory_limiter"
        assert pipeline["processors"][-1] == "batch"
        for kind, names in pipeline.items():
            assert names
            used.setdefault(kind, set()).update(names)
    for kind in ("receivers", "processors", "exporters", "extensions"):
        assert set(COLLECTOR[kind]) == used[kind], kind
    assert set(COLLECTOR) == {*used, "service"}
    text = (ROOT / "infra" / "otel" / "collector.yaml").read_text()
    assert set(re.findall(r"\$\{(.*?)\}", text)) == {"env:HEMVIST_TELEMETRY_STORE"}


def test_the_document_tells_of_every_metric() -> None:
    text = (ROOT / "docs" / "telemetry.md").read_text()
    rows = dict(re.findall(r"^\| `([a-z_.]+)` \| (.*?) \|$", text, re.M))
    assert set(rows) == set(BY_NAME)
    for one in MEASURES:
        told = f"{one.where} | {one.told}"
        assert rows[one.name].endswith(told), one.name
