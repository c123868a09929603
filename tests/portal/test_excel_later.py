"""The Excel lists of matching, decisions not carried out, takeovers, guarantees and simulations."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.identity import get_directory
from hemvist.offers import needs
from hemvist.offers.matching import service as matching
from hemvist.takeovers import watching
from hemvist.tenancy import Audience, tenant_session
from hemvist_goteborg import housed, housing_first
from hemvist_graphql.ids import global_id
from hemvist_guarantees import RENT, demand, guaranteed, paid
from hemvist_portal import excel
from hemvist_simulations import ask_for, carried_out, indebted, policy_officer, two_versions
from hemvist_visits import Visit, fetched, table
from hemvist_world import MUNICIPAL, World, adult, peopled

Log = Callable[..., Visit]
OFFICER, CASEWORKER = "ingrid.falk", "aida.lindqvist"
CASEWORKERS = "caseworker SOF-VUX"


@pytest.fixture(scope="module")
def world(portal: FastAPI) -> World:
    return peopled(get_directory().tenant_id("helsingborg"))


def at_midnight(day: Any) -> datetime:
    return datetime.combine(day, datetime.min.time())


def all_text(sheet: Any) -> bool:
    """No cell is a formula, whatever it holds."""
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]
    return {cell.data_type for cell in cells} <= {"s", "n", "d"}


def test_guarantees_with_their_balances(world: World, visit: Log) -> None:
    one = guaranteed(world)
    asked = paid(world, one)
    demand(world, one, asked.paid_ore // 2)
    officer = visit(OFFICER)
    sheet = fetched(officer, "guarantees.xlsx?state=all")
    [row] = table(sheet)
    assert (row["Betalt (kr)"], row["Krävt av hushållet (kr)"]) == (RENT / 100, RENT / 200)
    balances = {name: value for name, value in row.items() if name.startswith("Saldo")}
    assert balances["Saldo: hushållets skuld (kr)"] == RENT / 200
    assert balances["Saldo: bank (kr)"] == -RENT / 100
    assert len(balances) == 5 and sum(balances.values()) == 0
    assert row["Gäller från"] == at_midnight(one.starts_on) and row["Läge"] == "Gäller"
    assert all_text(sheet)
    assert fetched(officer, "guarantees.xlsx?state=ended").max_row == 1
    page = officer.get("/helsingborg/guarantees?state=all")[1]
    assert "/helsingborg/excel/guarantees.xlsx?state=all" in page


def test_the_ranks_of_a_matching(world: World, visit: Log) -> None:
    hidden = world.registered(world.case(adult(protection="unknown", protection_checked_on=None)))
    large = world.registered(world.case())
    for referral, rooms in ((hidden, 1), (large, 5)):
        world.act(
            CASEWORKERS,
            needs.state_need,
            case_id=referral.case_id,
            rooms_min=rooms,
            rooms_max=rooms,
        )
    world.unit(rooms=1, street_address="=2+2")
    run = world.act("property", matching.run, programme=MUNICIPAL)
    officer, run_id = visit(OFFICER), global_id("MatchRun", run.id)
    page = officer.get(f"/helsingborg/matching/{run_id}?home=1")[1]
    [link] = re.findall(r'href="/helsingborg/excel/(matching\.xlsx[^"]*)"', page)
    sheet = fetched(officer, link.replace("&amp;", "&"))
    rows = table(sheet)
    assert [row["Nr"] for row in rows] == sorted(row["Nr"] for row in rows)
    assert all_text(sheet)
    by_case = {row["Ärende"]: row for row in rows}
    numbers = {one.id: one.number for one in world.rows(Case)}
    mine, other = by_case[numbers[hidden.case_id]], by_case[numbers[large.case_id]]
    assert (mine["Sökande"], mine["Turordnat efter"]) == (None, "Visas inte")
    assert mine["Den här bostaden passar"] == "Ja" and mine["Varför inte"] is None
    assert mine["Planens bostad"] == "=2+2"
    assert (other["Den här bostaden passar"], bool(other["Varför inte"])) == ("Nej", True)
    assert other["Sökande"] and other["Turordnat efter"] != "Visas inte"


def test_decisions_that_wait(world: World, visit: Log) -> None:
    case = world.case()
    decision = world.grant(case)
    caseworker = visit(CASEWORKER)
    sheet = fetched(caseworker, "unexecuted.xlsx")
    rows = [row for row in table(sheet) if row["Ärende"] == case.number]
    assert [row["Beslutat"] for row in rows] == [at_midnight(decision.decided_on)]
    assert (rows[0]["Erbjudanden"], rows[0]["Insatser"]) == (0, 0) and rows[0]["Sökande"]
    late = {row["Ärende"] for row in table(fetched(caseworker, "unexecuted.xlsx?late=1"))}
    assert late <= {row["Ärende"] for row in table(sheet)}
    assert "/helsingborg/excel/unexecuted.xlsx" in caseworker.get("/helsingborg/unexecuted")[1]


def test_takeovers_that_come(portal: FastAPI, visit: Log) -> None:
    gothenburg = housing_first(get_directory().tenant_id("goteborg"))
    case, contract = housed(gothenburg, today())
    with tenant_session(Audience.WORKER, gothenburg.tenant_id) as session:
        watching.watch(session, case.id, "contract_signed")
    officer = visit("jorge.lindh", "goteborg")
    assert (
        "/goteborg/excel/takeovers.xlsx?which=open"
        in officer.get("/goteborg/takeovers?which=open")[1]
    )
    rows = table(fetched(officer, "takeovers.xlsx?which=open", "goteborg"))
    [mine] = [row for row in rows if row["Ärende"] == case.number]
    assert mine["Tidigast"] > at_midnight(contract.starts_on) and mine["Kontrakt"]
    # It lies more than half a year ahead.
    soon = table(fetched(officer, "takeovers.xlsx", "goteborg"))
    assert case.number not in {row["Ärende"] for row in soon}


def test_cases_behind_a_simulation(
    world: World, visit: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with two_versions(tmp_path):
        policy_officer(world)
        case = indebted(world, 1_000_000)
        simulation = carried_out(world, ask_for(world))
        assert simulation.state == "done", simulation.failure
        caseworker = visit(CASEWORKER)
        name = f"simulation.xlsx?simulation={global_id('Simulation', simulation.id)}"
        rows = [row for row in table(fetched(caseworker, name)) if row["Ärende"] == case.number]
        assert rows and {row["Svar före"] for row in rows} != {row["Svar efter"] for row in rows}
        assert {row["Sökande"] for row in rows} != {None}
        monkeypatch.setattr(excel, "MAX_ROWS", 0)
        status, page = caseworker.get(f"/helsingborg/excel/{name}&version=v1")
        assert status == 413 and "/helsingborg/policy/versions/v1/simulations/" in page


@pytest.mark.parametrize("name", ["matching.xlsx", "simulation.xlsx"])
def test_without_saying_of_what(world: World, visit: Log, name: str) -> None:
    """A list of one matching or one simulation: nothing without its id, and no failure."""
    status, _ = visit(OFFICER if name.startswith("m") else CASEWORKER).get(
        f"/helsingborg/excel/{name}"
    )
    assert status in (200, 400, 404)
