# ruff: noqa: E501 - a panel a line is read more easily than six
"""Writes the Grafana dashboards (infra/grafana) from what stands here: ``make dashboards``.

A panel is a title, a unit and queries. Nothing names a kommun: Grafana asks for the ids that there are.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "infra" / "grafana"
_WORK = 'http_route!~"/health/.*|/static/.*"'
_SOURCE = {"type": "prometheus", "uid": "${source}"}
_WIDE, _HIGH = 12, 8


@dataclass(frozen=True, slots=True)
class Panel:
    """A graph: queries by what their lines are called."""

    title: str
    unit: str
    queries: dict[str, str]
    told: str = ""


def _slow(metric: str, by: str, share: float = 0.95, only: str = "") -> str:
    grouped = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, sum by ({grouped}) (rate({metric}_bucket{{{only}}}[5m])))"


_HTTP = "http_server_request_duration_seconds"
DASHBOARDS: dict[str, tuple[str, list[Panel]]] = {
    "overview": (
        "Hemvist: overview",
        [
            Panel("Requests a second", "reqps", {"all": "hemvist:requests:rate5m", "failed": "hemvist:requests_failed:rate5m"}),
            Panel("Slowest of twenty", "s", {"p95": "hemvist:request_seconds:p95_5m"}),
            Panel("Oldest that waits", "s", {"task": "max(hemvist_queue_oldest_seconds)", "event": "max(hemvist_outbox_oldest_seconds)", "deadline": "max(hemvist_deadlines_lag_seconds)", "round": "hemvist_clearing_waiting_seconds"}),
            Panel("Since the last sign of life", "s", {"beat": "hemvist_beat_silent_seconds", "worker": "hemvist_worker_silent_seconds", "relay": "hemvist_relay_silent_seconds"}),
            Panel("Waits for somebody", "short", {"parked events": "sum(hemvist_events_waiting_parked)", "finds in logs": "hemvist_audit_finds", "finds of check": "hemvist_check_finds"}),
            Panel("Answers", "short", {"database": "hemvist_database_up", "broker": "hemvist_broker_up", "held after restore": "hemvist_restored_held"}),
        ],
    ),
    "requests": (
        "Hemvist: requests",
        [
            Panel("By status", "reqps", {"{{http_response_status_code}}": f"sum by (http_response_status_code) (rate({_HTTP}_count{{{_WORK}}}[5m]))"}),
            Panel("Slowest of twenty, by route", "s", {"{{http_route}}": f"topk(10, {_slow(_HTTP, 'http_route', only=_WORK)})"}),
            Panel("Errors by route", "reqps", {"{{http_route}}": f'topk(10, sum by (http_route) (rate({_HTTP}_count{{{_WORK},http_response_status_code=~"5.."}}[5m])))'}),
            Panel("GraphQL, slowest of twenty", "s", {"{{graphql_fields}}": f"topk(10, {_slow('graphql_operation_duration_seconds', 'graphql_fields')})"}),
            Panel("Turned away", "reqps", {"no place (503): {{gate}}": "sum by (gate) (rate(http_server_refused_total[5m]))", "too many (429): {{of}}": "sum by (of) (rate(http_server_rationed_total[5m]))", "ended: {{why}}": "sum by (why) (rate(graphql_outages_total[5m]))"}),
            Panel("Places", "short", {"taken: {{gate}}": "sum by (gate) (http_server_places_taken)", "waiting: {{gate}}": "sum by (gate) (http_server_places_waiting)", "all: {{gate}}": "sum by (gate) (http_server_places)"}),
            Panel("Reads by path", "reqps", {"{{path}} {{why}}": "sum by (path, why) (rate(graphql_reads_total[5m]))"}),
            Panel("Kept and found", "reqps", {"found: {{hemvist_store}}": "sum by (hemvist_store) (rate(graphql_kept_hits_total[5m]))", "made: {{hemvist_store}}": "sum by (hemvist_store) (rate(graphql_kept_misses_total[5m]))", "pushed out: {{hemvist_store}}": "sum by (hemvist_store) (rate(graphql_kept_evictions_total[5m]))"}),
        ],
    ),
    "work": (
        "Hemvist: work behind the scenes",
        [
            Panel("Queue", "short", {"in {{hemvist_queue}}": "max by (hemvist_queue) (hemvist_queue_length)", "a worker has": "hemvist_queue_given"}),
            Panel("Age of the oldest task", "s", {"in {{hemvist_queue}}": "max by (hemvist_queue) (hemvist_queue_oldest_seconds)", "at a worker": "hemvist_queue_given_oldest_seconds"}),
            Panel("Tasks a second", "ops", {"{{hemvist_operation}}": "topk(10, hemvist:tasks:rate5m)"}),
            Panel("Tasks that failed", "ops", {"{{hemvist_operation}}": "hemvist:tasks_failed:rate5m > 0"}),
            Panel("Tasks, slowest of twenty", "s", {"{{hemvist_operation}}": f"topk(10, {_slow('hemvist_task_duration_seconds', 'hemvist_operation')})"}),
            Panel("Outboxes", "short", {"not sent": "sum(hemvist_outbox_waiting)", "parked": "sum(hemvist_events_waiting_parked)", "parked in a day": "sum(increase(hemvist_events_parked_total[1d]))"}),
            Panel("Events: age of the oldest", "s", {"not sent": "max(hemvist_outbox_oldest_seconds)", "parked": "max(hemvist_events_parked_oldest_seconds)"}),
            Panel("Deadlines that passed, unhandled", "short", {"deadlines and clocks": "sum(hemvist_deadlines_unhandled)"}),
            Panel("Deadline lag", "s", {"oldest": "max(hemvist_deadlines_lag_seconds)"}),
            Panel("Clearings: time", "s", {"slowest of twenty": _slow("hemvist_clearing_duration_seconds", ""), "since the last": "hemvist_clearing_last_seconds", "oldest round waits": "hemvist_clearing_waiting_seconds"}),
            Panel("Clearings: requests", "short", {"mean": "sum(rate(hemvist_clearing_size_sum[1d])) / sum(rate(hemvist_clearing_size_count[1d]))"}, "Rounded up to tens."),
        ],
    ),
    "kommuner": (
        "Hemvist: by kommun",
        [
            Panel("Requests a second", "reqps", {"{{hemvist_tenant_id}}": 'topk(15, hemvist:tenant_requests:rate5m{hemvist_tenant_id=~"$kommun"})'}),
            Panel("Share that fails", "percentunit", {"{{hemvist_tenant_id}}": 'topk(15, hemvist:tenant_requests_failed:rate5m{hemvist_tenant_id=~"$kommun"} / hemvist:tenant_requests:rate5m)'}),
            Panel("Requests over a second", "percentunit", {"{{hemvist_tenant_id}}": 'topk(15, 1 - sum by (hemvist_tenant_id) (rate(hemvist_tenant_request_duration_seconds_bucket{hemvist_tenant_id=~"$kommun",le=~"1|1.0"}[5m])) / sum by (hemvist_tenant_id) (rate(hemvist_tenant_request_duration_seconds_count{hemvist_tenant_id=~"$kommun"}[5m])))'}),
            Panel("Time in the database", "percentunit", {"{{hemvist_tenant_id}}": 'topk(15, sum by (hemvist_tenant_id) (rate(hemvist_tenant_statement_duration_seconds_sum{hemvist_tenant_id=~"$kommun"}[5m])))'}, "1 is one connection all the time."),
            Panel("Time of workers", "percentunit", {"{{hemvist_tenant_id}}": 'topk(15, sum by (hemvist_tenant_id) (rate(hemvist_tenant_task_duration_seconds_sum{hemvist_tenant_id=~"$kommun"}[5m])))'}),
            Panel("Events that wait", "s", {"{{hemvist_tenant_id}}": 'topk(15, hemvist_outbox_oldest_seconds{hemvist_tenant_id=~"$kommun"} > 5)'}),
            Panel("Deadline lag", "s", {"{{hemvist_tenant_id}}": 'topk(15, hemvist_deadlines_lag_seconds{hemvist_tenant_id=~"$kommun"} > 0)'}),
            Panel("Kommuner", "short", {"{{status}}": "hemvist_tenants"}),
        ],
    ),
    "database": (
        "Hemvist: database",
        [
            Panel("Connections to the server", "short", {"{{state}}": "hemvist_database_connections", "most": "hemvist_database_connections_most"}),
            Panel("Connections of processes", "short", {"{{pool}} {{state}}": 'sum by (pool, state) (db_client_connection_count{state!="max"})'}),
            Panel("Waited for a connection", "s", {"slowest of twenty": _slow("db_client_connection_wait_time_seconds", "")}),
            Panel("Statements a second", "ops", {"{{db_operation_name}}": "sum by (db_operation_name) (rate(db_client_operation_duration_seconds_count[5m]))"}),
            Panel("Slowest tables, of twenty statements", "s", {"{{db_collection_name}}": f"topk(10, {_slow('db_client_operation_duration_seconds', 'db_collection_name')})"}),
            Panel("Statements that failed", "ops", {"{{error_type}}": 'sum by (error_type) (rate(db_client_operation_duration_seconds_count{error_type!=""}[5m]))'}),
            Panel("Oldest transaction", "s", {"open": "hemvist_database_transaction_oldest_seconds"}),
            Panel("Locks and deadlocks", "short", {"wait for a lock": "hemvist_database_locks_waiting", "deadlocks in an hour": "delta(hemvist_database_deadlocks[1h])"}),
            Panel("Size", "bytes", {"database": "hemvist_database_size_bytes"}),
            Panel("Replicas and receivers", "bytes", {"farthest replica": "hemvist_database_replication_lag_bytes", "log kept": "hemvist_database_slots_kept_bytes"}),
        ],
    ),
    "safety": (
        "Hemvist: backups and logs",
        [
            Panel("Backups' log is behind", "s", {"behind": "max(hemvist_backup_log_seconds)"}),
            Panel("Newest base backup", "s", {"age": "max(hemvist_backup_base_seconds)"}),
            Panel("Log entries without link", "s", {"oldest": "max(hemvist_audit_unlinked_oldest_seconds)"}),
            Panel("Links without anchor", "s", {"oldest": "max(hemvist_audit_anchor_lag_seconds)"}),
            Panel("Last looked", "s", {"audit verify": "hemvist_audit_verified_seconds", "check": "hemvist_check_done_seconds"}),
            Panel("Found", "short", {"in logs": "hemvist_audit_finds", "by check": "hemvist_check_finds"}),
            Panel("Time of a look", "s", {"look": "hemvist_watch_look_seconds"}),
        ],
    ),
    "service-levels": (
        "Hemvist: service levels",
        [
            Panel(title, "percentunit", {window: f"hemvist:{rule}:ratio_{window}" for window in ("1h", "6h", "3d")}, f"Budget: {budget:.1%} of 30 days.")
            for title, rule, budget in (
                ("Requests that fail", "request_failures", 0.001),
                ("Requests that are slow", "request_slow", 0.01),
                ("Events late", "events_late", 0.005),
                ("Deadlines late", "deadlines_late", 0.001),
                ("Backups late", "backups_late", 0.005),
            )
        ],
    ),
}  # fmt: skip


def dashboard(name: str) -> dict[str, Any]:
    """A dashboard as Grafana imports it."""
    title, panels = DASHBOARDS[name]
    variables: list[dict[str, Any]] = [
        {"name": "source", "label": "Source", "type": "datasource", "query": "prometheus"}
    ]
    if any("$kommun" in query for panel in panels for query in panel.queries.values()):
        variables.append(
            {
                "name": "kommun",
                "label": "Kommun (id)",
                "type": "query",
                "datasource": _SOURCE,
                "query": "label_values(hemvist_outbox_waiting, hemvist_tenant_id)",
                "includeAll": True,
                "multi": True,
                "allValue": ".*",
                "refresh": 2,
            }
        )
    return {
        "uid": f"hemvist-{name}",
        "title": title,
        "tags": ["hemvist"],
        "timezone": "browser",
        "schemaVersion": 38,
        "version": 1,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": variables},
        "panels": list(_panels(panels)),
    }


def _panels(panels: list[Panel]) -> Iterator[dict[str, Any]]:
    for place, panel in enumerate(panels):
        yield {
            "id": place + 1,
            "type": "timeseries",
            "title": panel.title,
            "description": panel.told,
            "datasource": _SOURCE,
            "gridPos": {
                "x": place % 2 * _WIDE,
                "y": place // 2 * _HIGH,
                "w": _WIDE,
                "h": _HIGH,
            },
            "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
            "options": {"legend": {"displayMode": "list", "placement": "bottom"}},
            "targets": [
                {
                    "refId": chr(ord("A") + number),
                    "datasource": _SOURCE,
                    "expr": query,
                    "legendFormat": legend,
                }
                for number, (legend, query) in enumerate(panel.queries.items())
            ],
        }


def written(name: str) -> str:
    """The file of a dashboard."""
    return json.dumps(dashboard(name), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write all; files of dashboards that are no more go."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.json"):
        if old.stem not in DASHBOARDS:
            old.unlink()
    for name in DASHBOARDS:
        (FOLDER / f"{name}.json").write_text(written(name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
