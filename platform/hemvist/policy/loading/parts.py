"""The files of a pack: head, included parts, and the sections put together."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path

from hemvist.policy.errors import PackError
from hemvist.policy.labels import Label
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.source import Node, Place, Scalar, parse
from hemvist.policy.pack import STATUSES, Period, Status

HEAD = "pack.yaml"
MAPS = ("sources", "legal_bases", "params", "groups", "facts", "departments", "programmes")
LISTS = (
    *("uses", "rules", "standing", "service_levels", "quotas", "indicators", "meetings"),
    *("measures", "refused", "checks", "campaigns"),
)
MAX_PARTS = 50
MAX_BYTES = 1_000_000

_PACK = re.compile(r"[a-z0-9][a-z0-9-]{0,59}/[a-z0-9][a-z0-9-]{0,59}")
_VERSION = re.compile(r"[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}")
_FILE = re.compile(r"[A-Za-z0-9_-]+\.yaml")


@dataclass(slots=True)
class Parts:
    """The head and, by section name, the entries of all files in order."""

    place: Place
    name: str
    version: str
    in_force: Period
    title: Label
    content_hash: str
    status: Status = field(default_factory=Status)
    maps: dict[str, dict[str, tuple[Scalar, Node]]] = field(default_factory=dict)
    lists: dict[str, list[Node]] = field(default_factory=dict)

    def entries(self, section: str) -> Iterator[tuple[Scalar, Node]]:
        """The keys and values of a map section."""
        yield from self.maps.get(section, {}).values()

    def items(self, section: str) -> list[Node]:
        """The members of a list section."""
        return self.lists.get(section, [])


def read_parts(folder: Path | Traversable) -> Parts:
    """Read ``pack.yaml`` and its parts. Raises ``PackError``."""
    digest = hashlib.sha256()
    node = _read(folder, HEAD, digest, None)
    with r.reading(node, HEAD) as keys:
        name = r.scalar(keys.need("pack"), "pack")
        if not _PACK.fullmatch(name.text):
            name.place.fail("pack must be two short names such as kommun/guideline")
        version = r.scalar(keys.need("version"), "version")
        if not _VERSION.fullmatch(version.text):
            version.place.fail("version must be three numbers such as 2026.2.0")
        parts = Parts(
            node.place,
            name.text,
            version.text,
            _period(keys.need("in_force")),
            r.label(keys.need("title"), "title"),
            content_hash="",
            status=_status(keys.get("status")),
        )
        included = keys.get("include")
        _sections(keys, parts)
    for item in _included(included):
        part = _read(folder, item.text, digest, item.place)
        with r.reading(part, item.text) as keys:
            _sections(keys, parts)
    parts.content_hash = digest.hexdigest()
    return parts


def name_of(folder: Path | Traversable) -> str:
    """The name that the head of a pack states, and nothing else of it. Raises ``PackError``."""
    with r.reading_some(_read(folder, HEAD, hashlib.sha256(), None), HEAD) as keys:
        return r.scalar(keys.need("pack"), "pack").text


def _read(
    folder: Path | Traversable, name: str, digest: hashlib._Hash, named_at: Place | None
) -> Node:
    file = f"{folder}/{name}"
    place = named_at or Place(file, 1, 1)
    try:
        with folder.joinpath(name).open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError:
        place.fail(f"there is no file {name}")
    if len(content) > MAX_BYTES:
        Place(file, 1, 1).fail(f"the file is larger than {MAX_BYTES} bytes")
    digest.update(f"{name}:{len(content)}:".encode() + content)
    return decode(content, file)


def decode(content: bytes, file: str) -> Node:
    """Bytes to nodes. Raises ``PackError`` at the first byte that is not UTF-8."""
    try:
        return parse(content.decode("utf-8"), file)
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        raise PackError(file, line, column, "the file is not UTF-8") from None


def _period(node: Node) -> Period:
    with r.reading(node, "in_force") as keys:
        start = r.day(keys.need("from"), "from")
        end_node = keys.get("to")
        end = None if end_node is None else r.day(end_node, "to")
        if end is not None and end < start:
            keys.fail("to", "in_force ends before it begins")
        return Period(start, end)


def _status(node: Node | None) -> Status:
    """``{kind: described, note: …}``; a kommun's own guideline when nothing is written."""
    if node is None:
        return Status()
    with r.reading(node, "status") as keys:
        kind = r.choice(keys.need("kind"), "kind", STATUSES)
        note = keys.get("note")
        return Status(kind, None if note is None else r.label(note, "note"))


def _included(node: Node | None) -> Iterator[Scalar]:
    if node is None:
        return
    seen = {HEAD}
    for count, item in enumerate(r.items(node, "include"), start=1):
        name = r.scalar(item, "include")
        if not _FILE.fullmatch(name.text):
            name.place.fail("include takes file names such as rules.yaml, in the same folder")
        if name.text in seen or count > MAX_PARTS:
            name.place.fail(f"{name.text} is included twice, or there are too many parts")
        seen.add(name.text)
        yield name


def _sections(keys: r.Keys, parts: Parts) -> None:
    for section in MAPS:
        node = keys.get(section)
        for key, value in r.entries(node, section) if node is not None else ():
            known = parts.maps.setdefault(section, {})
            if key.text in known:
                first = known[key.text][0].place
                key.place.fail(
                    f"{key.text!r} is in {section} twice; first at {first.file}:{first.line}"
                )
            known[key.text] = (key, value)
    for section in LISTS:
        node = keys.get(section)
        if node is not None:
            parts.lists.setdefault(section, []).extend(r.items(node, section))
