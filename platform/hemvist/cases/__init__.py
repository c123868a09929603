"""Cases (ärenden): a household in a programme under one department, and their timeline."""

from hemvist.cases import facts, household_access

__all__ = ["facts", "household_access"]
