"""``hemvist policy page`` and ``pages``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from hemvist_infra.cli_policy import app

EXAMPLE = Path(__file__).parents[1] / "platform" / "policy" / "packs" / "example"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)


@pytest.mark.parametrize(("lang", "words"), [("sv", "Prövas så:"), ("en", "Checked so:")])
@pytest.mark.parametrize(("suffix", "start"), [(".html", "<!doctype html>"), (".md", "# ")])
def test_a_page_of_a_folder(tmp_path: Path, lang: str, words: str, suffix: str, start: str) -> None:
    out = tmp_path / f"page{suffix}"
    done = run("page", EXAMPLE, "--lang", lang, "--out", out)
    assert done.exit_code == 0 and str(out) in done.stdout
    text = out.read_text("utf-8")
    assert text.startswith(start) and words in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("page", EXAMPLE, "--out", "x.pdf"), "--out ends with .html or .md"),
        (("page", EXAMPLE, "--lang", "de", "--out", "x.md"), "--lang is sv or en"),
        (("page", "no/such", "--out", "x.md"), "no policy pack"),
        (("page", EXAMPLE, "--out", "/nowhere/at/all/x.md"), "No such file"),
    ],
)
def test_bad_input(arguments: tuple[str | Path, ...], said: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_all_pages_and_nothing_old(tmp_path: Path) -> None:
    old = tmp_path / "gone" / "pack.md"
    old.parent.mkdir()
    old.write_text("old")
    assert run("pages", tmp_path).exit_code == 0
    assert not old.exists()
    index = (tmp_path / "README.md").read_text("utf-8")
    for path in tmp_path.rglob("*.md"):
        if path.name != "README.md":
            assert f"({path.relative_to(tmp_path)})" in index
            assert path.read_text("utf-8").count("\n## ") > 3
