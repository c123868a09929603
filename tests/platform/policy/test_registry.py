"""Packs by name, version and day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from hemvist.policy import Pack, Period, PolicyError, Registry
from hemvist.policy.registry import pack_folders


def _version(pack: Pack, version: str, start: date, end: date | None = None) -> Pack:
    return replace(pack, version=version, in_force=Period(start, end))


@pytest.fixture
def registry(example: Pack) -> Registry:
    """Three versions of one pack and one of another; 2026.10 comes after 2026.9."""
    return Registry(
        [
            _version(example, "2026.10.0", date(2027, 1, 1)),
            _version(example, "2026.9.0", date(2026, 7, 1), date(2026, 12, 31)),
            _version(example, "2026.9.1", date(2026, 7, 1), date(2026, 11, 30)),
            replace(example, name="other/homes"),
        ]
    )


def test_packs_are_in_order_of_name_and_version(registry: Registry) -> None:
    assert [(pack.name, pack.version) for pack in registry.packs()] == [
        ("example/homes", "2026.9.0"),
        ("example/homes", "2026.9.1"),
        ("example/homes", "2026.10.0"),
        ("other/homes", "2026.2.0"),
    ]


def test_by_version_and_the_latest(registry: Registry) -> None:
    assert registry.get("example/homes", "2026.9.0").version == "2026.9.0"
    assert registry.get("example/homes").version == "2026.10.0"


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2026, 7, 1), "2026.9.1"),
        (date(2026, 11, 30), "2026.9.1"),
        (date(2026, 12, 1), "2026.9.0"),
        (date(2026, 12, 31), "2026.9.0"),
        (date(2027, 1, 1), "2026.10.0"),
        (date(2040, 1, 1), "2026.10.0"),
    ],
)
def test_the_day_selects_the_version(registry: Registry, day: date, version: str) -> None:
    assert registry.in_force("example/homes", day).version == version


def test_what_is_not_there(registry: Registry, example: Pack) -> None:
    with pytest.raises(PolicyError, match="did you mean 'example/homes'"):
        registry.get("example/home")
    with pytest.raises(PolicyError, match="no version 1.0.0"):
        registry.get("example/homes", "1.0.0")
    with pytest.raises(PolicyError, match="in force on 2026-06-30"):
        registry.in_force("example/homes", date(2026, 6, 30))
    with pytest.raises(PolicyError, match="is there twice"):
        Registry([example, example])


def test_folders_are_found_at_any_depth_of_the_layout(tmp_path: Path) -> None:
    source = Path(__file__).parent / "packs" / "example"
    for place in ("kommun", "other/guideline", "third/guideline/v1", "_hidden", "a/b/c/too-deep"):
        copytree(source, tmp_path / place)
    found = [Path(str(folder)).relative_to(tmp_path) for folder in pack_folders(tmp_path)]
    assert [str(path) for path in found] == ["kommun", "other/guideline", "third/guideline/v1"]


def test_the_installed_packs_load() -> None:
    packs = Registry.discover().packs()
    assert packs and all(len(pack.content_hash) == 64 for pack in packs)


def test_one_pack_is_found_without_the_others() -> None:
    everything = Registry.discover()
    name = everything.packs()[0].name
    alone = Registry.discover(name)
    assert {pack.name for pack in alone.packs()} == {name}
    assert alone.get(name).content_hash == everything.get(name).content_hash
    # A name that there is not gets the suggestion, which needs them all.
    assert Registry.discover(f"{name}x").packs() == everything.packs()
