"""The schema's types by reference, so that modules can point at each other without circles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import strawberry

if TYPE_CHECKING:
    from hemvist_graphql.agreements.types import (
        Agreement,
        AgreementFile,
        AgreementMeeting,
        AgreementNote,
        AgreementParty,
        AgreementTerm,
        AgreementVersion,
        QuotaTerm,
    )
    from hemvist_graphql.appeals.types import Appeal
    from hemvist_graphql.arrears.types import (
        ArrearsFile,
        ArrearsRow,
        InstalmentPlan,
        RecoveryPeriod,
        RentAccount,
        RentLiability,
        RentMonth,
    )
    from hemvist_graphql.assessments.types import Assessment
    from hemvist_graphql.authority_forms.types import AuthorityForm, AuthorityFormLine
    from hemvist_graphql.calendar_feeds.types import CalendarFeed
    from hemvist_graphql.case_migrations.types import CaseMigration, MigratedCase
    from hemvist_graphql.cases.timeline import Disclosure, TimelineEvent
    from hemvist_graphql.cases.types import Case
    from hemvist_graphql.circles.types import CaseCircle, CaseOpening, CircleMember
    from hemvist_graphql.commissions.types import Commission, SupportProvider, SupportReport
    from hemvist_graphql.comparisons.sharings import IndicatorSharing
    from hemvist_graphql.contact_cards.types import ContactCard
    from hemvist_graphql.contracts.running_types import (
        ContractNotice,
        ContractParty,
        HeadLease,
        RentChange,
        TenureWaiver,
    )
    from hemvist_graphql.contracts.types import Contract
    from hemvist_graphql.dealings.types import (
        LandlordSight,
        LandlordTime,
        NameConsent,
        NameDisclosure,
        TakeoverFigure,
        TakeoverReply,
    )
    from hemvist_graphql.decisions.types import Decision
    from hemvist_graphql.digests.types import DigestMail, DigestSubscription
    from hemvist_graphql.follow_ups.types import FollowUp
    from hemvist_graphql.follow_ups.visit_types import (
        FilledChecklist,
        MissedFollowUp,
        ObligationPause,
        RenewedNeed,
    )
    from hemvist_graphql.guarantees.money_types import (
        ClaimFile,
        GuaranteeClaim,
        GuaranteeEntry,
        GuaranteeRecourse,
        GuaranteeWriteOff,
    )
    from hemvist_graphql.guarantees.types import Guarantee
    from hemvist_graphql.handovers.types import Handover, HandoverHandler, HandoverItem
    from hemvist_graphql.homes.types import Inspection, InspectionFile, KeyMovement
    from hemvist_graphql.households.types import Household, HouseholdMember, Person
    from hemvist_graphql.incidents.landlord_words import LandlordWord
    from hemvist_graphql.incidents.types import (
        Incident,
        IncidentAction,
        IncidentFeedback,
        ServiceClock,
    )
    from hemvist_graphql.indicators.facts import IndicatorFact
    from hemvist_graphql.kommun_requests.types import KommunRequest, KommunRequestStep
    from hemvist_graphql.ladder.types import (
        Eviction,
        JointMeeting,
        Ladder,
        LadderAction,
        LadderStep,
    )
    from hemvist_graphql.landlords.types import LandlordAccess, LandlordInvitation
    from hemvist_graphql.letters.types import Letter
    from hemvist_graphql.log_reviews.types import LogLook
    from hemvist_graphql.matching.types import (
        HomeExclusion,
        HomeNeed,
        MatchRank,
        MatchRun,
        MatchVacancy,
        Presentation,
        PresentedHousehold,
    )
    from hemvist_graphql.me.types import Principal
    from hemvist_graphql.milestones.types import Milestone
    from hemvist_graphql.notices.types import Notice
    from hemvist_graphql.obligations.types import Obligation
    from hemvist_graphql.offers.types import Offer
    from hemvist_graphql.pack_versions.types import PackVersion, PackVersionFile, PackVersionStep
    from hemvist_graphql.papers.types import LandlordPaper
    from hemvist_graphql.prevention.types import (
        PreventionContact,
        PreventionEntry,
        PreventionRun,
    )
    from hemvist_graphql.quotas.types import QuotaBase, QuotaPlacement
    from hemvist_graphql.referrals.types import Referral, Signature
    from hemvist_graphql.retention.types import RetentionMark, ThinningItem, ThinningRun
    from hemvist_graphql.saved_filters.types import SavedFilter
    from hemvist_graphql.secrecy.types import SecrecyConsent, SecrecyDisclosure
    from hemvist_graphql.simulations.types import Simulation, SimulationChange
    from hemvist_graphql.support_plans.types import (
        PlanGoal,
        PlanReview,
        PlanSignature,
        SupportPlan,
    )
    from hemvist_graphql.takeovers.types import Absence, Takeover, TakeoverStep
    from hemvist_graphql.transfers.types import (
        TransferNaming,
        TransferOffer,
        TransferProposal,
        TransferRequest,
        TransferStatement,
    )
    from hemvist_graphql.unexecuted.types import ExecutionEffort, ExecutionReport
    from hemvist_graphql.units.types import Landlord, Unit, UnitFile, UnitStateLine
    from hemvist_graphql.vacancies.types import Vacancy

_PACKAGE = "hemvist_graphql"

_AUTHORITY_FORMS = f"{_PACKAGE}.authority_forms.types"
AuthorityFormRef = Annotated["AuthorityForm", strawberry.lazy(_AUTHORITY_FORMS)]
AuthorityFormLineRef = Annotated["AuthorityFormLine", strawberry.lazy(_AUTHORITY_FORMS)]
AppealRef = Annotated["Appeal", strawberry.lazy(f"{_PACKAGE}.appeals.types")]
ExecutionEffortRef = Annotated["ExecutionEffort", strawberry.lazy(f"{_PACKAGE}.unexecuted.types")]
ExecutionReportRef = Annotated["ExecutionReport", strawberry.lazy(f"{_PACKAGE}.unexecuted.types")]
CalendarFeedRef = Annotated["CalendarFeed", strawberry.lazy(f"{_PACKAGE}.calendar_feeds.types")]
DigestMailRef = Annotated["DigestMail", strawberry.lazy(f"{_PACKAGE}.digests.types")]
DigestSubscriptionRef = Annotated[
    "DigestSubscription", strawberry.lazy(f"{_PACKAGE}.digests.types")
]
AgreementRef = Annotated["Agreement", strawberry.lazy(f"{_PACKAGE}.agreements.types")]
AgreementFileRef = Annotated["AgreementFile", strawberry.lazy(f"{_PACKAGE}.agreements.types")]
AgreementMeetingRef = Annotated["AgreementMeeting", strawberry.lazy(f"{_PACKAGE}.agreements.types")]
AgreementNoteRef = Annotated["AgreementNote", strawberry.lazy(f"{_PACKAGE}.agreements.types")]
AgreementPartyRef = Annotated["AgreementParty", strawberry.lazy(f"{_PACKAGE}.agreements.types")]
AgreementTermRef = Annotated["AgreementTerm", strawberry.lazy(f"{_PACKAGE}.agreements.types")]
AgreementVersionRef = Annotated["AgreementVersion", strawberry.lazy(f"{_PACKAGE}.agreements.types")]
QuotaTermRef = Annotated["QuotaTerm", strawberry.lazy(f"{_PACKAGE}.agreements.types")]
QuotaBaseRef = Annotated["QuotaBase", strawberry.lazy(f"{_PACKAGE}.quotas.types")]
QuotaPlacementRef = Annotated["QuotaPlacement", strawberry.lazy(f"{_PACKAGE}.quotas.types")]
LandlordPaperRef = Annotated["LandlordPaper", strawberry.lazy(f"{_PACKAGE}.papers.types")]
LandlordWordRef = Annotated["LandlordWord", strawberry.lazy(f"{_PACKAGE}.incidents.landlord_words")]
ContactCardRef = Annotated["ContactCard", strawberry.lazy(f"{_PACKAGE}.contact_cards.types")]
SavedFilterRef = Annotated["SavedFilter", strawberry.lazy(f"{_PACKAGE}.saved_filters.types")]
_CIRCLES = f"{_PACKAGE}.circles.types"
CaseCircleRef = Annotated["CaseCircle", strawberry.lazy(_CIRCLES)]
CaseOpeningRef = Annotated["CaseOpening", strawberry.lazy(_CIRCLES)]
CircleMemberRef = Annotated["CircleMember", strawberry.lazy(_CIRCLES)]
LogLookRef = Annotated["LogLook", strawberry.lazy(f"{_PACKAGE}.log_reviews.types")]
_RETENTION = f"{_PACKAGE}.retention.types"
RetentionMarkRef = Annotated["RetentionMark", strawberry.lazy(_RETENTION)]
ThinningRunRef = Annotated["ThinningRun", strawberry.lazy(_RETENTION)]
ThinningItemRef = Annotated["ThinningItem", strawberry.lazy(_RETENTION)]
_SECRECY = f"{_PACKAGE}.secrecy.types"
SecrecyConsentRef = Annotated["SecrecyConsent", strawberry.lazy(_SECRECY)]
SecrecyDisclosureRef = Annotated["SecrecyDisclosure", strawberry.lazy(_SECRECY)]
AssessmentRef = Annotated["Assessment", strawberry.lazy(f"{_PACKAGE}.assessments.types")]
CaseRef = Annotated["Case", strawberry.lazy(f"{_PACKAGE}.cases.types")]
DisclosureRef = Annotated["Disclosure", strawberry.lazy(f"{_PACKAGE}.cases.timeline")]
TimelineEventRef = Annotated["TimelineEvent", strawberry.lazy(f"{_PACKAGE}.cases.timeline")]
ContractRef = Annotated["Contract", strawberry.lazy(f"{_PACKAGE}.contracts.types")]
ContractNoticeRef = Annotated[
    "ContractNotice", strawberry.lazy(f"{_PACKAGE}.contracts.running_types")
]
ContractPartyRef = Annotated[
    "ContractParty", strawberry.lazy(f"{_PACKAGE}.contracts.running_types")
]
HeadLeaseRef = Annotated["HeadLease", strawberry.lazy(f"{_PACKAGE}.contracts.running_types")]
RentChangeRef = Annotated["RentChange", strawberry.lazy(f"{_PACKAGE}.contracts.running_types")]
TenureWaiverRef = Annotated["TenureWaiver", strawberry.lazy(f"{_PACKAGE}.contracts.running_types")]
InspectionRef = Annotated["Inspection", strawberry.lazy(f"{_PACKAGE}.homes.types")]
InspectionFileRef = Annotated["InspectionFile", strawberry.lazy(f"{_PACKAGE}.homes.types")]
KeyMovementRef = Annotated["KeyMovement", strawberry.lazy(f"{_PACKAGE}.homes.types")]
LandlordSightRef = Annotated["LandlordSight", strawberry.lazy(f"{_PACKAGE}.dealings.types")]
LandlordTimeRef = Annotated["LandlordTime", strawberry.lazy(f"{_PACKAGE}.dealings.types")]
NameConsentRef = Annotated["NameConsent", strawberry.lazy(f"{_PACKAGE}.dealings.types")]
NameDisclosureRef = Annotated["NameDisclosure", strawberry.lazy(f"{_PACKAGE}.dealings.types")]
TakeoverFigureRef = Annotated["TakeoverFigure", strawberry.lazy(f"{_PACKAGE}.dealings.types")]
TakeoverReplyRef = Annotated["TakeoverReply", strawberry.lazy(f"{_PACKAGE}.dealings.types")]
DecisionRef = Annotated["Decision", strawberry.lazy(f"{_PACKAGE}.decisions.types")]
FollowUpRef = Annotated["FollowUp", strawberry.lazy(f"{_PACKAGE}.follow_ups.types")]
_VISITS = f"{_PACKAGE}.follow_ups.visit_types"
MissedFollowUpRef = Annotated["MissedFollowUp", strawberry.lazy(_VISITS)]
FilledChecklistRef = Annotated["FilledChecklist", strawberry.lazy(_VISITS)]
ObligationPauseRef = Annotated["ObligationPause", strawberry.lazy(_VISITS)]
RenewedNeedRef = Annotated["RenewedNeed", strawberry.lazy(_VISITS)]
GuaranteeRef = Annotated["Guarantee", strawberry.lazy(f"{_PACKAGE}.guarantees.types")]
_MONEY = f"{_PACKAGE}.guarantees.money_types"
ClaimFileRef = Annotated["ClaimFile", strawberry.lazy(_MONEY)]
GuaranteeClaimRef = Annotated["GuaranteeClaim", strawberry.lazy(_MONEY)]
GuaranteeEntryRef = Annotated["GuaranteeEntry", strawberry.lazy(_MONEY)]
GuaranteeRecourseRef = Annotated["GuaranteeRecourse", strawberry.lazy(_MONEY)]
GuaranteeWriteOffRef = Annotated["GuaranteeWriteOff", strawberry.lazy(_MONEY)]
_HANDOVERS = f"{_PACKAGE}.handovers.types"
HandoverRef = Annotated["Handover", strawberry.lazy(_HANDOVERS)]
HandoverHandlerRef = Annotated["HandoverHandler", strawberry.lazy(_HANDOVERS)]
HandoverItemRef = Annotated["HandoverItem", strawberry.lazy(_HANDOVERS)]
HouseholdRef = Annotated["Household", strawberry.lazy(f"{_PACKAGE}.households.types")]
MemberRef = Annotated["HouseholdMember", strawberry.lazy(f"{_PACKAGE}.households.types")]
_INCIDENTS = f"{_PACKAGE}.incidents.types"
IncidentRef = Annotated["Incident", strawberry.lazy(_INCIDENTS)]
IndicatorFactRef = Annotated["IndicatorFact", strawberry.lazy(f"{_PACKAGE}.indicators.facts")]
IndicatorSharingRef = Annotated[
    "IndicatorSharing", strawberry.lazy(f"{_PACKAGE}.comparisons.sharings")
]
IncidentActionRef = Annotated["IncidentAction", strawberry.lazy(_INCIDENTS)]
IncidentFeedbackRef = Annotated["IncidentFeedback", strawberry.lazy(_INCIDENTS)]
ServiceClockRef = Annotated["ServiceClock", strawberry.lazy(_INCIDENTS)]
_LADDER = f"{_PACKAGE}.ladder.types"
EvictionRef = Annotated["Eviction", strawberry.lazy(_LADDER)]
JointMeetingRef = Annotated["JointMeeting", strawberry.lazy(_LADDER)]
LadderRef = Annotated["Ladder", strawberry.lazy(_LADDER)]
LadderActionRef = Annotated["LadderAction", strawberry.lazy(_LADDER)]
LadderStepRef = Annotated["LadderStep", strawberry.lazy(_LADDER)]
_TRANSFERS = f"{_PACKAGE}.transfers.types"
TransferNamingRef = Annotated["TransferNaming", strawberry.lazy(_TRANSFERS)]
TransferOfferRef = Annotated["TransferOffer", strawberry.lazy(_TRANSFERS)]
TransferProposalRef = Annotated["TransferProposal", strawberry.lazy(_TRANSFERS)]
TransferRequestRef = Annotated["TransferRequest", strawberry.lazy(_TRANSFERS)]
TransferStatementRef = Annotated["TransferStatement", strawberry.lazy(_TRANSFERS)]
_KOMMUN_REQUESTS = f"{_PACKAGE}.kommun_requests.types"
KommunRequestRef = Annotated["KommunRequest", strawberry.lazy(_KOMMUN_REQUESTS)]
KommunRequestStepRef = Annotated["KommunRequestStep", strawberry.lazy(_KOMMUN_REQUESTS)]
LetterRef = Annotated["Letter", strawberry.lazy(f"{_PACKAGE}.letters.types")]
PersonRef = Annotated["Person", strawberry.lazy(f"{_PACKAGE}.households.types")]
MilestoneRef = Annotated["Milestone", strawberry.lazy(f"{_PACKAGE}.milestones.types")]
PrincipalRef = Annotated["Principal", strawberry.lazy(f"{_PACKAGE}.me.types")]
NoticeRef = Annotated["Notice", strawberry.lazy(f"{_PACKAGE}.notices.types")]
ObligationRef = Annotated["Obligation", strawberry.lazy(f"{_PACKAGE}.obligations.types")]
OfferRef = Annotated["Offer", strawberry.lazy(f"{_PACKAGE}.offers.types")]
PackVersionRef = Annotated["PackVersion", strawberry.lazy(f"{_PACKAGE}.pack_versions.types")]
PackVersionFileRef = Annotated[
    "PackVersionFile", strawberry.lazy(f"{_PACKAGE}.pack_versions.types")
]
PackVersionStepRef = Annotated[
    "PackVersionStep", strawberry.lazy(f"{_PACKAGE}.pack_versions.types")
]
CaseMigrationRef = Annotated["CaseMigration", strawberry.lazy(f"{_PACKAGE}.case_migrations.types")]
MigratedCaseRef = Annotated["MigratedCase", strawberry.lazy(f"{_PACKAGE}.case_migrations.types")]
ReferralRef = Annotated["Referral", strawberry.lazy(f"{_PACKAGE}.referrals.types")]
SignatureRef = Annotated["Signature", strawberry.lazy(f"{_PACKAGE}.referrals.types")]
SimulationRef = Annotated["Simulation", strawberry.lazy(f"{_PACKAGE}.simulations.types")]
SimulationChangeRef = Annotated[
    "SimulationChange", strawberry.lazy(f"{_PACKAGE}.simulations.types")
]
_COMMISSIONS = f"{_PACKAGE}.commissions.types"
CommissionRef = Annotated["Commission", strawberry.lazy(_COMMISSIONS)]
SupportProviderRef = Annotated["SupportProvider", strawberry.lazy(_COMMISSIONS)]
SupportReportRef = Annotated["SupportReport", strawberry.lazy(_COMMISSIONS)]
_PLANS = f"{_PACKAGE}.support_plans.types"
SupportPlanRef = Annotated["SupportPlan", strawberry.lazy(_PLANS)]
PlanGoalRef = Annotated["PlanGoal", strawberry.lazy(_PLANS)]
PlanReviewRef = Annotated["PlanReview", strawberry.lazy(_PLANS)]
PlanSignatureRef = Annotated["PlanSignature", strawberry.lazy(_PLANS)]
AbsenceRef = Annotated["Absence", strawberry.lazy(f"{_PACKAGE}.takeovers.types")]
TakeoverRef = Annotated["Takeover", strawberry.lazy(f"{_PACKAGE}.takeovers.types")]
TakeoverStepRef = Annotated["TakeoverStep", strawberry.lazy(f"{_PACKAGE}.takeovers.types")]
HomeExclusionRef = Annotated["HomeExclusion", strawberry.lazy(f"{_PACKAGE}.matching.types")]
HomeNeedRef = Annotated["HomeNeed", strawberry.lazy(f"{_PACKAGE}.matching.types")]
MatchRankRef = Annotated["MatchRank", strawberry.lazy(f"{_PACKAGE}.matching.types")]
MatchRunRef = Annotated["MatchRun", strawberry.lazy(f"{_PACKAGE}.matching.types")]
MatchVacancyRef = Annotated["MatchVacancy", strawberry.lazy(f"{_PACKAGE}.matching.types")]
PresentationRef = Annotated["Presentation", strawberry.lazy(f"{_PACKAGE}.matching.types")]
PresentedHouseholdRef = Annotated[
    "PresentedHousehold", strawberry.lazy(f"{_PACKAGE}.matching.types")
]
LandlordAccessRef = Annotated["LandlordAccess", strawberry.lazy(f"{_PACKAGE}.landlords.types")]
LandlordInvitationRef = Annotated[
    "LandlordInvitation", strawberry.lazy(f"{_PACKAGE}.landlords.types")
]
LandlordRef = Annotated["Landlord", strawberry.lazy(f"{_PACKAGE}.units.types")]
UnitRef = Annotated["Unit", strawberry.lazy(f"{_PACKAGE}.units.types")]
UnitFileRef = Annotated["UnitFile", strawberry.lazy(f"{_PACKAGE}.units.types")]
UnitStateLineRef = Annotated["UnitStateLine", strawberry.lazy(f"{_PACKAGE}.units.types")]
VacancyRef = Annotated["Vacancy", strawberry.lazy(f"{_PACKAGE}.vacancies.types")]
ArrearsFileRef = Annotated["ArrearsFile", strawberry.lazy(f"{_PACKAGE}.arrears.types")]
ArrearsRowRef = Annotated["ArrearsRow", strawberry.lazy(f"{_PACKAGE}.arrears.types")]
RentAccountRef = Annotated["RentAccount", strawberry.lazy(f"{_PACKAGE}.arrears.types")]
RentMonthRef = Annotated["RentMonth", strawberry.lazy(f"{_PACKAGE}.arrears.types")]
RecoveryPeriodRef = Annotated["RecoveryPeriod", strawberry.lazy(f"{_PACKAGE}.arrears.types")]
RentLiabilityRef = Annotated["RentLiability", strawberry.lazy(f"{_PACKAGE}.arrears.types")]
InstalmentPlanRef = Annotated["InstalmentPlan", strawberry.lazy(f"{_PACKAGE}.arrears.types")]
PreventionRunRef = Annotated["PreventionRun", strawberry.lazy(f"{_PACKAGE}.prevention.types")]
PreventionEntryRef = Annotated["PreventionEntry", strawberry.lazy(f"{_PACKAGE}.prevention.types")]
PreventionContactRef = Annotated[
    "PreventionContact", strawberry.lazy(f"{_PACKAGE}.prevention.types")
]

#: What a command may give back, by type name.
REFS: dict[str, Any] = {
    "LandlordAccess": LandlordAccessRef,
    "LandlordInvitation": LandlordInvitationRef,
    "Agreement": AgreementRef,
    "AgreementFile": AgreementFileRef,
    "AgreementMeeting": AgreementMeetingRef,
    "AgreementNote": AgreementNoteRef,
    "AgreementParty": AgreementPartyRef,
    "AgreementTerm": AgreementTermRef,
    "AgreementVersion": AgreementVersionRef,
    "QuotaTerm": QuotaTermRef,
    "QuotaBase": QuotaBaseRef,
    "QuotaPlacement": QuotaPlacementRef,
    "Absence": AbsenceRef,
    "Appeal": AppealRef,
    "ArrearsFile": ArrearsFileRef,
    "ArrearsRow": ArrearsRowRef,
    "Assessment": AssessmentRef,
    "AuthorityForm": AuthorityFormRef,
    "AuthorityFormLine": AuthorityFormLineRef,
    "CalendarFeed": CalendarFeedRef,
    "Case": CaseRef,
    "CaseMigration": CaseMigrationRef,
    "Commission": CommissionRef,
    "LandlordPaper": LandlordPaperRef,
    "LandlordWord": LandlordWordRef,
    "ContactCard": ContactCardRef,
    "Contract": ContractRef,
    "LandlordSight": LandlordSightRef,
    "LandlordTime": LandlordTimeRef,
    "NameConsent": NameConsentRef,
    "NameDisclosure": NameDisclosureRef,
    "TakeoverFigure": TakeoverFigureRef,
    "TakeoverReply": TakeoverReplyRef,
    "Decision": DecisionRef,
    "DigestSubscription": DigestSubscriptionRef,
    "ExecutionEffort": ExecutionEffortRef,
    "ExecutionReport": ExecutionReportRef,
    "FilledChecklist": FilledChecklistRef,
    "FollowUp": FollowUpRef,
    "Guarantee": GuaranteeRef,
    "GuaranteeClaim": GuaranteeClaimRef,
    "GuaranteeRecourse": GuaranteeRecourseRef,
    "GuaranteeWriteOff": GuaranteeWriteOffRef,
    "Handover": HandoverRef,
    "HandoverHandler": HandoverHandlerRef,
    "HandoverItem": HandoverItemRef,
    "Household": HouseholdRef,
    "Incident": IncidentRef,
    "IndicatorFact": IndicatorFactRef,
    "IndicatorSharing": IndicatorSharingRef,
    "Eviction": EvictionRef,
    "JointMeeting": JointMeetingRef,
    "Ladder": LadderRef,
    "LadderAction": LadderActionRef,
    "InstalmentPlan": InstalmentPlanRef,
    "KommunRequest": KommunRequestRef,
    "KommunRequestStep": KommunRequestStepRef,
    "Letter": LetterRef,
    "HomeExclusion": HomeExclusionRef,
    "HomeNeed": HomeNeedRef,
    "MatchRank": MatchRankRef,
    "MatchRun": MatchRunRef,
    "Milestone": MilestoneRef,
    "MissedFollowUp": MissedFollowUpRef,
    "ObligationPause": ObligationPauseRef,
    "Notice": NoticeRef,
    "Obligation": ObligationRef,
    "Offer": OfferRef,
    "PackVersion": PackVersionRef,
    "Person": PersonRef,
    "PlanGoal": PlanGoalRef,
    "PlanReview": PlanReviewRef,
    "Presentation": PresentationRef,
    "PreventionEntry": PreventionEntryRef,
    "PreventionRun": PreventionRunRef,
    "RecoveryPeriod": RecoveryPeriodRef,
    "Referral": ReferralRef,
    "RentAccount": RentAccountRef,
    "RentLiability": RentLiabilityRef,
    "ServiceClock": ServiceClockRef,
    "SavedFilter": SavedFilterRef,
    "CaseCircle": CaseCircleRef,
    "CaseOpening": CaseOpeningRef,
    "CircleMember": CircleMemberRef,
    "LogLook": LogLookRef,
    "RetentionMark": RetentionMarkRef,
    "ThinningRun": ThinningRunRef,
    "ThinningItem": ThinningItemRef,
    "SecrecyConsent": SecrecyConsentRef,
    "SecrecyDisclosure": SecrecyDisclosureRef,
    "RenewedNeed": RenewedNeedRef,
    "Simulation": SimulationRef,
    "SimulationChange": SimulationChangeRef,
    "SupportPlan": SupportPlanRef,
    "SupportProvider": SupportProviderRef,
    "SupportReport": SupportReportRef,
    "Takeover": TakeoverRef,
    "TakeoverStep": TakeoverStepRef,
    "TransferNaming": TransferNamingRef,
    "TransferOffer": TransferOfferRef,
    "TransferProposal": TransferProposalRef,
    "TransferRequest": TransferRequestRef,
    "TransferStatement": TransferStatementRef,
    "Unit": UnitRef,
    "UnitFile": UnitFileRef,
    "UnitStateLine": UnitStateLineRef,
    "Vacancy": VacancyRef,
}
