"""The files themselves: what a package and an answer say, written and read without a database.

Plain JSON and a text that a person reads, so that any kommun can take it in and answer by hand.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hemvist.errors import Problem, ValidationFailed

SCHEMA = "hemvist-kommun-request/1"
ANSWER_SCHEMA = "hemvist-kommun-answer/1"
#: An answer is a few lines; what is larger is something else.
MAX_ANSWER = 64 * 1024
REQUEST_FILE, TEXT_FILE, ANSWER_FILE = "begaran.json", "begaran.txt", "svar.json"
_SECTIONS = {"application": "SoL 29:7", "takeover": "SoL 29:10"}
_KINDS = {"application": "Ansökan om insats", "takeover": "Begäran om överflyttning av ärende"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other kommun says."""

    agreed: bool
    reasons: str
    answered_on: date


def package(reference: str, kind: str, told: Mapping[str, Any]) -> bytes:
    """A zip of the request as data and as text, with a form for the answer. The same gives the same."""
    request = {
        "schema": SCHEMA,
        "reference": reference,
        "kind": kind,
        "section": _SECTIONS[kind],
        **told,
    }
    form = {
        "schema": ANSWER_SCHEMA,
        "reference": reference,
        "agreed": None,
        "reasons": "",
        "answered_on": None,
    }
    lines = [
        f"{_KINDS[kind]} ({_SECTIONS[kind]})",
        f"Referens: {reference}",
        "",
        *(f"{key}: {value}" for key, value in told.items()),
        "",
        f"Svara till samma funktion genom att fylla i {ANSWER_FILE}: agreed (true eller false),",
        "reasons och answered_on (ÅÅÅÅ-MM-DD). Skriv inga namn, nummer eller adresser i svaret.",
    ]
    files = {
        REQUEST_FILE: json.dumps(request, ensure_ascii=False, indent=1),
        TEXT_FILE: "\n".join(lines) + "\n",
        ANSWER_FILE: json.dumps(form, ensure_ascii=False, indent=1),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, text in files.items():
            # The entry's own time is that of no machine.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
    return made.getvalue()


def read_answer(content: bytes, reference: str) -> Answer:
    """The answer in a file, to the request of this reference. Raises ``ValidationFailed``."""
    if len(content) > MAX_ANSWER:
        raise ValidationFailed.one("file", "too_large", "no answer is that long", limit=MAX_ANSWER)
    try:
        said = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as broken:
        raise ValidationFailed.one("file", "unreadable", "is no JSON in UTF-8") from broken
    if not isinstance(said, dict) or said.get("schema") != ANSWER_SCHEMA:
        raise ValidationFailed.one("file", "unreadable", "is no answer to a request")
    if said.get("reference") != reference:
        raise ValidationFailed.one("file", "other_request", "answers another request")
    problems: list[Problem] = []
    agreed, reasons = said.get("agreed"), said.get("reasons", "")
    if not isinstance(agreed, bool):
        problems.append(Problem("file", "agreed", "agreed must be true or false"))
    if not isinstance(reasons, str):
        problems.append(Problem("file", "reasons", "reasons must be a text"))
    try:
        day = date.fromisoformat(str(said.get("answered_on")))
    except ValueError:
        problems.append(Problem("file", "answered_on", "answered_on must be a day, YYYY-MM-DD"))
    if problems:
        raise ValidationFailed(problems)
    return Answer(bool(agreed), reasons, day)
