"""What the reader may do, by the names that pages call it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Name on pages (``frame.mayDraft``) → action of the API. Each is used by a page.
FLAGS: Mapping[str, str] = {
    "mayRegisterHousehold": "household.register",
    "mayReadHousehold": "household.read",
    "mayReadCase": "case.read",
    "mayReadUnit": "unit.read",
    "mayRegisterUnit": "unit.register",
    "mayTakeInVacancy": "vacancy.take_in",
    "mayMakeOffer": "offer.make",
    "mayMatch": "matching.run",
    "mayStateNeed": "home_need.state",
    "mayOverrideOffer": "offer.override",
    "mayAnswerOffer": "offer.answer",
    "maySetTime": "landlord.time",
    "mayConsentName": "name.consent",
    "mayTellName": "name.tell",
    "maySignContract": "contract.sign",
    "mayEndContract": "contract.end",
    "mayKeepContract": "contract.keep",
    "mayKeepHome": "home.keep",
    "mayPropose": "decision.propose",
    "mayDecide": "decision.decide",
    "mayDecideDelegated": "decision.decide_delegated",
    "mayNotify": "decision.notify",
    "mayExecute": "decision.execute",
    "mayHandleAppeal": "appeal.handle",
    "mayJudgeAppeal": "appeal.judge",
    "mayHandleKommunRequest": "kommun_request.handle",
    "mayDecideKommunRequest": "kommun_request.decide",
    "mayWorkTransfers": "transfer.open",
    "mayNameTransfers": "transfer.name",
    "mayReadTransfers": "transfer.read",
    "mayPrepareTransfer": "transfer.prepare",
    "mayDraft": "referral.draft",
    "maySignAsManager": "referral.sign_as_manager",
    "mayRegister": "referral.register",
    "mayRecordFollowUp": "follow_up.record",
    "mayEndFollowUp": "follow_up.end",
    "mayPauseDuties": "follow_up.pause",
    "mayHandleNeed": "support_need.handle",
    "mayReopenFollowUp": "follow_up.reopen",
    "mayCloseCase": "case.open",
    "mayImportArrears": "arrears.import",
    "mayHandleArrears": "arrears.handle",
    "mayDecideLiability": "liability.decide",
    "mayRunPrevention": "prevention.run",
    "mayHandleTakeover": "takeover.handle",
    "mayRecordMilestone": "milestone.record",
    "mayTakeOver": "case.take_over",
    "mayAnswer": "assessment.answer",
    "mayWithdraw": "referral.withdraw",
    "mayManageGuarantee": "guarantee.manage",
    "mayDecideGuarantee": "guarantee.decide",
    "maySeeExposure": "guarantee.exposure",
    "mayReadPolicy": "policy.read",
    "mayChangePolicy": "policy.change",
    "mayApprovePolicy": "policy.approve",
    "mayDraftLetter": "letter.draft",
    "mayReleaseLetter": "letter.release",
    "mayAgreePlan": "support_plan.agree",
    "mayRouteSupport": "commission.route",
    "mayManageCommission": "commission.manage",
    "mayReadCommission": "commission.read",
    "mayWriteReport": "report.write",
    "mayReceiveReport": "report.receive",
    "mayMoveCases": "case.migrate",
    "mayKeepLadder": "ladder.keep",
    "mayStepLadder": "ladder.step",
    "mayConfirmEviction": "eviction.confirm",
    "mayDecideNewOffer": "new_offer.decide",
    "mayReportIncident": "incident.report",
    "mayActOnIncident": "incident.act",
    "maySharePapers": "papers.share",
    "mayEditContacts": "contact_card.edit",
    "mayAdmitLandlords": "landlord.admit",
    "mayHandleIncident": "incident.handle",
    "mayReadAgreements": "agreement.read",
    "mayManageAgreements": "agreement.manage",
    "mayConfirmAgreements": "agreement.confirm",
}


def with_flags(me: Mapping[str, Any]) -> dict[str, Any]:
    """``me`` of a page's document with one truth value for each name of ``FLAGS``.

    The API says which actions a role gives; a page that asks for another name fails.
    """
    given = frozenset(me["actions"])
    return {**me, **{flag: action in given for flag, action in FLAGS.items()}}
