"""Marked personal data go in at every door; nothing that is exported or logged has a trace of them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hemvist.db import Audience
from hemvist.identity import get_directory
from hemvist.ids import new_id
from hemvist.outbox import emit
from hemvist.tenancy import tenant_session
from hemvist_collector import Collector, attributes, collecting
from hemvist_infra.dev_issuer.client import log_in, person_token
from hemvist_infra.embedded import EmbeddedValkey
from hemvist_infra.telemetry.measures import BY_NAME
from hemvist_login import base_url, onboard_demo, port_for_later
from hemvist_served import adopt_once, is_ready, serve
from hemvist_testing import open_folder
from hemvist_workshop import Workshop, wait_for
from hemvist_world import a_number

pytestmark = pytest.mark.slow

#: Found nowhere but in what the test sends.
MARK = "zyxmark"
GIVEN, FAMILY, WORDS = f"{MARK}Förnamn", f"{MARK}Efternamn", f"{MARK}Fritext om familjen"
NUMBER = a_number(date(1991, 7, 21))
OTHER_NUMBER = a_number(date(1992, 8, 22))

REGISTER = """mutation {name}($input: RegisterHouseholdInput!) {{
  registerHousehold(input: $input) {{
    __typename
    ... on RegisterHouseholdDone {{ household {{ id }} }}
  }}
}}"""
OPEN = """mutation ($input: OpenCaseInput!) {
  openCase(input: $input) { __typename ... on OpenCaseDone { case { id } } }
}"""


PLANNED = "cases(first: 5) { edges { node { number household { alias } } } }"


@dataclass
class Platform:
    """Web, worker and beat in processes of their own, with all they export and write."""

    address: str
    collector: Collector
    folder: Path
    logs: dict[str, bytes] = field(default_factory=dict)
    #: What the operator's page showed, as a page and as JSON.
    shown: list[bytes] = field(default_factory=list)

    def post(self, path: str, token: str, **body: Any) -> httpx2.Response:
        """One GraphQL request."""
        return httpx2.post(
            f"{self.address}{path}",
            json=body,
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
            trust_env=False,
        )


@pytest.fixture(scope="module")
def platform(database: str) -> Iterator[Platform]:
    """The platform after everything has been sent to it and it has been stopped."""
    address = f"http://127.0.0.1:{port_for_later()}"
    with open_folder() as folder, collecting() as collector, base_url(address):
        onboard_demo()
        tenant_id = get_directory().tenant_id("helsingborg")
        adopt_once(tenant_id)
        os.environ.update(
            {
                "HEMVIST_OTLP_ENDPOINT": collector.address,
                "HEMVIST_LOCAL_DIR": str(folder),
                "OTEL_BSP_SCHEDULE_DELAY": "200",
            }
        )
        workshop = Workshop(folder, EmbeddedValkey(folder / "valkey"))
        web = serve(address, folder, workshop.redis_url)
        platform = Platform(address, collector, folder)
        try:
            workshop.worker()
            beat = workshop.beat()
            wait_for("the web process is ready", lambda: is_ready(address))
            send_everything(platform)
            provoke_in_the_worker(tenant_id)
            wait_for(
                "the worker has tried the event",
                lambda: b"task_failed" in (folder / "worker-0.log").read_bytes(),
            )
            look_at_the_page(platform, workshop.redis_url)
            beat.terminate()
            beat.wait(20)
            workshop.terminate()
            web.send_signal(signal.SIGTERM)
            web.wait(20)
            platform.logs = {log.name: log.read_bytes() for log in folder.glob("*.log")}
            yield platform
        finally:
            web.kill()
            web.wait(10)
            workshop.close()
            for name in ("HEMVIST_OTLP_ENDPOINT", "HEMVIST_LOCAL_DIR", "OTEL_BSP_SCHEDULE_DELAY"):
                os.environ.pop(name)


def member(**changes: Any) -> dict[str, Any]:
    """The marked person."""
    return {
        "role": "applicant",
        "givenName": GIVEN,
        "familyName": FAMILY,
        "personalNumber": NUMBER,
        "registeredKommun": "1283",
        "protection": "none",
        "protectionSource": WORDS,
        "protectionCheckedOn": "2026-01-02",
        **changes,
    }


def send_everything(platform: Platform) -> None:
    """Marked data through the API, the login and the portal: well-formed, wrong and hostile."""
    path = "/helsingborg/graphql"
    token = person_token(platform.address, "helsingborg", "aida.lindqvist")
    named = REGISTER.format(name=f"{MARK}Operation")

    def register(*members: dict[str, Any], key: str | None = None, **more: Any) -> dict[str, Any]:
        given = {
            "idempotencyKey": key or f"{MARK}-{new_id()}",
            "department": "SOF-VUX",
            "members": members,
            **more,
        }
        answer = platform.post(path, token, query=named, variables={"input": given})
        said: dict[str, Any] = answer.json()
        return said

    made = register(member())["data"]["registerHousehold"]
    assert made["__typename"] == "RegisterHouseholdDone"
    opened = platform.post(
        path,
        token,
        query=OPEN,
        variables={
            "input": {
                "idempotencyKey": str(new_id()),
                "householdId": made["household"]["id"],
                "department": "SOF-VUX",
            }
        },
    ).json()
    assert opened["data"]["openCase"]["__typename"] == "OpenCaseDone"
    platform.post(path, token, query=f"query {MARK} {{ {PLANNED} }}")
    # Refused: a number that does not hold, a second applicant, a date that is none, NUL, a key reused.
    register(member(personalNumber=f"{NUMBER[:-1]}{(int(NUMBER[-1]) + 1) % 10}"))
    register(member(), member(personalNumber=OTHER_NUMBER))
    register(member(protectionCheckedOn=WORDS))
    register(member(givenName=f"{GIVEN}\x00"))
    register(member(), key=f"{MARK}-key")
    register(member(givenName=WORDS), key=f"{MARK}-key")
    # Documents that are wrong themselves.
    for query in (
        f"query {{ {MARK}Field }}",
        f'{{ household(id: "{NUMBER}") {{ id }} }}',
        f"{{ # {WORDS}",
        f"query {MARK}($x: String = {NUMBER}) {{ me {{ name }} }}",
    ):
        platform.post(path, token, query=query, variables={"x": WORDS})
    platform.post(path, f"{MARK}.{NUMBER}.token", query="{ __typename }")
    platform.post(f"/{MARK}/graphql", token, query="{ __typename }")
    with httpx2.Client(base_url=platform.address, trust_env=False, timeout=30) as client:
        strange = {
            "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "tracestate": f"{MARK}={NUMBER}",
            "baggage": f"name={MARK}",
            "user-agent": f"{MARK}/{NUMBER}",
            "x-request-id": f"{MARK} {NUMBER}",
            "referer": f"{platform.address}/?q={NUMBER}",
        }
        for place in (
            f"/{MARK}/{NUMBER}?q={WORDS}",
            f"/helsingborg/{MARK}?name={GIVEN}",
            f"/helsingborg/login?return_to=/{MARK}",
            f"/helsingborg/oidc/callback?state={MARK}&code={NUMBER}&error_description={WORDS}",
            f"/static/portal/{MARK}.css",
        ):
            client.get(place, headers=strange)
        client.request(MARK.upper(), f"/{MARK}", headers=strange)
        client.post("/helsingborg/graphql", content=f"{WORDS} {NUMBER}".encode(), headers=strange)
        client.post("/helsingborg/graphql", content=MARK.encode() * 200_000, headers=strange)
        client.get("/", headers={"host": f"{MARK}.example"})
        log_in(client, platform.address, "helsingborg", "aida.lindqvist")
        client.post(
            "/helsingborg/households/new", data={"members[0].givenName": GIVEN, "csrf": MARK}
        )
        send_through_the_portal(client)


def send_through_the_portal(client: httpx2.Client) -> None:
    """A second marked person, registered on a page: refused, then taken, then searched for."""
    page = client.get("/helsingborg/households/new")
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    assert "csrf" in hidden, page.status_code
    filled = {
        **hidden,
        "department": "SOF-VUX",
        "registeredOn": "2026-03-02",
        **{f"members[0].{name}": value for name, value in member().items()},
    }
    bad = client.post(
        "/helsingborg/households/new", data={**filled, "members[0].personalNumber": f"{MARK}-1"}
    )
    assert bad.status_code in (200, 422), bad.status_code
    assert MARK in bad.text
    made = client.post(
        "/helsingborg/households/new",
        data={**filled, "members[0].personalNumber": OTHER_NUMBER},
        follow_redirects=False,
    )
    assert made.status_code == 303, made.status_code
    household = client.get(made.headers["location"])
    assert GIVEN in household.text
    found = client.post(
        "/helsingborg/households/search", data={**hidden, "personalNumber": OTHER_NUMBER}
    )
    assert FAMILY in found.text


def provoke_in_the_worker(tenant_id: Any) -> None:
    """An event that breaks a constraint: PostgreSQL quotes the whole row in its DETAIL."""
    with tenant_session(Audience.STAFF, tenant_id) as session:
        emit(
            session,
            "referral_registered",
            {
                "case_id": new_id(),
                "department": f"{MARK}{NUMBER}",
                # The database takes no words in an event.
                "subject_type": GIVEN,
                "subject_id": new_id(),
            },
        )


def look_at_the_page(platform: Platform, redis_url: str) -> None:
    """The watch over all of that, as an operator has it: its metrics, its page and its log."""
    token, port = f"{MARK}-token-of-the-watch-0123456789", port_for_later()
    with (platform.folder / "watch.log").open("wb") as output:
        watch = subprocess.Popen(
            [
                *(sys.executable, "-c", "from hemvist_infra.cli import main; main()"),
                *("watch", "run", "--port", str(port)),
            ],
            env={
                **os.environ,
                "HEMVIST_REDIS_URL": redis_url,
                "HEMVIST_WATCH_TOKEN": token,
                "HEMVIST_WATCH_EVERY": "1",
            },
            stdout=output,
            stderr=output,
        )
    address = f"http://127.0.0.1:{port}"

    def shows(path: str) -> bytes | None:
        try:
            answer = httpx2.get(
                f"{address}{path}", headers={"Authorization": f"Bearer {token}"}, trust_env=False
            )
        except httpx2.HTTPError:
            return None
        return answer.content if answer.status_code == 200 else None

    try:
        wait_for(
            "the page shows kommuner", lambda: b"helsingborg" in (shows("/status.json") or b"")
        )
        platform.shown = [found for path in ("/", "/status.json") if (found := shows(path))]
    finally:
        watch.terminate()
        watch.wait(30)


#: What must not be found: the marks in any case, and the numbers with and without a separator.
TRACES = re.compile(
    "|".join([MARK, NUMBER, NUMBER[2:], OTHER_NUMBER, f"{NUMBER[2:8]}[-+]{NUMBER[8:]}"]).encode(),
    re.IGNORECASE,
)


def test_the_data_went_through_web_and_worker(platform: Platform) -> None:
    """Without this, the searches below would prove nothing."""
    services = {service for service, _ in platform.collector.spans()}
    assert services == {"hemvist-web", "hemvist-worker"}
    assert b"task_failed" in platform.logs["worker-0.log"]
    assert b"23503" in platform.logs["worker-0.log"]
    assert platform.logs["web.log"].count(b'"event": "request"') > 20


@pytest.mark.parametrize(
    ("metric", "attribute"),
    [
        ("http.server.request.duration", "http.route"),
        ("graphql.operation.duration", "graphql.fields"),
        ("db.client.operation.duration", "db.operation.name"),
        ("hemvist.task.duration", "hemvist.operation"),
        ("hemvist.tenant.request.duration", "http.response.status_code"),
        ("hemvist.outbox.oldest", "hemvist.tenant_id"),
        ("hemvist.events.waiting_parked", "hemvist.tenant_id"),
        ("hemvist.queue.length", "hemvist.queue"),
        ("db.client.connection.count", "pool"),
        ("http.server.places.taken", "gate"),
    ],
)
def test_measurements_name_what_they_are_of(
    platform: Platform, metric: str, attribute: str
) -> None:
    points = platform.collector.metrics()[metric]
    assert points
    assert all(attribute in point for point in points)


@pytest.mark.parametrize("of", ["request", "statement", "task"])
def test_measurements_of_kommuner_name_the_kommun(platform: Platform, of: str) -> None:
    points = platform.collector.metrics()[f"hemvist.tenant.{of}.duration"]
    assert any("hemvist.tenant_id" in point for point in points)


def test_nothing_is_measured_that_is_not_on_the_list(platform: Platform) -> None:
    measured = platform.collector.metrics()
    assert {"hemvist.database.up", "hemvist.beat.silent", "hemvist.audit.anchor.lag"} <= set(
        measured
    )
    for name, points in measured.items():
        allowed = set(BY_NAME[name].attributes)
        assert [point for point in points if not point <= allowed] == [], name


def test_the_operators_page_has_no_trace_of_it(platform: Platform) -> None:
    assert len(platform.shown) == 2
    assert [TRACES.findall(shown) for shown in platform.shown] == [[], []]


def test_no_exported_span_or_metric_has_a_trace_of_it(platform: Platform) -> None:
    exported = platform.collector.everything()
    found = [exported[hit.start() - 60 : hit.end() + 20] for hit in TRACES.finditer(exported)]
    assert found == []


def test_no_log_line_has_a_trace_of_it(platform: Platform) -> None:
    found = {
        name: [line for line in content.splitlines() if TRACES.search(line)]
        for name, content in platform.logs.items()
    }
    assert found == {name: [] for name in platform.logs}


def test_a_command_its_event_and_its_handling_are_one_trace(platform: Platform) -> None:
    """From the request over SQL and the relay to the worker's own SQL, with tenant and operation.

    What nobody waits for, the event too, goes with COMMIT in one message: each has its span.
    """
    spans = platform.collector.spans()
    commands = [
        span
        for service, span in spans
        if service == "hemvist-web" and attributes(span).get("graphql.fields") == "openCase"
    ]
    assert len(commands) == 1
    trace_id = commands[0].trace_id
    ours = {
        (service, span.name): attributes(span)
        for service, span in spans
        if span.trace_id == trace_id
    }
    tenant = str(get_directory().tenant_id("helsingborg"))
    for expected in (
        ("hemvist-web", "POST /{slug}/graphql"),
        ("hemvist-web", "graphql"),
        ("hemvist-web", "SELECT households"),
        ("hemvist-web", "INSERT cases"),
        ("hemvist-web", "INSERT case_events"),
        ("hemvist-web", "INSERT audit_entries"),
        ("hemvist-web", "INSERT outbox_events"),
        ("hemvist-web", "INSERT command_receipts"),
        ("hemvist-web", "COMMIT"),
        ("hemvist-worker", "relay"),
        ("hemvist-worker", "hemvist.handle"),
        ("hemvist-worker", "handle notices"),
        ("hemvist-worker", "SELECT outbox_events"),
    ):
        assert expected in ours
    for one in ("SELECT households", "INSERT cases", "INSERT outbox_events", "COMMIT"):
        assert ours["hemvist-web", one]["hemvist.tenant_id"] == tenant
    assert ours["hemvist-worker", "hemvist.handle"]["hemvist.tenant_id"] == tenant
    assert ours["hemvist-web", "POST /{slug}/graphql"]["hemvist.tenant_id"] == tenant


def test_a_planned_read_is_an_operation_and_its_statement(platform: Platform) -> None:
    """Made by hand: nothing of the statement's text, the variables or the operation's name."""
    spans = [span for _, span in platform.collector.spans()]
    reads = [span for span in spans if attributes(span).get("graphql.fields") == "cases"]
    assert [attributes(span)["graphql.path"] for span in reads] == ["compiled"]
    trace = [span for span in spans if span.trace_id == reads[0].trace_id]
    assert sorted(span.name for span in trace) == ["POST /{slug}/graphql", "graphql", "plan"]
    by_name = {span.name: span for span in trace}
    assert by_name["plan"].parent_span_id == by_name["graphql"].span_id
    assert attributes(by_name["plan"]) == {
        "db.system.name": "postgresql",
        "db.operation.name": "SELECT",
    }
    assert "hemvist.tenant_id" in attributes(by_name["POST /{slug}/graphql"])


def test_durations_lead_to_traces_that_were_kept(platform: Platform) -> None:
    kept = {span.trace_id for _, span in platform.collector.spans()}
    for metric in ("graphql.operation.duration", "http.server.request.duration"):
        found = platform.collector.exemplars(metric)
        assert found
        assert found <= kept
