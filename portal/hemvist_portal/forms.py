"""A form's state: what was typed, what is wrong with it, and reading typed values from it.

A field's HTML name is its path in the mutation's input (``members[0].givenName``), so a problem that
the API names finds its field by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from markupsafe import escape
from starlette.datastructures import FormData

from hemvist_portal.wording import mark

_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
#: Fields that carry the form itself.
_OWN = ("csrf", "idempotencyKey", "expectedVersion", "act")

#: What a list, a radio or a hidden field sends: a code or an id, nothing that a person wrote.
_CHOSEN = re.compile(r"[a-z][a-z0-9_]*|[A-Za-z]+_[0-9a-f]{32}")


def field_id(name: str) -> str:
    """The HTML id of the field ``name``."""
    return "f-" + _UNSAFE.sub("-", name).strip("-")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a command was refused, as the API words it."""

    kind: str
    message: str
    problems: tuple[tuple[str, str], ...] = ()
    cite: str = ""
    items: tuple[Mapping[str, Any], ...] = ()
    trace: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> Failure:
        """From one of the API's refusals."""
        cite = result.get("cite") or ""
        return cls(
            kind=result["__typename"],
            message=result.get("message", ""),
            problems=tuple(
                (problem["field"], problem["message"]) for problem in result.get("problems") or ()
            ),
            cite=", ".join(cite) if isinstance(cite, list) else cite,
            items=tuple(result.get("items") or ()),
            trace=tuple(result.get("trace") or ()),
        )


@dataclass(slots=True)
class Form:
    """Values by field name, each a list as HTML sends them, and the problems found."""

    values: dict[str, list[str]] = field(default_factory=dict)
    problems: dict[str, list[str]] = field(default_factory=dict)
    failure: Failure | None = None
    key: str = field(default_factory=lambda: str(uuid4()))
    version: int | None = None
    act: str = ""
    csrf: str = ""
    #: Tells several forms on one page apart.
    prefix: str = ""
    #: Words of the fields, noted as they are drawn; the summary of problems uses them.
    labels: dict[str, str] = field(default_factory=dict)
    #: Label and text of what was typed but has no field on the page any more.
    left: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def sent(cls, data: FormData) -> Form:
        """What a browser sent."""
        values: dict[str, list[str]] = {}
        for name, value in data.multi_items():
            if isinstance(value, str):
                # Browsers send line breaks as CRLF; texts are kept with LF.
                values.setdefault(name, []).append(value.replace("\r\n", "\n"))
        own = {name: (values.pop(name, [""]) or [""])[0] for name in _OWN}
        version = own["expectedVersion"]
        return cls(
            values=values,
            key=own["idempotencyKey"][:100] or str(uuid4()),
            version=int(version) if version.isascii() and version.isdigit() else None,
            act=own["act"],
            csrf=own["csrf"],
        )

    @classmethod
    def of(cls, version: int | None = None, /, **values: Any) -> Form:
        """A fresh form with ``values``: texts or lists of texts, None for nothing."""
        form = cls(version=version)
        for name, value in values.items():
            form.put(name, value)
        return form

    def put(self, name: str, value: Any) -> None:
        """Fill in ``name``."""
        if value is None:
            return
        several = isinstance(value, list | tuple)
        self.values[name] = [_text(item) for item in value] if several else [_text(value)]

    def one(self, name: str) -> str:
        """The field's text without surrounding blanks; "" when it is not there."""
        return (self.values.get(name) or [""])[0].strip()

    def raw(self, name: str) -> str:
        """The field's text exactly as it was typed."""
        return (self.values.get(name) or [""])[0]

    def many(self, name: str) -> list[str]:
        """Every non-empty text of the field."""
        return [text.strip() for text in self.values.get(name, ()) if text.strip()]

    def ticked(self, name: str) -> bool:
        """Whether the checkbox was ticked."""
        return bool(self.one(name))

    def rows(self, prefix: str) -> list[int]:
        """The row numbers n of the fields ``prefix[n].…``, in order."""
        pattern = re.compile(re.escape(prefix) + r"\[(\d{1,3})\]")
        found = {int(hit[1]) for name in self.values if (hit := pattern.match(name))}
        return sorted(found)

    def id(self, name: str) -> str:
        """The HTML id of the field, its own on a page with several forms."""
        return field_id(f"{self.prefix}-{name}" if self.prefix else name)

    def call(self, name: str, label: str) -> str:
        """Note the field's words for the summary of problems; gives its HTML id."""
        self.labels[name] = label
        return self.id(name)

    def error(self, name: str) -> str:
        """What is wrong with the field; "" when nothing is."""
        return " ".join(self.problems.get(name, ()))

    def add_problem(self, name: str, message: str) -> None:
        """Note that the field is wrong."""
        self.problems.setdefault(name, []).append(message)

    @property
    def failed(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.problems or self.failure)

    def fail(self, failure: Failure) -> None:
        """Take in a refusal. The form gets a new key: the next sending is another request."""
        self.failure = failure
        for name, message in failure.problems:
            self.add_problem(name, message)
        self.key = str(uuid4())

    def note_left(self, page: str) -> None:
        """Note what was typed and stands nowhere on ``page``, the HTML that was drawn with the form.

        Whoever was overtaken is shown how things are now, and that may have no room for the form.
        """
        self.left = [
            (self.labels.get(name, ""), text.strip())
            for name, texts in self.values.items()
            for text in texts
            if text.strip() and not _CHOSEN.fullmatch(text.strip())
            if str(escape(text)) not in page
        ]

    def rename_problems(self, names: Mapping[str, str]) -> None:
        """Move problems to other fields: ``names`` maps beginnings of paths."""
        for old in list(self.problems):
            for start, new in names.items():
                if old == start or old.startswith((f"{start}.", f"{start}[")):
                    messages = self.problems.pop(old)
                    self.problems.setdefault(new + old[len(start) :], []).extend(messages)
                    break

    # Typed reading. An unreadable value is a problem of the field, and nothing is sent.

    def read_date(self, name: str, *, required: bool = False) -> str | None:
        """YYYY-MM-DD, also written YYYYMMDD."""
        text = self.one(name)
        if not text:
            if required:
                self.add_problem(name, mark("Fyll i datumet."))
            return None
        if re.fullmatch(r"\d{8}", text):
            text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
        try:
            read = date.fromisoformat(text)
            if not 1900 <= read.year < 2200:
                raise ValueError
            return read.isoformat()
        except ValueError:
            self.add_problem(name, mark("Skriv datumet som ÅÅÅÅ-MM-DD."))
            return None

    def read_int(self, name: str, *, required: bool = False) -> int | None:
        """A whole number."""
        text = self.one(name).replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
        if not text:
            if required:
                self.add_problem(name, mark("Fyll i ett tal."))
            return None
        if re.fullmatch(r"-?[0-9]{1,9}", text):
            return int(text)
        self.add_problem(name, mark("Skriv ett heltal."))
        return None

    def read_number(self, name: str, *, required: bool = False) -> float | None:
        """A number, decimal comma or point."""
        text = self.one(name).replace(",", ".").replace(" ", "")
        if not text:
            if required:
                self.add_problem(name, mark("Fyll i ett tal."))
            return None
        if re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,3})?", text):
            return float(text)
        self.add_problem(name, mark("Skriv ett tal, till exempel 54,5."))
        return None

    def read_kronor(self, name: str, *, required: bool = False) -> int | None:
        """Kronor as a person writes them, in öre."""
        text = self.one(name)
        if not text:
            if required:
                self.add_problem(name, mark("Fyll i ett belopp."))
            return None
        ore = ore_of(text)
        # GraphQL's Int ends at 2^31.
        if ore is None or abs(ore) > 2_000_000_000:
            self.add_problem(name, mark("Skriv beloppet i kronor, till exempel 8 500."))
            return None
        return ore

    def translate_problems(self, words: Any) -> None:
        """Word the portal's own problems in the reader's language."""
        for messages in self.problems.values():
            messages[:] = [words(message) for message in messages]


def ore_of(text: str) -> int | None:
    """Kronor written by a person ("8 500", "8500,50 kr") in öre, or None when it is no amount."""
    cleaned = re.sub(
        r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]|kr\.?$|:-$", "", text.strip()
    )
    hit = re.fullmatch(r"(-?)([0-9]{1,12})(?:[.,]([0-9]{1,2}))?", cleaned)
    if hit is None:
        return None
    ore = int(hit[2]) * 100 + int((hit[3] or "0").ljust(2, "0"))
    return -ore if hit[1] else ore


def without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` without those that were not filled in."""
    return {name: value for name, value in values.items() if value is not None}


def first_error(form: Form, names: Iterable[str]) -> str:
    """The first problem among ``names``."""
    return next((form.error(name) for name in names if form.error(name)), "")


def _text(value: Any) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    return str(value)
