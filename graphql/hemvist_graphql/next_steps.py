"""What can or must happen next in a case: a plain reading of where it stands.

A guide for people, not a guard: the services ask their own conditions again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import strawberry
from sqlalchemy import bindparam, select

from hemvist.assessments import service as assessing
from hemvist.assessments.guarding import facts_for
from hemvist.assessments.models import Assessment
from hemvist.cases.journal import changed_on
from hemvist.cases.models import Case
from hemvist.cases.packs import pack_of
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.decisions.models import Decision
from hemvist.decisions.service import PACK_NAMES
from hemvist.guarantees.models import Guarantee
from hemvist.identity import Role
from hemvist.milestones import service as milestones
from hemvist.milestones.models import Milestone
from hemvist.offers.models import Offer
from hemvist.policy import Outcome, Programme, evaluate
from hemvist.referrals.contents import missing, missing_before_signing
from hemvist.referrals.models import IN_FORCE, Referral
from hemvist.referrals.signing import signatures_of
from hemvist.tenancy.statements import Ask, Together, of_tenant
from hemvist_graphql.access import reads_as_owner
from hemvist_graphql.context import Context
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.pinned import carried_out_by_follow_up, programme_or_none
from hemvist_graphql.reading import computed
from hemvist_graphql.wording import STEPS

_SUPPORT, _HOUSING = "support_to_obtain_housing", "housing"
#: A referral that came to nothing.
_OVER = ("expired", "withdrawn")


@strawberry.type(description="Something that can or must happen next.")
class NextStep:
    """Something that can or must happen next."""

    code: str
    ready: bool = strawberry.field(description="Nothing stands in the way.")
    because: list[str] = strawberry.field(description="Codes of what stands in the way.")
    role: str = strawberry.field(description="The role whose turn it is.")
    milestone: str | None = strawberry.field(
        default=None, description="The programme's milestone to record, when that is the step."
    )
    event: str | None = strawberry.field(
        default=None, description="The event that the milestone gives, when that is the step."
    )
    programme: str | None = strawberry.field(
        default=None, description="The programme that the step leads on to, when it does."
    )
    text: strawberry.Private[Any] = None

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The step in words."""
        return worded(self.text or STEPS.get(self.code), lang, self.code)


def next_steps(context: Context, case: Case) -> list[NextStep]:
    """The steps in the order in which they are taken; those of the investigation for its owner."""
    steps = list(_Progress(context, case).steps())
    if reads_as_owner(context.actor, case.department):
        return steps
    return [step for step in steps if step.role == Role.PROPERTY_OFFICER.value]


def _step(code: str, role: Role, because: list[str] | None = None) -> NextStep:
    return NextStep(code=code, ready=not because, because=because or [], role=role.value)


def _before(programme: Programme, step: str) -> tuple[str, ...]:
    return programme.order[: programme.order.index(step)]


def _role_of(parties: Sequence[str]) -> Role:
    """Whose turn it is: the first of the parties that works in the kommun."""
    roles = {"property": Role.PROPERTY_OFFICER, "support_worker": Role.SUPPORT_WORKER}
    return next((roles[party] for party in parties if party in roles), Role.CASEWORKER)


class _Decided(NamedTuple):
    programme: str
    kind: str
    state: str
    outcome: str


class _Referred(NamedTuple):
    id: UUID
    programme: str
    state: str


class _Offered(NamedTuple):
    referral_id: UUID | None
    state: str


class _Signed(NamedTuple):
    starts_on: dt.date
    signed_on: dt.date
    state: str
    form: str


class _Recorded(NamedTuple):
    code: str
    event: str


class _Duty(NamedTuple):
    programme: str
    code: str
    due_on: dt.date


def _of_case(model: Any, *columns: Any, order: Sequence[Any] = ()) -> Ask:
    return Ask(
        select(*columns)
        .where(model.tenant_id == of_tenant(), model.case_id == bindparam("case"))
        .order_by(*order)
    )


#: Where a case stands, in one statement: what ``_Progress`` asks of each concept's rows.
_STANDING = Together(
    _of_case(
        *(Assessment, Assessment.rule, Assessment.conclusion),
        order=(Assessment.concluded_at, Assessment.id),
    ),
    _of_case(
        *(Decision, Decision.programme, Decision.kind, Decision.state, Decision.outcome),
        order=(Decision.proposed_on, Decision.id),
    ),
    _of_case(
        *(Referral, Referral.id, Referral.programme, Referral.state),
        order=(Referral.drafted_on, Referral.id),
    ),
    _of_case(Offer, Offer.referral_id, Offer.state, order=(Offer.made_on, Offer.id)),
    _of_case(
        *(Contract, Contract.starts_on, Contract.signed_on, Contract.state, Contract.form),
        order=(Contract.signed_on,),
    ),
    _of_case(Guarantee, Guarantee.id),
    _of_case(
        *(Milestone, Milestone.code, Milestone.event), order=(Milestone.happened_on, Milestone.id)
    ),
    Ask(
        select(Obligation.programme, Obligation.code, Obligation.due_on)
        .where(
            Obligation.tenant_id == of_tenant(),
            Obligation.case_id == bindparam("case"),
            Obligation.state == "open",
        )
        .order_by(Obligation.due_on, Obligation.id)
    ),
)


class _Progress:
    """Everything of one case that its next steps depend on."""

    def __init__(self, context: Context, case: Case) -> None:
        self._session = session = context.session
        self._case, self._pack, self._today = case, pack_of(case), today()
        assessed, decisions, referrals, offers, contracts, given, recorded, duties = _STANDING.rows(
            session, case=case.id
        )
        #: The latest conclusion of each rule that somebody has concluded.
        self._assessed: dict[str, bool] = dict(assessed)
        self._decisions = [_Decided(*row) for row in decisions]
        self._referrals = [_Referred(*row) for row in referrals]
        self._offers = [_Offered(*row) for row in offers]
        signed = [_Signed(*row) for row in contracts]
        changed = changed_on(session, case)
        if changed is not None:
            # What led to an earlier home is behind the case.
            mine = case.programme
            self._decisions = [one for one in self._decisions if one.programme == mine]
            self._referrals = [one for one in self._referrals if one.programme == mine]
            ids = {one.id for one in self._referrals}
            self._offers = [one for one in self._offers if one.referral_id in ids]
        #: The first day of each of the present programme, and whether there is a home at all.
        self._contracts = [
            one.starts_on for one in signed if changed is None or one.signed_on >= changed
        ]
        self._has_home = any(one.state == "signed" for one in signed)
        #: The form of the one that holds now.
        self._running = next((one.form for one in signed if one.state == "signed"), None)
        self._guaranteed = bool(given)
        self._recorded = [_Recorded(*row) for row in recorded]
        self._duties = [_Duty(*row) for row in duties]

    def steps(self) -> Iterator[NextStep]:
        """Every step that is open now."""
        programme = self._programme()
        if self._contracts and not self._has_home and self._under_way():
            yield from self._referral()
        if not self._contracts:
            yield from self._assessment()
            yield from self._decision(_SUPPORT, "support")
            if programme is None or programme.referral is not None:
                yield from self._referral()
        if self._contracts or self._housed_by_decision(programme):
            yield from self._decision(_HOUSING, "housing")
        yield from self._milestones(programme)
        if self._lacks_guarantee(programme):
            yield _step("give_guarantee", Role.PROPERTY_OFFICER)
        yield from self._end_of_follow_up(programme)
        due = next((one for one in self._duties if self._waits(one)), None)
        if due is not None:
            late = ["overdue"] if due.due_on < self._today else []
            yield NextStep(code="follow_up", ready=True, because=late, role=Role.CASEWORKER.value)
        yield from self._ways_on(programme)

    def _ways_on(self, programme: Programme | None) -> Iterator[NextStep]:
        """Out of the home to another programme, or to another home of the same after its loss: where
        the guideline's rule for it is met. A takeover has its own page."""
        if programme is None or not self._contracts or self._case.state != "open":
            return
        if any(one.id == PACK_NAMES[_HOUSING] for one in programme.decisions) and not (
            self._decided(_HOUSING)
        ):
            return
        takeover = None if programme.takeover is None else programme.takeover.rule
        seen: set[str] = set()
        for exit in programme.exits:
            if exit.to is None or exit.rule is None or exit.rule == takeover or exit.to in seen:
                continue
            again = exit.to == programme.id
            if again == self._has_home or (again and self._under_way()):
                continue
            facts = facts_for(self._session, self._case, programme, self._today)
            said = evaluate(self._pack, exit.rule, facts, self._today)
            if said.outcome is not Outcome.TRUE:
                continue
            seen.add(exit.to)
            if any((one.programme, one.state) == (exit.to, "proposed") for one in self._decisions):
                yield _step("decide_support", Role.DEPARTMENT_MANAGER)
                continue
            yield NextStep(
                code="draft_referral" if again else "propose_support",
                ready=True,
                because=[],
                role=Role.CASEWORKER.value,
                programme=exit.to,
                text=exit.label,
            )

    def _under_way(self) -> bool:
        """Whether a referral is being written, sent or in force; then its steps are shown."""
        return any(one.state not in ("fulfilled", *_OVER) for one in self._referrals)

    def _housed_by_decision(self, programme: Programme | None) -> bool:
        """Whether a place may be granted without a contract: a roof over the head is no tenancy."""
        if programme is not None:
            return "contract" not in programme.order
        first = (one.decisions[:1] for one in self._pack.programmes.values())
        return any(kind.id == PACK_NAMES[_HOUSING] for kinds in first for kind in kinds)

    def _milestones(self, programme: Programme | None) -> Iterator[NextStep]:
        """Those whose turn it is by the order, and those that the stage waits for."""
        if programme is None:
            return
        recorded = {row.code for row in self._recorded}
        waited_for = self._events_of_stage(programme) - self._not_yet(programme)
        for one in programme.milestones:
            if one.event in waited_for or (
                one.event in programme.order
                and one.id not in recorded
                and all(self._done(step) for step in _before(programme, one.event))
            ):
                yield NextStep(
                    code="record_milestone",
                    ready=True,
                    because=[],
                    role=_role_of(one.by).value,
                    milestone=one.id,
                    event=one.event,
                    text=one.label,
                )

    def _lacks_guarantee(self, programme: Programme | None) -> bool:
        """Whether the lease of the case's programme goes with a guarantee that nobody has given: so
        where it was taken over in the programme before."""
        if programme is None or programme.guarantee is None or programme.contract is None:
            return False
        return self._running == programme.contract.form and not self._guaranteed

    def _end_of_follow_up(self, programme: Programme | None) -> Iterator[NextStep]:
        """When the guideline's rule says that the follow-up may end: one concludes, another ends."""
        rules = None if programme is None else programme.end_of_follow_up
        if programme is None or rules is None or not self._contracts:
            return
        if "follow_up_ended" not in self._events_of_stage(programme):
            return
        facts = facts_for(self._session, self._case, programme, self._today)
        if evaluate(self._pack, rules.rule, facts, self._today).outcome is not Outcome.TRUE:
            return
        if self._assessed.get(rules.rule):
            yield _step("end_follow_up", Role.DEPARTMENT_MANAGER)
        else:
            yield _step("conclude_end", Role.CASEWORKER)

    def _not_yet(self, programme: Programme) -> set[str]:
        """What may happen in a stage, but is nothing to do now: a takeover before its time, an end
        of support, a notice, and keys that nobody has asked back."""
        events = {"notice_given", "support_ended"}
        if not any(row.event == "notice_given" for row in self._recorded):
            events.add("keys_returned")
        takeover = programme.takeover
        if takeover is not None:
            earliest = milestones.earliest_takeover(self._session, self._case, takeover)
            if earliest is None or earliest > self._today:
                events.add("lease_taken_over")
        return events

    def _events_of_stage(self, programme: Programme) -> set[str]:
        if programme.stages is None:
            return set()
        stage = milestones.stage_now(self._session, self._case, programme)
        return {row.event for row in programme.stages.transitions if row.source == stage}

    def _done(self, step: str) -> bool:
        """Whether a step of the programme's order has been taken."""
        kinds = {name: kind for kind, name in PACK_NAMES.items()}
        if step in kinds:
            return self._decided(kinds[step])
        match step:
            case "assessment":
                return bool(self._assessed)
            case "referral":
                return any(one.state in (*IN_FORCE, "fulfilled") for one in self._referrals)
            case "offer" | "viewing":
                return any(one.state == "accepted" for one in self._offers)
            case "contract" | "guarantee":
                return bool(self._contracts)
            case "move_in":
                return any(day <= self._today for day in self._contracts)
        return any(row.event == step for row in self._recorded)

    def _waits(self, duty: _Duty) -> bool:
        programme = programme_or_none(self._pack, duty.programme)
        return carried_out_by_follow_up(programme, duty.code)

    def _programme(self) -> Programme | None:
        return programme_or_none(self._pack, self._case.programme)

    def _assessment(self) -> Iterator[NextStep]:
        said = assessing.criteria(self._session, self._case, self._today)
        ask = list(dict.fromkeys(fact for one in said for fact in one.ask))
        if ask and not self._decided(_SUPPORT):
            yield NextStep(
                code="answer_questions", ready=True, because=ask, role=Role.CASEWORKER.value
            )
        if not any(one.rule in self._assessed for one in said):
            yield _step("conclude_assessment", Role.CASEWORKER, ["questions_open"] if ask else None)

    def _decided(self, kind: str) -> bool:
        return any(one.kind == kind and one.state == "decided" for one in self._decisions)

    def _refused(self, kind: str) -> bool:
        of_kind = [one for one in self._decisions if one.kind == kind and one.state == "decided"]
        return bool(of_kind) and of_kind[-1].outcome == "refused"

    def _decision(self, kind: str, name: str) -> Iterator[NextStep]:
        if self._decided(kind):
            return
        programme = self._programme()
        if programme is not None and PACK_NAMES[kind] not in {d.id for d in programme.decisions}:
            return
        if any(one.kind == kind and one.state == "proposed" for one in self._decisions):
            yield _step(f"decide_{name}", Role.DEPARTMENT_MANAGER)
            return
        wanting = ["assessment_open"] if kind == _SUPPORT and not self._assessed else None
        yield _step(f"propose_{name}", Role.CASEWORKER, wanting)

    def _referral(self) -> Iterator[NextStep]:
        if self._refused(_SUPPORT):
            return
        latest = self._referrals[-1] if self._referrals else None
        if latest is None or latest.state in _OVER:
            wanting = [] if self._decided(_SUPPORT) else ["decision_open"]
            yield NextStep(
                code="draft_referral", ready=True, because=wanting, role=Role.CASEWORKER.value
            )
        elif latest.state == "draft":
            yield from self._draft(self._session.find(Referral, latest.id))
        elif latest.state == "submitted":
            yield _step("register_referral", Role.PROPERTY_OFFICER)
        elif latest.state == "returned":
            yield _step("complete_returned", Role.CASEWORKER)
        elif latest.state in IN_FORCE:
            yield from self._offer(latest)

    def _draft(self, referral: Referral) -> Iterator[NextStep]:
        lacking = missing(self._session, self._case, referral, self._today)
        before = [one.id for one in missing_before_signing(lacking)]
        if before:
            yield NextStep(
                code="complete_content", ready=True, because=before, role=Role.CASEWORKER.value
            )
        rules = self._pack.programme(referral.programme).referral
        wanted = [one.by for one in rules.signatures] if rules else []
        present = {one.kind for one in signatures_of(self._session, referral)}
        roles = {"resident": Role.CASEWORKER, "manager": Role.DEPARTMENT_MANAGER}
        for kind in wanted:
            if kind not in present and kind in roles:
                wanting = ["content_missing"] if before else None
                yield _step(f"{kind}_signature", roles[kind], wanting)
        wanting = ["content_missing"] if lacking else []
        wanting += [f"{kind}_signature" for kind in wanted if kind not in present]
        if not self._decided(_SUPPORT):
            wanting.append("decision_open")
        if rules and rules.notices and referral.told_one_offer_on is None:
            wanting.append("notice_not_given")
        yield _step("submit_referral", Role.CASEWORKER, wanting)

    def _offer(self, referral: _Referred) -> Iterator[NextStep]:
        mine = [one for one in self._offers if one.referral_id == referral.id]
        if any(one.state == "accepted" for one in mine):
            yield _step("sign_contract", Role.PROPERTY_OFFICER, self._before_contract())
            if self._before_contract():
                yield from self._decision(_HOUSING, "housing")
        elif any(one.state == "made" for one in mine):
            yield _step("answer_offer", Role.CASEWORKER)
        else:
            yield _step("make_offer", Role.PROPERTY_OFFICER)

    def _before_contract(self) -> list[str]:
        programme = self._programme()
        order = programme.order if programme else ()
        first = {"housing", "contract"} <= set(order) and order.index("housing") < order.index(
            "contract"
        )
        return ["decision_open"] if first and not self._decided(_HOUSING) else []
