"""The commands that are measured, each on a case that stands where it can be carried out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

#: Tables that a command may write.
TABLES = (
    *("households", "cases", "answers", "evaluations", "assessments", "decisions", "obligations"),
    *("follow_ups", "notices", "counters", "case_events", "audit_entries", "outbox_events"),
    "command_receipts",
)


@dataclass(frozen=True)
class Call:
    """One command, ready to be carried out again and again."""

    name: str
    run: Callable[[], Any]
    tables: tuple[str, ...] = TABLES


class Bench:
    """The demo kommun, and its people by role and department."""

    def __init__(self) -> None:
        from hemvist.identity import get_directory, use_directory
        from hemvist_tenants import directory_of, load_tenants

        use_directory(directory_of(load_tenants()))
        self.tenant_id: UUID = get_directory().tenant_id("helsingborg")

    def calls(self) -> Iterator[Call]:
        """Every command that is measured."""
        yield self._notice()
        yield self._open_case()
        yield self._answer()
        yield self._conclude()
        yield self._propose()
        yield self._decide()
        yield self._follow_up()

    def _session(self) -> Any:
        from hemvist.tenancy import Audience, tenant_session

        return tenant_session(Audience.STAFF, self.tenant_id)

    def _actor(self, role: str, department: str) -> Any:
        from hemvist.identity.models import MembershipRow, Principal
        from hemvist.identity.principals import actor_for, memberships_of

        with self._session() as session:
            principal = session.scalars(
                select(Principal)
                .join(MembershipRow, MembershipRow.principal_id == Principal.id)
                .where(MembershipRow.role == role, MembershipRow.department == department)
            ).first()
            return actor_for(principal, memberships_of(session, principal.id))

    def _call(self, actor: Any, name: str, gives: str, **given: Any) -> Call:
        from hemvist_graphql.execution import execute_text

        type_ = name[0].upper() + name[1:]
        document = (
            f"mutation {type_}($input: {type_}Input!) {{ result: {name}(input: $input) {{"
            f" __typename ... on {type_}Done {{ {gives} {{ id }} }} }} }}"
        )

        def run() -> str:
            sent = {"idempotencyKey": str(uuid4()), **given}
            answer = execute_text(actor, document, {"input": sent})
            assert f'"{type_}Done"' in answer, (name, json.dumps(given), answer)
            return answer

        return Call(name, run)

    def _case(self, *conditions: Any) -> Any:
        from hemvist.cases.models import Case

        with self._session() as session:
            found = session.scalars(
                select(Case).where(Case.state == "open", *conditions).order_by(Case.id)
            ).first()
            assert found is not None
            return found

    def _open_case(self) -> Call:
        from hemvist.cases.models import Case
        from hemvist.households.models import Household
        from hemvist_graphql.ids import global_id

        with self._session() as session:
            household = session.scalars(
                select(Household)
                .where(
                    ~select(Case.id).where(Case.household_id == Household.id).exists(),
                    Household.department == "SOF-VUX",
                )
                .order_by(Household.id)
            ).first()
        return self._call(
            self._actor("caseworker", "SOF-VUX"),
            *("openCase", "case"),
            householdId=global_id("Household", household.id),
            department="SOF-VUX",
        )

    def _assessed(self) -> Any:
        from hemvist.assessments.models import Assessment
        from hemvist.cases.models import Case
        from hemvist.decisions.models import Decision

        return self._case(
            select(Assessment.id).where(Assessment.case_id == Case.id).exists(),
            ~select(Decision.id).where(Decision.case_id == Case.id).exists(),
        )

    def _answer(self) -> Call:
        from hemvist.assessments.models import Answer
        from hemvist_graphql.ids import global_id

        case = self._assessed()
        with self._session() as session:
            present = session.scalars(
                select(Answer).where(Answer.case_id == case.id, Answer.replaced_at.is_(None))
            ).all()
        answers = [
            {"fact": one.fact, "value": one.value, "reason": "Omprövat.", "source": "samtal"}
            for one in present[:10]
        ]
        return self._call(
            self._actor("caseworker", case.department),
            *("answerQuestions", "case"),
            caseId=global_id("Case", case.id),
            answers=answers,
        )

    def _conclude(self) -> Call:
        from hemvist_graphql.ids import global_id

        case = self._assessed()
        return self._call(
            self._actor("caseworker", case.department),
            *("concludeAssessment", "assessment"),
            caseId=global_id("Case", case.id),
            rule="entitled",
            conclusion=True,
            reason="Stämmer med utredningen.",
        )

    def _propose(self) -> Call:
        from hemvist.cases.packs import pack_of
        from hemvist.clock import today
        from hemvist.decisions import service
        from hemvist_graphql.ids import global_id

        case, kind, programme = self._assessed(), "support_to_obtain_housing", "municipal_contract"
        pack = pack_of(case)
        bases = pack.bases(service.definition(pack, programme, kind), today())
        return self._call(
            self._actor("caseworker", case.department),
            *("proposeDecision", "decision"),
            caseId=global_id("Case", case.id),
            programme=programme,
            kind=kind,
            outcome="granted",
            legalBasis=[bases[0].id],
            motivation="Utredningen visar att behovet finns.",
            childAssessment="Barnets bästa är ett eget hem.",
            departureReason="Se utredningen.",
            wentOnBecause="Se utredningen.",
        )

    def _decide(self) -> Call:
        from hemvist.cases.models import Case
        from hemvist.decisions.models import Decision
        from hemvist_graphql.ids import global_id

        with self._session() as session:
            decision, case = session.execute(
                select(Decision, Case)
                .join(Case, Case.id == Decision.case_id)
                .where(Decision.state == "proposed")
                .order_by(Decision.id)
            ).first()
        return self._call(
            self._actor("department_manager", case.department),
            *("decide", "decision"),
            decisionId=global_id("Decision", decision.id),
            expectedVersion=decision.version,
        )

    def _follow_up(self) -> Call:
        from hemvist.cases.models import Case
        from hemvist.clock import today
        from hemvist.deadlines.models import Obligation
        from hemvist_graphql.ids import global_id

        with self._session() as session:
            duty, case = session.execute(
                select(Obligation, Case)
                .join(Case, Case.id == Obligation.case_id)
                .where(Obligation.state == "open", Obligation.code == "follow_up")
                .order_by(Obligation.due_on, Obligation.id)
            ).first()
        return self._call(
            self._actor("caseworker", case.department),
            *("recordFollowUp", "followUp"),
            obligationId=global_id("Obligation", duty.id),
            heldOn=str(today()),
            departments=[case.department],
            residentTookPart=True,
            inTheHome=True,
            agendaDone=[item["id"] for item in duty.agenda],
            notes="Allt fungerar.",
            expectedVersion=duty.version,
        )

    def _notice(self) -> Call:
        from hemvist.ids import new_id
        from hemvist.notices import service
        from hemvist.notices.models import Notice
        from hemvist.tenancy import Audience, tenant_session
        from hemvist_graphql.ids import global_id

        case, source = self._assessed(), new_id()
        with tenant_session(Audience.WORKER, self.tenant_id) as session:
            service.notify(
                session,
                kind="decision_proposed",
                role="caseworker",
                department=case.department,
                case_id=case.id,
                subject_type="case",
                subject_id=case.id,
                source_id=source,
            )
        with self._session() as session:
            notice = session.scalars(select(Notice).where(Notice.source_id == source)).one()
        return self._call(
            self._actor("caseworker", case.department),
            *("markNoticeRead", "notice"),
            noticeId=global_id("Notice", notice.id),
        )
