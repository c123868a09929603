"""Refusals in words, by rule code. A code without words falls back on the service's English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hemvist_graphql.labels import language
from hemvist_graphql.messages.acts import CONFLICTS, REFUSED
from hemvist_graphql.messages.fields import FIELDS
from hemvist_graphql.messages.guarantees import GUARANTEES
from hemvist_graphql.messages.homes import HOMES
from hemvist_graphql.messages.simulations import SIMULATIONS
from hemvist_graphql.messages.versions import VERSIONS

#: Rule → (Swedish, English). Parameters of the problem may be named in braces.
MESSAGES: Mapping[str, tuple[str, str]] = {
    **GUARANTEES,
    **HOMES,
    **FIELDS,
    **CONFLICTS,
    **REFUSED,
    **VERSIONS,
    **SIMULATIONS,
}


class _Lenient(dict[str, Any]):
    """Parameters by name; one that is missing shows as an ellipsis and never fails."""

    def __missing__(self, key: str) -> str:
        return "…"


def message_for(rule: str, lang: str | None, params: Mapping[str, Any], fallback: str) -> str:
    """The words of ``rule`` in ``lang``, else ``fallback``, else the rule's code."""
    words = MESSAGES.get(rule)
    if words is None:
        return fallback or rule
    text = words[0] if language(lang) == "sv" else words[1]
    return text.format_map(_Lenient(params))
