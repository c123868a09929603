"""The example client of the documentation, as a process of its own against a real server."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from hemvist_examples import FOLDER
from hemvist_graphql.landlord.http import router
from hemvist_landlord_api import ask
from hemvist_landlords import administrator, invited_machine, opened
from hemvist_login import Served, free_listener, serve_login, served
from hemvist_tenants import development_secret
from hemvist_world import ORGANISATION_NUMBER, new_world

MACHINE = "uthyrningssystem-bjorkbo"


@pytest.fixture(scope="module")
def platform(database: str) -> Iterator[Served]:
    with serve_login() as login:
        yield login


@pytest.fixture(scope="module")
def address(platform: Served) -> Iterator[str]:
    app = FastAPI()
    app.include_router(router)
    listener, address = free_listener()
    with served(app, listener):
        yield address


def test_it_takes_up_its_invitation_lists_homes_and_reports(
    platform: Served, address: str, tmp_path: Path
) -> None:
    worlds = [new_world(), new_world()]
    doors = [opened(world.tenant_id, ORGANISATION_NUMBER, "Testvärden AB") for world in worlds]
    landlord_id = doors[0]
    units = [world.unit() for world in worlds]
    one, other = (administrator(worlds[0].tenant_id, landlord_id) for _ in range(2))
    environment = {
        "PATH": os.environ["PATH"],
        "HEMVIST_URL": address,
        "TOKEN_URL": f"{platform.address}/dev-issuer/hyresvard/token",
        "CLIENT_ID": MACHINE,
        "CLIENT_SECRET": development_secret("hyresvard", MACHINE),
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(FOLDER / "landlord_client.py"), *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    assert run("kommuner").stdout == ""
    assert "no such thing" in run("accept", "of.nothing").stderr
    secret = invited_machine(one, other, MACHINE)
    for _ in range(2):
        # Sent again after a lost answer, it answers as before.
        assert run("accept", secret).stdout == "Testvärden AB\n"
    assert len(run("kommuner").stdout.splitlines()) == 2
    head, *rows = csv.reader(io.StringIO(run("units").stdout), delimiter=";")
    assert head[:2] == ["kommun", "address"]
    assert {row[1] for row in rows} == {unit.street_address for unit in units}
    assert {row[3] for row in rows} == {"5500.00"}
    assert "within reach" in run("report", "Ingenstans", os.devnull).stderr

    # A list of two, one with a flat's number that cannot be; sent twice, the good one is reported once.
    kommun = run("kommuner").stdout.splitlines()[0].partition(":")[0]
    names = (
        "propertyDesignation;streetAddress;apartmentNumber;postalCode;city;area"
        ";rooms;sizeM2;rentOre;availableFrom"
    )
    good = "Björken 1:24;Storgatan 1;1001;65224;Karlstad;Centrum;2;55,5;710000;2026-12-01"
    lines = [names, good, good.replace("1001", "100")]
    path = tmp_path / "vacancies.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for _ in range(2):
        done = run("report", kommun, str(path))
        assert done.returncode == 1
        assert done.stderr.startswith("line 3: apartmentNumber ")
        assert len(done.stderr.splitlines()) == 1
    found = ask(one.actor, "{ vacancies { edges { node { streetAddress sizeM2 state } } } }")
    assert [edge["node"] for edge in found["vacancies"]["edges"]] == [
        {"streetAddress": "Storgatan 1", "sizeM2": 55.5, "state": "reported"}
    ]
