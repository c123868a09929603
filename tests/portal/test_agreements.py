"""Agreements and quotas on the kommun's pages: opened, written in, confirmed by another, counted."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from openpyxl import load_workbook

from hemvist.clock import today
from hemvist_visits import Visit

LogIn = Callable[..., Visit]
PATH = "/karlstad/agreements"
#: An invented company; the control digit is right.
COMPANY = {"landlordOrganisationNumber": "556012-5790", "landlordName": "Exempelbostäder AB"}


def version_of(page: str) -> str:
    """The version that the page's first form would send."""
    found = re.search(r'name="expectedVersion" value="(\d+)"', page)
    assert found, page
    return found[1]


def test_an_agreement_from_its_first_line_to_its_quota(visit: LogIn) -> None:
    officer, manager = visit("sanna.tervo", "karlstad"), visit("rasmus.frykman", "karlstad")
    year = today().year
    new = {
        **COMPANY,
        "kind": "cooperation",
        "title": "Samarbetsavtal med Exempelbostäder",
        "startsOn": f"{year}-01-01",
    }
    status, page, _ = officer.post(f"{PATH}/new", **{**new, "landlordOrganisationNumber": "1"})
    assert status == 422 and "Samarbetsavtal med Exempelbostäder" in page
    status, page, to = officer.post(f"{PATH}/new", **new, idempotencyKey="open")
    assert status == 303, page
    # Terms and a further party are written in the draft.
    page = officer.get(f"{to}/draft")[1]
    fields = {
        "expectedVersion": version_of(page),
        "holdsFrom": f"{year}-01-01",
        "targetGroups": "Bostadssociala kontrakt",
        "parties[0].role": "kommun",
        "parties[0].name": "Karlstads kommun",
        "parties[1].role": "landlord",
        "parties[1].name": "Exempelbostäder AB",
        "parties[2].role": "provider",
        "parties[2].name": "Bostad först",
        "terms[0].subject": "Svarstid",
        "terms[0].written": "Två arbetsdagar",
    }
    status, page, _ = officer.post(f"{to}/draft", **fields)
    assert status == 303, page
    page = officer.get(f"{to}/quota")[1]
    quota = {
        "expectedVersion": version_of(page),
        "code": "reserved_flats",
        "label": "Var tionde ledig lägenhet",
        "kind": "vacated_share",
        "percent": "10",
        "per": "year",
        "force": "target",
        "rounding": "nearest",
        "counts": "let",
        "deliveredIn": "any",
        "of": "karlstad/sociala-kontrakt|reserved_flats",
        "act": "save",
    }
    status, page, _ = officer.post(f"{to}/quota", **{**quota, "percent": ""})
    assert status == 422 and "Var tionde ledig lägenhet" in page
    status, page, _ = officer.post(f"{to}/quota", **quota)
    assert status == 303, page
    # Whoever wrote it cannot confirm it; the manager can.
    page = officer.get(to)[1]
    assert "Bostad först" in page and "10 %" in page
    draft = re.search(r'name="agreementVersionId" value="([^"]+)"', page)
    assert draft
    confirm = {"agreementVersionId": draft[1], "expectedVersion": version_of(page)}
    assert officer.post(to, **confirm, act="confirm", idempotencyKey="own")[0] == 403
    status, page, _ = manager.post(to, **confirm, act="confirm", idempotencyKey="other")
    assert status == 303, page
    # The figure that the share is taken of.
    figure = {
        "kind": "vacated",
        "landlordOrganisationNumber": "5560125790",
        "homes": "118",
        "fromOn": f"{year}-01-01",
        "toOn": f"{year}-01-31",
        "source": "Bolagets lista",
        "act": "record",
    }
    path = "/karlstad/quotas/figures"
    status, page, _ = officer.post(path, **figure, idempotencyKey="figure")
    assert status == 303, page
    assert officer.post(path, **figure, idempotencyKey="again")[0] == 409
    page = officer.get("/karlstad/quotas")[1]
    assert "0 av 12 lägenheter levererade" in page and "Underlag saknas" in page
    answer = officer.client.get("/karlstad/quotas.xlsx", headers=officer.headers)
    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].values)
    assert rows[0][0] == "Hyresvärd"
    assert rows[1][0] == "Exempelbostäder AB" and rows[1][7] == 12 and rows[1][8] == "59/5"
    # Beside what is written stands what is done.
    page = officer.get(to)[1]
    term = re.search(r'name="agreementTermId" value="([^"]+)"', page)
    assert term
    kept = {"agreementTermId": term[1], "actual": "Oftast en vecka", "expectedVersion": "1"}
    assert officer.post(to, **kept, act="actual", idempotencyKey="kept")[0] == 303
    assert (
        officer.post(to, what="Ringde om fler lägenheter.", act="note", idempotencyKey="n")[0]
        == 303
    )
    page = officer.get(to)[1]
    assert "Oftast en vecka" in page and "Ringde om fler lägenheter." in page


def test_a_meeting_is_planned_and_held(visit: LogIn) -> None:
    officer = visit("sanna.tervo", "karlstad")
    planned = {
        "of": "karlstad/sociala-kontrakt|with_public_company",
        "title": "Månadsmöte",
        "plannedOn": str(today()),
    }
    status, page, to = officer.post("/karlstad/agreement-meetings/new", **planned)
    assert status == 303, page
    assert "Månadsmöte" in officer.get(PATH)[1]
    held = {"on": str(today()), "present": "Handläggare", "notes": "Kvoten gicks igenom."}
    status, page, _ = officer.post(to, **held, expectedVersion="1", act="hold")
    assert status == 303, page
    assert "Kvoten gicks igenom." in officer.get(to)[1]


def test_who_reads_no_agreements_finds_none(visit: LogIn) -> None:
    caseworker = visit("aida.lindqvist")
    assert caseworker.get("/helsingborg/agreements")[0] == 403
    assert caseworker.get("/helsingborg/quotas")[0] == 403
    assert "Kvoter" not in caseworker.get("/helsingborg/today")[1]
