"""A request to a kommun outside the platform, on its page: fetched as a file, its answer taken in."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from hemvist.clock import today
from hemvist.identity import get_directory
from hemvist.kommun_requests import service as requests
from hemvist.outside.packages import ANSWER_FILE
from hemvist_graphql.ids import global_id
from hemvist_visits import Visit, version_of
from hemvist_world import World, peopled

SLUG = "helsingborg"


@pytest.fixture
def world(portal: FastAPI) -> World:
    return peopled(get_directory().tenant_id(SLUG))


def test_fetched_and_answered(visit: Callable[..., Visit], world: World) -> None:
    case = world.case()
    manager = visit("bengt.sandell")
    drafted = world.act(
        "caseworker SOF-VUX",
        requests.open_request,
        case_id=case.id,
        kind="takeover",
        direction="outgoing",
        counterpart="1980",
        function_address="0203:stod@vasteras.example",
        reasons="Familjen finns där.",
        wish="wants",
    )
    path = f"/{SLUG}/kommun-requests/{global_id('KommunRequest', drafted.id)}"
    assert manager.client.get(f"{path}/package").status_code == 404
    page = manager.get(path)[1]
    assert "Hämta begäran som en fil" not in page
    given = {"on": str(today()), "arrivedOn": str(today())}
    sent = manager.post(f"{path}/send", **given, expectedVersion=version_of(page, "/send"))
    assert sent[0] == 303

    page = manager.get(path)[1]
    assert f'href="{path}/package"' in page
    answer = manager.client.get(f"{path}/package")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        form: dict[str, Any] = json.loads(archive.read(ANSWER_FILE))

    def answered(content: bytes) -> Any:
        fields = {
            "csrf": manager.csrf,
            "idempotencyKey": "answer",
            "expectedVersion": version_of(page, "/answer-file"),
        }
        files = {"file": ("svar.json", content, "application/json")}
        return manager.client.post(f"{path}/answer-file", data=fields, files=files)

    refused = answered(b"{}")
    assert refused.status_code == 422 and "inget svar på en begäran" in refused.text
    assert answered(b"").status_code == 422
    filled = {**form, "agreed": False, "reasons": "Ingen plats.", "answered_on": str(today())}
    assert answered(json.dumps(filled).encode()).status_code == 303
    page = manager.get(path)[1]
    assert "Ingen plats." in page and "Hämta begäran som en fil" not in page
