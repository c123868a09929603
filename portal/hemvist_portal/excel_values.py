"""What cells of the lists' Excel files hold: a row, and who reads it, to a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hemvist_portal.excel import Value
from hemvist_portal.labels import source
from hemvist_portal.visitor import Visitor
from hemvist_portal.wording import mark


def at(*path: str) -> Value:
    """The value that lies at ``path`` in the row."""

    def value(row: Mapping[str, Any], _: Visitor) -> Any:
        found: Any = row
        for key in path:
            found = None if found is None else found[key]
        return found

    return value


def word(group: str, *path: str) -> Value:
    """The word for the code at ``path``."""
    found = at(*path)
    return lambda row, visitor: visitor.words(source(group, found(row, visitor)))


def department(row: Mapping[str, Any], visitor: Visitor) -> str:
    """The department's name in the reader's language; its code where it is none of the kommun's."""
    for one in visitor.kommun.departments:
        if one.code == row["department"]:
            return one.name_en if visitor.lang == "en" else one.name_sv
    return str(row["department"])


def applicant(*path: str) -> Value:
    """The applicant's name; none where anybody in the household is, or may be, protected."""
    found = at(*path)

    def value(row: Mapping[str, Any], visitor: Visitor) -> str:
        household = found(row, visitor) if path else row
        if household["anyoneProtected"]:
            return ""
        names = (
            f"{one['person']['givenName']} {one['person']['familyName']}"
            for one in household["members"]
            if one["role"].lower() == "applicant" and one["person"]["givenName"]
        )
        return next(names, "")

    return value


def protected(*path: str) -> Value:
    """Whether anybody in the household is, or may be, protected: yes or no."""
    found = at(*path)

    def value(row: Mapping[str, Any], visitor: Visitor) -> str:
        household = found(row, visitor) if path else row
        return visitor.words(mark("Ja") if household["anyoneProtected"] else mark("Nej"))

    return value


def yes(key: str) -> Value:
    """Yes or no."""
    return lambda row, visitor: visitor.words(mark("Ja") if row[key] else mark("Nej"))
