"""Every rule by its name in the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hemvist.authority_forms.rules import homes, money, situations, waiting
from hemvist.authority_forms.rules.scope import Found, Scope

Rule = Callable[[Scope, Mapping[str, Any]], Iterable[Found]]

RULES: Mapping[str, Rule] = {
    rule.__name__: rule
    for rule in (
        homes.contracts_running,
        homes.contracts_begun,
        homes.contracts_ended,
        homes.people_in_homes,
        homes.households_in_homes,
        money.guarantees_issued,
        money.guarantees_running,
        money.guarantees_paid,
        money.grants,
        situations.situations,
        waiting.unexecuted,
    )
}
