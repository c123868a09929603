"""docs/packs holds the page of every installed pack, as the packs are now: ``make docs`` writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hemvist_infra.cli_pages import INDEX, all_pages, written

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "packs"
PAGES = dict(all_pages())


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_as_its_pack(path: str) -> None:
    page = FOLDER / path
    assert page.is_file(), f"{path} is missing: run make docs"
    assert page.read_text("utf-8") == PAGES[path], f"{path} is old: run make docs"


def test_no_page_is_left_of_a_pack_that_is_gone() -> None:
    assert written(FOLDER) == sorted(PAGES)
    assert len(PAGES) > 1 and INDEX in PAGES
