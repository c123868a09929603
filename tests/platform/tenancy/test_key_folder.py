"""Keys in files: made once, wrapped, turned, put away, and never made again where they are lost."""

from __future__ import annotations

import json
import shutil
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from hemvist.ids import new_id
from hemvist.settings import get_settings
from hemvist.tenancy import key_making, keys
from hemvist.tenancy.key_folder import KeyFolder, KeysErased, KeysMissing, key_folder
from hemvist.tenancy.keys import SealBroken, forget_keys, tenant_keys

FIELD = "persons.number"
OLD_SEALED = "01fd601ce47e724fb2d94d5313a18a09dcbaee3a737091498f4f0d4a9567adce1794cbc609c058a6c9"
OLD_INDEX = "69bf15df19c1d3b01ab64b041fc2ce2fd022ea60a8fb2c127cb4e6fae34345f1"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyFolder]:
    monkeypatch.setenv("HEMVIST_KEY_FOLDER", str(tmp_path / "keys"))
    get_settings.cache_clear()
    forget_keys()
    yield key_folder()
    monkeypatch.undo()
    get_settings.cache_clear()
    forget_keys()


def settings(monkeypatch: pytest.MonkeyPatch, **changed: str) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(f"HEMVIST_{name}", value)
    get_settings.cache_clear()
    forget_keys()


def test_without_a_folder_the_process_stops_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEMVIST_KEY_FOLDER")
    get_settings.cache_clear()
    with pytest.raises(KeysMissing, match="HEMVIST_KEY_FOLDER is not set"):
        tenant_keys(new_id())
    monkeypatch.undo()
    get_settings.cache_clear()


def test_production_makes_no_keys_by_itself(
    folder: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(monkeypatch, ENVIRONMENT="production", BASE_URL="https://hemvist.example")
    with pytest.raises(KeysMissing, match="hemvist keys create"):
        tenant_keys(new_id())
    key_folder().start()
    tenant = new_id()
    with pytest.raises(KeysMissing, match="no keys of kommun"):
        tenant_keys(tenant)
    assert key_making.create_keys(key_folder(), tenant)
    assert tenant_keys(tenant).tenant_id == tenant


def test_files_are_ours_alone(folder: KeyFolder) -> None:
    tenant_keys(new_id())
    for path in folder.path.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO) == 0, path


def test_a_file_shows_no_key(folder: KeyFolder) -> None:
    tenant = new_id()
    tenant_keys(tenant)
    file = folder.read(tenant)
    assert file is not None
    written = (folder.path / "tenants" / f"{tenant}.json").read_bytes()
    for _, clear in key_making.unwrapped(folder, file):
        assert clear not in written
        assert clear.hex().encode() not in written


def test_two_who_need_them_first_get_the_same(folder: KeyFolder) -> None:
    tenant, made = new_id(), []
    threads = [
        threading.Thread(target=lambda: made.append(key_making.create_keys(folder, tenant)))
        for _ in range(8)
    ]
    folder.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [False] * 7 + [True]


def test_a_kommuns_file_opens_for_no_other(folder: KeyFolder) -> None:
    mine, other = new_id(), new_id()
    tenant_keys(mine)
    tenant_keys(other)
    forget_keys()
    path = folder.path / "tenants"
    text = (path / f"{other}.json").read_text().replace(str(other), str(mine))
    (path / f"{mine}.json").write_text(text)
    with pytest.raises(KeysMissing, match="does not open"):
        tenant_keys(mine)


@pytest.mark.parametrize("text", ["", "{}", '{"format": 1}', "[]", "null", "1" * 5000])
def test_a_damaged_file_is_told(folder: KeyFolder, text: str) -> None:
    tenant = new_id()
    tenant_keys(tenant)
    forget_keys()
    (folder.path / "tenants" / f"{tenant}.json").write_text(text)
    with pytest.raises(KeysMissing, match="damaged"):
        tenant_keys(tenant)


def test_lost_master_keys_are_never_made_anew(folder: KeyFolder) -> None:
    tenant_keys(new_id())
    shutil.rmtree(folder.path / "master")
    forget_keys()
    with pytest.raises(KeysMissing, match="no master key"):
        tenant_keys(new_id())


def test_another_master_key_opens_nothing(folder: KeyFolder) -> None:
    tenant = new_id()
    tenant_keys(tenant)
    forget_keys()
    (folder.path / "master" / "1.key").write_text("0b" * 32)
    with pytest.raises(KeysMissing, match="another folder's, or damaged"):
        tenant_keys(tenant)


def test_after_a_rotation_old_values_open_and_new_ones_have_the_new_key(folder: KeyFolder) -> None:
    tenant = new_id()
    before = tenant_keys(tenant)
    sealed, index = before.seal(FIELD, "x"), before.blind_index(FIELD, "x")
    assert key_making.rotate(folder, tenant) == 2
    forget_keys()
    after = tenant_keys(tenant)
    assert after.open(FIELD, sealed) == "x"
    assert after.seal(FIELD, "x")[0] == 2
    assert after.blind_index(FIELD, "x") == index


def test_a_process_that_has_not_looked_yet_opens_what_another_sealed(folder: KeyFolder) -> None:
    tenant = new_id()
    unaware = tenant_keys(tenant)
    key_making.rotate(folder, tenant)
    forget_keys()
    sealed = tenant_keys(tenant).seal(FIELD, "x")
    assert sealed[0] == 2
    assert unaware.open(FIELD, sealed) == "x"


def test_a_rotation_is_noticed_by_a_running_process(
    folder: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = new_id()
    assert tenant_keys(tenant).generation == 1
    key_making.rotate(folder, tenant)
    assert tenant_keys(tenant).generation == 1
    monkeypatch.setattr(keys, "LOOKS_AGAIN", 0.0)
    assert tenant_keys(tenant).generation == 2


def test_a_retired_key_opens_nothing_and_the_current_one_stays(folder: KeyFolder) -> None:
    tenant = new_id()
    sealed = tenant_keys(tenant).seal(FIELD, "x")
    with pytest.raises(key_making.HemvistError, match="the current one"):
        key_making.retire(folder, tenant, 1)
    key_making.rotate(folder, tenant)
    key_making.retire(folder, tenant, 1)
    with pytest.raises(key_making.HemvistError, match="no data key 1"):
        key_making.retire(folder, tenant, 1)
    forget_keys()
    with pytest.raises(SealBroken):
        tenant_keys(tenant).open(FIELD, sealed)


def test_a_number_is_not_used_again_after_it_was_retired(folder: KeyFolder) -> None:
    tenant = new_id()
    tenant_keys(tenant)
    assert key_making.rotate(folder, tenant) == 2
    key_making.retire(folder, tenant, 1)
    assert key_making.rotate(folder, tenant) == 3


def test_wrapping_anew_changes_what_wraps_and_nothing_else(folder: KeyFolder) -> None:
    tenants = [new_id() for _ in range(3)]
    sealed = {tenant: tenant_keys(tenant).seal(FIELD, str(tenant)) for tenant in tenants}
    old = (folder.path / "master" / "1.key").read_text()
    assert key_making.rewrap(folder) == 2
    assert sorted(folder.masters()) == [2]
    forget_keys()
    for tenant, value in sealed.items():
        assert tenant_keys(tenant).open(FIELD, value) == str(tenant)
    # What somebody copied of the old master key opens none of the files as they are now.
    (folder.path / "master" / "2.key").write_text(old)
    forget_keys()
    with pytest.raises(KeysMissing):
        tenant_keys(tenants[0])


def test_erased_keys_are_gone_and_stay_gone(
    folder: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant, other = new_id(), new_id()
    tenant_keys(tenant)
    tenant_keys(other)
    folder.erase(tenant)
    # A process that has them in memory forgets them when it looks again.
    monkeypatch.setattr(keys, "LOOKS_AGAIN", 0.0)
    for _ in range(2):
        with pytest.raises(KeysErased):
            tenant_keys(tenant)
    assert not key_making.create_keys(folder, tenant)
    with pytest.raises(KeysErased):
        key_making.rotate(folder, tenant)
    left = json.loads((folder.path / "tenants" / f"{tenant}.json").read_text())
    assert not left["data"]
    assert left["index"] is None
    assert not left["exchange"]
    assert tenant_keys(other).tenant_id == other


def test_what_was_derived_before_there_was_a_folder_goes_on_opening(
    folder: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Sealed and indexed by decision 0005's code with HEMVIST_MASTER_KEY=3a3a…
    tenant = UUID("0197a000-0000-7000-8000-00000000000a")
    sealed = bytes.fromhex(OLD_SEALED)
    settings(monkeypatch, MASTER_KEY="3a" * 32)
    taken_over = tenant_keys(tenant)
    assert taken_over.open(FIELD, sealed) == "199001012385"
    assert taken_over.blind_index(FIELD, "199001012385").hex() == OLD_INDEX
    assert taken_over.seal(FIELD, "x")[0] == 2
    # From then on the setting is not needed.
    monkeypatch.delenv("HEMVIST_MASTER_KEY")
    settings(monkeypatch)
    assert tenant_keys(tenant).open(FIELD, sealed) == "199001012385"
