"""The house as the README describes it: where packages are, and what must not be where."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hemvist.tenancy.platform import PLATFORM_SLUG

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = [Path(p) for p in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]]


def tracked(*patterns: str) -> list[Path]:
    """Files that git knows of, or would; all files where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_top_level_folders_are_no_packages() -> None:
    """``platform/__init__.py`` would hide the standard library's ``platform``."""
    assert [str(path) for path in ROOT.glob("*/__init__.py")] == []


def test_test_folders_are_no_packages() -> None:
    assert [str(path) for path in (ROOT / "tests").rglob("__init__.py")] == []


def test_every_import_root_holds_one_package_and_it_is_listed() -> None:
    assert len(PACKAGES) == 7
    for package in PACKAGES:
        root = ROOT / package.parent
        found = [path.parent.name for path in root.glob("*/__init__.py")]
        assert found == [package.name], f"{root} must hold {package.name} alone"
    roots = {str(package.parent) for package in PACKAGES}
    assert set(PROJECT["tool"]["mypy"]["mypy_path"]) == roots
    assert roots <= set(PROJECT["tool"]["ruff"]["src"])
    names = {package.name for package in PACKAGES}
    assert set(PROJECT["tool"]["mypy"]["packages"]) == names
    assert set(PROJECT["tool"]["importlinter"]["root_packages"]) == names


@pytest.mark.parametrize(
    ("module", "attribute", "origin"),
    [("platform", "python_version", "/platform.py"), ("graphql", "parse", "site-packages/graphql")],
)
def test_imports_from_the_root_find_the_right_module(
    module: str, attribute: str, origin: str
) -> None:
    """From the repository's root, where folders of the same names lie."""
    program = f"import {module}; {module}.{attribute}; print({module}.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert origin in found.stdout


def test_every_concept_of_the_core_is_in_the_import_rule() -> None:
    """A layer left out would be free to import anything."""
    contract = next(c for c in PROJECT["tool"]["importlinter"]["contracts"] if c.get("containers"))
    assert contract["containers"] == ["hemvist"]
    assert contract["exhaustive"] is True
    listed = {name.strip() for layer in contract["layers"] for name in re.split("[|:]", layer)}
    core = ROOT / "platform" / "hemvist"
    there = {path.parent.name for path in core.glob("*/__init__.py")}
    there |= {path.stem for path in core.glob("*.py") if path.stem != "__init__"}
    assert there == listed


@pytest.mark.parametrize(
    ("source", "allowed"),
    [
        ("hemvist_policy_packs", {"policy"}),
        # Their folder is a setting.
        ("hemvist_tenants", {"tenancy", "identity", "policy", "settings"}),
    ],
)
def test_packages_of_data_know_only_what_they_may(source: str, allowed: set[str]) -> None:
    """The contract lists what is forbidden; this holds the list to everything that exists."""
    contract = next(
        c
        for c in PROJECT["tool"]["importlinter"]["contracts"]
        if c.get("source_modules") == [source]
    )
    core = ROOT / "platform" / "hemvist"
    concepts = {path.parent.name for path in core.glob("*/__init__.py")}
    forbidden = {name.removeprefix("hemvist.") for name in contract["forbidden_modules"]}
    assert concepts - allowed <= forbidden


def kommun_names() -> set[str]:
    """Every kommun the project knows, by the slugs of ``tenants/``; å, ä, ö in both spellings."""
    # The landlords' own tenant is no kommun, nor is a network.
    files = [
        path
        for path in (ROOT / "tenants").rglob("*.toml")
        if path.stem != PLATFORM_SLUG and path.parent.name != "networks"
    ]
    slugs = {path.stem for path in files}
    for path in files:
        data = tomllib.loads(path.read_text())
        slugs |= {str(data[key]).lower() for key in ("slug", "name") if key in data}
    return {slug.removesuffix(" kommun").removesuffix("s stad") for slug in slugs}


def test_the_core_knows_no_kommuns_name() -> None:
    names = kommun_names()
    assert "helsingborg" in names, "otherwise this test would look for nothing"
    for path in (ROOT / "platform").rglob("*"):
        if path.is_file() and path.suffix in {".py", ".toml", ".yaml", ".sql", ".mako", ".json"}:
            # The time zone of all Swedish kommuner is called after one of them.
            text = path.read_text().lower().replace("europe/stockholm", "")
            found = {name for name in names if re.search(rf"\b{re.escape(name)}", text)}
            assert not found, f"{path} names {found}"


HOSTS = re.compile(r"--(extra-)?index-url|--find-links|https?://\S*(pypi|pythonhosted|npmjs)", re.I)


def test_locks_name_no_host_and_hash_every_package() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    # The least that each must hold, or it would be cut off.
    least = {
        "bench.txt": 40,
        "build.txt": 4,
        "charts.txt": 15,
        "dev.txt": 40,
        "run.txt": 40,
        "site.txt": 8,
    }
    assert [lock.name for lock in locks] == list(least)
    for lock in locks:
        text = lock.read_text()
        assert not HOSTS.search(text)
        assert "://" not in text
        pinned = re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==", text, re.M)
        assert len(pinned) > least[lock.name]
        blocks = re.split(r"\n(?=[a-z0-9])", text)
        for block in blocks:
            if "==" in block.splitlines()[0]:
                assert "--hash=sha256:" in block, block.splitlines()[0]


def test_npm_locks_name_no_host() -> None:
    for lock in tracked("*package-lock.json", "*.npmrc"):
        assert not re.search(r'"resolved": *"https?:|registry *=', lock.read_text()), lock


def test_every_direct_dependency_is_locked() -> None:
    locked = (ROOT / "requirements" / "run.txt").read_text()
    for requirement in PROJECT["project"]["dependencies"]:
        name = re.split(r"[\[<>=!~ ;]", requirement)[0].lower().replace("_", "-")
        assert re.search(rf"^{re.escape(name)}(\[[^]]*\])?==", locked, re.M), name


def test_no_tracked_file_names_this_machines_paths() -> None:
    here = str(ROOT)
    if len(ROOT.parts) < 3:
        here += "/"
    for path in tracked():
        if path.suffix in {".png", ".pdf", ".woff2", ".ico", ".zip"}:
            continue
        assert here not in path.read_text(errors="replace"), path
