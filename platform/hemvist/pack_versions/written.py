"""The parameters of a version as its files have them, without loading it as a pack.

A draft is changed before it is checked, and may be wrong elsewhere. Texts are read with the loader's
own limits; what cannot be read is left out here and found by the check.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import yaml

from hemvist.errors import ValidationFailed
from hemvist.pack_versions.editing import Document
from hemvist.policy import Label, Param, ParamType
from hemvist.policy.facts import parse_day
from hemvist.policy.params import ParamValue

_LISTS = (ParamType.TEXT_LIST, ParamType.INT_LIST, ParamType.MONTHS_LIST)
_TEXTS = (ParamType.TEXT, ParamType.TEXT_LIST)


def written_parameters(files: Mapping[str, str]) -> list[Param]:
    """The parameters in the order of the files, each with its values over time."""
    return [param for file in sorted(files) for param in _of(file, files[file])]


def _of(file: str, text: str) -> Iterator[Param]:
    if "params:" not in text:
        return
    try:
        document = Document(file, text)
    except ValidationFailed:
        return
    section = document.find("params")
    for name, node in _pairs(section):
        type_ = document.scalar("params", name, "type")
        if type_ is None or type_ not in set(ParamType):
            continue
        values = [
            (day, _value(ParamType(type_), value))
            for key, value in _pairs(document.find("params", name, "values"))
            if (day := parse_day(key)) is not None
        ]
        if isinstance(node, yaml.MappingNode) and values:
            yield Param(
                name=name,
                type=ParamType(type_),
                values=tuple(sorted(values, key=lambda pair: pair[0])),
                cite=_texts(document.find("params", name, "cite")),
                label=_label(document, name),
            )


def _pairs(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield key.value, value


def _texts(node: yaml.Node | None) -> tuple[str, ...]:
    if isinstance(node, yaml.SequenceNode):
        return tuple(one.value for one in node.value if isinstance(one, yaml.ScalarNode))
    return (node.value,) if isinstance(node, yaml.ScalarNode) else ()


def _label(document: Document, name: str) -> Label | None:
    sv, en = (document.scalar("params", name, "label", lang) for lang in ("sv", "en"))
    return Label(sv=sv, en=en or sv) if sv else None


def _value(type_: ParamType, node: yaml.Node) -> ParamValue | None:
    """What is written; None for nothing, and for what does not fit the type."""
    texts = _texts(node)
    if type_ in _LISTS:
        if type_ in _TEXTS:
            return texts
        return tuple(int(one) for one in texts if _is_int(one))
    if not texts or (isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")):
        return None
    text = texts[0]
    if type_ is ParamType.BOOL:
        return {"true": True, "false": False}.get(text.lower())
    if type_ is ParamType.DATE:
        day: date | None = parse_day(text)
        return day
    if type_ in _TEXTS:
        return text
    return int(text) if _is_int(text) else None


def _is_int(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= 16
