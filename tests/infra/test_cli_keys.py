"""``hemvist keys``: a rotation, a new master key and an erasure on a database that is in use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from hemvist.documents import Document
from hemvist.errors import HemvistError
from hemvist.households.models import HouseholdMember, Person
from hemvist.households.service import open_number
from hemvist.letters import service as letters
from hemvist.settings import MissingSetting, get_settings
from hemvist.tenancy import Audience, key_making, tenant_session
from hemvist.tenancy.key_folder import KeyFolder, KeysErased, key_folder
from hemvist.tenancy.keys import forget_keys
from hemvist_infra import cli_keys
from hemvist_testing import new_tenant, owner_connection
from hemvist_world import World, caseworker_of, new_world

pytestmark = pytest.mark.usefixtures("database")


def hemvist(*arguments: str, status: int = 0) -> str:
    """What the command told; ``status`` 2 is an error that ``hemvist`` tells in one line."""
    ran = CliRunner().invoke(cli_keys.app, arguments)
    if isinstance(ran.exception, HemvistError | MissingSetting):
        assert status == 2, ran.exception
        return str(ran.exception)
    assert ran.exit_code == status, ran.output
    return ran.output


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyFolder]:
    """Keys of this test's own; kommuner of other tests have none in it."""
    monkeypatch.setenv("HEMVIST_KEY_FOLDER", str(tmp_path / "keys"))
    get_settings.cache_clear()
    forget_keys()
    yield key_folder()
    monkeypatch.undo()
    get_settings.cache_clear()
    forget_keys()


def slug_of(tenant_id: UUID) -> str:
    with owner_connection() as connection:
        row = connection.execute("SELECT slug FROM tenants WHERE id = %s", (tenant_id,)).fetchone()
    assert row is not None
    return str(row[0])


def a_person(world: World) -> UUID:
    """A person in the kommun's records."""
    household = world.household()
    found: UUID = world.read(
        lambda session: session.scalars(
            select(HouseholdMember.person_id).where(HouseholdMember.household_id == household.id)
        ).one()
    )
    return found


def number_of(world: World, person_id: UUID) -> str:
    forget_keys()
    with tenant_session(Audience.STAFF, world.tenant_id) as session:
        return open_number(session.find(Person, person_id))


def test_a_rotation_while_the_kommun_is_in_use(
    folder: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = new_world()
    slug = slug_of(world.tenant_id)
    person = a_person(world)
    before = number_of(world, person)
    hemvist("create")
    assert f"{slug}: data key 2 seals from now on" in hemvist("rotate", slug)
    assert number_of(world, person) == before
    monkeypatch.setattr(cli_keys, "_SETTLED", cli_keys.timedelta(0))
    with pytest.raises(HemvistError, match="still there"):
        cli_keys.retire(slug, 1)
    told = hemvist("reseal", slug)
    assert f"{slug}: 0 values" not in told
    assert number_of(world, person) == before
    assert f"{slug}: 0 values resealed." in hemvist("reseal", slug)
    cli_keys.retire(slug, 1)
    assert number_of(world, person) == before
    kept = folder.read(world.tenant_id)
    assert kept is not None
    assert list(kept.data) == [2]


def test_a_released_letter_is_resealed_and_is_the_same(folder: KeyFolder) -> None:
    world = new_world()
    case = world.case()
    decision = world.grant(case)
    who = caseworker_of("SOF-VUX")
    drafted = world.act(
        who, letters.draft, case_id=case.id, kind="decision", subject_id=decision.id
    )
    letter = world.act(who, letters.release, letter_id=drafted.id, expected_version=drafted.version)
    before = world.act(who, letters.file_of, letter_id=letter.id)
    slug = slug_of(world.tenant_id)
    hemvist("create")
    hemvist("rotate", slug)
    hemvist("reseal", slug)
    with tenant_session(Audience.STAFF, world.tenant_id) as session:
        kept = session.find(Document, letter.document_id)
        assert kept.content_sealed[0] == kept.sha256_sealed[0] == 2
    assert world.act(who, letters.file_of, letter_id=letter.id) == before


def test_a_key_is_not_retired_while_others_may_be_sealing_with_it(folder: KeyFolder) -> None:
    tenant = new_tenant()
    hemvist("create")
    slug = slug_of(tenant)
    hemvist("rotate", slug)
    assert "may still be sealing" in hemvist("retire", slug, "1", status=2)


def test_a_moved_value_stops_resealing_and_is_named(folder: KeyFolder) -> None:
    world = new_world()
    person = a_person(world)
    hemvist("create")
    with owner_connection() as connection:
        connection.execute(
            "SELECT set_config('hemvist.tenant_id', %s, true)", (str(world.tenant_id),)
        )
        connection.execute(
            "UPDATE persons SET number_sealed = set_byte(number_sealed, 20,"
            " get_byte(number_sealed, 20) # 1) WHERE id = %s",
            (person,),
        )
    key_making.rotate(folder, world.tenant_id)
    told = hemvist("reseal", slug_of(world.tenant_id), status=2)
    assert "persons.number does not open" in told


def test_status_counts_what_each_key_has_sealed(folder: KeyFolder) -> None:
    world = new_world()
    a_person(world)
    hemvist("create")
    slug = slug_of(world.tenant_id)
    (line,) = [line for line in hemvist("status", slug).splitlines() if line.startswith(slug)]
    assert line.split()[1] == "1"
    assert int(line.split()[-1]) >= 1


def test_check_tells_what_is_wrong(folder: KeyFolder) -> None:
    tenant = new_tenant()
    hemvist("create")
    assert "every key opens" in hemvist("check")
    file = folder.path / "tenants" / f"{tenant}.json"
    file.chmod(0o604)
    assert "can be read by everyone" in hemvist("check", status=1)
    file.chmod(0o600)
    file.unlink()
    assert "no keys" in hemvist("check", status=1)


def test_a_new_master_key_wraps_everything(folder: KeyFolder) -> None:
    world = new_world()
    person = a_person(world)
    before = number_of(world, person)
    assert "master key 2" in hemvist("rewrap")
    assert number_of(world, person) == before


def test_only_a_closed_kommun_is_erased_and_only_when_it_is_said_twice(folder: KeyFolder) -> None:
    world, other = new_world(), new_world()
    person, others = a_person(world), a_person(other)
    slug = slug_of(world.tenant_id)
    hemvist("create")
    assert "--confirm" in hemvist("erase", slug, status=2)
    assert "is not closed" in hemvist("erase", slug, "--confirm", slug, status=2)
    with owner_connection() as connection:
        connection.execute("UPDATE tenants SET status = 'closed' WHERE slug = %s", (slug,))
    hemvist("erase", slug, "--confirm", slug)
    with pytest.raises(KeysErased):
        number_of(world, person)
    assert number_of(other, others)
    assert "Every kommun has its keys" in hemvist("create")


@pytest.mark.parametrize("command", ["create", "check", "status", "rotate", "reseal", "rewrap"])
def test_without_a_folder_one_line_says_so(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEMVIST_KEY_FOLDER")
    get_settings.cache_clear()
    told = hemvist(command, status=2)
    assert told.startswith("HEMVIST_KEY_FOLDER is not set")
    assert "\n" not in told
    monkeypatch.undo()
    get_settings.cache_clear()


def test_a_kommun_that_is_not_there_is_told(folder: KeyFolder) -> None:
    folder.start()
    assert "no 'nowhere'" in hemvist("rotate", "nowhere", status=2)
