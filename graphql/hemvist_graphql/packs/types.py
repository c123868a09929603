"""Packs: what the kommun's guideline says, for forms and for reading."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.clock import today
from hemvist.decisions.service import PACK_NAMES
from hemvist.policy import Pack as PackModel
from hemvist.policy import Programme as ProgrammeModel
from hemvist.policy import explain
from hemvist_graphql.labels import DEFAULT_LANGUAGE, language, worded
from hemvist_graphql.packs.items import (
    ContentField,
    LegalBasis,
    content_field,
    term_field,
)
from hemvist_graphql.reading import computed
from hemvist_graphql.scalars import Json


@strawberry.type(description="A reason for which an offer may be declined.")
class DeclineReason:
    """A reason for which an offer may be declined."""

    code: str
    cite: list[str]
    consequence: str
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

    @computed(description="single or several; null when the programme offers no homes.")
    def offer_mode(self) -> str | None:
        """How homes are offered."""
        return self.model.offers.mode if self.model.offers else None

    @computed()
    def decline_reasons(self) -> list[DeclineReason]:
        """The reasons for which an offer may be declined."""
        reasons = self.model.offers.decline_reasons if self.model.offers else ()
        return [
            DeclineReason(
                code=one.id, cite=list(one.cite), consequence=one.consequence, text=one.label
            )
            for one in reasons
        ]

    @computed()
    def contract_form(self) -> str | None:
        """The contract form's name in the pack."""
        return self.model.contract.form if self.model.contract else None

    @computed(description="sublease or first_hand")
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
