"""A quarterly report (SoL 34:1) from the watch list to "sent": API, a real worker, the portal."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from hemvist.clock import today
from hemvist.decisions.execution import due_on
from hemvist.identity import get_directory
from hemvist.policy import add_months
from hemvist_api_office import Office, open_office
from hemvist_graphql.ids import global_id
from hemvist_infra.embedded import EmbeddedValkey
from hemvist_login import session_cookie
from hemvist_testing import open_folder
from hemvist_workshop import Workshop, wait_for
from hemvist_world import peopled

LIST = """query Q { unexecutedDecisions(lateOnly: true, first: 50) { edges { node {
  id decidedOn waitingSince executeBy specialFee { leastOre mostOre cite } efforts { obstacle }
  case { number } } } } }"""
REPORT = """query Q($id: ID!) { report: node(id: $id) { ... on ExecutionReport {
  state rowCount content contentSha256 figures sentOn sentBy { name } version } } }"""
QUARTER = f"{today().year}-Q{(today().month + 2) // 3}"


@pytest.fixture(scope="module")
def office(database: str, valkey: str) -> Iterator[Office]:
    with open_office() as office:
        yield office


@pytest.fixture(scope="module")
def workshop(office: Office) -> Iterator[Workshop]:
    """A broker, and processes of the worker as they are started in production."""
    with open_folder() as folder:
        workshop = Workshop(folder, EmbeddedValkey(folder / "valkey"))
        try:
            yield workshop
        finally:
            workshop.close()


class Portal:
    """The manager's browser, as far as headers and forms go."""

    def __init__(self, office: Office, username: str) -> None:
        name, cookie, session = session_cookie("helsingborg", username)
        self._token = session.csrf_token
        self._http = httpx2.Client(
            base_url=f"{office.address}/helsingborg",
            headers={"Cookie": f"{name}={cookie}", "Origin": office.address},
            trust_env=False,
        )

    def get(self, path: str) -> httpx2.Response:
        return self._http.get(path)

    def close(self) -> None:
        self._http.close()


def report_of(office: Office, report_id: str) -> dict[str, Any]:
    found: dict[str, Any] = office["manager"].ask(REPORT, id=report_id)["report"]
    return found


def test_from_the_watch_list_to_what_was_sent(office: Office, workshop: Workshop) -> None:
    world = peopled(get_directory().tenant_id("helsingborg"))
    case = world.case()
    granted = world.grant(case, on=today() - timedelta(days=150))
    in_time = world.grant(world.case(), on=today() - timedelta(days=10))
    decision_id = global_id("Decision", granted.id)

    # The watch list: since when, until when, and what a longer delay can cost.
    office["caseworker"].do(
        "recordExecutionEffort", "executionEffort { obstacle }",
        decisionId=decision_id, kind="searched_for_home", obstacle="no_suitable_home",
        notes="Sökt hos tre värdar.",
    )  # fmt: skip
    listed = office["caseworker"].ask(LIST)["unexecutedDecisions"]["edges"]
    late = {edge["node"]["id"]: edge["node"] for edge in listed}
    assert global_id("Decision", in_time.id) not in late
    mine = late[decision_id]
    assert granted.decided_on is not None
    assert mine["waitingSince"] == str(granted.decided_on)
    assert mine["executeBy"] == str(due_on(granted.decided_on))
    assert mine["executeBy"] == str(add_months(granted.decided_on, 3))
    assert mine["specialFee"]["leastOre"] == 10_000_00
    assert mine["specialFee"]["mostOre"] == 1_000_000_00
    assert mine["specialFee"]["cite"] == ["SoL2025 34:5-7"]
    assert [one["obstacle"] for one in mine["efforts"]] == ["no_suitable_home"]

    # Only the department's manager asks for the report.
    wanted = {"department": "SOF-VUX", "quarter": QUARTER}
    for who in ("caseworker", "officer", "other manager"):
        assert office[who].refused("requestExecutionReport", **wanted)["action"]
    asked = office["manager"].do("requestExecutionReport", "executionReport { id state }", **wanted)
    assert asked["state"] == "requested"
    report_id = asked["id"]
    portal = Portal(office, "bengt.sandell")
    assert portal.get(f"/unexecuted/reports/{report_id}/file").status_code == 404
    early = office["manager"].refused(
        "markExecutionReportSent", reportId=report_id, expectedVersion=1
    )
    assert early["rule"] == "report_not_ready"

    # The worker makes the file.
    workshop.worker()
    assert workshop.relayed() == 0
    wait_for("the report is made", lambda: report_of(office, report_id)["state"] == "ready")
    made = report_of(office, report_id)
    assert hashlib.sha256(made["content"].encode()).hexdigest() == made["contentSha256"]
    lines = list(csv.DictReader(made["content"].splitlines(), delimiter=";"))
    assert len(lines) == made["rowCount"]
    [line] = [one for one in lines if one["arende"] == case.number]
    assert (line["laget"], line["beslutsdatum"]) == ("ej verkställt", str(granted.decided_on))
    assert line["hinder"] == "lämplig bostad saknas"
    assert made["figures"]["by_standing"]["waiting"] == made["rowCount"]

    # The manager fetches it in the portal: the same bytes, named after department and quarter.
    page = portal.get("/unexecuted")
    assert f"Hämta filen för {QUARTER}" in page.text
    assert "särskild avgift på lägst 10\u00a0000\u00a0kr" in page.text
    assert "(SoL 34:5–7)" in page.text
    file = portal.get(f"/unexecuted/reports/{report_id}/file")
    assert file.content.decode("utf-8-sig") == made["content"]
    assert f"ej-verkstallda-SOF-VUX-{QUARTER}.csv" in file.headers["content-disposition"]
    assert file.headers["cache-control"] == "no-store"
    others = Portal(office, "aida.lindqvist")
    assert others.get(f"/unexecuted/reports/{report_id}/file").status_code == 404
    others.close()

    # Sent, it stays as it was sent.
    sent = office["manager"].do(
        "markExecutionReportSent", "executionReport { state sentOn sentBy { name } }",
        reportId=report_id, expectedVersion=made["version"],
    )  # fmt: skip
    assert (sent["state"], sent["sentOn"]) == ("sent", str(today()))
    assert sent["sentBy"]["name"] == "Bengt Sandell"
    assert office["manager"].refused("requestExecutionReport", **wanted)["rule"] == "report_sent"
    assert "skickad" in portal.get("/unexecuted").text
    assert portal.get(f"/unexecuted/reports/{report_id}/file").content == file.content
    portal.close()
