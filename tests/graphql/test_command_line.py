"""``hemvist graphql``: the schema written, and a token that the API takes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from hemvist.errors import HemvistError
from hemvist_api import Caller, served_api
from hemvist_graphql import export
from hemvist_infra.cli_graphql import app
from hemvist_login import Served, serve_login


@pytest.fixture(scope="module")
def platform(database: str) -> Iterator[Served]:
    with serve_login() as served:
        yield served


def test_schema_writes_what_is_checked_in() -> None:
    files = [export.SCHEMA_FILE, export.LANDLORD_SCHEMA_FILE]
    before = [file.read_bytes() for file in files]
    result = CliRunner().invoke(app, ["schema"])
    assert result.exit_code == 0
    assert result.output.split() == [str(file) for file in files]
    assert [file.read_bytes() for file in files] == before


def test_a_printed_token_opens_the_api(platform: Served) -> None:
    arguments = ["token", "helsingborg", "ingrid.falk", "--url", platform.address]
    token = CliRunner().invoke(app, arguments).output.strip()
    with served_api() as client:
        data = Caller(client, "helsingborg", token).ask("{ me { name } }")
    assert data == {"me": {"name": "Ingrid Falk"}}


@pytest.mark.parametrize(
    ("slug", "username", "url"),
    [
        ("helsingborg", "nobody", None),
        ("atlantis", "ingrid.falk", None),
        ("helsingborg", "ingrid.falk", "http://127.0.0.1:9"),
        ("helsingborg", "ingrid.falk", "http://["),
    ],
)
def test_no_token_is_one_line(platform: Served, slug: str, username: str, url: str | None) -> None:
    arguments = ["token", slug, username, "--url", url or platform.address]
    result = CliRunner().invoke(app, arguments)
    assert isinstance(result.exception, HemvistError)
    assert str(result.exception).startswith("no token: ")
    assert result.output == ""
