"""Archives from strangers: read within bounds, in memory, or refused with the file and the place."""

from __future__ import annotations

import os
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hemvist.errors import NotAllowed, ValidationFailed
from hemvist.pack_versions import drafting, installed, service
from hemvist.pack_versions.archives import MAX_ARCHIVE, MAX_FILES, MAX_UNPACKED, read_archive
from hemvist.pack_versions.editing import restate
from hemvist_versions import OFFICER, Hand, archive, policy_people, soon
from hemvist_world import PACK, World, new_world

HEAD = "pack: a/b\n"


def refusal(given_archive: bytes) -> Any:
    with pytest.raises(ValidationFailed) as refused:
        read_archive(given_archive)
    (problem,) = refused.value.problems
    assert (problem.field, problem.rule) == ("archive", "pack_fault")
    return problem.params


def zipped(*entries: tuple[str | ZipInfo, bytes], method: int = ZIP_DEFLATED) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", method) as opened:
        for name, content in entries:
            opened.writestr(name, content)
    return made.getvalue()


def test_files_in_a_folder_or_in_none() -> None:
    files = {"pack.yaml": HEAD, "rules.yaml": "rules: []\n"}
    assert read_archive(archive(dict(files))) == files
    assert read_archive(archive(dict(files), "my guideline/")) == files
    # The record of an earlier version's outcomes is not the new one's.
    assert read_archive(archive({**files, "outcomes.lock": "{}"})) == files


def link() -> bytes:
    entry = ZipInfo("rules.yaml")
    entry.external_attr = 0o120777 << 16
    return zipped(("pack.yaml", b"a: b"), (entry, b"/etc/passwd"))


def encrypted() -> bytes:
    made = bytearray(zipped(("pack.yaml", b"a: b"), method=ZIP_STORED))
    made[6] |= 1
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate"):
        return zipped(("pack.yaml", b"a: b"), ("pack.yaml", b"a: c"))


def lying() -> bytes:
    """States that a file of five megabytes unpacks to ten bytes."""
    content = os.urandom(1000) * 5000
    made = bytearray(zipped(("pack.yaml", content)))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = made.index(mark) + at
        made[place : place + 4] = struct.pack("<I", 10)
    return bytes(made)


ATTACKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "out of the folder": (
        lambda: zipped(("../pack.yaml", b"a: b"), ("a.yaml", b"")),
        "not the name",
    ),
    "deep": (lambda: zipped(("a/pack.yaml", b"a: b"), ("b/c.yaml", b"")), "not the name"),
    "absolute": (lambda: zipped(("/etc/x.yaml", b"a: b"), ("a.yaml", b"")), "not the name"),
    "back slash": (lambda: zipped(("..\\pack.yaml", b"a: b")), "not the name"),
    "a program": (lambda: zipped(("pack.yaml", b"a: b"), ("run.py", b"")), "not the name"),
    "hidden": (lambda: zipped(("pack.yaml", b"a: b"), (".env.yaml", b"")), "not the name"),
    "no head": (lambda: zipped(("rules.yaml", b"a: b")), "there is no file pack.yaml"),
    "nothing": (lambda: zipped(), "there is no file pack.yaml"),
    "no archive": (lambda: b"PK", "cannot be read"),
    "cut off": (lambda: zipped(("pack.yaml", b"a: b" * 99))[:60], "cannot be read"),
    "too large": (lambda: b"x" * (MAX_ARCHIVE + 1), "larger than"),
    "a bomb": (lambda: zipped(("pack.yaml", b" " * 900_000)), "times as large"),
    "one large file": (lambda: zipped(("pack.yaml", b" " * 20_000_000)), "when unpacked"),
    "many": (
        lambda: zipped(*((f"f{n}.yaml", b"a: b") for n in range(MAX_FILES + 1))),
        "more than 60 files",
    ),
    "a link": (link, "a link"),
    "encrypted": (encrypted, "encrypted"),
    "another packing": (
        lambda: zipped(("pack.yaml", b"a: b"), method=ZIP_BZIP2),
        "in an unusual way",
    ),
    "twice": (twice, "twice"),
    "lying": (lying, ""),
    "no text": (lambda: zipped(("pack.yaml", b"a: b\nc: \xff")), "not UTF-8"),
    "a zero": (lambda: zipped(("pack.yaml", b"a: b\nc: \x00")), "no text has"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_sent_in_bad_faith(attack: str, tmp_path: Path, monkeypatch: Any) -> None:
    make, words = ATTACKS[attack]
    given_archive = make()
    monkeypatch.chdir(tmp_path)
    tracemalloc.start()
    started = time.process_time()
    params = refusal(given_archive)
    assert time.process_time() - started < 1
    assert tracemalloc.get_traced_memory()[1] < 3 * MAX_UNPACKED
    tracemalloc.stop()
    assert words in params["message"]
    assert params["cure"]
    assert list(tmp_path.iterdir()) == []


def test_the_place_of_what_is_no_text() -> None:
    params = refusal(zipped(("pack.yaml", b"a: b\nc: \xff")))
    assert (params["file"], params["line"], params["column"]) == ("pack.yaml", 2, 4)
    params = refusal(zipped(("pack.yaml", b"a: b\nc: \x00")))
    assert (params["line"], params["column"]) == (2, 4)


def test_all_files_together_have_a_bound() -> None:
    content = zlib.compress(os.urandom(100_000))
    files = {f"f{n}.yaml": content * 9 for n in range(5)}
    made = zipped(("pack.yaml", b"a: b"), *files.items())
    assert len(made) < MAX_ARCHIVE or "larger than" in refusal(made)["message"]


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 200), st.integers(0, 255))
@example(b"", 0, 0)
def test_noise_is_read_or_refused(noise: bytes, place: int, byte: int) -> None:
    """Bytes from nowhere, and a good archive with bytes changed."""
    good = bytearray(archive({"pack.yaml": HEAD, "rules.yaml": "rules: []\n"}))
    good[place % len(good)] = byte
    for tried in (noise, bytes(good), bytes(good[: place % len(good)]) + noise):
        # Anything else that is raised fails the test.
        with suppress(ValidationFailed):
            assert "pack.yaml" in read_archive(tried)


@pytest.fixture(scope="module")
def world(database: str) -> World:
    return policy_people(new_world())


@pytest.fixture(scope="module")
def files(world: World) -> dict[str, str]:
    return restate(Hand.draft(world).files, "2027.1.0", soon())


class TestTakingIn:
    """What is sent in becomes a draft like any other, or nothing at all."""

    def send(self, world: World, files: dict[str, str], who: str = OFFICER) -> Any:
        return world.act(who, drafting.upload, archive=archive(dict(files)))

    def test_it_becomes_a_draft(self, world: World, files: dict[str, str]) -> None:
        made = self.send(world, files)
        assert (made.state, made.number, made.in_force_from) == ("draft", "2027.1.0", soon())
        hand = Hand(world, made)
        assert hand.files == files
        assert hand.approved().state == "approved"

    def test_a_number_that_is_taken(self, world: World, files: dict[str, str]) -> None:
        installed_number = installed().get(PACK).version
        draft = Hand.draft(world).version.number
        for number in (installed_number, draft):
            taken = restate(files, number, soon())
            with pytest.raises(ValidationFailed) as refused:
                self.send(world, taken)
            assert refused.value.problems[0].rule == "version_taken"

    def test_a_guideline_that_the_kommun_has_not_adopted(
        self, world: World, files: dict[str, str]
    ) -> None:
        other = files["pack.yaml"].replace("pack: helsingborg/", "pack: karlstad/")
        with pytest.raises(ValidationFailed) as refused:
            self.send(world, {**files, "pack.yaml": other})
        assert refused.value.problems[0].rule == "pack_not_adopted"

    def test_a_day_that_has_passed(self, world: World, files: dict[str, str]) -> None:
        with pytest.raises(ValidationFailed) as refused:
            self.send(world, restate(files, "2027.99.0", date(2026, 1, 1)))
        assert refused.value.problems[0].rule == "past"

    def test_only_by_those_who_write_policy(self, world: World, files: dict[str, str]) -> None:
        for who in ("caseworker SOF-VUX", "administrator"):
            with pytest.raises(NotAllowed):
                self.send(world, files, who)

    def test_hostile_files_are_told_by_the_check(self, world: World, files: dict[str, str]) -> None:
        """The draft takes any text; the check bounds what it does."""
        hand = Hand.draft(world)
        for text, words in (
            ("rules: &a [*a]\n", "anchors"),
            ("rules: !!python/object/apply:os.system ['true']\n", "tags"),
            ("[" * 5000, "nested"),
            ("rules: [" + "{a: 1}, " * 40_000 + "]", "too many values"),
            ("a: b\nc: \x85d\n", "line-break"),
        ):
            hand.replace("rules.yaml", text)
            found = hand.act(service.check).check_result
            assert found is not None and not found["passed"]
            (problem,) = found["problems"]
            assert problem["file"] == "rules.yaml" and words in problem["message"]
            assert problem["line"] >= 1 and problem["column"] >= 1
