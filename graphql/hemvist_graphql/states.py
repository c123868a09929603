"""The core's closed lists as enumerations of the schema, spelled as everywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any, NewType

import strawberry

from hemvist.appeals.models import STATES as APPEAL_STATES
from hemvist.authority_forms.models import STATES as AUTHORITY_FORM_STATES
from hemvist.circles.models import OPENING_STATES
from hemvist.commissions.models import STATES as COMMISSION_STATES
from hemvist.comparisons.models import STATES as SHARING_STATES
from hemvist.decisions.models import STATES as DECISION_STATES
from hemvist.households.models import PROTECTION
from hemvist.kommun_requests.models import STATES as KOMMUN_REQUEST_STATES
from hemvist.log_reviews.models import STATES as LOG_LOOK_STATES
from hemvist.offers.models import STATES as OFFER_STATES
from hemvist.pack_versions.models import STATES as PACK_VERSION_STATES
from hemvist.referrals.models import STATES as REFERRAL_STATES
from hemvist.replays.outcome import Result
from hemvist.retention.models import ITEM_STATES, MARKS, RUN_STATES
from hemvist.simulations.models import CHANGES
from hemvist.simulations.models import STATES as SIMULATION_STATES
from hemvist.takeovers.models import STATES as TAKEOVER_STATES
from hemvist.unexecuted.models import REPORT_STATES
from hemvist.units.models import STATES as UNIT_STATES


def _enumeration(name: str, values: Sequence[str], description: str) -> Any:
    members: Any = Enum(name, {value: value for value in values})  # type: ignore[misc]
    return strawberry.enum(members, description=description)


ReferralState = _enumeration("ReferralState", REFERRAL_STATES, "Where a referral stands.")
DecisionState = _enumeration("DecisionState", DECISION_STATES, "Where a decision stands.")
TakeoverState = _enumeration("TakeoverState", TAKEOVER_STATES, "Where a takeover stands.")
CommissionState = _enumeration("CommissionState", COMMISSION_STATES, "Where a commission stands.")
AppealState = _enumeration("AppealState", APPEAL_STATES, "Where an appeal stands.")
KommunRequestState = _enumeration(
    "KommunRequestState", KOMMUN_REQUEST_STATES, "Where a request between kommuner stands."
)
CaseOpeningState = _enumeration(
    "CaseOpeningState", OPENING_STATES, "What a log reviewer has said of an opening."
)
RetentionMarkKind = _enumeration(
    "RetentionMarkKind", MARKS, "What keeps a case from being thinned."
)
IndicatorSharingState = _enumeration(
    "IndicatorSharingState", SHARING_STATES, "Where a kommun's part in a comparison stands."
)
ThinningRunState = _enumeration("ThinningRunState", RUN_STATES, "Where a thinning stands.")
ThinningItemState = _enumeration(
    "ThinningItemState", ITEM_STATES, "What became of a case of a thinning."
)
LogLookState = _enumeration("LogLookState", LOG_LOOK_STATES, "What became of a look.")
ExecutionReportState = _enumeration(
    "ExecutionReportState", REPORT_STATES, "Where a quarterly report stands."
)
AuthorityFormState = _enumeration(
    "AuthorityFormState", AUTHORITY_FORM_STATES, "Where an authority's form stands."
)
UnitState = _enumeration("UnitState", UNIT_STATES, "Where a unit stands.")
OfferState = _enumeration("OfferState", OFFER_STATES, "Where an offer stands.")
PackVersionState = _enumeration(
    "PackVersionState", PACK_VERSION_STATES, "Where a version of a guideline stands."
)
SimulationState = _enumeration("SimulationState", SIMULATION_STATES, "Where a simulation stands.")
SimulationChangeKind = _enumeration(
    "SimulationChangeKind", CHANGES, "How a rule's answer about a case would change."
)
ReplayResult = _enumeration(
    "ReplayResult",
    [result.value for result in Result],
    "Whether a stored answer could be repeated.",
)
Protection = _enumeration(
    "Protection", PROTECTION, "Protected personal data; unknown counts as protected."
)

#: The engine's answer: "true", "false" or "unknown". Not an enumeration, since GraphQL keeps the
#: names true and false to itself.
Outcome = NewType("Outcome", str)

OUTCOME_SCALAR: dict[object, Any] = {
    Outcome: strawberry.scalar(
        name="Outcome",
        description='The engine\'s answer: "true", "false" or "unknown" (something is to be asked).',
        serialize=str,
        parse_value=str,
    )
}


def values_of(states: Sequence[Any] | None) -> list[str] | None:
    """The texts of enumeration members, as columns hold them."""
    return None if states is None else [state.value for state in states]
