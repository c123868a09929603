"""What is kept goes to the archive as a package that holds to the rules and says everything."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hemvist.audit import AuditEntry
from hemvist.cases.models import Case
from hemvist.documents.models import Document
from hemvist.errors import Conflict, NotFound
from hemvist.households.models import Person
from hemvist.migrations.tables import metadata
from hemvist.retention import archiving, sip
from hemvist.retention.fates import fates
from hemvist_csip import problems
from hemvist_rows import fill
from hemvist_thinning import age, born, close, old_case, thinning_world
from hemvist_world import World, as_owner

KEPT = date(1980, 3, 15)


@pytest.fixture
def world(database: str) -> World:
    """A kommun of this test's own."""
    return thinning_world()


def made(world: World, case: Case, folder: Path) -> tuple[Path, archiving.Package]:
    """The case's package in a folder."""
    package = archiving.package(world.tenant_id, case.number, metadata, matter="ARK-1")
    return sip.write(folder, package.about, package.files), package


def test_a_package_of_a_kept_case_holds_to_the_rules(world: World, tmp_path: Path) -> None:
    case = close(world, world.case(born(KEPT)))
    root, package = made(world, case, tmp_path)
    assert problems(root) == []
    said = json.loads((root / "representations/rep1/data/case.json").read_text())
    [person] = said["tables"]["persons"]
    [row] = world.rows(Person)
    assert (person["given_name"], person["birth_date"]) == (row.given_name, KEPT.isoformat())
    assert [one["number"] for one in said["tables"]["cases"]] == [case.number]
    assert len(said["tables"]["case_events"]) >= 2
    # Nothing of the kommun's own id, nor a sealed byte.
    assert str(world.tenant_id) not in json.dumps(said)
    assert "_sealed" not in json.dumps(said)
    read = ElementTree.parse(root / "representations/rep1/data/case.xml").getroot()
    assert {one.get("name") for one in read} == set(said["tables"])
    [entry] = world.rows(AuditEntry, action="retention.package")
    assert (entry.case_id, entry.kind, entry.details["matter"]) == (case.id, "read", "ARK-1")
    assert package.about.rule == "research_birth_day"


def test_every_table_of_a_case_is_in_the_package(world: World, tmp_path: Path) -> None:
    ids = fill(world.tenant_id)
    with as_owner(world.tenant_id) as connection:
        connection.execute("UPDATE retention_marks SET kind = 'child_placement'")
    age(world, ids["cases"])
    [case] = world.rows(Case, id=ids["cases"])
    root, package = made(world, case, tmp_path)
    said = json.loads(package.files[f"{sip.DATA}/case.json"])
    assert set(said["tables"]) == (fates().case | fates().household | fates().shared | {"units"})
    assert problems(root) == []
    files = {path.rpartition("/")[2] for path in package.files if "/files/" in path}
    assert {name.partition("-")[0] for name in files} == {
        "documents",
        "file_bytes",
        "claim_file_bytes",
    }
    [document] = world.rows(Document, id=ids["documents"])
    held = next(name for name in files if name.startswith("documents-"))
    assert package.files[f"{sip.DATA}/files/{held}"] == document.content


def test_what_is_thinned_or_open_leaves_no_copy(world: World, tmp_path: Path) -> None:
    for case in (old_case(world), world.case(born(KEPT))):
        with pytest.raises(Conflict):
            made(world, case, tmp_path)
    with pytest.raises(NotFound):
        archiving.package(world.tenant_id, "1999-000001", metadata, matter="ARK-1")
    assert list(tmp_path.iterdir()) == []
    assert world.rows(AuditEntry, action="retention.package") == []


def test_a_package_is_not_written_over(world: World, tmp_path: Path) -> None:
    case = close(world, world.case(born(KEPT)))
    made(world, case, tmp_path)
    with pytest.raises(FileExistsError):
        made(world, case, tmp_path)


def _one_byte(root: Path) -> None:
    file = root / "representations/rep1/data/case.json"
    file.write_bytes(file.read_bytes().replace(b"1", b"2", 1))


def _more(root: Path) -> None:
    (root / "representations/rep1/data/more.txt").write_text("planted")


def _fewer(root: Path) -> None:
    (root / "representations/rep1/data/case.xml").unlink()


def _no_root(root: Path) -> None:
    (root / "METS.xml").rename(root / "mets.xml")


def _no_premis(root: Path) -> None:
    (root / "metadata/preservation/premis.xml").unlink()


def _in_mets(before: str, after: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        file = root / "METS.xml"
        assert before in file.read_text()
        file.write_text(file.read_text().replace(before, after))

    return change


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (_one_byte, "CSIP: representations/rep1/data/case.json has another checksum"),
        (_more, "CSIP: representations/rep1/data/more.txt is not listed"),
        (_fewer, "CSIP: representations/rep1/data/case.xml is not in the package"),
        (_no_root, "CSIPSTR4: METS.xml is not at the root"),
        (_no_premis, "CSIP: metadata/preservation/premis.xml is not in the package"),
        (_in_mets('OAISPACKAGETYPE="SIP"', 'OAISPACKAGETYPE="AIP"'), "SIP4: OAISPACKAGETYPE is not SIP"),
        (_in_mets('"CSIP"', '"OTHER"'), "CSIP80: no structMap of CSIP"),
        (_in_mets('OTHERTYPE="SOFTWARE"', 'OTHERTYPE="PERSON"'), "CSIP10: no software agent"),
        (_in_mets('FILEID="file-1"', 'FILEID="file-2"'),
         "CSIP116: the structMap does not point at every file once"),
        (_in_mets("SHA-256", "MD5"), "CSIP: metadata/descriptive/dc.xml has another checksum"),
    ],
)  # fmt: skip
def test_a_planted_fault_of_a_package_is_found(
    world: World, tmp_path: Path, fault: Callable[[Path], None], told: str
) -> None:
    root, _ = made(world, close(world, world.case(born(KEPT))), tmp_path)
    fault(root)
    assert told in problems(root)
