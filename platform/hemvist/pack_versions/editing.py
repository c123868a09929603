"""Changing a value in the YAML of a pack in place: comments, order and layout stay as they were.

The text is read with the pack loader's own limits first; only then are places looked up in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from hemvist.errors import Problem, ValidationFailed
from hemvist.policy import PackError, ParamType
from hemvist.policy.facts import MAX_INT, MAX_ORE, parse_day
from hemvist.policy.loading.parts import HEAD
from hemvist.policy.loading.source import parse
from hemvist.policy.months import FIRST_DAY, LAST_DAY
from hemvist.policy.review import Fault, fault_of

MAX_WORDS = 5_000
MAX_MEMBERS = 1_000
_RANGES = {
    ParamType.MONTHS: (0, 1200),
    ParamType.DAYS: (0, 36_600),
    ParamType.INT: (-MAX_INT, MAX_INT),
    ParamType.MONEY: (0, MAX_ORE),
}
_LISTS = {
    ParamType.TEXT_LIST: ParamType.TEXT,
    ParamType.INT_LIST: ParamType.INT,
    ParamType.MONTHS_LIST: ParamType.MONTHS,
}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def refused(fault: Fault, field: str) -> ValidationFailed:
    """A fault of a file as a refusal that names the place."""
    where = f"{fault.file}:{fault.line}:{fault.column}"
    params = {
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "message": fault.message,
        "cure": fault.cure,
    }
    return ValidationFailed([Problem(field, "pack_fault", f"{where}: {fault.message}", params)])


class Document:
    """One YAML text with the places of what is written in it."""

    def __init__(self, name: str, text: str) -> None:
        """Raises ``ValidationFailed`` (pack_fault) for a text that the loader would refuse."""
        self.name = name
        # The loader reads it so, too; everything below counts in this text.
        self.text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        try:
            parse(self.text, name)
        except PackError as error:
            raise refused(fault_of(error), "content") from error
        self.root = yaml.compose(self.text, Loader=_Loader)
        self._starts = [0]
        for line in self.text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def find(self, *path: str) -> yaml.Node | None:
        """The node at the end of a path of keys."""
        node: yaml.Node | None = self.root
        for key in path:
            pair = _pair(node, key)
            if pair is None:
                return None
            node = pair[1]
        return node

    def scalar(self, *path: str) -> str | None:
        """What is written at the end of a path of keys."""
        node = self.find(*path)
        return node.value if isinstance(node, yaml.ScalarNode) else None

    def offset(self, mark: Any) -> int:
        """The place of a mark in the text."""
        return int(self._starts[mark.line] + mark.column)

    def end(self, node: yaml.Node) -> int:
        """Where a value ends. A list in lines ends with its last member: its own mark lies beyond
        the comments that follow."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self.end(last[1] if isinstance(last, tuple) else last)
        return self.offset(node.end_mark)

    def put(self, node: yaml.Node, written: str) -> str:
        """The text with ``written`` in place of a value."""
        start, end = self.offset(node.start_mark), self.end(node)
        if isinstance(node, yaml.CollectionNode) and not node.flow_style:
            # A list in lines becomes one line behind its key.
            before = self.text[:start].rstrip()
            return f"{before} {written}{self.text[end:]}"
        lead = "" if start == 0 or self.text[start - 1] in " \n" else " "
        return f"{self.text[:start]}{lead}{written}{self.text[end:]}"

    def add(self, values: yaml.MappingNode, key: str, written: str) -> str:
        """The text with ``key: written`` in a map of dated values, in order of date."""
        earlier = [pair for pair in values.value if pair[0].value < key]
        if values.flow_style:
            if earlier:
                at = self.end(earlier[-1][1])
                return f"{self.text[:at]}, {key}: {written}{self.text[at:]}"
            at = self.offset(values.value[0][0].start_mark)
            return f"{self.text[:at]}{key}: {written}, {self.text[at:]}"
        column = values.value[0][0].start_mark.column
        line = f"{' ' * column}{key}: {written}\n"
        if earlier:
            # Below the line that the value before it ends on, with what is noted behind it.
            newline = self.text.find("\n", self.end(earlier[-1][1]))
            if newline < 0:
                return f"{self.text}\n{line}"
            return f"{self.text[: newline + 1]}{line}{self.text[newline + 1 :]}"
        at = self._starts[values.value[0][0].start_mark.line]
        return f"{self.text[:at]}{line}{self.text[at:]}"


def _pair(node: yaml.Node | None, key: str) -> tuple[yaml.Node, yaml.Node] | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    for name, value in node.value:
        if isinstance(name, yaml.ScalarNode) and name.value == key:
            return name, value
    return None


def stated(files: Mapping[str, str]) -> tuple[str, str, date, date | None]:
    """Name, version and period that ``pack.yaml`` states.

    Raises ``ValidationFailed`` (pack_fault) where it does not.
    """
    if HEAD not in files:
        raise refused(Fault("error", "pack", HEAD, 1, 1, f"there is no file {HEAD}"), "files")
    document = Document(HEAD, files[HEAD])
    name, number = document.scalar("pack"), document.scalar("version")
    start = parse_day(document.scalar("in_force", "from") or "")
    written_end = document.scalar("in_force", "to")
    end = None if written_end is None else parse_day(written_end)
    problem = ""
    if name is None:
        problem = "pack must name the guideline"
    elif number is None or not _is_number(number):
        problem = "version must be three numbers such as 2026.2.0"
    elif start is None or not FIRST_DAY <= start <= LAST_DAY:
        problem = "in_force.from must be a date such as 2026-07-01"
    elif end is not None and end < start:
        problem = "in_force ends before it begins"
    if problem:
        raise refused(Fault("error", "pack", HEAD, 1, 1, problem), "files")
    assert name is not None and number is not None and start is not None
    return name, number, start, end


def _is_number(number: str) -> bool:
    parts = number.split(".")
    return len(parts) == 3 and all(
        part.isascii() and part.isdigit() and len(part) <= 6 for part in parts
    )


def restate(files: Mapping[str, str], number: str, start: date) -> dict[str, str]:
    """The files with another version and another first day in ``pack.yaml``."""
    changed = dict(files)
    for path, written in ((("version",), number), (("in_force", "from"), start.isoformat())):
        document = Document(HEAD, changed[HEAD])
        node = document.find(*path)
        assert node is not None, "stated() has found it"
        changed[HEAD] = document.put(node, written)
    return changed


def set_parameter(
    files: Mapping[str, str], name: str, type: ParamType, value: object, since: date
) -> tuple[str, str]:
    """The file and its new text in which a parameter has ``value`` from the day ``since``.

    Later values stay as they are. Raises ``ValidationFailed``.
    """
    written = rendered(type, value)
    for file, text in sorted(files.items()):
        if f"{name}:" not in text or "params:" not in text:
            continue
        document = Document(file, text)
        values = document.find("params", name, "values")
        if isinstance(values, yaml.MappingNode) and values.value:
            same = _pair(values, since.isoformat())
            if same is not None:
                return file, document.put(same[1], written)
            return file, document.add(values, since.isoformat(), written)
    raise ValidationFailed.one("parameter", "unknown_choice", "the guideline has no such parameter")


def rendered(type: ParamType, value: object) -> str:
    """A parameter's value as YAML. Raises ``ValidationFailed`` when the type does not allow it."""
    if type in _LISTS:
        if not isinstance(value, list) or not 0 < len(value) <= MAX_MEMBERS:
            raise _wrong("a list of at least one value")
        members = [rendered(_LISTS[type], member) for member in value]
        if len(set(members)) != len(members):
            raise _wrong("a list without a value twice")
        return f"[{', '.join(members)}]"
    if type is ParamType.BOOL:
        if not isinstance(value, bool):
            raise _wrong("true or false")
        return "true" if value else "false"
    if type is ParamType.TEXT:
        return _text(value)
    if type is ParamType.DATE:
        day = parse_day(value) if isinstance(value, str) else None
        if day is None or not FIRST_DAY <= day <= LAST_DAY:
            raise _wrong("a date such as 2026-07-01")
        return day.isoformat()
    low, high = _RANGES[type]
    # Numbers of a form or of JSON may come as 15000.0.
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _wrong(f"a whole number between {low} and {high}")
    return str(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_WORDS:
        raise _wrong("a text")
    if not value.isprintable():
        raise _wrong("a text in one line, without control characters")
    # What JSON writes of printable text, YAML reads alike.
    return json.dumps(value.strip(), ensure_ascii=False)


def _wrong(what: str) -> ValidationFailed:
    return ValidationFailed.one("value", "wrong_type", f"must be {what}", expected=what)
