"""Refusals in words, by rule code. A code without words falls back on the service's English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hemvist_graphql.labels import language
from hemvist_graphql.messages.acts import CONFLICTS, REFUSED
from hemvist_graphql.messages.agreements import AGREEMENTS
from hemvist_graphql.messages.arrears import ARREARS
from hemvist_graphql.messages.authority_forms import AUTHORITY_FORMS
from hemvist_graphql.messages.circles import CIRCLES
from hemvist_graphql.messages.comparisons import COMPARISONS
from hemvist_graphql.messages.contacts import CONTACTS
from hemvist_graphql.messages.dealings import DEALINGS
from hemvist_graphql.messages.fields import FIELDS
from hemvist_graphql.messages.figures import FIGURES
from hemvist_graphql.messages.guarantees import GUARANTEES
from hemvist_graphql.messages.homes import HOMES
from hemvist_graphql.messages.incidents import INCIDENTS
from hemvist_graphql.messages.ladder import LADDER
from hemvist_graphql.messages.landlords import LANDLORDS
from hemvist_graphql.messages.log_reviews import LOG_REVIEWS
from hemvist_graphql.messages.my_day import MY_DAY
from hemvist_graphql.messages.retention import RETENTION
from hemvist_graphql.messages.simulations import SIMULATIONS
from hemvist_graphql.messages.support import SUPPORT
from hemvist_graphql.messages.vacancies import VACANCIES
from hemvist_graphql.messages.versions import VERSIONS
from hemvist_graphql.messages.visits import VISITS
from hemvist_graphql.messages.webhooks import WEBHOOKS

#: Rule → (Swedish, English). Parameters of the problem may be named in braces.
MESSAGES: Mapping[str, tuple[str, str]] = {
    **GUARANTEES,
    **HOMES,
    **ARREARS,
    **INCIDENTS,
    **LADDER,
    **MY_DAY,
    **CONTACTS,
    **CIRCLES,
    **DEALINGS,
    **LANDLORDS,
    **LOG_REVIEWS,
    **FIGURES,
    **AUTHORITY_FORMS,
    **COMPARISONS,
    **RETENTION,
    **AGREEMENTS,
    **FIELDS,
    **CONFLICTS,
    **REFUSED,
    **VERSIONS,
    **SIMULATIONS,
    **VISITS,
    **SUPPORT,
    **VACANCIES,
    **WEBHOOKS,
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


def message_for_field(
    field: str, rule: str, lang: str | None, params: Mapping[str, Any], fallback: str
) -> str:
    """As ``message_for``. Of a field in öre (``rentOre``) the bounds are told in kronor."""
    if rule == "range" and field.endswith("Ore"):
        return message_for(
            "money_range", lang, {key: _kronor(ore) for key, ore in params.items()}, ""
        )
    return message_for(rule, lang, params, fallback)


def _kronor(ore: Any) -> str:
    """Öre as "100 000 kr" with spaces that do not break; öre are shown only when there are any."""
    whole, rest = divmod(int(ore), 100)
    text = f"{whole:,}".replace(",", "\N{NO-BREAK SPACE}") + (f",{rest:02}" if rest else "")
    return f"{text}\N{NO-BREAK SPACE}kr"
