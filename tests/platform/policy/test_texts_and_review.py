"""A pack held as texts in memory is the pack of its folder; a review says what a version changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from hemvist.policy import PackError, Registry, load_pack
from hemvist.policy.review import review
from hemvist.policy.sentences import read_sentences
from hemvist.policy.texts import TextFolder, bare, content_hash
from hemvist_registry import discovered


@pytest.fixture(scope="module")
def registry() -> Registry:
    return discovered()


def test_every_installed_pack_reads_the_same_from_memory(registry: Registry) -> None:
    for pack in registry.packs():
        files = registry.files(pack.name, pack.version)
        again = load_pack(TextFolder(files))
        assert (again.name, again.version, again.content_hash) == (
            pack.name,
            pack.version,
            pack.content_hash,
        )
        assert again.params == pack.params
        assert len(read_sentences(again, TextFolder(files))) >= 8, pack.name


def test_an_error_has_the_same_place_without_a_folder(tmp_path: Path) -> None:
    files = {"pack.yaml": "pack: a/b\nversion: x\n"}
    (tmp_path / "pack.yaml").write_text(files["pack.yaml"], "utf-8")
    with pytest.raises(PackError) as on_disk:
        load_pack(tmp_path)
    with pytest.raises(PackError) as in_memory:
        load_pack(TextFolder(files))
    assert bare(in_memory.value.file) == "pack.yaml" == Path(on_disk.value.file).name
    for name in ("line", "column", "message"):
        assert getattr(in_memory.value, name) == getattr(on_disk.value, name)


def test_a_part_that_is_not_there() -> None:
    head = "pack: a/b\nversion: 1.1.1\nin_force: {from: 2026-01-01}\ntitle: {sv: å, en: a}\n"
    with pytest.raises(PackError, match=r"no file rules\.yaml"):
        load_pack(TextFolder({"pack.yaml": f"{head}include: [rules.yaml]\n"}))
    with pytest.raises(PackError, match="file names such as"):
        load_pack(TextFolder({"pack.yaml": f"{head}include: [../../etc/passwd]\n"}))


def test_the_hash_is_of_names_and_contents() -> None:
    one = {"a.yaml": "x", "b.yaml": "y"}
    assert content_hash(one) == content_hash(dict(reversed(one.items())))
    for other in ({"a.yaml": "xb.yaml", "": "y"}, {"a.yaml": "x"}, {"a.yaml": "x", "b.yaml": "z"}):
        assert content_hash(one) != content_hash(other)


def test_a_version_beside_itself_changes_nothing(registry: Registry) -> None:
    for pack in registry.packs():
        files = registry.files(pack.name, pack.version)
        found = review(files, files)
        assert found.passed, (pack.name, found.problems)
        assert found.changes == [] and found.counts["failed"] == 0


def test_a_report_is_bounded() -> None:
    report = review({"pack.yaml": "a: " + "x" * 100_000})
    told = report.as_json()
    assert not told["passed"]
    assert all(len(problem["message"]) <= 1_000 for problem in told["problems"])
