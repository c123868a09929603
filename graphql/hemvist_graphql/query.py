"""What can be asked. Every list and every look-up is bound by who sees what."""

from __future__ import annotations

import strawberry

from hemvist_graphql.roots.agreements import AgreementRoots
from hemvist_graphql.roots.arrears import ArrearsRoots
from hemvist_graphql.roots.authority_forms import AuthorityFormRoots
from hemvist_graphql.roots.between_kommuner import BetweenKommunerRoots
from hemvist_graphql.roots.cases import CaseRoots
from hemvist_graphql.roots.comparisons import ComparisonRoots
from hemvist_graphql.roots.cooperation import CooperationRoots
from hemvist_graphql.roots.decisions import DecisionRoots
from hemvist_graphql.roots.figures import FigureRoots
from hemvist_graphql.roots.forecasts import ForecastRoots
from hemvist_graphql.roots.home_life import HomeLifeRoots
from hemvist_graphql.roots.housing import HousingRoots
from hemvist_graphql.roots.letters import LetterRoots
from hemvist_graphql.roots.log_reviews import LogReviewRoots
from hemvist_graphql.roots.nodes import NodeRoots
from hemvist_graphql.roots.own import OwnRoots
from hemvist_graphql.roots.policy import PolicyRoots
from hemvist_graphql.roots.prevention import PreventionRoots
from hemvist_graphql.roots.retention import RetentionRoots
from hemvist_graphql.roots.secrecy import SecrecyRoots
from hemvist_graphql.roots.support import SupportRoots


@strawberry.type(description="What can be asked.")
class Query(
    NodeRoots,
    OwnRoots,
    CaseRoots,
    LetterRoots,
    DecisionRoots,
    AuthorityFormRoots,
    BetweenKommunerRoots,
    SecrecyRoots,
    LogReviewRoots,
    RetentionRoots,
    HousingRoots,
    CooperationRoots,
    AgreementRoots,
    SupportRoots,
    HomeLifeRoots,
    ArrearsRoots,
    PreventionRoots,
    PolicyRoots,
    FigureRoots,
    ForecastRoots,
    ComparisonRoots,
):
    """What can be asked."""
