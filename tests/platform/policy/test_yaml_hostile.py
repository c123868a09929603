"""Files from a stranger: no alias is followed, nothing grows without bound."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from hemvist.policy import PackError, load_pack
from hemvist.policy.loading import source
from hemvist.policy.loading.source import MAX_CHARACTERS, Mapping, Scalar, parse

_LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [*{before}, *{before}, *{before}, *{before}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

HOSTILE = [
    (_LAUGHS, 1, 4, "anchors and aliases"),
    ("a: [x, *b]\n", 1, 8, "anchors and aliases"),
    ("a: &b\n  c: *b\n", 1, 4, "anchors and aliases"),
    ("a: {<<: {b: 1}}\n", 1, 5, "merge keys"),
    ("a: !!python/object/apply:os.system [ls]\n", 1, 4, "tags such as"),
    ("a: !!str 1\n", 1, 4, "tags such as"),
    ("a: !x 1\n", 1, 4, "tags such as"),
    ("[" * 60 + "]" * 60, 1, 41, "nested deeper than 40"),
    ("{a: " * 60, 1, None, "nested deeper than 40"),
    ("[" * 100_000, 1, 41, "nested deeper than 40"),
    ("- " * 50_000, 1, None, "nested deeper than 40"),
    ("a: 1\n---\nb: 2\n", 2, 1, "one document per file"),
    ("", 1, 1, "the file is empty"),
    ("# nothing\n", 1, 1, "the file is empty"),
    ("a: 1\na: 2\n", 2, 1, "'a' is written twice"),
    ("a: 1\n? [b]\n: 2\n", 2, 3, "a key must be a plain word"),
    ("a: 'x\n", 2, 1, "not valid YAML"),
    ("a: [1, 2\nb: 3\n", 2, None, "not valid YAML"),
    ("a: b\n\tc: d", 2, None, "not valid YAML"),
    ("a: \u2028b", 1, 4, "unexpected line-break"),
    ("a: b\rc: d", 1, 5, "unexpected line-break"),
    ("a: \x00", 1, None, "not valid YAML"),
    ("[" + "x," * 100_001 + "]", None, None, "too many values"),
    ("a" * (MAX_CHARACTERS + 1), 1, 1, "longer than"),
    ("a: " + "x" * (MAX_CHARACTERS + 1), 1, 1, "longer than"),
]


#: Also the parser that PyYAML has without libyaml, but for the one case that is slow in it.
_CASES = [(*fault, parser) for parser in (yaml.SafeLoader, source._Loader) for fault in HOSTILE]
_CASES = [case for case in _CASES if case[3:] != ("too many values", yaml.SafeLoader)]


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "parser"),
    _CASES,
    ids=[f"{case[3]}-{case[4].__name__}" for case in _CASES],
)
def test_refused_with_the_place_and_at_once(
    text: str,
    line: int | None,
    column: int | None,
    message: str,
    parser: type,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(source, "_Loader", parser)
    started = time.thread_time()
    with pytest.raises(PackError, match=message) as caught:
        parse(text, "x.yaml")
    assert time.thread_time() - started < 2
    assert caught.value.line == (line or caught.value.line)
    assert caught.value.column == (column or caught.value.column)


def test_words_stay_words() -> None:
    node = parse("no: on\nyes: 2026.1\nnull: ~\n'1': \"null\"\n", "x.yaml")
    assert isinstance(node, Mapping)
    values = [value for _, value in node.entries if isinstance(value, Scalar)]
    assert [key.text for key, _ in node.entries] == ["no", "yes", "null", "1"]
    assert [value.text for value in values] == ["on", "2026.1", "~", "null"]
    assert [value.is_null for value in values] == [False, False, True, False]


def test_windows_line_ends_and_a_byte_order_mark_are_taken() -> None:
    node = parse("\ufeffa: 1\r\nb: 2\r\n", "x.yaml")
    assert isinstance(node, Mapping)
    assert [key.place.line for key, _ in node.entries] == [1, 2]


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_bytes(b"pack: a/b\ntitle: \xe5\n")
    with pytest.raises(PackError, match="not UTF-8") as caught:
        load_pack(tmp_path)
    assert (caught.value.line, caught.value.column) == (2, 8)


def test_a_folder_without_a_pack_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="there is no file pack.yaml"):
        load_pack(tmp_path)


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "pack.yaml").open("wb") as file:
        file.truncate(2**33)
    started = time.thread_time()
    with pytest.raises(PackError, match="larger than"):
        load_pack(tmp_path)
    assert time.thread_time() - started < 1
