"""Cases (ärenden): a household in a programme under one department, and their timeline."""

from hemvist.cases import commissioned, facts, household_access

__all__ = ["commissioned", "facts", "household_access"]
