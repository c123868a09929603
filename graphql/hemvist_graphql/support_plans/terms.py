"""That support is never a condition of the home: what guideline and law refuse, for the plan's page."""

from __future__ import annotations

from typing import Any

import strawberry

from hemvist.policy import Pack
from hemvist.policy.legal import law_pack
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import computed

#: Kinds of clauses that would make support, or living in a certain way, a condition.
OF_SUPPORT = (
    *("accept_support", "home_visits", "treatment", "medication", "doctor_contact"),
    *("sobriety", "drug_tests"),
)
#: What the law says of visits and conduct as terms of a lease.
LAW = "lf_3_terms"


@strawberry.type(description="Something that may not be made a condition of the home.")
class SupportTerm:
    """Something that may not be made a condition of the home."""

    clause: str = strawberry.field(description="The kind of clause; empty of the law as a whole.")
    cite: list[str]
    text: strawberry.Private[Any]
    told: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What may not be a condition."""
        return worded(self.text, lang, self.clause)

    @computed(description="In Swedish (sv) or English (en).")
    def note(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """What follows."""
        return worded(self.told, lang) or None


def never_conditions(pack: Pack, programme: str | None) -> list[SupportTerm]:
    """What the guideline refuses in this programme's contracts, and what the law says of all."""
    found = [
        SupportTerm(
            clause=one.clause,
            cite=list(one.cite),
            text=one.label,
            told=one.legal.note if one.legal else one.help,
        )
        for one in pack.refused
        if one.active
        and one.clause in OF_SUPPORT
        and "contract" in one.where
        and (not one.programmes or programme in one.programmes)
    ]
    law = law_pack().rules.get(LAW)
    if law is not None:
        found.append(SupportTerm(clause="", cite=list(law.cite), text=law.label, told=None))
    return found
