"""The ``landlord`` section of a programme: what a landlord learns."""

from __future__ import annotations

from hemvist.policy.facts import FactType
from hemvist.policy.landlord import DEFAULT_STEP, NAME_STEPS, LandlordTold
from hemvist.policy.loading import reader as r
from hemvist.policy.loading.context import Context, words
from hemvist.policy.loading.items import Section
from hemvist.policy.loading.source import Node
from hemvist.policy.programmes import Contract

#: Facts that can be shown to a landlord: figures, truths and days. Records are shown as their number;
#: words about a household never are.
SHOWN = (FactType.INT, FactType.BOOL, FactType.DATE, FactType.MONEY, FactType.RECORDS)


def read_landlord(
    node: Node,
    context: Context,
    programme: str,
    cite: tuple[str, ...],
    contract: Contract | None = None,
) -> LandlordTold:
    """The ``landlord`` section."""
    with r.reading(node, "landlord") as keys:
        own = context.cite(keys, cite)
        step, term = keys.get("name_from"), keys.get("consent_term")
        terms = [] if contract is None else [one.id for one in contract.terms if one.type == "bool"]
        return LandlordTold(
            own,
            Section(context, programme, "landlord", own).covers(keys),
            DEFAULT_STEP if step is None else r.choice(step, "name_from", NAME_STEPS),
            None if term is None else r.choice(term, "consent_term", terms),
            words(
                keys.get("evidence"),
                "evidence",
                [name for name, fact in context.facts.items() if fact.type in SHOWN],
            ),
        )
