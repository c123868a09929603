"""What the law says of an act: checks at a point with facts, and of a guideline's own text.

A finding never says more than is known: what cannot be told is *unknown* and names what is missing.
"""

from hemvist.policy.legal.findings import Finding, Lawfulness, check, refusals
from hemvist.policy.legal.installed import LAW, law_pack
from hemvist.policy.legal.notice import earliest_end
from hemvist.policy.legal.static import Contradiction, contradictions
from hemvist.policy.legal.wording import kinds_in, suspected, suspected_by

__all__ = [
    "LAW",
    "Contradiction",
    "Finding",
    "Lawfulness",
    "check",
    "contradictions",
    "earliest_end",
    "kinds_in",
    "law_pack",
    "refusals",
    "suspected",
    "suspected_by",
]
