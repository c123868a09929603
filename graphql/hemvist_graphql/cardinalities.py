"""How long the schema's lists are: what an operation's cost is reckoned with.

Lists of a kommun's rows: how long all but one in twenty are in ten years of made-up national data
(``docs/national-data.md``), rounded up. Lists of a guideline: what large packs hold. Lists that end
somewhere say where. A connection is as long as its page. Every list stands here: a list of unknown
length could be asked for at the price of a short one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ByArgument:
    """As long as the list given in ``argument``, of which ``most`` are answered."""

    argument: str
    most: int


_CASES: Mapping[str, int] = {
    "Household.members": 6,
    "Household.cases": 3,
    "Person.households": 3,
    "Case.assessments": 4,
    "Case.referrals": 3,
    "Case.decisions": 4,
    "Case.offers": 3,
    "Case.contracts": 3,
    "Case.guarantees": 2,
    "Case.takeovers": 2,
    # One kommun at a time is asked to take a case over; a person may apply in several.
    "Case.kommunRequests": 2,
    "Case.transferRequests": 1,
    "Handovers.mine": 10,
    "Handover.items": 9,
    "Handover.handlers": 3,
    "HandoverLook.members": 6,
    "HandoverLook.texts": 6,
    "Query.handoverCandidates": 100,
    "Query.transferLog": 200,
    "Query.logMonths": 24,
    "LogMonth.states": 5,
    "LogMonth.reasons": 8,
    "Query.personLog": 200,
    "ThinningRun.preview": 13,
    "ThinningRun.judged": 9,
    "ThinningRun.years": 12,
    "ThinningYear.rules": 3,
    "ThinningRun.gone": 13,
    "ThinningRun.left": 5,
    "Transfers.named": 5,
    "Transfers.requests": 20,
    "Transfers.offers": 50,
    "Transfers.proposals": 50,
    "Transfers.statements": 2,
    "TransferOffice.memberships": 2,
    "TransferOffice.networks": 2,
    "TransferOffice.vacant": 50,
    "TransferOffice.onOffer": 50,
    "TransferOffice.coordinators": 5,
    "TransferNetwork.urgencies": 3,
    "KommunRequest.steps": 10,
    # Few cases are closed to a circle, and few of those are broken open.
    "Case.openings": 1,
    "CaseCircle.members": 5,
    "Query.circlePeople": 50,
    "Case.secrecyConsents": 3,
    "Case.secrecyDisclosures": 5,
    "Case.incidents": 5,
    # A tenancy in arrears is told of month by month; most give a signal once or twice.
    "Case.rentAccounts": 2,
    # The first two or three of a landlord; from then on it invites its own.
    "LandlordAccess.invitations": 4,
    "RentAccount.months": 24,
    "RentAccount.recoveries": 2,
    "RentAccount.liabilities": 1,
    "RentAccount.instalmentPlans": 2,
    "InstalmentPlan.parts": 12,
    "ArrearsFile.fields": 15,
    "ArrearsRow.problems": 3,
    "PreventionEntry.contacts": 5,
    "PreventionCampaign.steps": 4,
    "Query.preventionCampaigns": 3,
    "Agreement.versions": 4,
    "Agreement.meetings": 12,
    "Agreement.notes": 10,
    "Agreement.files": 6,
    "AgreementVersion.parties": 4,
    "AgreementVersion.terms": 12,
    "AgreementVersion.quotas": 4,
    # A dozen landlords with an agreement, most of them with one quota or two.
    "Query.quotas": 30,
    "Query.guidelineQuotas": 12,
    "Query.guidelineMeetings": 5,
    "Case.serviceClocks": 8,
    "Incident.actions": 8,
    "Incident.feedbacks": 3,
    "Incident.clocks": 2,
    "Incident.feedbackWords": 8,
    "Incident.landlordWords": 1,
    "Case.ladders": 2,
    "Ladder.steps": 10,
    "Ladder.meetings": 2,
    "Ladder.actions": 5,
    "Ladder.evictions": 1,
    "Ladder.rungs": 9,
    "Ladder.questions": 8,
    "LadderStep.clocks": 1,
    "LadderRung.missing": 2,
    "Case.absences": 4,
    "Takeover.stepsTaken": 3,
    "Takeover.figuresShown": 4,
    "Takeover.replies": 2,
    "Offer.landlordTimes": 3,
    "Offer.nameDisclosures": 1,
    "Offer.nameConsents": 1,
    "Takeover.checks": 12,
    "TakeoverCheck.evidence": 3,
    "Case.followUps": 35,
    "Case.missedFollowUps": 4,
    "Case.checklists": 6,
    "Case.pauses": 2,
    "Case.renewedNeeds": 1,
    "Case.resting": 5,
    "FilledChecklist.lines": 10,
    # Few have a form at all.
    "Obligation.checklist": 1,
    "Case.letters": 6,
    "Case.milestones": 10,
    "Case.plans": 3,
    "Case.commissions": 3,
    "Case.supportPhases": 6,
    "Case.neverConditions": 6,
    "Case.planItems": 12,
    "SupportPlan.goals": 12,
    "SupportPlan.signatures": 3,
    "SupportPlan.reviews": 6,
    "SupportPlan.signers": 3,
    "Commission.content": 12,
    "Commission.planItems": 12,
    "Commission.reportItems": 12,
    "Commission.reports": 12,
    "Commission.news": 10,
    "Commission.duties": 30,
    "Commission.phases": 6,
    "SupportReport.content": 12,
    "Case.timeline": 60,
    "Case.obligations": 50,
    "Case.migrations": 3,
    "Case.disclosures": 3,
    "Case.questions": 40,
    "Case.criteria": 15,
    "Case.rulesToTry": 15,
    "Case.legalFindings": 5,
    "Case.nextSteps": 10,
    "Case.way": 12,
    "WayStation.because": 3,
    "Referral.signatures": 3,
    "Referral.offers": 3,
    "Referral.content": 15,
    "Referral.missing": 5,
    "Referral.notices": 3,
    "Unit.offers": 5,
    "Unit.files": 8,
    "Unit.states": 12,
    "Unit.presentations": 3,
    "Case.homeExclusions": 3,
    "MatchRun.homes": 40,
    "MatchRun.priority": 5,
    "MatchRank.values": 5,
    "MatchRank.whyNot": 3,
    "Presentation.households": 5,
    "Assessment.clauses": 15,
    "Decision.conditions": 10,
    "Decision.alterations": 3,
    "Decision.together": 2,
    "Decision.appeals": 2,
    "Decision.efforts": 10,
    "Decision.legalBasis": 5,
    "Contract.clauses": 15,
    "Contract.notices": 2,
    "Contract.rentChanges": 3,
    "Contract.tenureWaivers": 2,
    "Contract.parties": 3,
    "Contract.inspections": 4,
    "Contract.keyMovements": 10,
    "ContractNotice.legalFindings": 5,
    "TenureWaiver.legalFindings": 5,
    "HeadLease.units": 5,
    "Inspection.items": 40,
    "Inspection.files": 20,
    "Unit.contracts": 5,
    "Unit.headLeases": 3,
    "Milestone.agendaDone": 10,
    # Most guarantees are never claimed on; one that is, for some months' rent.
    "Guarantee.accounts": 5,
    "Guarantee.claims": 3,
    "Guarantee.recourses": 2,
    "Guarantee.writeOffs": 1,
    "Guarantee.ledger": 10,
    "GuaranteeClaim.documents": 3,
    "GuaranteeClaim.files": 3,
    "GuaranteeRecourse.instalments": 12,
    "GuaranteeRecourse.writeOffs": 1,
    "GuaranteeExposure.landlords": 30,
    "GrantApplication.fields": 12,
    "GrantApplication.missing": 3,
    "Obligation.agenda": 10,
    "SupportPlan.content": 15,
    **dict.fromkeys(
        (f"{one}.legalFindings" for one in ("Contract", "Decision", "Guarantee", "Milestone")), 5
    ),
}
_TODAY: Mapping[str, int] = {
    # At most so many are shown; most people have a few.
    **dict.fromkeys(
        (
            f"Today.{one}"
            for one in (
                *("overdue", "dueSoon", "toSign", "toDecide", "toRegister", "toAnswer"),
                *("drafts", "toApprove", "notices", "clocks", "notHeld", "evictions"),
                *("ladderMeetings", "ladderActions", "waitingDecisions", "waitingReferrals"),
                *("waitingOffers", "newlyAnswered", "fromSupport", "reportsToRead"),
            )
        ),
        20,
    ),
    "Today.toContinue": 10,
    # Few kommuner have more than one protected move under way.
    "Today.transfersToAnswer": 5,
    "Today.transfersToOpen": 5,
    "Today.transfersToHandOver": 5,
    "Today.handoversToGoOn": 5,
    "Today.earlySignals": 10,
    "Today.vacanciesToAnswer": 10,
    "Today.threeWeeks": 10,
    "Today.liabilitiesToDecide": 10,
    # One each, kept for years at most a few.
    "MyDay.calendarFeeds": 1,
    "MyDay.digestSubscriptions": 1,
    "DigestSubscription.mails": 8,
}
_GUIDELINES: Mapping[str, int] = {
    "Query.packs": 4,
    "Query.knownPackVersions": 10,
    "Pack.programmes": 6,
    "Pack.rules": 30,
    "Pack.parameters": 40,
    **dict.fromkeys(
        (
            f"Pack.{one}"
            for one in (
                *("settings", "standing", "serviceLevels", "quotas", "indicators", "meetings"),
                *("measures", "refused", "campaigns"),
            )
        ),
        15,
    ),
    **dict.fromkeys(
        (
            f"Programme.{one}"
            for one in (
                *(
                    "declineReasons",
                    "contractTerms",
                    "contractClauses",
                    "contractLengths",
                    "landlordMaySee",
                    "clauseKinds",
                ),
                *("milestones", "notices", "standing", "planItems", "referralItems"),
            )
        ),
        15,
    ),
    "Programme.legalBases": 5,
    "PackParameter.values": 3,
    "PackParameterChange.before": 3,
    "PackParameterChange.after": 3,
    "PackDiff.parameters": 10,
    "PackDiff.rules": 10,
    "PackDiff.others": 10,
    "PackCheck.problems": 20,
    "PackCheck.changes": 20,
    "PackVersion.files": 15,
    "PackVersion.history": 30,
    "PackVersion.parameters": 40,
    "Criterion.ask": 5,
    "Criterion.trace": 10,
    "TraceNode.because": 3,
    "Question.options": 8,
    "ContentField.options": 8,
    "EntryVerdict.ask": 5,
    "LegalFinding.missing": 5,
}
_SIMULATIONS: Mapping[str, int] = {
    "SimulationResult.rules": 10,
    "SimulationResult.differences": 20,
    "SimulationResult.refused": 10,
    "SimulatedRule.dimensions": 5,
    "SimulatedRule.causes": 10,
    "SimulatedDimension.groups": 8,
    "SimulatedAnswer.ask": 5,
    "SimulatedAnswer.trace": 10,
    "CaseMigration.cases": 50,
    "MigratedCase.programmes": 6,
    "MigratedCase.obligations": 20,
    "CaseMigrationPreview.programmes": 6,
    "CaseMigrationPreview.obligations": 20,
    "CaseMigrationPreview.unfit": 5,
    "ProgrammeComparison.newlyMissing": 5,
}
_OTHERS: Mapping[str, int] = {
    "Kommun.departments": 10,
    "Me.memberships": 5,
    # One for each department that has the person.
    "Query.personByNumber": 4,
    "LetterPreview.traces": 3,
    "ValidationFailed.problems": 5,
    "ApplicantSheet.criteria": 15,
    "ApplicantSheet.missing": 10,
    "SheetCriterion.known": 5,
    "SheetCriterion.missing": 5,
}
_FIGURES: Mapping[str, int | ByArgument] = {
    # The catalogue; a page asks for the few that it shows.
    "Query.indicators": ByArgument("codes", 32),
    # Two years by month; by area or programme the stretches are longer.
    "Indicator.told": 60,
    "ToldFigure.cells": 3,
    "Forecast.lacks": 2,
    "ForecastOutlook.months": 12,
    # One a year, and now and then one on demand.
    "Query.forecasts": 10,
    "KeptForecast.months": 12,
}
#: Rows of each list by ``Type.field``.
CARDINALITIES: Mapping[str, int | ByArgument] = {
    **_CASES,
    **_TODAY,
    **_GUIDELINES,
    **_SIMULATIONS,
    **_OTHERS,
    **_FIGURES,
    "Query.caseMigrationPreview": ByArgument("caseIds", 50),
}
