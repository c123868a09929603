"""What is looked at before we ship: each fault is planted and seen."""

from __future__ import annotations

import importlib.util
import json
from importlib.metadata import Distribution
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
HASH = "a" * 64


def _module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("supply", ROOT / "tools" / "supply.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up by its name.
    import sys

    sys.modules["supply"] = module
    spec.loader.exec_module(module)
    return module


supply = _module()


class Package(Distribution):
    """A package that is not there, as metadata says it."""

    def __init__(self, name: str, version: str = "1", **said: str) -> None:
        lines = [f"Name: {name}", f"Version: {version}"]
        lines += [f"{key.replace('_', '-')}: {value}" for key, value in said.items()]
        self._text = "\n".join(["Metadata-Version: 2.1", *lines, ""])

    def read_text(self, filename: str) -> str | None:
        """What lies in one of its files."""
        return self._text if filename == "METADATA" else None

    def locate_file(self, path: Any) -> Any:
        """Nowhere."""
        return Path("/nowhere") / path


def test_everything_of_ours_holds() -> None:
    assert supply.main("quick") == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"a>=1 \\\n    --hash=sha256:{HASH}", "is not pinned"),
        ("a==1", "has no hash"),
        (f"a==1 \\\n    --hash=md5:{HASH}", "has no hash"),
        (f"a @ https://index.example/a.whl \\\n    --hash=sha256:{HASH}", "names an address"),
        ("--extra-index-url https://index.example/simple", "names an address"),
    ],
)
def test_a_line_of_a_lock_that_does_not_hold(text: str, told: str) -> None:
    _, [wrong] = supply.read_lock(f"b==2 \\\n    --hash=sha256:{HASH}\n{text}\n")
    assert wrong.startswith(told)


def test_a_lock_is_read_with_extras_and_markers() -> None:
    text = (
        f'celery[redis]==5.7.0 ; python_version < "4" \\\n    --hash=sha256:{HASH}\n    # via x\n'
    )
    assert supply.read_lock(text) == ([supply.Locked("celery", "5.7.0", (HASH,))], [])


def test_what_is_installed_and_not_locked() -> None:
    locked = [supply.Locked("a", "1", (HASH,))]
    found = list(
        supply.environment_problems(locked, [Package("A"), Package("b"), Package("pip", "9")])
    )
    assert found == ["b is installed and not locked"]
    assert list(supply.environment_problems(locked, [Package("a", "2")])) == [
        "a is installed as 2, locked as 1"
    ]


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("GPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("LGPL-3.0-only", False),
        ("GPL-2.0-only OR MIT", True),
        ("MIT AND GPL-2.0-only", False),
        ("(MIT AND GPL-2.0-only) OR AGPL-3.0-only", False),
        ("", False),
        ("Proprietary", False),
    ],
)
def test_which_licences_are_taken(licence: str, allowed: bool) -> None:
    assert supply.is_allowed(licence) is allowed


def test_a_licence_by_its_classifiers_and_one_that_is_unknown() -> None:
    gpl = "License :: OSI Approved :: GNU Affero General Public License v3"
    assert list(supply.licence_problems([Package("a", Classifier=gpl)])) == [
        "a has the licence 'GNU Affero General Public License v3'"
    ]
    assert list(supply.licence_problems([Package("b")])) == ["b has the licence 'unknown'"]
    # What an exception was made for is all that it is for.
    changed = Package("psycopg", License_Expression="AGPL-3.0-only")
    assert len(list(supply.licence_problems([changed]))) == 1


# Put together here, so that this file holds none.
PLANTED = {
    "a private key": "-----BEGIN " + "PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" * 2,
    "a key of a cloud": "AKIA" + "IOSFODNN7EXAMPLE",
    "a token of a forge": "ghp_" + "0123456789abcdefghijABCDEFGHIJ012345",
    "a signed token": "eyJhbGciOiJSUzI1NiJ9abc." + "eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "x" * 30,
    "an address with a password": "postgresql://owner:" + "k7Hq2mZx9w@db.example/hemvist",
    "a value": 'SECRET_KEY = "' + 'k7Hq2mZx9wLp4Rt8Vb3Nc6Yd1Fg5Js0A"',
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_secret_is_seen(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "settings.py"
    file.write_text(f"# nothing\n{PLANTED[kind]}\n")
    found = list(supply.secret_problems([file]))
    assert f"{file}:2 holds {kind}" in found
    first, _, rest = PLANTED[kind].partition("\n")
    file.write_text(f"{first}  # not-secret: known to everybody\n{rest}\n")
    assert list(supply.secret_problems([file])) == []


def test_a_check_is_switched_off_with_a_word_why(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    off = "# no" + "qa"
    file.write_text(
        f"a = 1  {off}\nb = 2  {off}: S105\nc = 3  {off}: S105, S106 - the name of a column\n"
    )
    assert list(supply.noqa_problems([file])) == [
        f"{file}:1 switches every check off",
        f"{file}:2 switches a check off and does not say why",
    ]


def test_a_file_that_was_changed_after_it_was_installed(tmp_path: Path) -> None:
    folder = tmp_path / "a-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: a\nVersion: 1\n")
    (tmp_path / "a.py").write_text("x = 1\n")
    hashed = "sha256=NwqkMiFvSV-Pn6i5zjOQYA02krd7ML4xsDgZxjB1A2E"
    (folder / "RECORD").write_text(f"a.py,{hashed},6\na-1.dist-info/RECORD,,\n")
    dist = Distribution.at(folder)
    [told] = supply.changed_files([dist])
    assert told == "a: a.py was changed after it was installed"
    (tmp_path / "a.py").unlink()
    assert list(supply.changed_files([dist])) == ["a: a.py is gone"]


def test_the_list_of_parts_is_the_lock_and_the_same_each_time() -> None:
    locked = [supply.Locked("b", "2", (HASH,)), supply.Locked("a", "1", (HASH,))]
    known = {
        "a": Package("a", License_Expression="MIT", Requires_Dist="B>=1"),
        "b": Package("b", License_Expression="MPL-2.0 AND (Apache-2.0 OR MIT)"),
    }
    made = supply.sbom(locked, known)
    assert json.dumps(made) == json.dumps(supply.sbom(reversed(locked), known))
    assert [one["purl"] for one in made["components"]] == ["pkg:pypi/a@1", "pkg:pypi/b@2"]
    assert [one["licenses"] for one in made["components"]] == [
        [{"license": {"id": "MIT"}}],
        [{"expression": "MPL-2.0 AND (Apache-2.0 OR MIT)"}],
    ]
    assert {"ref": "pkg:pypi/a@1", "dependsOn": ["pkg:pypi/b@2"]} in made["dependencies"]
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
