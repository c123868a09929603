"""Every test is run once, by one of the processes that share them out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hemvist_sharing import LONGEST, TOGETHER

ROOT = Path(__file__).resolve().parents[2]
#: Says in which process it is.
TESTS = """
import os, pytest

@pytest.mark.parametrize("at", range(3))
def test_here(at):
    print(f"[ran {__file__.rsplit('/', 2)[1]} {__name__} {at} {os.environ.get('PYTEST_XDIST_WORKER')}]")
"""
SHARED = """
import pytest

@pytest.fixture(scope="package", autouse=True)
def life():
    print("[begins]")
    yield
    print("[ends]")
"""
HOOKS = ("pytest_collect_directory", "pytest_collection_modifyitems", "pytest_xdist_make_scheduler")


def test_what_is_named_is_there() -> None:
    for name in (*LONGEST, *TOGETHER):
        assert (ROOT / name).exists(), name
    assert len(set(LONGEST)) == len(LONGEST)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree of tests shared out as ours are; the folder ``browser`` stays together."""
    for name in ("a/test_1", "a/test_2", "browser/test_3", "browser/test_4", "c/test_5"):
        path = tmp_path / "tests" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TESTS)
    hooks = f"from hemvist_sharing import {', '.join(HOOKS)}\n"
    (tmp_path / "tests" / "conftest.py").write_text(hooks)
    (tmp_path / "tests" / "browser" / "conftest.py").write_text(SHARED)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib -rP\n")
    return tmp_path


def said(tree: Path, *options: str) -> list[list[str]]:
    """What the tests of the tree say, word by word."""
    outer = {key: one for key, one in os.environ.items() if not key.startswith("PYTEST_")}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
        cwd=tree,
        env={**outer, "PYTHONPATH": str(ROOT / "tests" / "support")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return [one.split() for one in re.findall(r"\[((?:ran|begins|ends)[^\]]*)\]", ran.stdout)]


def test_a_file_goes_to_one_process_and_all_are_run(tree: Path) -> None:
    ran = [one[1:] for one in said(tree, "-n2") if one[0] == "ran"]
    assert len(ran) == len({(file, at) for _, file, at, _ in ran}) == 15
    assert len({(file, process) for _, file, _, process in ran}) == 5
    assert len({process for *_, process in ran}) == 2
    assert len({process for folder, *_, process in ran if folder == "browser"}) == 1


def test_what_a_folder_shares_ends_with_the_folder(tree: Path) -> None:
    """Otherwise Chromium's event loop would be met by whatever comes afterwards."""
    order = [one[1] if one[0] == "ran" else one[0] for one in said(tree, "-n0", "-s")]
    assert order == ["begins", *["browser"] * 6, "ends", *["a"] * 6, *["c"] * 3]
