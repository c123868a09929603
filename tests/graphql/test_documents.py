"""Documents asked for by their digest, and how often a caller may send new ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from hemvist.ids import new_id
from hemvist_api import Caller, served_api
from hemvist_graphql import asking, documents
from hemvist_graphql.allowance import CALLERS, Allowance
from hemvist_graphql.persisted import register_folder
from hemvist_infra.cli import app
from hemvist_infra.dev_issuer.client import person_token
from hemvist_login import Served, serve_login
from hemvist_portal.documents import document, register_documents
from hemvist_testing import forget_settings


@pytest.fixture(scope="module")
def platform(database: str) -> Iterator[Served]:
    with serve_login() as served:
        yield served


@pytest.fixture(scope="module")
def caller(platform: Served) -> Iterator[Caller]:
    token = person_token(platform.address, "helsingborg", "aida.lindqvist")
    with served_api() as client:
        yield Caller(client, "helsingborg", token)


def post(caller: Caller, **body: Any) -> Any:
    client: TestClient = caller.client
    return client.post(
        f"/{caller.slug}/graphql", json=body, headers={"Authorization": f"Bearer {caller.token}"}
    )


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["extensions"]["code"]


def test_a_document_of_the_portal_by_its_id(caller: Caller) -> None:
    register_documents()
    text = document("cases")
    by_text = post(caller, query=text, variables={"lang": "sv"})
    by_id = post(caller, documentId=documents.document_id(text), variables={"lang": "sv"})
    assert by_id.status_code == 200
    assert by_id.json() == by_text.json()


def test_an_unknown_id_is_said_to_be_unknown(caller: Caller) -> None:
    for id_ in ("sha256:" + "0" * 64, "sha256:x", "", "cases", "é\0" * 9999):
        assert code(post(caller, documentId=id_)) == (400, "UNKNOWN_DOCUMENT")


def test_sending_a_text_registers_nothing(caller: Caller) -> None:
    text = "query Mine { me { name } }"
    assert post(caller, query=text).status_code == 200
    assert code(post(caller, documentId=documents.document_id(text))) == (400, "UNKNOWN_DOCUMENT")


def test_an_id_and_a_text_at_once_and_an_id_that_is_none(caller: Caller) -> None:
    both = post(caller, query="{ me { name } }", documentId="sha256:" + "0" * 64)
    assert code(both) == (400, "BAD_REQUEST")
    assert code(post(caller, documentId=5)) == (400, "BAD_REQUEST")
    assert code(post(caller)) == (400, "BAD_REQUEST")


def test_a_programs_own_documents_from_a_folder(caller: Caller, tmp_path: Path) -> None:
    # Line ends and spaces count: what was checked is what is asked.
    text = "query Own($first: Int) {\r\n  cases(first: $first) { totalCount }  \r\n}\n"
    written = tmp_path / "mine.graphql"
    written.write_bytes(text.encode())
    folder = tmp_path / "trusted"
    printed = CliRunner().invoke(
        app, ["graphql", "persist", str(written), "--into", str(folder)], catch_exceptions=False
    )
    id_ = printed.output.split()[0]
    assert id_ == documents.document_id(text)
    assert code(post(caller, documentId=id_)) == (400, "UNKNOWN_DOCUMENT")
    assert register_folder(folder) == 1
    answer = post(caller, documentId=id_, variables={"first": 1})
    assert answer.json()["data"]["cases"] == {"totalCount": 0}
    # Rights are those of the caller, as ever.
    stranger = Caller(caller.client, "helsingborg", "nobody")
    assert code(post(stranger, documentId=id_)) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    "text",
    [
        "{ nothing }",
        "{",
        "{ cases(first: 100) { edges { node { timeline { kind label data }"
        " criteria { rule trace { label } } } } } }",
        "query A($n: Int) { cases(first: $n) { edges { node { criteria { rule } timeline { kind"
        " label } followUps { id heldOn notes } } } } }",
    ],
)
def test_a_document_that_would_be_refused_is_not_given_an_id(tmp_path: Path, text: str) -> None:
    written = tmp_path / "mine.graphql"
    written.write_text(text)
    done = CliRunner().invoke(app, ["graphql", "persist", str(written)])
    assert done.exit_code != 0
    assert "sha256:" not in done.output


def test_a_registered_document_that_no_longer_holds_says_why(
    caller: Caller, tmp_path: Path
) -> None:
    text = "{ whatTheSchemaOnceHad }"
    (tmp_path / "old.graphql").write_text(text)
    register_folder(tmp_path)
    answer = post(caller, documentId=documents.document_id(text))
    assert code(answer) == (400, "INVALID_DOCUMENT")


@pytest.fixture
def strict() -> Iterator[None]:
    os.environ["HEMVIST_NEW_DOCUMENTS_AT_ONCE"] = "5"
    os.environ["HEMVIST_NEW_DOCUMENTS_PER_MINUTE"] = "2"
    forget_settings()
    asking._allowance.cache_clear()
    yield
    del os.environ["HEMVIST_NEW_DOCUMENTS_AT_ONCE"], os.environ["HEMVIST_NEW_DOCUMENTS_PER_MINUTE"]
    forget_settings()
    asking._allowance.cache_clear()


def test_new_documents_are_limited_and_known_ones_are_not(caller: Caller, strict: None) -> None:
    new = [f"query N{new_id().hex} {{ me {{ name }} }}" for _ in range(8)]
    answers = [post(caller, query=text) for text in new]
    assert [one.status_code for one in answers] == [200] * 5 + [429] * 3
    assert code(answers[-1]) == (429, "TOO_MANY_DOCUMENTS")
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 30
    # What is known costs nothing to read: by id, by text, by a text that was just read.
    register_documents()
    text = document("cases")
    for body in ({"query": new[0]}, {"query": text}, {"documentId": documents.document_id(text)}):
        for _ in range(10):
            assert post(caller, **body, variables={"lang": "sv"}).status_code == 200
    # A broken one is a new one too.
    assert code(post(caller, query="{ broken")) == (429, "TOO_MANY_DOCUMENTS")


def test_a_bucket_fills_again_and_is_each_callers_own() -> None:
    now = 0.0
    allowance = Allowance(2, 60, lambda: now)
    assert [allowance.take("a") for _ in range(3)] == [0, 0, 1]
    assert allowance.take("b") == 0
    now = 0.9
    assert allowance.take("a") == 1
    now = 1.1
    assert [allowance.take("a"), allowance.take("a")] == [0, 1]
    now = 3600.0
    assert [allowance.take("a") for _ in range(3)] == [0, 0, 1]


def test_callers_do_not_fill_the_memory() -> None:
    allowance = Allowance(1, 1)
    for caller in range(CALLERS + 500):
        allowance.take(caller)
    assert len(allowance._left) == CALLERS
