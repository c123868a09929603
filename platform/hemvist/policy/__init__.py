"""Policy packs: a kommun's guideline as versioned, dated, cited data, and the engine for it.

``load_pack`` and ``Registry`` give packs; ``evaluate`` judges a case with a trace and with what to
ask; ``schedule`` gives due dates; ``missing_contents`` what a document lacks. All pure: every
date is an argument. The language is described in ``docs/policy-packs.md``.
"""

from hemvist.policy.clocks import service_levels
from hemvist.policy.contents import MissingItem, fits, missing_contents
from hemvist.policy.errors import PackError, PolicyError
from hemvist.policy.evaluation import Evaluation, Outcome, Reason, TraceNode, evaluate
from hemvist.policy.explanation import explain
from hemvist.policy.facts import FactDef, FactKind, FactType, as_json, check_answer
from hemvist.policy.labels import Label
from hemvist.policy.levels import Deadline, ServiceLevel
from hemvist.policy.loading import load_pack
from hemvist.policy.months import add_days, add_months
from hemvist.policy.pack import Department, Pack, Period, Source
from hemvist.policy.params import Num, Param, ParamType, Span
from hemvist.policy.pauses import Pause
from hemvist.policy.programmes import (
    EVENTS,
    ContentItem,
    DecisionDef,
    Item,
    LegalBasis,
    Obligation,
    Programme,
    Referral,
)
from hemvist.policy.registry import Registry
from hemvist.policy.rules import Node, Rule
from hemvist.policy.scheduling import Due, schedule
from hemvist.policy.stages import GuardRefused, next_stage, relevant, responsible
from hemvist.policy.what_if import what_if

__all__ = [
    "EVENTS",
    "ContentItem",
    "Deadline",
    "DecisionDef",
    "Department",
    "Due",
    "Evaluation",
    "FactDef",
    "FactKind",
    "FactType",
    "GuardRefused",
    "Item",
    "Label",
    "LegalBasis",
    "MissingItem",
    "Node",
    "Num",
    "Obligation",
    "Outcome",
    "Pack",
    "PackError",
    "Param",
    "ParamType",
    "Pause",
    "Period",
    "PolicyError",
    "Programme",
    "Reason",
    "Referral",
    "Registry",
    "Rule",
    "ServiceLevel",
    "Source",
    "Span",
    "TraceNode",
    "add_days",
    "add_months",
    "as_json",
    "check_answer",
    "evaluate",
    "explain",
    "fits",
    "load_pack",
    "missing_contents",
    "next_stage",
    "relevant",
    "responsible",
    "schedule",
    "what_if",
    "service_levels",
]
