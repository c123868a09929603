"""Clearing (utjämning) of protected moves between kommuner: exact, and the same for whoever runs it.

Pure reckoning: no database, no clock, no chance but that of the seed.
"""

from hemvist.clearing.alike import as_good
from hemvist.clearing.checking import check
from hemvist.clearing.engine import WhyNot, clear, measured, why_not
from hemvist.clearing.lots import commitment
from hemvist.clearing.model import (
    LEVELS,
    Certificate,
    Instance,
    InstanceError,
    Move,
    Municipality,
    Needs,
    Objective,
    Plan,
    Request,
    Urgency,
    Vacancy,
    surplus,
)
from hemvist.clearing.reading import instance_from_json, instance_of

__all__ = [
    "LEVELS",
    "Certificate",
    "Instance",
    "InstanceError",
    "Move",
    "Municipality",
    "Needs",
    "Objective",
    "Plan",
    "Request",
    "Urgency",
    "Vacancy",
    "WhyNot",
    "as_good",
    "check",
    "clear",
    "commitment",
    "instance_from_json",
    "instance_of",
    "measured",
    "surplus",
    "why_not",
]
