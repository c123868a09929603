"""Imports every table of the core, so that ``Base.metadata`` is whole."""

from hemvist.addresses import models as addresses
from hemvist.agreements import file_models as agreement_files
from hemvist.agreements import meeting_models as agreement_meetings
from hemvist.agreements import models as agreements
from hemvist.agreements import quota_models as agreement_quotas
from hemvist.appeals import models as appeals
from hemvist.arrears import file_models as arrears_files
from hemvist.arrears import models as arrears
from hemvist.arrears import time_models as arrears_times
from hemvist.assessments import models as assessments
from hemvist.audit import models as audit
from hemvist.authority_forms import models as authority_forms
from hemvist.calendar_feeds import models as calendar_feeds
from hemvist.case_migrations import models as case_migrations
from hemvist.cases import models as cases
from hemvist.circles import models as circles
from hemvist.commissions import models as commissions
from hemvist.comparisons import models as comparisons
from hemvist.contact_cards import models as contact_cards
from hemvist.contracts import chain, changes
from hemvist.contracts import models as contracts
from hemvist.deadlines import models as deadlines
from hemvist.dealings import models as dealings
from hemvist.decisions import models as decisions
from hemvist.digests import models as digests
from hemvist.documents import models as documents
from hemvist.evaluations import models as evaluations
from hemvist.exchange import models as exchange
from hemvist.follow_ups import models as follow_ups
from hemvist.guarantees import file_models as guarantee_files
from hemvist.guarantees import ledger_models as guarantee_ledger
from hemvist.guarantees import models as guarantees
from hemvist.handovers import models as handovers
from hemvist.homes import models as homes
from hemvist.households import models as households
from hemvist.identity import delegation, support_providers
from hemvist.identity import models as identity
from hemvist.incidents import clock_models as service_clocks
from hemvist.incidents import models as incidents
from hemvist.incidents import report_models as landlord_reports
from hemvist.indicators import models as indicators
from hemvist.indicators.forecasting import models as forecasts
from hemvist.kommun_requests import models as kommun_requests
from hemvist.ladder import models as ladder
from hemvist.landlord_events import models as landlord_events
from hemvist.landlord_mails import models as landlord_mails
from hemvist.landlords import models as landlords
from hemvist.letters import models as letters
from hemvist.log_reviews import models as log_reviews
from hemvist.milestones import models as milestones
from hemvist.networks import models as networks
from hemvist.notices import models as notices
from hemvist.offers import models as offers
from hemvist.offers import shown_models as landlord_offers
from hemvist.offers.matching import models as matching
from hemvist.outbox import models as outbox
from hemvist.pack_versions import models as pack_versions
from hemvist.papers import models as papers
from hemvist.policy import models as policy
from hemvist.prevention import models as prevention
from hemvist.quotas import models as quotas
from hemvist.referrals import models as referrals
from hemvist.retention import models as retention
from hemvist.saved_filters import models as saved_filters
from hemvist.secrecy import models as secrecy
from hemvist.simulations import models as simulations
from hemvist.support_plans import models as support_plans
from hemvist.takeovers import asked_models as takeovers_asked
from hemvist.takeovers import models as takeovers
from hemvist.tenancy import Base, counters
from hemvist.transfer_ledger import models as transfer_ledger
from hemvist.transfers import models as transfers
from hemvist.transfers import proposal_models as transfer_proposals
from hemvist.unexecuted import models as unexecuted
from hemvist.units import models as units
from hemvist.vacancies import models as vacancies
from hemvist.webhooks import models as webhooks

metadata = Base.metadata

__all__ = [
    "addresses",
    "agreement_files",
    "agreement_meetings",
    "agreement_quotas",
    "agreements",
    "appeals",
    "arrears",
    "arrears_files",
    "arrears_times",
    "assessments",
    "audit",
    "authority_forms",
    "calendar_feeds",
    "case_migrations",
    "cases",
    "chain",
    "changes",
    "circles",
    "commissions",
    "comparisons",
    "contact_cards",
    "contracts",
    "counters",
    "deadlines",
    "dealings",
    "decisions",
    "delegation",
    "digests",
    "documents",
    "evaluations",
    "exchange",
    "follow_ups",
    "guarantee_files",
    "guarantee_ledger",
    "forecasts",
    "guarantees",
    "handovers",
    "homes",
    "households",
    "identity",
    "incidents",
    "indicators",
    "kommun_requests",
    "ladder",
    "landlord_events",
    "landlord_offers",
    "landlord_mails",
    "landlord_reports",
    "landlords",
    "log_reviews",
    "letters",
    "matching",
    "metadata",
    "milestones",
    "networks",
    "notices",
    "offers",
    "outbox",
    "pack_versions",
    "papers",
    "policy",
    "prevention",
    "quotas",
    "referrals",
    "secrecy",
    "service_clocks",
    "retention",
    "saved_filters",
    "simulations",
    "support_plans",
    "support_providers",
    "takeovers",
    "takeovers_asked",
    "transfer_ledger",
    "transfer_proposals",
    "transfers",
    "unexecuted",
    "units",
    "vacancies",
    "webhooks",
]
