"""What an error of a request is about, and what it says in Swedish, beside its code and its English.

An answer that a command refuses has its own words for both (``errors``). Here it is what comes before:
a request that cannot be read, a document that does not hold, a value of the wrong type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from graphql import GraphQLError

from hemvist_graphql.failures import Code
from hemvist_graphql.messages import message_for_field

#: Code → what it is about, unless the error itself tells better, and the sentence.
_SAID: Mapping[Code, tuple[str, str]] = {
    Code.BAD_REQUEST: ("body", "Det som skickades går inte att läsa: se {field}."),
    Code.REQUEST_TOO_LARGE: ("body", "Det som skickades är för stort."),
    Code.UNAUTHENTICATED: ("Authorization", "Logga in, eller skicka en giltig behörighet."),
    Code.FORBIDDEN: ("Authorization", "Du har inte behörighet att fråga här."),
    Code.PARSE_FAILED: ("query", "Frågan går inte att läsa: den följer inte språkets form."),
    Code.INVALID_DOCUMENT: ("query", "Frågan stämmer inte med schemat: se {field}."),
    Code.UNKNOWN_OPERATION: ("operationName", "Ange vilken av dokumentets frågor som ska ställas."),
    Code.UNKNOWN_DOCUMENT: ("documentId", "Inget dokument är inlagt under den beteckningen."),
    Code.TOO_MANY_DOCUMENTS: (
        "query",
        "För många nya dokument på en gång: skicka värden som variabler, eller vänta.",
    ),
    Code.TOO_MANY_REQUESTS: ("request", "Det kommer fler frågor än vad som tas emot: vänta."),
    Code.DOCUMENT_TOO_LARGE: ("query", "Dokumentet är för långt: skicka värden som variabler."),
    Code.TOO_DEEP: ("query", "Frågan är nästlad för djupt."),
    Code.TOO_MANY_ALIASES: ("query", "Frågan har för många alias."),
    Code.NOT_A_LIST: ("query", "Det som efterfrågas går inte att exportera som en lista."),
    Code.TOO_COSTLY: ("query", "Frågan kostar för mycket: be om kortare sidor eller mindre."),
    Code.BAD_INPUT: ("variables", "Värdet i {field} går inte att läsa eller är av fel slag."),
    Code.BAD_PAGE: ("first", "Be om sidan med antingen first eller last, inom gränserna."),
    Code.BAD_CURSOR: ("after", "Markören är inte från den här listan."),
    Code.NOT_ALLOWED: ("query", "Din roll ger inte rätt till {field}."),
    Code.TIMEOUT: ("request", "Det tog för lång tid och stoppades."),
    Code.BUSY: ("request", "För många frågor besvaras just nu: fråga igen om en stund."),
    Code.UNAVAILABLE: ("request", "Databasen går inte att nå: fråga igen om en stund."),
    Code.INTERNAL: ("request", "Något gick fel hos oss. Uppge requestId när du anmäler det."),
}
#: What is added to an error's extensions.
NAMED = frozenset({"field", "messageSv"})
_VARIABLE = re.compile(r"Variable '\$(\w{1,60})' has invalid value(?: at ([\w.\[\]]{1,200}):)?")
_ARGUMENT = re.compile(r"Argument '(\w{1,60})'")
_MISSING = re.compile(r"(?:required|unknown) field '(\w{1,60})'")


def named(told: dict[str, Any], error: GraphQLError | None = None) -> dict[str, Any]:
    """The error as it is sent, with ``extensions.field`` and ``extensions.messageSv``.

    ``told`` has its message and its code, and its path once that is known; ``error`` points at the
    place in the document. What ``told`` says of its field already is kept.
    """
    more = dict(told.get("extensions") or {})
    try:
        usual, sentence = _SAID[Code(more.get("code", ""))]
    except (KeyError, ValueError):
        return told
    more.setdefault("field", _field(told, error) or usual)
    more["messageSv"] = sentence.format(field=more["field"])
    if "problems" in more:
        more["problems"] = [_worded(one) for one in more["problems"]]
    return {**told, "extensions": more}


def _field(told: Mapping[str, Any], error: GraphQLError | None) -> str:
    message = str(told.get("message", ""))
    found = _VARIABLE.match(message)
    if found is not None:
        missing = _MISSING.search(message)
        return f"variables.{found[1]}{found[2] or ''}{f'.{missing[1]}' if missing else ''}"
    path = _joined(told.get("path") or ())
    argument = _ARGUMENT.match(message)
    if path:
        return f"{path}.{argument[1]}" if argument else path
    name = getattr(
        getattr(next(iter((error and error.nodes) or ()), None), "name", None), "value", ""
    )
    return f"query.{name[:60]}" if name else ""


def _joined(path: Sequence[str | int]) -> str:
    return "".join(
        f"[{one}]" if isinstance(one, int) else f".{one}" if position else str(one)
        for position, one in enumerate(path)
    )


def _worded(problem: Mapping[str, Any]) -> dict[str, Any]:
    """A service's problem with its field in both languages."""
    field, rule, params = problem["field"], problem["rule"], problem.get("params") or {}
    return {
        **problem,
        "message": message_for_field(field, rule, "en", params, ""),
        "messageSv": message_for_field(field, rule, "sv", params, ""),
    }
