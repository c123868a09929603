"""Packs: what the kommun's guideline says, for forms and for reading."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.clock import today
from hemvist.decisions.pairs import granted_together
from hemvist.decisions.service import PACK_NAMES
from hemvist.guarantees.terms import KIND_OF
from hemvist.policy import Pack as PackModel
from hemvist.policy import Programme as ProgrammeModel
from hemvist.policy import explain
from hemvist.policy.pages import page_of
from hemvist.policy.pages.data import page_data
from hemvist_graphql.guarantees.words import KINDS as GUARANTEE_KINDS
from hemvist_graphql.labels import DEFAULT_LANGUAGE, language, worded
from hemvist_graphql.legal.types import kinds_shown
from hemvist_graphql.packs.entries import (
    PackEntry,
    PackStatus,
    day_of,
    entries,
    part,
    settings,
)
from hemvist_graphql.packs.items import (
    ContentField,
    LegalBasis,
    Option,
    content_field,
    options_of,
    term_field,
)
from hemvist_graphql.packs.parameters import PackParameter
from hemvist_graphql.reading import computed
from hemvist_graphql.scalars import Json


@strawberry.type(description="A reason for which an offer may be declined.")
class DeclineReason:
    """A reason for which an offer may be declined."""

    code: str
    cite: list[str]
    consequence: str
    by: list[str]
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The reason in words."""
        return worded(self.text, lang, self.code)


@strawberry.type(description="A programme: one form of support.")
class Programme:
    """A programme of a pack."""

    pack: strawberry.Private[PackModel]
    model: strawberry.Private[ProgrammeModel]

    @computed()
    def id(self) -> str:
        """The programme's name in the pack."""
        return self.model.id

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The programme in words."""
        return self.model.label.text(language(lang))

    @computed(description="The core's kinds of decision that the programme has.")
    def decision_kinds(self) -> list[str]:
        """support_to_obtain_housing, housing."""
        ids = {decision.id for decision in self.model.decisions}
        return [kind for kind, name in PACK_NAMES.items() if name in ids]

    @computed(description="Kinds of decision that the guideline grants together, in one act.")
    def granted_together(self) -> list[str]:
        """support_to_obtain_housing and housing where the guideline says so; else none."""
        return granted_together(self.model)

    @computed(description="single or several; null when the programme offers no homes.")
    def offer_mode(self) -> str | None:
        """How homes are offered."""
        return self.model.offers.mode if self.model.offers else None

    @computed(
        description="Of how many households the landlord chooses one; null where it has no choice."
    )
    def landlord_picks(self, on: dt.date | None = None) -> int | None:
        """Of how many households the landlord chooses one."""
        offers = self.model.offers
        if offers is None or offers.landlord_picks is None:
            return None
        return self.pack.number(offers.landlord_picks, day_of(self.pack, on))

    @computed(description="Who answers an offer, in order: referring, resident.")
    def offer_answers(self) -> list[str]:
        """Who answers an offer, one after the other."""
        return list(self.model.offers.answers) if self.model.offers else []

    @computed()
    def decline_reasons(self) -> list[DeclineReason]:
        """The reasons for which an offer may be declined."""
        reasons = self.model.offers.decline_reasons if self.model.offers else ()
        return [
            DeclineReason(
                code=one.id,
                cite=list(one.cite),
                consequence=one.consequence,
                by=list(one.by),
                text=one.label,
            )
            for one in reasons
        ]

    @computed()
    def contract_form(self) -> str | None:
        """The contract form's name in the pack."""
        return self.model.contract.form if self.model.contract else None

    @computed(description="sublease, first_hand or three_party")
    def contract_kind(self) -> str | None:
        """What kind of tenancy the form is."""
        return self.model.contract.kind if self.model.contract else None

    @computed(description="In Swedish (sv) or English (en).")
    def contract_label(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """The contract form in words."""
        return self.model.contract.label.text(language(lang)) if self.model.contract else None

    @computed()
    def contract_terms(self) -> list[ContentField]:
        """The terms of the contract form."""
        terms = self.model.contract.terms if self.model.contract else ()
        return [term_field(term) for term in terms]

    @computed(description="Lengths of guarantee that may be chosen on a day, in months.")
    def guarantee_months(self, on: dt.date | None = None) -> list[int]:
        """Lengths of guarantee to choose from; none when the programme gives no guarantee."""
        if self.model.guarantee is None:
            return []
        months: Any = self.pack.param(self.model.guarantee.periods, on or today())
        return list(months)

    @computed(description="guarantee or surety; null when the programme gives none.")
    def guarantee_kind(self) -> str | None:
        """Rent guarantee or surety."""
        return None if self.model.guarantee is None else KIND_OF[self.model.guarantee.kind]

    @computed(description="In Swedish (sv) or English (en).")
    def guarantee_kind_label(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """Rent guarantee or surety, in words."""
        guarantee = self.model.guarantee
        return None if guarantee is None else worded(GUARANTEE_KINDS[KIND_OF[guarantee.kind]], lang)

    @computed(description="How many offers may be open at a time; null when nothing is said.")
    def offer_count(self, on: dt.date | None = None) -> int | None:
        """How many homes are shown in parallel."""
        offers = self.model.offers
        if offers is None or offers.count is None:
            return None
        return self.pack.number(offers.count, day_of(self.pack, on))

    @computed(description="Clauses that the contract form carries.")
    def contract_clauses(self, on: dt.date | None = None) -> list[PackEntry]:
        """Clauses of the contract form."""
        contract = self.model.contract
        return entries(self.pack, contract.clauses if contract else (), on)

    @computed(description="Lengths that the contract form can have; none where it says nothing.")
    def contract_lengths(self, on: dt.date | None = None) -> list[PackEntry]:
        """Lengths of the contract form; details have the months."""
        contract = self.model.contract
        return entries(self.pack, contract.lengths if contract else (), on)

    @computed(description="Kinds of clauses and conditions to choose among.")
    def clause_kinds(self) -> list[Option]:
        """Kinds that guidelines and the law speak of, and other."""
        return kinds_shown()

    @computed(description="The notice that the source states for the contract.")
    def notice(self, on: dt.date | None = None) -> PackEntry | None:
        """The period of notice."""
        stated = self.model.contract.notice if self.model.contract else None
        if stated is None:
            return None
        return part(self.pack, "notice", stated.label, stated.cite, stated, on)

    @computed(description="The waiver of security of tenure that the source states.")
    def tenure_waiver(self, on: dt.date | None = None) -> PackEntry | None:
        """The waiver of security of tenure."""
        stated = self.model.contract.tenure_waiver if self.model.contract else None
        if stated is None:
            return None
        return part(self.pack, "tenure_waiver", stated.label, stated.cite, stated, on)

    @computed(description="The way to a first-hand lease.")
    def takeover(self, on: dt.date | None = None) -> PackEntry | None:
        """When and how the resident takes over the lease."""
        found = self.model.takeover
        if found is None:
            return None
        return part(self.pack, "takeover", found.label, found.cite, found, on)

    @computed(description="Facts that the landlord may be shown with a request to take over.")
    def landlord_may_see(self) -> list[Option]:
        """Out of the guideline's list; none where it has none."""
        told = self.model.landlord
        facts = () if told is None else told.evidence
        return options_of({fact: self.pack.facts[fact].label for fact in facts})

    @computed(description="When the duty to follow up may end, and who decides it together.")
    def end_of_follow_up(self, on: dt.date | None = None) -> PackEntry | None:
        """The end of the follow-up; null where the guideline has none."""
        found = self.model.end_of_follow_up
        if found is None:
            return None
        return part(self.pack, "end_of_follow_up", found.label, found.cite, found, on)

    @computed(description="Events that a person records.")
    def milestones(self, on: dt.date | None = None) -> list[PackEntry]:
        """Events without a form of their own."""
        return entries(self.pack, self.model.milestones, on)

    @computed(description="What people are told; details say before which event.")
    def notices(self, on: dt.date | None = None) -> list[PackEntry]:
        """Notices of referral, guarantee and takeover."""
        parts = (self.model.referral, self.model.guarantee, self.model.takeover)
        return entries(
            self.pack, [one for part in parts if part is not None for one in part.notices], on
        )

    @computed()
    def standing(self, on: dt.date | None = None) -> list[PackEntry]:
        """Responsibilities of the programme that no date or rule checks."""
        return entries(self.pack, self.model.standing, on)

    @computed(description="The steps of the programme in order.")
    def order(self) -> list[str]:
        """Decisions and core steps in order."""
        return list(self.model.order)

    @computed()
    def plan_items(self) -> list[ContentField]:
        """What the support plan holds."""
        plan = self.model.plan
        if plan is None:
            return []
        return [content_field(item, required=True) for item in plan.requires] + [
            content_field(item, required=False) for item in plan.optional
        ]

    @computed()
    def referral_items(self) -> list[ContentField]:
        """What the referral holds."""
        rules = self.model.referral
        if rules is None:
            return []
        return [content_field(item, required=True) for item in rules.requires] + [
            content_field(item, required=False) for item in rules.optional
        ]

    @computed(description="Legal bases of a kind of decision that are in force on a day.")
    def legal_bases(self, kind: str, on: dt.date | None = None) -> list[LegalBasis]:
        """Legal bases to choose from; none for a kind that the programme does not have."""
        wanted = PACK_NAMES.get(kind)
        return [
            LegalBasis(id=basis.id, cite=list(basis.cite), text=basis.label)
            for decision in self.model.decisions
            if decision.id == wanted
            for basis in self.pack.bases(decision, on or today())
        ]


@strawberry.type(description="A rule of a pack.")
class PackRule:
    """A rule of a pack."""

    id: str
    cite: list[str]
    pack: strawberry.Private[PackModel]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The rule's name."""
        return self.pack.rule(self.id).label.text(language(lang))

    @computed(5, description="The whole rule as text with its sources.")
    def text(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The rule in words."""
        return explain(self.pack, self.id, language(lang))


@strawberry.type(description="One version of one guideline.")
class Pack:
    """One version of one guideline."""

    model: strawberry.Private[PackModel]

    @computed()
    def name(self) -> str:
        """kommun/guideline."""
        return self.model.name

    @computed()
    def version(self) -> str:
        """Three numbers."""
        return self.model.version

    @computed(description="In Swedish (sv) or English (en).")
    def title(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The guideline's title."""
        return self.model.title.text(language(lang))

    @computed()
    def in_force_from(self) -> dt.date:
        """The first day on which it applies."""
        return self.model.in_force.start

    @computed(
        100,
        description="All that it says, for reading, in Swedish (sv) or English (en): title, terms, "
        "blocks (paragraph, lines, table) and parts with blocks and parts of their own.",
    )
    def page(self, lang: str = DEFAULT_LANGUAGE, on: dt.date | None = None) -> Json:
        """All that it says, for reading."""
        return Json(page_data(page_of(self.model, language(lang), on)))

    @computed(description="The documents that it cites.")
    def sources(self) -> Json:
        """The documents that it cites."""
        return Json(
            [
                {
                    "id": source.id,
                    "title": source.title.as_json(),
                    "adopted": source.adopted.isoformat() if source.adopted else None,
                    "sections": list(source.sections),
                }
                for source in self.model.sources.values()
            ]
        )

    @computed()
    def status(self) -> PackStatus:
        """A guideline, described practice, a proposal, or law."""
        return PackStatus(kind=self.model.status.kind, text=self.model.status.note)

    @computed(description="Parameters on which the sources pull apart; the kommun chooses.")
    def settings(self, on: dt.date | None = None) -> list[PackEntry]:
        """Settings with the value of the day."""
        return settings(self.model, on)

    @computed()
    def standing(self, on: dt.date | None = None) -> list[PackEntry]:
        """Responsibilities that no date or rule checks."""
        return entries(self.model, self.model.standing, on)

    @computed(description="Clocks that an incident starts.")
    def service_levels(self, on: dt.date | None = None) -> list[PackEntry]:
        """Service levels."""
        return entries(self.model, self.model.service_levels, on)

    @computed()
    def quotas(self, on: dt.date | None = None) -> list[PackEntry]:
        """So many homes, contracts or places per period."""
        return entries(self.model, self.model.quotas, on)

    @computed()
    def indicators(self, on: dt.date | None = None) -> list[PackEntry]:
        """What is to be counted."""
        return entries(self.model, self.model.indicators, on)

    @computed()
    def meetings(self, on: dt.date | None = None) -> list[PackEntry]:
        """Recurrences outside a single case."""
        return entries(self.model, self.model.meetings, on)

    @computed()
    def measures(self, on: dt.date | None = None) -> list[PackEntry]:
        """Measures of an action plan."""
        return entries(self.model, self.model.measures, on)

    @computed(description="Clauses and conditions that it refuses.")
    def refused(self, on: dt.date | None = None) -> list[PackEntry]:
        """Refused clauses and conditions."""
        return entries(self.model, self.model.refused, on)

    @computed(description="Rounds and letters that prevent evictions.")
    def campaigns(self, on: dt.date | None = None) -> list[PackEntry]:
        """Campaigns of prevention."""
        return entries(self.model, self.model.campaigns, on)

    @computed(description="Its figures and words that may change over time.")
    def parameters(self) -> list[PackParameter]:
        """Its parameters, in its order."""
        return [PackParameter(model=one) for one in self.model.params.values()]

    @computed()
    def programmes(self) -> list[Programme]:
        """Its programmes."""
        return [Programme(pack=self.model, model=one) for one in self.model.programmes.values()]

    @computed()
    def rules(self) -> list[PackRule]:
        """Its rules, in its order."""
        return [
            PackRule(id=rule.id, cite=list(rule.cite), pack=self.model)
            for rule in self.model.rules.values()
        ]
