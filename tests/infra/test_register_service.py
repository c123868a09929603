"""The register that is served from a file, asked over real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import httpx2
import pytest

from hemvist.registers import Answer, NoAnswer, RemoteRegister, navet
from hemvist_infra.register_service import MOST, RegisterServer

DAY = date(2026, 2, 3)
LEVELS = {"197102039801": "none", "198002039802": "protected_registration"}
TOKEN = "a-secret-of-twenty-signs"


@contextmanager
def served(file: Path) -> Iterator[RegisterServer]:
    server = RegisterServer(file, TOKEN)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RegisterServer]:
    file = tmp_path / "register.txt"
    file.write_text(navet.written(LEVELS, DAY), "latin-1")
    with served(file) as server:
        yield server


def test_it_answers_of_whom_it_knows(
    server: RegisterServer, capfd: pytest.CaptureFixture[str]
) -> None:
    register = RemoteRegister(server.address, "Folkbokföringen", TOKEN)
    asked = ["197102039801", "198002039802", "199901019999"]
    assert register.look_up(asked) == {
        "197102039801": Answer("none", DAY),
        "198002039802": Answer("protected_registration", DAY),
    }
    assert register.look_up(["199901019999"]) == {}
    # A question is about somebody: no line of it anywhere.
    out, err = capfd.readouterr()
    assert "1971" not in out + err and TOKEN not in repr(register)


def test_who_has_no_token_is_answered_nothing(server: RegisterServer) -> None:
    with pytest.raises(NoAnswer, match="http_401"):
        RemoteRegister(server.address, "x", "wrong").look_up(["197102039801"])
    bare = httpx2.post(server.address + "/look-up", json={"numbers": ["197102039801"]})
    assert bare.status_code == 401 and bare.text == ""


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b'{"numbers": "197102039801"}', 400),
        (b'{"numbers": [' + b"1," * MOST + b"1]}", 400),
        (b'{"numbers": [1, null, {}]}', 200),
    ],
)
def test_a_question_that_is_none(server: RegisterServer, body: bytes, status: int) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = httpx2.post(server.address + "/look-up", content=body, headers=headers)
    assert answer.status_code == status and "#UP" not in answer.text
    elsewhere = httpx2.post(server.address + "/", content=body, headers=headers)
    assert elsewhere.status_code == 404


def test_a_file_that_is_gone_is_no_answer(server: RegisterServer) -> None:
    server.register.path.unlink()
    with pytest.raises(NoAnswer, match="http_503"):
        RemoteRegister(server.address, "x", TOKEN).look_up(["197102039801"])


def test_nobody_there_is_no_answer(tmp_path: Path) -> None:
    with served(tmp_path / "nothing") as server:
        address = server.address
    with pytest.raises(NoAnswer, match="no_contact"):
        RemoteRegister(address, "x", TOKEN).look_up(["197102039801"])
