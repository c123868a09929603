"""What comparisons tell others."""

from __future__ import annotations

#: A second person has agreed: the worker gives the kommun's figures and brings the others'.
JOINED = "comparison_joined"
#: The kommun has left: the worker takes its figures back from the others.
LEFT = "comparison_left"
TYPES = frozenset({JOINED, LEFT})
