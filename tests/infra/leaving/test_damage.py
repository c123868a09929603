"""An export that is not as it was made is refused before anything of it is taken in, by file and line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hemvist.audit import linking
from hemvist.errors import HemvistError
from hemvist_infra import cli
from hemvist_infra.backups import boxes
from hemvist_infra.leaving import files
from hemvist_infra.leaving.checking import checked
from hemvist_infra.leaving.exporting import export
from hemvist_infra.leaving.opening import open_
from hemvist_infra.leaving.problem import LeavingProblem
from hemvist_infra.onboarding import set_status
from hemvist_leaving import Moving, nothing
from hemvist_rows import fill
from hemvist_testing import full_disk, new_tenant, open_folder


@pytest.fixture(scope="module")
def made(database: str) -> Iterator[tuple[Moving, Path]]:
    tenant_id = new_tenant()
    fill(tenant_id)
    linking.link(tenant_id, None)
    with open_folder() as folder:
        kommun = Moving(tenant_id, f"kommun-{tenant_id.hex[-12:]}", folder)
        yield kommun, kommun.export()


@pytest.fixture
def copy(made: tuple[Moving, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[1], tmp_path / "copy"))


def refusal(kommun: Moving, folder: Path) -> str:
    """What an import says of the folder; it says it before it writes anything."""
    with pytest.raises(HemvistError) as refused:
        kommun.import_(folder)
    return str(refused.value)


@pytest.mark.slow
def test_one_byte_anywhere_is_found(made: tuple[Moving, Path], copy: Path) -> None:
    kommun, _ = made
    private = boxes.read_private(kommun.private)
    paths = [path for path in sorted(copy.rglob("*")) if path.is_file() and path.stat().st_size]
    assert len(paths) > 300
    for number, path in enumerate(paths):
        whole = path.read_bytes()
        for place in ((0, len(whole) // 2, len(whole) - 1)[number % 3],):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            with pytest.raises(HemvistError) as refused:
                checked(copy, private, nothing)
            assert path.name in str(refused.value), (path, place)
        path.write_bytes(whole)
    checked(copy, private, nothing)


def test_the_line_is_told(made: tuple[Moving, Path], copy: Path) -> None:
    kommun, _ = made
    rows = next(copy.glob("tables/*-transfer_ledger_entries.ndjson"))
    lines = rows.read_bytes().splitlines(keepends=True)
    assert len(lines) == 2
    rows.write_bytes(lines[0] + lines[1].replace(b"reserved", b"released"))
    assert refusal(kommun, copy).endswith(f"{rows.name}, line 2: not as it was written")
    rows.write_bytes(lines[0])
    assert f"{rows.name}, line 2" in refusal(kommun, copy)
    rows.write_bytes(b"".join(lines) + lines[1])
    assert f"{rows.name}, line 3" in refusal(kommun, copy)
    rows.write_bytes(b"".join(lines))
    said = copy / "manifest.json"
    text = said.read_text()
    said.write_text(text.replace(kommun.slug, "kommun-other"))
    number = next(n for n, line in enumerate(text.splitlines(), 1) if kommun.slug in line)
    assert f"manifest.json, line {number}: not as it was written" in refusal(kommun, copy)


def test_whoever_changes_the_sums_too_is_found(made: tuple[Moving, Path], copy: Path) -> None:
    """The box alone says which manifest it was, and only the receiver's sender could close it."""
    kommun, _ = made
    said = json.loads((copy / "manifest.json").read_text())
    said["deadlines"]["open"] += 1
    drawn = files.Lines(copy / "manifest.json")
    drawn.add(json.dumps(said).encode() + b"\n")
    drawn.close()
    assert "manifest.json: not as it was written" in refusal(kommun, copy)


def test_what_is_missing_is_named(made: tuple[Moving, Path], copy: Path) -> None:
    kommun, _ = made
    some = ["manifest.json", "manifest.json.sums", "keys.box", "shared.json", "anchors.ndjson"]
    one = [
        next(copy.glob(which)) for which in ("tables/*-cases.ndjson", "tables/*-cases.ndjson.sums")
    ]
    file = next(path for path in copy.glob("files/*/*") if path.is_file())
    for path in [*(copy / name for name in some), *one, file]:
        path.rename(path.with_name("away"))
        told = refusal(kommun, copy)
        assert path.name in told and "missing" in told, told
        path.with_name("away").rename(path)


def test_another_version_schema_or_key_is_refused(made: tuple[Moving, Path], copy: Path) -> None:
    kommun, _ = made
    other = copy.parent / "other.key"
    boxes.make_keys(other)
    with pytest.raises(boxes.BoxBroken, match="sealed to another key"):
        checked(copy, boxes.read_private(other), nothing)
    said = json.loads((copy / "manifest.json").read_text())
    for change, told in (({"format": 2}, "of format 2; .* use a newer one"),):
        drawn = files.Lines(copy / "manifest.json")
        drawn.add(json.dumps({**said, **change}).encode() + b"\n")
        drawn.close()
        with pytest.raises(LeavingProblem, match=told):
            kommun.import_(copy)


def test_an_export_of_another_schema_is_refused(
    made: tuple[Moving, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from hemvist_infra.leaving import reading

    kommun, folder = made
    monkeypatch.setattr(reading, "revision", lambda _connection: "0001")
    assert "and this database is at 0001" in refusal(kommun, folder)


@pytest.mark.slow
def test_a_full_disk_is_said_and_the_export_goes_on_where_there_is_room(
    made: tuple[Moving, Path], tmp_path: Path
) -> None:
    kommun, whole = made
    public = boxes.read_public(Path(f"{kommun.private}.pub"))
    set_status(kommun.slug, "suspended")
    with full_disk(1) as disk:
        with pytest.raises(LeavingProblem, match="no room left on the disk"):
            export(kommun.slug, disk / "out", public, nothing)
        assert not list(disk.rglob("*.part"))
        assert not (disk / "out/manifest.json").exists()
        moved = Path(shutil.copytree(disk / "out", tmp_path / "out"))
        with pytest.raises(LeavingProblem, match="no room left on the disk"):
            open_(whole, boxes.read_private(kommun.private), disk / "clear", nothing)
    export(kommun.slug, moved, public, nothing)
    checked(moved, boxes.read_private(kommun.private), nothing)


def test_folders_that_hold_something_else_are_left_alone(
    made: tuple[Moving, Path], tmp_path: Path
) -> None:
    kommun, folder = made
    public = f"{kommun.private}.pub"
    run = CliRunner()
    for place, told in (
        (folder, "holds a finished export"),
        (tmp_path, "what is in it is no export"),
    ):
        (tmp_path / "mine").write_text("x")
        answer = run.invoke(
            cli.app, ["tenant", "export", kommun.slug, "--out", str(place), "--to", public]
        )
        assert answer.exit_code and told in str(answer.exception)
    looked = run.invoke(
        cli.app, ["tenant", "import", str(folder), "--key", str(kommun.private), "--check"]
    )
    assert looked.exit_code == 0 and "every byte is as it was written" in looked.output
