"""The schema: what can be asked, and every command."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type

from hemvist_graphql.agreements import mutations as _agreements
from hemvist_graphql.agreements import types as _agreement_types

# Each module of mutations declares its commands when it is imported.
from hemvist_graphql.appeals import mutations as _appeals
from hemvist_graphql.appeals import types as _appeal_types
from hemvist_graphql.arrears import mutations as _arrears
from hemvist_graphql.arrears import types as _arrears_types
from hemvist_graphql.assessments import mutations as _assessments
from hemvist_graphql.authority_forms import mutations as _authority_forms
from hemvist_graphql.authority_forms import types as _authority_form_types
from hemvist_graphql.calendar_feeds import mutations as _calendar_feeds
from hemvist_graphql.calendar_feeds import types as _calendar_feed_types
from hemvist_graphql.case_migrations import mutations as _case_migrations
from hemvist_graphql.case_migrations import types as _case_migration_types
from hemvist_graphql.cases import mutations as _cases
from hemvist_graphql.cases import timeline as _timeline
from hemvist_graphql.circles import mutations as _circles
from hemvist_graphql.circles import types as _circle_types
from hemvist_graphql.command import commands
from hemvist_graphql.commissions import mutations as _commissions
from hemvist_graphql.commissions import types as _commission_types
from hemvist_graphql.comparisons import mutations as _comparisons
from hemvist_graphql.comparisons import sharings as _comparison_sharings
from hemvist_graphql.contact_cards import mutations as _contact_cards
from hemvist_graphql.contact_cards import types as _contact_card_types
from hemvist_graphql.contracts import mutations as _contracts
from hemvist_graphql.contracts import running_mutations as _running_contracts
from hemvist_graphql.contracts import running_types as _running_contract_types
from hemvist_graphql.contracts import types as _contract_types
from hemvist_graphql.dealings import mutations as _dealings
from hemvist_graphql.dealings import types as _dealing_types
from hemvist_graphql.decisions import mutations as _decisions
from hemvist_graphql.digests import mutations as _digests
from hemvist_graphql.digests import types as _digest_types
from hemvist_graphql.follow_ups import mutations as _follow_ups
from hemvist_graphql.follow_ups import types as _follow_up_types
from hemvist_graphql.follow_ups import visit_mutations as _visits
from hemvist_graphql.follow_ups import visit_types as _visit_types
from hemvist_graphql.guarantees import money_types as _guarantee_money
from hemvist_graphql.guarantees import mutations as _guarantees
from hemvist_graphql.guarantees import types as _guarantee_types
from hemvist_graphql.handovers import mutations as _handovers
from hemvist_graphql.handovers import types as _handover_types
from hemvist_graphql.homes import mutations as _homes
from hemvist_graphql.homes import types as _home_types
from hemvist_graphql.households import mutations as _households
from hemvist_graphql.incidents import landlord_words as _landlord_words
from hemvist_graphql.incidents import mutations as _incidents
from hemvist_graphql.incidents import types as _incident_types
from hemvist_graphql.indicators import facts as _indicator_facts
from hemvist_graphql.kommun_requests import mutations as _kommun_requests
from hemvist_graphql.kommun_requests import types as _kommun_request_types
from hemvist_graphql.ladder import leaving_mutations as _leaving
from hemvist_graphql.ladder import mutations as _ladder
from hemvist_graphql.ladder import types as _ladder_types
from hemvist_graphql.landlords import mutations as _landlords
from hemvist_graphql.landlords import types as _landlord_types
from hemvist_graphql.letters import mutations as _letters
from hemvist_graphql.log_reviews import mutations as _log_reviews
from hemvist_graphql.log_reviews import types as _log_review_types
from hemvist_graphql.matching import mutations as _matching
from hemvist_graphql.matching import types as _matching_types
from hemvist_graphql.milestones import mutations as _milestones
from hemvist_graphql.milestones import types as _milestone_types
from hemvist_graphql.notices import mutations as _notices
from hemvist_graphql.obligations import mutations as _obligations
from hemvist_graphql.obligations import types as _obligation_types
from hemvist_graphql.offers import mutations as _offers
from hemvist_graphql.pack_versions import mutations as _pack_versions
from hemvist_graphql.pack_versions import types as _pack_version_types
from hemvist_graphql.papers import mutations as _papers
from hemvist_graphql.papers import types as _paper_types
from hemvist_graphql.prevention import mutations as _prevention
from hemvist_graphql.prevention import types as _prevention_types
from hemvist_graphql.query import Query
from hemvist_graphql.quotas import mutations as _quotas
from hemvist_graphql.quotas import types as _quota_types
from hemvist_graphql.reading import Node, check_declarations, readable, readable_names
from hemvist_graphql.referrals import mutations as _referrals
from hemvist_graphql.retention import mutations as _retention
from hemvist_graphql.retention import types as _retention_types
from hemvist_graphql.saved_filters import mutations as _saved_filters
from hemvist_graphql.saved_filters import types as _saved_filter_types
from hemvist_graphql.scalars import SCALARS
from hemvist_graphql.secrecy import mutations as _secrecy
from hemvist_graphql.secrecy import types as _secrecy_types
from hemvist_graphql.simulations import mutations as _simulations
from hemvist_graphql.simulations import types as _simulation_types
from hemvist_graphql.states import OUTCOME_SCALAR
from hemvist_graphql.support_plans import mutations as _plans
from hemvist_graphql.support_plans import types as _plan_types
from hemvist_graphql.takeovers import mutations as _takeovers
from hemvist_graphql.takeovers import types as _takeover_types
from hemvist_graphql.transfers import mutations as _transfers
from hemvist_graphql.transfers import types as _transfer_types
from hemvist_graphql.unexecuted import mutations as _unexecuted
from hemvist_graphql.unexecuted import types as _unexecuted_types
from hemvist_graphql.units import mutations as _units
from hemvist_graphql.vacancies import mutations as _vacancies

_DECLARING = (
    _agreement_types,
    _agreements,
    _quota_types,
    _indicator_facts,
    _comparison_sharings,
    _comparisons,
    _quotas,
    _paper_types,
    _papers,
    _landlord_words,
    _contact_card_types,
    _contact_cards,
    _appeal_types,
    _appeals,
    _transfer_types,
    _transfers,
    _handover_types,
    _handovers,
    _unexecuted,
    _unexecuted_types,
    _arrears,
    _arrears_types,
    _assessments,
    _authority_forms,
    _authority_form_types,
    _calendar_feed_types,
    _calendar_feeds,
    _digest_types,
    _digests,
    _saved_filter_types,
    _saved_filters,
    _case_migration_types,
    _case_migrations,
    _cases,
    _circle_types,
    _circles,
    _log_review_types,
    _log_reviews,
    _retention,
    _retention_types,
    _commission_types,
    _commissions,
    _contract_types,
    _contracts,
    _home_types,
    _homes,
    _running_contract_types,
    _running_contracts,
    _dealing_types,
    _dealings,
    _decisions,
    _follow_up_types,
    _follow_ups,
    _visit_types,
    _visits,
    _guarantee_money,
    _guarantee_types,
    _guarantees,
    _households,
    _incident_types,
    _incidents,
    _kommun_request_types,
    _kommun_requests,
    _ladder,
    _ladder_types,
    _landlord_types,
    _landlords,
    _leaving,
    _letters,
    _matching,
    _matching_types,
    _milestone_types,
    _milestones,
    _notices,
    _obligation_types,
    _obligations,
    _offers,
    _pack_version_types,
    _pack_versions,
    _plan_types,
    _plans,
    _prevention,
    _prevention_types,
    _referrals,
    _secrecy,
    _secrecy_types,
    _simulation_types,
    _simulations,
    _takeover_types,
    _takeovers,
    _timeline,
    _units,
    _vacancies,
)


@lru_cache(maxsize=1)
def schema() -> strawberry.Schema:
    """The schema, with its declarations checked. Raises ``ValueError`` when one does not hold."""
    mutation = create_type(
        "Mutation", list(commands().values()), description="Commands; each is carried out once."
    )
    nodes = [cls for name in readable_names() if issubclass(cls := readable(name), Node)]
    made = strawberry.Schema(
        query=Query,
        mutation=mutation,
        types=nodes,
        config=StrawberryConfig(scalar_map=cast(Any, {**SCALARS, **OUTCOME_SCALAR})),
    )
    check_declarations()
    return made


def executable_schema() -> GraphQLSchema:
    """The schema as graphql-core carries it out."""
    return schema()._schema


def schema_text() -> str:
    """The schema in its own language, as it is checked in."""
    return schema().as_str().rstrip("\n") + "\n"
