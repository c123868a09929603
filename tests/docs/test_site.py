"""The site: every page once in its navigation, links as the site has them, nothing from elsewhere."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from hemvist_docs import ROOT, tool

SITE = tool("site")
NAV = yaml.safe_load((ROOT / "docs" / "nav.yml").read_text())


def misplaced(nav: list[Any], there: set[str]) -> set[str]:
    """Pages that the navigation lacks, names twice, or names and that are not there."""
    counted = Counter(SITE.named(nav))
    twice = {page for page, times in counted.items() if times > 1}
    return twice | (there - set(counted)) | (set(counted) - there)


def test_every_page_is_in_the_navigation_once() -> None:
    there = {*SITE.pages(), *SITE.BESIDE.values()} - {
        "files/schema.graphql",
        "files/landlord.graphql",
    }
    assert misplaced(NAV, there) == set(), "give the page its line in docs/nav.yml"


def test_what_is_planted_is_found() -> None:
    assert misplaced(["a.md", {"For all": ["b.md", "a.md"]}], {"a.md", "b.md"}) == {"a.md"}
    assert misplaced(["a.md"], {"a.md", "b.md"}) == {"b.md"}
    assert misplaced(["a.md", "gone.md"], {"a.md"}) == {"gone.md"}


def test_the_readme_leads_to_the_start_page() -> None:
    assert "(docs/index.md)" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    ("page", "text", "wanted"),
    [
        ("docs/api.md", "[s](../graphql/schema.graphql)", "[s](files/schema.graphql)"),
        ("docs/api.md", "[keys](keys.md#a)", "[keys](keys.md#a)"),
        ("docs/benchmarks/a.md", "[`a.py`](../../bench/a.py)", "`bench/a.py`"),
        ("docs/login.md", "the [matrix](../platform/m.py)", "the matrix (`platform/m.py`)"),
        (
            "docs/decisions/1.md",
            "[c](../../CONTRIBUTING.md#tests)",
            "[c](../contributing.md#tests)",
        ),
        ("CONTRIBUTING.md", "[p](docs/pooling.md)", "[p](pooling.md)"),
        ("docs/api.md", "```\n[s](../x.py)\n```", "```\n[s](../x.py)\n```"),
        ("docs/api.md", "[w](https://example.org)", "[w](https://example.org)"),
    ],
)
def test_a_link_is_as_the_site_has_it(page: str, text: str, wanted: str) -> None:
    assert SITE.prepared(text, ROOT / page) == wanted


@pytest.mark.slow
def test_the_site_is_built_strictly_and_loads_nothing_from_elsewhere() -> None:
    subprocess.run(["make", "site"], cwd=ROOT, capture_output=True, check=True)
    pages = list((ROOT / "build" / "site").rglob("*.html"))
    assert len(pages) > 100
    for page in pages:
        loaded = re.findall(
            r'<(?:script|img|link rel="(?:stylesheet|preconnect)")[^>]*(?:src|href)="(https?:[^"]*)"',
            page.read_text(),
        )
        assert loaded == [], page
    # Search has the words of both languages.
    found = (ROOT / "build" / "site" / "search.json").read_text()
    assert "\u00f6verl\u00e5telse" in found.lower() or "överlåtelse" in found.lower()
    assert "takeover" in found.lower()


@pytest.mark.slow
def test_a_broken_link_stops_the_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    subprocess.run(["make", "site"], cwd=ROOT, capture_output=True, check=True)
    page = tmp_path / "docs" / "index.md"
    page.parent.mkdir()
    page.write_text("# Start\n\n[gone](nowhere.md)\n")
    (page.parent / "nav.yml").write_text("- index.md\n")
    for name, value in (
        ("DOCS", page.parent),
        ("NAV", page.parent / "nav.yml"),
        ("SOURCE", tmp_path / "source"),
        ("SITE", tmp_path / "site"),
        ("BESIDE", {}),
    ):
        monkeypatch.setattr(SITE, name, value)
    assert SITE.main([str(ROOT / ".venv-site" / "bin" / "zensical")]) != 0
    assert not (tmp_path / "site").exists()
