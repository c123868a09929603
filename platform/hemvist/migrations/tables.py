"""Imports every table of the core, so that ``Base.metadata`` is whole."""

from hemvist.appeals import models as appeals
from hemvist.arrears import file_models as arrears_files
from hemvist.arrears import models as arrears
from hemvist.arrears import time_models as arrears_times
from hemvist.assessments import models as assessments
from hemvist.audit import models as audit
from hemvist.calendar_feeds import models as calendar_feeds
from hemvist.case_migrations import models as case_migrations
from hemvist.cases import models as cases
from hemvist.commissions import models as commissions
from hemvist.contracts import chain, changes
from hemvist.contracts import models as contracts
from hemvist.deadlines import models as deadlines
from hemvist.decisions import models as decisions
from hemvist.digests import models as digests
from hemvist.documents import models as documents
from hemvist.evaluations import models as evaluations
from hemvist.follow_ups import models as follow_ups
from hemvist.guarantees import file_models as guarantee_files
from hemvist.guarantees import ledger_models as guarantee_ledger
from hemvist.guarantees import models as guarantees
from hemvist.homes import models as homes
from hemvist.households import models as households
from hemvist.identity import delegation, support_providers
from hemvist.identity import models as identity
from hemvist.incidents import clock_models as service_clocks
from hemvist.incidents import models as incidents
from hemvist.ladder import models as ladder
from hemvist.landlords import models as landlords
from hemvist.letters import models as letters
from hemvist.milestones import models as milestones
from hemvist.notices import models as notices
from hemvist.offers import models as offers
from hemvist.offers.matching import models as matching
from hemvist.outbox import models as outbox
from hemvist.pack_versions import models as pack_versions
from hemvist.policy import models as policy
from hemvist.prevention import models as prevention
from hemvist.referrals import models as referrals
from hemvist.saved_filters import models as saved_filters
from hemvist.simulations import models as simulations
from hemvist.support_plans import models as support_plans
from hemvist.takeovers import models as takeovers
from hemvist.tenancy import Base, counters
from hemvist.unexecuted import models as unexecuted
from hemvist.units import models as units

metadata = Base.metadata

__all__ = [
    "appeals",
    "arrears",
    "arrears_files",
    "arrears_times",
    "assessments",
    "audit",
    "calendar_feeds",
    "case_migrations",
    "cases",
    "chain",
    "changes",
    "commissions",
    "contracts",
    "counters",
    "deadlines",
    "decisions",
    "delegation",
    "digests",
    "documents",
    "evaluations",
    "follow_ups",
    "guarantee_files",
    "guarantee_ledger",
    "guarantees",
    "homes",
    "households",
    "identity",
    "incidents",
    "ladder",
    "landlords",
    "letters",
    "matching",
    "metadata",
    "milestones",
    "notices",
    "offers",
    "outbox",
    "pack_versions",
    "policy",
    "prevention",
    "referrals",
    "service_clocks",
    "saved_filters",
    "simulations",
    "support_plans",
    "support_providers",
    "takeovers",
    "unexecuted",
    "units",
]
