"""Taking a kommun on in steps: idempotent, resumable, and nobody gets in before the end."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select, text

from hemvist.db import owner_url
from hemvist.errors import HemvistError
from hemvist.policy.models import PackAdoption
from hemvist.settings import get_settings
from hemvist.tenancy import Tenant
from hemvist.tenancy.key_folder import key_folder
from hemvist.tenancy.platform import PLATFORM_SLUG
from hemvist_infra.onboarding import set_status
from hemvist_infra.tenant_life.checking import check_kommun
from hemvist_infra.tenant_life.creating import Creation
from hemvist_infra.tenant_life.overview import Standing, standings
from hemvist_operator import PROGRAMS
from hemvist_tenants import config as beside
from hemvist_tenants import load_tenant

pytestmark = pytest.mark.usefixtures("database")
ORIGINAL = (Path(beside.__file__).parent / "karlstad.toml").read_text(encoding="utf-8")
FILES = sorted(
    file for file in Path(beside.__file__).parent.glob("*.toml") if file.stem != PLATFORM_SLUG
)
STEPS = ("file", "register", "keys", "guidelines", "open")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of kommuner of this installation."""
    made = tmp_path / "kommuner"
    monkeypatch.setenv("HEMVIST_TENANTS_DIR", str(made))
    get_settings.cache_clear()
    yield made
    monkeypatch.undo()
    get_settings.cache_clear()


def written(place: Path, code: str, slug: str) -> Path:
    """A kommun's file like Karlstad's, not in the folder yet."""
    file = place / f"new-{slug}.toml"
    file.write_text(
        ORIGINAL.replace('"1780"', f'"{code}"')
        .replace('karlstad"', f'{slug}"')
        .replace("hemvist-karlstad", f"hemvist-{slug}")
    )
    return file


def creation_of(file: Path) -> Creation:
    return Creation(file, load_tenant(file))


def row_of(code: str) -> tuple[str, int, bool]:
    """Status, adopted guidelines and whether there are keys, of one kommun; as the owner sees it."""
    engine = create_engine(owner_url())
    with engine.begin() as connection:
        found = connection.execute(
            select(Tenant.id, Tenant.status).where(Tenant.kommun_code == code)
        ).one()
        connection.execute(text(f"SET LOCAL hemvist.tenant_id = '{found[0]}'"))
        packs = connection.scalar(select(func.count()).select_from(PackAdoption)) or 0
    engine.dispose()
    return found[1], packs, key_folder().read(found[0]) is not None


def test_a_dry_run_changes_nothing(folder: Path, tmp_path: Path) -> None:
    told: list[str] = []
    creation = creation_of(written(tmp_path, "0011", "torr"))
    creation.foresee(lambda number, steps, name, words: told.append(f"{name}: {words}"))
    assert [line.partition(":")[0] for line in told] == list(STEPS)
    assert all("would be made" in line for line in told)
    assert creation.is_new
    assert not folder.exists()


def test_each_step_is_done_once(folder: Path, tmp_path: Path) -> None:
    file = written(tmp_path, "0012", "engang")
    creation_of(file).run(lambda *_: None)
    assert row_of("0012") == ("active", 1, True)
    assert (folder / "engang.toml").read_bytes() == file.read_bytes()
    before = key_folder().read(creation_of(file).tenant_id)
    told: list[str] = []
    creation_of(file).run(lambda number, steps, name, words: told.append(words))
    assert all("there" in words or "is open" in words for words in told), told
    assert key_folder().read(creation_of(file).tenant_id) == before


def test_a_changed_file_is_taken_up(folder: Path, tmp_path: Path) -> None:
    file = written(tmp_path, "0013", "andras")
    creation_of(file).run(lambda *_: None)
    file.write_text(
        file.read_text()
        .replace('name = "Karlstad"', 'name = "Ändrad"')
        .replace("KL 6:37", "DO 2026")
    )
    told: dict[str, str] = {}
    creation_of(file).run(lambda number, steps, name, words: told.update({name: words}))
    assert "replaced" in told["file"]
    assert "made" in told["register"]
    assert "entered" in told["guidelines"]
    creation_of(file).run(lambda number, steps, name, words: told.update({name: words}))
    assert all("there" in words or "is open" in words for words in told.values()), told


@pytest.mark.parametrize("last", STEPS)
def test_stopped_after_any_step_it_goes_on_there(folder: Path, tmp_path: Path, last: str) -> None:
    number = STEPS.index(last)
    file = written(tmp_path, f"002{number}", f"stopp-{last}")

    class Stopped(Exception):
        pass

    def stop(_: int, __: int, name: str, ___: str) -> None:
        if name == last:
            raise Stopped

    with pytest.raises(Stopped):
        creation_of(file).run(stop)
    if last in ("register", "keys", "guidelines"):
        assert row_of(f"002{number}")[0] == "preparing"
    creation_of(file).run(lambda *_: None)
    assert row_of(f"002{number}") == ("active", 1, True)


@pytest.mark.slow
@pytest.mark.parametrize("last", ["1/5", "2/5", "3/5", "4/5"])
def test_killed_in_the_middle_and_run_again(folder: Path, tmp_path: Path, last: str) -> None:
    code, slug = f"003{last[0]}", f"dod-{last[0]}"
    file = written(tmp_path, code, slug)
    command = (f"{PROGRAMS}/hemvist", "tenant", "create", str(file), "--no-live")
    settings = {**os.environ, "HEMVIST_TENANTS_DIR": str(folder)}
    with subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if line.startswith(last):
                os.kill(running.pid, signal.SIGKILL)
                break
        assert running.wait(60) == -signal.SIGKILL
    again = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "/welcome/" in again.stdout
    assert row_of(code) == ("active", 1, True)


def test_what_an_operator_has_suspended_is_not_opened(folder: Path, tmp_path: Path) -> None:
    file = written(tmp_path, "0041", "vilar")
    creation_of(file).run(lambda *_: None)
    set_status("vilar", "suspended")
    creation_of(file).run(lambda *_: None)
    assert row_of("0041")[0] == "suspended"
    set_status("vilar", "active")
    assert row_of("0041")[0] == "active"
    set_status("vilar", "closed")
    with pytest.raises(HemvistError, match="closed"):
        creation_of(file).run(lambda *_: None)


def test_one_in_preparation_is_not_opened_by_resume(folder: Path, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(_: int, __: int, name: str, ___: str) -> None:
        if name == "keys":
            raise Stopped

    file = written(tmp_path, "0042", "halv")
    with pytest.raises(Stopped):
        creation_of(file).run(stop)
    with pytest.raises(HemvistError, match="preparing"):
        set_status("halv", "active")


def test_how_it_stands(folder: Path, tmp_path: Path) -> None:
    creation_of(written(tmp_path, "0044", "laget")).run(lambda *_: None)
    (found,) = [one for one in standings() if one.slug == "laget"]
    assert found == Standing("laget", "active", True, "yes", 1, False)


def test_without_a_folder_of_kommuner_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(HemvistError, match="HEMVIST_TENANTS_DIR"):
        creation_of(written(tmp_path, "0043", "utan"))


@pytest.mark.parametrize(
    ("old", "new", "about", "words"),
    [
        (
            '"karlstad/sociala-kontrakt"',
            '"karlstad/sociala-kontrat"',
            "policy_packs",
            "sociala-kontrakt",
        ),
        ('"karlstad/sociala-kontrakt"', '"lagen/nagot"', "policy_packs", "no policy pack"),
        ('role = "tenant_admin"', 'role = "steering"', "issuers.memberships", "tenant_admin"),
        (
            '{ value = "hv-manager-asf", role = "department_manager", department = "ASF" },',
            "",
            "issuers.memberships",
            "department_manager in ASF",
        ),
        (
            'role = "property_officer", department = "BG"',
            'role = "caseworker", department = "BG"',
            "issuers.memberships",
            "property_officer in BG",
        ),
        ('"ASF"', '"SOC"', "departments", "names SOC as referring: no case can be opened in it"),
        (
            'environments = ["development", "test"]',
            'environments = ["development"]',
            "karlstad.toml",
            "no issuer",
        ),
    ],
)
def test_the_check_finds_what_no_single_key_shows(
    tmp_path: Path, old: str, new: str, about: str, words: str
) -> None:
    assert old in ORIGINAL
    file = tmp_path / "karlstad.toml"
    file.write_text(ORIGINAL.replace(old, new))
    report = check_kommun(file, live=False).report
    faults = [one for one in report.findings if one.weight == "fault"]
    assert [one.about for one in faults] == [about]
    assert words in faults[0].message + faults[0].cure


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_kommun_that_comes_along_passes(file: Path) -> None:
    assert not check_kommun(file, live=False).report.faulty


def test_a_neighbour_with_the_same_code_or_client(tmp_path: Path) -> None:
    (tmp_path / "grannen.toml").write_text(
        ORIGINAL.replace('slug = "karlstad"', 'slug = "grannen"')
    )
    file = tmp_path / "karlstad.toml"
    file.write_text(ORIGINAL)
    report = check_kommun(file, live=False, folder=tmp_path).report
    assert [one.message for one in report.findings if one.weight == "fault"] == [
        "kommun_code: is also that of grannen.toml"
    ]


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ('{"groups": ["hv-caseworker-asf"]}', "give caseworker in ASF"),
        ('{"group": ["hv-caseworker-asf"]}', "the claim 'groups' is missing"),
        ('{"groups": ["annat"]}', "which no rule of the file has"),
    ],
)
def test_claims_of_somebody_say_what_they_would_be(tmp_path: Path, claims: str, words: str) -> None:
    (tmp_path / "claims.json").write_text(claims)
    file = tmp_path / "karlstad.toml"
    file.write_text(ORIGINAL)
    report = check_kommun(file, live=False, claims=tmp_path / "claims.json").report
    assert words in report.findings[-1].message
