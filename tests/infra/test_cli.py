"""The command ``hemvist``: what people are told when something is wrong, in one line each."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEMVIST = str(Path(sys.executable).with_name("hemvist"))


def hemvist(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if "HEMVIST" not in name}
    return subprocess.run(
        [HEMVIST, *arguments],
        env={**environment, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_explains_itself() -> None:
    told = hemvist("--help")
    assert told.returncode == 0
    for group in ("dev", "db", "policy", "tenant", "graphql"):
        assert group in told.stdout


@pytest.mark.parametrize(
    ("arguments", "settings", "told"),
    [
        (("db", "migrate"), {}, "HEMVIST_DATABASE_URL is not set"),
        (("tenant", "onboard"), {}, "HEMVIST_DATABASE_URL is not set"),
        (
            ("db", "migrate"),
            {
                "HEMVIST_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
                "HEMVIST_SECRET_KEY": "k" * 32,
            },
            "Connection refused",
        ),
        (("dev", "run"), {"HEMVIST_SECRET_KEY": "short"}, "at least 32 characters"),
        (
            ("dev", "run"),
            {"HEMVIST_PORT": "eighty"},
            "HEMVIST_PORT: 'eighty' is not a whole number",
        ),
    ],
)
def test_what_can_be_mended_is_one_line(
    arguments: tuple[str, ...], settings: dict[str, str], told: str
) -> None:
    ran = hemvist(*arguments, **settings)
    assert ran.returncode == 2
    assert ran.stderr.startswith("hemvist: ")
    assert told in ran.stderr
    assert ran.stderr.count("\n") == 1


def test_the_kommuner_are_listed() -> None:
    told = hemvist("tenant", "list")
    assert told.returncode == 0
    assert "helsingborg" in told.stdout
    assert "1283" in told.stdout
