"""Taking a case of any installed guideline through the services, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hemvist.assessments import service as assessments
from hemvist.assessments.service import NewAnswer
from hemvist.cases import service as cases
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.deadlines.models import Obligation
from hemvist.follow_ups import service as follow_ups
from hemvist.identity import Membership, Role
from hemvist.milestones import service as milestones
from hemvist.milestones.models import Milestone
from hemvist.offers import service as offers
from hemvist.offers.models import Offer
from hemvist.policy import Pack
from hemvist.policy.facts import FactKind
from hemvist.referrals import service as referrals
from hemvist.referrals import signing
from hemvist_registry import discovered
from hemvist_world import HOUSING, SUPPORT, World, adult, caseworker_of, new_world

#: The day on which the Social Services Act of 2025 takes over.
NEW_ACT = date(2025, 7, 1)


@dataclass
class Walk:
    """A kommun that works by one guideline: a referring department and a property office."""

    world: World
    pack: Pack
    department: str
    kommun_code: str
    content: Mapping[str, Any]

    @classmethod
    def of(
        cls, pack: str, referring: str, office: str, kommun_code: str, content: Mapping[str, Any]
    ) -> Walk:
        """A fresh kommun with a caseworker, a manager and a property officer."""
        world = new_world(pack=pack, departments={referring: ""})
        world.add("property", Membership(Role.PROPERTY_OFFICER, office))
        return cls(world, discovered().get(pack), referring, kommun_code, content)

    @property
    def caseworker(self) -> str:
        """Name of the caseworker."""
        return caseworker_of(self.department)

    def opened(self, on: date, **facts: Any) -> Case:
        """A case of a lone adult opened on a day, with these answers."""
        household = self.world.household(
            adult(registered_kommun=self.kommun_code, protection_checked_on=on),
            department=self.department,
            registered_on=on,
        )
        case: Case = self.world.act(
            self.caseworker,
            cases.open_case,
            household_id=household.id,
            department=self.department,
            opened_on=on,
        )
        self.answer(case, **facts)
        return case

    def answer(self, case: Case, **facts: Any) -> None:
        """What the caseworker answers, with a reason for every judgement."""
        given = [
            NewAnswer(fact, value, "Bedömt i samtal.", "samtal") for fact, value in facts.items()
        ]
        self.world.act(self.caseworker, assessments.answer_all, case_id=case.id, answers=given)

    def conclude(self, case: Case, rule: str, conclusion: bool) -> None:
        """The caseworker's own conclusion on a rule."""
        self.world.act(
            self.caseworker,
            assessments.conclude,
            case_id=case.id,
            rule=rule,
            conclusion=conclusion,
        )

    def asked(self, case: Case) -> set[str]:
        """The facts on the case's form today that a person answers."""
        now = self.world.again(case)
        found = self.world.read(lambda session: assessments.questions(session, now, today()))
        return {one.fact.name for one in found if one.fact.kind is not FactKind.DERIVED}

    def decided(self, case: Case, kind: str, programme: str, on: date, **changes: Any) -> None:
        """Proposed and decided on the act of the day."""
        basis = "sol_2025_11_1" if on >= NEW_ACT else "sol_2001_4_1"
        self.world.grant(case, kind, programme=programme, legal_basis=[basis], on=on, **changes)

    def taken(self, case: Case, programme: str, signed_on: date, **words: Any) -> Offer:
        """Support, referral, a flat and the decision on it, in the 40 days before the contract.

        ``words`` stand in both decisions.
        """

        def day(before: int) -> date:
            return signed_on - timedelta(days=before)

        self.decided(case, SUPPORT, programme, day(40), **words)
        draft = self.world.act(
            self.caseworker,
            referrals.draft,
            case_id=case.id,
            programme=programme,
            content=self.content,
            on=day(38),
        )
        signed = self.world.act(
            self.caseworker,
            signing.record_resident_signature,
            referral_id=draft.id,
            person_id=self.world.applicant(case),
            signed_on=day(38),
            expected_version=draft.version,
        )
        sent = self.world.act(
            self.caseworker,
            referrals.submit,
            referral_id=draft.id,
            expected_version=signed.version,
            on=day(37),
        )
        referral = self.world.act(
            "property",
            referrals.register,
            referral_id=sent.id,
            expected_version=sent.version,
            on=day(36),
        )
        made = self.world.act(
            "property",
            offers.make,
            referral_id=referral.id,
            unit_id=self.world.unit().id,
            on=day(20),
        )
        offer: Offer = self.world.act(
            self.caseworker,
            offers.accept,
            offer_id=made.id,
            expected_version=made.version,
            on=day(18),
        )
        self.decided(case, HOUSING, programme, day(5), **words)
        return offer

    def sign(self, offer: Offer, signed_on: date, **changes: Any) -> Contract:
        """Signed on a day, and moved in a week later."""
        words: dict[str, Any] = {
            "signed_on": signed_on,
            "starts_on": signed_on + timedelta(days=7),
            "told_of_link_on": signed_on,
            "owner_notified_on": signed_on,
        }
        return self.world.contract(offer, **(words | changes))

    def reached(
        self, case: Case, milestone: str, on: date, who: str | None = None, **more: Any
    ) -> Milestone:
        """One milestone recorded, with every party of it."""
        case = self.world.again(case)
        assert case.programme is not None
        values: dict[str, Any] = {
            "case_id": case.id,
            "milestone": milestone,
            "parties": self.pack.programme(case.programme).milestone(milestone).by,
            "happened_on": on,
        }
        row: Milestone = self.world.act(
            who or self.caseworker, milestones.record_milestone, **(values | more)
        )
        return row

    def stage(self, case: Case) -> str | None:
        """The stage that the case is in."""
        now = self.world.again(case)
        rules = self.pack.programme(now.programme)
        found: str | None = self.world.read(
            lambda session: milestones.stage_now(session, now, rules)
        )
        return found

    def due(self, case: Case, code: str, state: str = "open") -> list[date]:
        """The days of one duty in a state."""
        rows = self.world.rows(Obligation, case_id=case.id, code=code, state=state)
        return sorted(row.due_on for row in rows)

    def follow_up(self, case: Case, code: str, on: date, **more: Any) -> None:
        """The earliest open duty of a kind carried out by the department with the resident."""
        rows = self.world.rows(Obligation, case_id=case.id, code=code, state="open")
        first = min(rows, key=lambda row: row.due_on)
        values: dict[str, Any] = {
            "obligation_id": first.id,
            "held_on": on,
            "departments": [self.department],
            "resident_took_part": True,
            "in_the_home": False,
            "expected_version": first.version,
        }
        self.world.act(self.caseworker, follow_ups.record_follow_up, **(values | more))
