"""What retention tells others."""

from __future__ import annotations

#: Somebody has proposed a thinning: the worker gathers what is due.
PROPOSED = "thinning_proposed"
#: A second person has approved it: the worker carries it out.
APPROVED = "thinning_approved"
