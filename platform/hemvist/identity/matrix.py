"""The role matrix: role × action × condition. One readable table, tested cell by cell.

A cell that is absent means no. Nobody approves their own act: actions in ``FOUR_EYES`` refuse the
person who made what is now to be approved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from uuid import UUID

from hemvist.errors import NotAllowed
from hemvist.identity.actor import Actor, Role


class Action(StrEnum):
    """What a person may do. The name is what an error and the audit log say."""

    HOUSEHOLD_REGISTER = "household.register"
    HOUSEHOLD_READ = "household.read"
    CASE_OPEN = "case.open"
    CASE_READ = "case.read"
    CASE_TAKE_OVER = "case.take_over"
    ASSESSMENT_ANSWER = "assessment.answer"
    ASSESSMENT_CONCLUDE = "assessment.conclude"
    REFERRAL_DRAFT = "referral.draft"
    REFERRAL_RECORD_RESIDENT_SIGNATURE = "referral.record_resident_signature"
    REFERRAL_SIGN_AS_MANAGER = "referral.sign_as_manager"
    REFERRAL_SUBMIT = "referral.submit"
    REFERRAL_WITHDRAW = "referral.withdraw"
    REFERRAL_EXTEND = "referral.extend"
    REFERRAL_REGISTER = "referral.register"
    REFERRAL_RETURN = "referral.return"
    DECISION_PROPOSE = "decision.propose"
    DECISION_DECIDE = "decision.decide"
    #: Where the kommun's delegation order gives it to caseworkers.
    DECISION_DECIDE_DELEGATED = "decision.decide_delegated"
    DECISION_NOTIFY = "decision.notify"
    DECISION_EXECUTE = "decision.execute"
    APPEAL_HANDLE = "appeal.handle"
    APPEAL_JUDGE = "appeal.judge"
    EXECUTION_REPORT = "execution.report"
    #: Authorities' forms: having them counted and answering them by hand, reading them too.
    AUTHORITY_FORM_PREPARE = "authority_form.prepare"
    #: Making such a form ready, and noting that it was sent.
    AUTHORITY_FORM_RELEASE = "authority_form.release"
    #: Requests between kommuner: only those of them whose circle the actor belongs to.
    KOMMUN_REQUEST_HANDLE = "kommun_request.handle"
    #: That a case is asked over, taken over or put to the Inspectorate; who handles a request.
    KOMMUN_REQUEST_DECIDE = "kommun_request.decide"
    UNIT_READ = "unit.read"
    UNIT_REGISTER = "unit.register"
    #: Saying that a flat is free, and taking such a word back: the landlord, or an officer who was told.
    VACANCY_REPORT = "vacancy.report"
    VACANCY_TAKE_IN = "vacancy.take_in"
    OFFER_MAKE = "offer.make"
    OFFER_ANSWER = "offer.answer"
    OFFER_OVERRIDE = "offer.override"
    HOME_NEED_STATE = "home_need.state"
    MATCHING_RUN = "matching.run"
    CONTRACT_SIGN = "contract.sign"
    CONTRACT_END = "contract.end"
    TAKEOVER_HANDLE = "takeover.handle"
    CONTRACT_KEEP = "contract.keep"
    HOME_KEEP = "home.keep"
    GUARANTEE_ISSUE = "guarantee.issue"
    GUARANTEE_MANAGE = "guarantee.manage"
    GUARANTEE_DECIDE = "guarantee.decide"
    GUARANTEE_EXPOSURE = "guarantee.exposure"
    FOLLOW_UP_RECORD = "follow_up.record"
    FOLLOW_UP_PAUSE = "follow_up.pause"
    FOLLOW_UP_END = "follow_up.end"
    #: After its end: what the landlord's side sees, and the talk about it.
    SUPPORT_NEED_HANDLE = "support_need.handle"
    FOLLOW_UP_REOPEN = "follow_up.reopen"
    MILESTONE_RECORD = "milestone.record"
    SUPPORT_PLAN_AGREE = "support_plan.agree"
    #: Talks, meetings and plans where a tenancy is in trouble, and what another landlord has done.
    LADDER_KEEP = "ladder.keep"
    #: The landlord's own steps: demand, notification of the board, notice, application for eviction.
    LADDER_STEP = "ladder.step"
    EVICTION_CONFIRM = "eviction.confirm"
    NEW_OFFER_DECIDE = "new_offer.decide"
    #: Own provider or a procured one: the coordinator's choice.
    COMMISSION_ROUTE = "commission.route"
    COMMISSION_MANAGE = "commission.manage"
    COMMISSION_READ = "commission.read"
    REPORT_WRITE = "report.write"
    REPORT_RECEIVE = "report.receive"
    ARREARS_IMPORT = "arrears.import"
    ARREARS_HANDLE = "arrears.handle"
    LIABILITY_DECIDE = "liability.decide"
    PREVENTION_RUN = "prevention.run"
    LETTER_DRAFT = "letter.draft"
    LETTER_RELEASE = "letter.release"
    POLICY_READ = "policy.read"
    POLICY_CHANGE = "policy.change"
    POLICY_APPROVE = "policy.approve"
    CASE_MIGRATE = "case.migrate"
    #: What is thinned and kept: runs, their counts and certificates.
    RETENTION_READ = "retention.read"
    RETENTION_PROPOSE = "retention.propose"
    #: What another proposed.
    RETENTION_APPROVE = "retention.approve"
    #: Keeping a case from being thinned, and letting it go again.
    RETENTION_HOLD = "retention.hold"
    LOG_REVIEW = "log.review"
    #: Closing a case to named people, changing them, lifting it.
    CIRCLE_KEEP = "circle.keep"
    #: Opening a closed case in need, for some hours; and saying whether that was right.
    GLASS_BREAK = "glass.break"
    GLASS_REVIEW = "glass.review"
    CONSENT_REGISTER = "consent.register"
    #: Telling something of a case over a secrecy border.
    SECRECY_DISCLOSE = "secrecy.disclose"
    INCIDENT_REPORT = "incident.report"
    #: Noting what was done about an incident.
    INCIDENT_ACT = "incident.act"
    #: Assessing and closing an incident, and telling the landlord.
    INCIDENT_HANDLE = "incident.handle"
    #: The kommun's one way in for landlords: functions, numbers, hours.
    CONTACT_CARD_EDIT = "contact_card.edit"
    #: Papers between the kommun and a landlord, both ways.
    PAPERS_SHARE = "papers.share"
    #: What a landlord reports of disturbance, arrears or other in its own homes.
    LANDLORD_REPORT = "landlord.report"
    #: What a landlord claims on a guarantee that the kommun has given it.
    LANDLORD_CLAIM = "landlord.claim"
    #: Numbers that were told: of no household, and none that can be worked out.
    FIGURES_READ = "figures.read"
    #: Giving the kommun's told figures to those it compares itself with, and ending it.
    SHARING_PROPOSE = "sharing.propose"
    #: What another proposed.
    SHARING_AGREE = "sharing.agree"
    #: What the log review came to, in figures.
    LOG_FIGURES = "log.figures"
    #: Agreements with landlords (samarbetsavtal) and what their quotas come to.
    AGREEMENT_READ = "agreement.read"
    AGREEMENT_MANAGE = "agreement.manage"
    #: A version that another one wrote.
    AGREEMENT_CONFIRM = "agreement.confirm"
    MEMBERS_ADMINISTER = "members.administer"
    #: Opening the kommun's door for a landlord, inviting its first people, closing the door.
    LANDLORD_ADMIT = "landlord.admit"
    #: Times for viewing and signing, from the kommun's side.
    LANDLORD_TIME = "landlord.time"
    #: What a household says to its name being told, and telling it again after it was withheld.
    NAME_CONSENT = "name.consent"
    NAME_TELL = "name.tell"
    #: The landlord's own side: times, choices, replies to takeovers.
    LANDLORD_ANSWER = "landlord.answer"
    #: Who is named in the kommun's transfer function for a network.
    TRANSFER_NAME = "transfer.name"
    #: What a household needs in another kommun, said in its case.
    TRANSFER_PREPARE = "transfer.prepare"
    #: Letting a request that another prepared take part in the network.
    TRANSFER_OPEN = "transfer.open"
    TRANSFER_WITHDRAW = "transfer.withdraw"
    TRANSFER_OFFER = "transfer.offer"
    TRANSFER_ANSWER = "transfer.answer"
    #: A proposal beside the clearing's plan, with a reason.
    TRANSFER_OVERRIDE = "transfer.override"
    TRANSFER_READ = "transfer.read"


class Condition(StrEnum):
    """When a cell says yes."""

    #: In the whole kommun.
    ALWAYS = "always"
    #: Only where the role is held in the department that has the case.
    OWN_DEPARTMENT = "own_department"
    #: Own department, or a case that has been disclosed to the department.
    DISCLOSED = "disclosed"
    #: Only a case whose support has been commissioned of the one that the role is held with.
    COMMISSIONED = "commissioned"
    #: Only what is of the landlord that the actor acts for.
    OWN_LANDLORD = "own_landlord"


_OWN = Condition.OWN_DEPARTMENT
_ALL = Condition.ALWAYS
_DISCLOSED = Condition.DISCLOSED
_COMMISSIONED = Condition.COMMISSIONED
_OWN_LANDLORD = Condition.OWN_LANDLORD

MATRIX: Mapping[Role, Mapping[Action, Condition]] = {
    Role.CASEWORKER: {
        Action.HOUSEHOLD_REGISTER: _OWN,
        Action.HOUSEHOLD_READ: _OWN,
        Action.CASE_OPEN: _OWN,
        Action.CASE_READ: _OWN,
        Action.CASE_TAKE_OVER: _OWN,
        Action.ASSESSMENT_ANSWER: _OWN,
        Action.ASSESSMENT_CONCLUDE: _OWN,
        Action.REFERRAL_DRAFT: _OWN,
        Action.REFERRAL_RECORD_RESIDENT_SIGNATURE: _OWN,
        Action.REFERRAL_SUBMIT: _OWN,
        Action.REFERRAL_WITHDRAW: _OWN,
        Action.REFERRAL_EXTEND: _OWN,
        Action.DECISION_PROPOSE: _OWN,
        Action.DECISION_DECIDE_DELEGATED: _OWN,
        Action.DECISION_NOTIFY: _OWN,
        Action.DECISION_EXECUTE: _OWN,
        Action.AUTHORITY_FORM_PREPARE: _OWN,
        Action.APPEAL_HANDLE: _OWN,
        Action.KOMMUN_REQUEST_HANDLE: _OWN,
        Action.OFFER_ANSWER: _OWN,
        Action.LANDLORD_TIME: _OWN,
        Action.NAME_CONSENT: _OWN,
        Action.HOME_NEED_STATE: _OWN,
        Action.FOLLOW_UP_RECORD: _OWN,
        Action.FOLLOW_UP_PAUSE: _OWN,
        Action.SUPPORT_NEED_HANDLE: _OWN,
        Action.FOLLOW_UP_REOPEN: _OWN,
        Action.MILESTONE_RECORD: _OWN,
        Action.SUPPORT_PLAN_AGREE: _OWN,
        Action.COMMISSION_READ: _OWN,
        Action.COMMISSION_MANAGE: _OWN,
        Action.REPORT_RECEIVE: _OWN,
        Action.ARREARS_IMPORT: _OWN,
        Action.ARREARS_HANDLE: _OWN,
        Action.PREVENTION_RUN: _OWN,
        Action.LETTER_DRAFT: _OWN,
        Action.LETTER_RELEASE: _OWN,
        Action.INCIDENT_REPORT: _OWN,
        Action.INCIDENT_ACT: _OWN,
        Action.INCIDENT_HANDLE: _OWN,
        Action.LADDER_KEEP: _OWN,
        Action.EVICTION_CONFIRM: _OWN,
        Action.TRANSFER_PREPARE: _OWN,
        Action.TRANSFER_WITHDRAW: _OWN,
        Action.TRANSFER_READ: _OWN,
        Action.GLASS_BREAK: _OWN,
        Action.CONSENT_REGISTER: _OWN,
        Action.SECRECY_DISCLOSE: _OWN,
        Action.RETENTION_HOLD: _OWN,
        Action.POLICY_READ: _ALL,
        Action.FIGURES_READ: _ALL,
    },
    Role.DEPARTMENT_MANAGER: {
        Action.LANDLORD_ADMIT: _ALL,
        Action.COMMISSION_READ: _OWN,
        Action.REPORT_RECEIVE: _OWN,
        Action.HOUSEHOLD_READ: _OWN,
        Action.CASE_READ: _OWN,
        Action.REFERRAL_SIGN_AS_MANAGER: _OWN,
        Action.REFERRAL_WITHDRAW: _OWN,
        Action.REFERRAL_EXTEND: _OWN,
        Action.DECISION_DECIDE: _OWN,
        Action.DECISION_NOTIFY: _OWN,
        Action.DECISION_EXECUTE: _OWN,
        Action.APPEAL_HANDLE: _OWN,
        Action.APPEAL_JUDGE: _OWN,
        Action.KOMMUN_REQUEST_HANDLE: _OWN,
        # What another drafted or registered: see FOUR_EYES.
        Action.KOMMUN_REQUEST_DECIDE: _OWN,
        Action.EXECUTION_REPORT: _OWN,
        Action.AUTHORITY_FORM_PREPARE: _OWN,
        Action.AUTHORITY_FORM_RELEASE: _OWN,
        Action.OFFER_ANSWER: _OWN,
        Action.LANDLORD_TIME: _OWN,
        Action.NAME_CONSENT: _OWN,
        Action.NAME_TELL: _OWN,
        Action.GUARANTEE_DECIDE: _OWN,
        Action.GUARANTEE_EXPOSURE: _ALL,
        Action.ARREARS_HANDLE: _OWN,
        # The board's word to a landlord, on another one's proposal: see FOUR_EYES.
        Action.LIABILITY_DECIDE: _OWN,
        # What another concluded: see FOUR_EYES.
        Action.FOLLOW_UP_END: _OWN,
        Action.FOLLOW_UP_PAUSE: _OWN,
        Action.SUPPORT_NEED_HANDLE: _OWN,
        Action.FOLLOW_UP_REOPEN: _OWN,
        Action.LETTER_DRAFT: _OWN,
        Action.LETTER_RELEASE: _OWN,
        Action.OFFER_OVERRIDE: _OWN,
        # By which rules an open case is judged is not the handler's own choice.
        Action.CASE_MIGRATE: _OWN,
        Action.INCIDENT_REPORT: _OWN,
        Action.INCIDENT_ACT: _OWN,
        Action.INCIDENT_HANDLE: _OWN,
        Action.EVICTION_CONFIRM: _OWN,
        # What another proposed: see FOUR_EYES.
        Action.NEW_OFFER_DECIDE: _OWN,
        Action.AGREEMENT_READ: _ALL,
        Action.AGREEMENT_CONFIRM: _ALL,
        Action.TRANSFER_PREPARE: _OWN,
        Action.TRANSFER_WITHDRAW: _OWN,
        Action.TRANSFER_READ: _OWN,
        Action.CIRCLE_KEEP: _OWN,
        Action.GLASS_BREAK: _OWN,
        Action.CONSENT_REGISTER: _OWN,
        Action.SECRECY_DISCLOSE: _OWN,
        Action.RETENTION_HOLD: _OWN,
        Action.POLICY_READ: _ALL,
        Action.FIGURES_READ: _ALL,
    },
    Role.PROPERTY_OFFICER: {
        Action.LANDLORD_ADMIT: _ALL,
        Action.HOUSEHOLD_READ: _DISCLOSED,
        Action.CASE_READ: _DISCLOSED,
        Action.REFERRAL_REGISTER: _DISCLOSED,
        Action.REFERRAL_RETURN: _DISCLOSED,
        Action.UNIT_READ: _ALL,
        Action.UNIT_REGISTER: _ALL,
        Action.CONTACT_CARD_EDIT: _ALL,
        Action.VACANCY_REPORT: _ALL,
        Action.VACANCY_TAKE_IN: _ALL,
        Action.PAPERS_SHARE: _ALL,
        Action.OFFER_MAKE: _DISCLOSED,
        Action.LANDLORD_TIME: _DISCLOSED,
        Action.MATCHING_RUN: _DISCLOSED,
        Action.CONTRACT_SIGN: _DISCLOSED,
        Action.CONTRACT_END: _DISCLOSED,
        Action.TAKEOVER_HANDLE: _DISCLOSED,
        Action.CONTRACT_KEEP: _DISCLOSED,
        # Keys and inspections of a home that somebody lives in.
        Action.HOME_KEEP: _DISCLOSED,
        Action.GUARANTEE_ISSUE: _DISCLOSED,
        Action.GUARANTEE_MANAGE: _DISCLOSED,
        # Another one's claims and write-offs: see FOUR_EYES.
        Action.GUARANTEE_DECIDE: _DISCLOSED,
        Action.GUARANTEE_EXPOSURE: _ALL,
        # Of what lies open to the department; the application for the state grant is made there.
        Action.AUTHORITY_FORM_PREPARE: _OWN,
        Action.AUTHORITY_FORM_RELEASE: _OWN,
        Action.FOLLOW_UP_RECORD: _DISCLOSED,
        Action.FOLLOW_UP_END: _DISCLOSED,
        Action.SUPPORT_NEED_HANDLE: _DISCLOSED,
        Action.MILESTONE_RECORD: _DISCLOSED,
        Action.COMMISSION_READ: _DISCLOSED,
        Action.COMMISSION_ROUTE: _DISCLOSED,
        # Files that landlords give the property office stay with it, disclosed cases or not.
        Action.ARREARS_IMPORT: _OWN,
        Action.ARREARS_HANDLE: _OWN,
        Action.PREVENTION_RUN: _OWN,
        Action.LETTER_DRAFT: _DISCLOSED,
        Action.LETTER_RELEASE: _DISCLOSED,
        Action.INCIDENT_REPORT: _DISCLOSED,
        Action.INCIDENT_ACT: _DISCLOSED,
        Action.INCIDENT_HANDLE: _DISCLOSED,
        Action.LADDER_KEEP: _DISCLOSED,
        Action.LADDER_STEP: _DISCLOSED,
        Action.AGREEMENT_READ: _ALL,
        Action.AGREEMENT_MANAGE: _ALL,
        # Another one's versions: see FOUR_EYES.
        Action.AGREEMENT_CONFIRM: _ALL,
        Action.POLICY_READ: _ALL,
        Action.FIGURES_READ: _ALL,
    },
    Role.SUPPORT_WORKER: {
        Action.HOUSEHOLD_READ: _OWN,
        Action.CASE_READ: _OWN,
        Action.HOME_KEEP: _OWN,
        Action.FOLLOW_UP_RECORD: _OWN,
        Action.MILESTONE_RECORD: _OWN,
        Action.SUPPORT_PLAN_AGREE: _OWN,
        Action.INCIDENT_REPORT: _OWN,
        Action.INCIDENT_ACT: _OWN,
        Action.LADDER_KEEP: _OWN,
        Action.POLICY_READ: _ALL,
        Action.FIGURES_READ: _ALL,
    },
    # No right to read cases, so nothing of a case is theirs but what says so itself; see
    # hemvist.cases.commissioned.
    Role.SUPPORT_PROVIDER: {
        Action.COMMISSION_READ: _COMMISSIONED,
        Action.REPORT_WRITE: _COMMISSIONED,
        Action.FOLLOW_UP_RECORD: _COMMISSIONED,
        Action.SUPPORT_PLAN_AGREE: _COMMISSIONED,
        Action.POLICY_READ: _ALL,
    },
    # Only those who are named in the function, too: see hemvist.transfers.functions.
    Role.TRANSFER_COORDINATOR: {
        # What another prepared: see FOUR_EYES.
        Action.TRANSFER_OPEN: _ALL,
        Action.TRANSFER_WITHDRAW: _ALL,
        Action.TRANSFER_OFFER: _ALL,
        Action.TRANSFER_ANSWER: _ALL,
        Action.TRANSFER_OVERRIDE: _ALL,
        Action.TRANSFER_READ: _ALL,
        Action.POLICY_READ: _ALL,
    },
    Role.POLICY_OFFICER: {
        Action.POLICY_READ: _ALL,
        Action.POLICY_CHANGE: _ALL,
        # Another one's versions: see FOUR_EYES.
        Action.POLICY_APPROVE: _ALL,
        Action.RETENTION_READ: _ALL,
        Action.RETENTION_PROPOSE: _ALL,
        # Another one's: see FOUR_EYES.
        Action.RETENTION_APPROVE: _ALL,
        Action.RETENTION_HOLD: _ALL,
        Action.SHARING_PROPOSE: _ALL,
        # Another one's: see FOUR_EYES.
        Action.SHARING_AGREE: _ALL,
        Action.FIGURES_READ: _ALL,
    },
    Role.LOG_REVIEWER: {
        # Another one's looks: see FOUR_EYES.
        Action.LOG_REVIEW: _ALL,
        # Another one's openings: see FOUR_EYES.
        Action.GLASS_REVIEW: _ALL,
        Action.POLICY_READ: _ALL,
    },
    Role.STEERING: {
        Action.FIGURES_READ: _ALL,
        Action.LOG_FIGURES: _ALL,
        Action.AGREEMENT_READ: _ALL,
        Action.GUARANTEE_EXPOSURE: _ALL,
        Action.POLICY_READ: _ALL,
    },
    Role.TENANT_ADMIN: {
        Action.MEMBERS_ADMINISTER: _ALL,
        Action.TRANSFER_NAME: _ALL,
        Action.LANDLORD_ADMIT: _ALL,
        Action.CONTACT_CARD_EDIT: _ALL,
        Action.AGREEMENT_READ: _ALL,
        Action.POLICY_READ: _ALL,
        # The second pair of eyes where a kommun has one policy officer only.
        Action.POLICY_APPROVE: _ALL,
        Action.RETENTION_READ: _ALL,
        Action.RETENTION_APPROVE: _ALL,
        Action.SHARING_PROPOSE: _ALL,
        # Another one's: see FOUR_EYES.
        Action.SHARING_AGREE: _ALL,
    },
    Role.LANDLORD_AGENT: {
        Action.VACANCY_REPORT: _OWN_LANDLORD,
        Action.LANDLORD_ANSWER: _OWN_LANDLORD,
        Action.LANDLORD_CLAIM: _OWN_LANDLORD,
        Action.LANDLORD_REPORT: _OWN_LANDLORD,
        Action.PAPERS_SHARE: _OWN_LANDLORD,
    },
    Role.OPERATOR: {},
}

#: Actions that the one who prepared the matter may not take.
FOUR_EYES = frozenset(
    {
        Action.REFERRAL_SIGN_AS_MANAGER,
        Action.DECISION_DECIDE,
        Action.GUARANTEE_DECIDE,
        Action.LIABILITY_DECIDE,
        Action.FOLLOW_UP_END,
        Action.DECISION_DECIDE_DELEGATED,
        Action.APPEAL_JUDGE,
        Action.KOMMUN_REQUEST_DECIDE,
        Action.OFFER_OVERRIDE,
        Action.NEW_OFFER_DECIDE,
        Action.POLICY_APPROVE,
        Action.RETENTION_APPROVE,
        Action.SHARING_AGREE,
        Action.LANDLORD_ADMIT,
        Action.AGREEMENT_CONFIRM,
        Action.TRANSFER_OPEN,
        # Who offered a flat accepts nobody in it: alone, one could offer flats to learn who comes.
        Action.TRANSFER_ANSWER,
        Action.GLASS_REVIEW,
        Action.LOG_REVIEW,
    }
)


#: What is laid open to a department, or commissioned of a provider, is a disclosure to its code.
_BY_DISCLOSURE = (Condition.DISCLOSED, Condition.COMMISSIONED)


def allows(
    actor: Actor,
    action: Action,
    *,
    department: str | None = None,
    disclosed_to: Iterable[str] = (),
    landlord: UUID | None = None,
) -> bool:
    """Whether one of the actor's roles gives ``action`` on a matter of ``department``.

    ``department`` None asks whether the actor may do it anywhere at all; ``disclosed_to`` lists the
    departments that the case has been disclosed to; ``landlord`` is the one that the matter belongs to,
    without which nobody of a landlord may do anything.
    """
    disclosed = frozenset(disclosed_to)
    for membership in actor.memberships:
        condition = MATRIX[membership.role].get(action)
        if condition is None:
            continue
        if condition is Condition.OWN_LANDLORD:
            if landlord is not None and landlord in actor.landlords:
                return True
            continue
        if condition is Condition.ALWAYS or department is None:
            return True
        if membership.department == department and condition is not Condition.COMMISSIONED:
            return True
        if condition in _BY_DISCLOSURE and membership.department in disclosed:
            return True
    return False


def require(
    actor: Actor,
    action: Action,
    *,
    department: str | None = None,
    disclosed_to: Iterable[str] = (),
    landlord: UUID | None = None,
    not_by: Iterable[UUID | None] = (),
) -> None:
    """Raise ``NotAllowed`` unless the matrix says yes.

    ``not_by`` names who prepared the matter; for actions in ``FOUR_EYES`` they may not take it.
    """
    if not allows(
        actor, action, department=department, disclosed_to=disclosed_to, landlord=landlord
    ):
        raise NotAllowed(action.value)
    if action in FOUR_EYES and actor.principal_id in set(not_by):
        raise NotAllowed(action.value, "nobody approves what they prepared themselves")
