"""What a check found, and what two versions say differently."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.pack_versions.differences import ItemChange, ParameterChange, RuleChange
from hemvist_graphql.labels import DEFAULT_LANGUAGE, language, worded
from hemvist_graphql.packs.parameters import DatedValue, values_of
from hemvist_graphql.reading import computed


@strawberry.type(description="Something wrong at a place of a file. Lines and columns from 1.")
class PackFault:
    """Something wrong at a place of a file."""

    severity: str = strawberry.field(description="error or warning; a warning stops nothing.")
    code: str = strawberry.field(
        description="pack, case_failed, case_changed (taken over from the version before, answered "
        "otherwise now), case_before_in_force, no_cases, took_too_long, check_failed, against_the_law"
    )
    file: str
    line: int
    column: int
    message: str = strawberry.field(description="For those who write packs, in English.")
    cure: str = strawberry.field(description='What to do; "" when there is nothing to add.')
    case: str = strawberry.field(description='The case of cases.yaml that failed, else "".')


@strawberry.type(description="A case of cases.yaml that the new version answers otherwise.")
class OutcomeChange:
    """A case that the new version answers otherwise than the one before."""

    case: str
    about: str = strawberry.field(description="rule:name, schedule:programme or contents:programme")
    on: dt.date | None
    before: str
    after: str


@strawberry.type(description="What the latest check of a version found.")
class PackCheck:
    """What the latest check of a version found."""

    result: strawberry.Private[dict[str, Any]]
    checked_at: dt.datetime
    current: bool = strawberry.field(description="False when files have changed since.")

    @computed()
    def passed(self) -> bool:
        """Whether there was no error."""
        return bool(self.result["passed"])

    @computed(description="Errors and warnings.")
    def problems(self) -> list[PackFault]:
        """Errors and warnings."""
        return [PackFault(**one) for one in self.result["problems"]]

    @computed(description="Cases that are answered otherwise than by the version it is based on.")
    def changes(self) -> list[OutcomeChange]:
        """Outcomes that change."""
        return [
            OutcomeChange(**{**one, "on": dt.date.fromisoformat(one["on"]) if one["on"] else None})
            for one in self.result["changes"]
        ]

    @computed(description="What may be worth a look, in English.")
    def notes(self) -> list[str]:
        """Notes."""
        return list(self.result["notes"])

    @computed(description="How many problems are left out of the list because there are too many.")
    def more_problems(self) -> int:
        """Problems beyond those listed."""
        return int(self.result["more_problems"])

    @computed(description="The version that the outcomes were compared with.")
    def compared_with(self) -> str:
        """The version compared with."""
        return str(self.result.get("base", ""))

    @computed(description="Cases that were judged.")
    def cases(self) -> int:
        """Cases that were judged."""
        return int(self.result["counts"].get("cases", 0))

    @computed(description="Cases that failed.")
    def failed(self) -> int:
        """Cases that failed."""
        return int(self.result["counts"].get("failed", 0))

    @computed(description="Rules of the version.")
    def rules(self) -> int:
        """Rules of the version."""
        return int(self.result["counts"].get("rules", 0))


@strawberry.type(description="An item of a guideline that came, went or changed.")
class PackItemChange:
    """An item that came, went or changed."""

    model: strawberry.Private[ItemChange]

    @computed(description="facts, programmes, departments, legal_bases, sources, quotas …")
    def section(self) -> str:
        """The section it stands in."""
        return self.model.section

    @computed()
    def id(self) -> str:
        """Its name in the pack."""
        return self.model.id

    @computed(description="added, removed or changed")
    def change(self) -> str:
        """What has become of it."""
        return self.model.change

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The item in words."""
        return worded(self.model.label, lang, self.model.id)


@strawberry.type(description="A parameter that came, went or changed.")
class PackParameterChange:
    """A parameter that came, went or changed."""

    model: strawberry.Private[ParameterChange]

    @computed()
    def name(self) -> str:
        """Its name in the pack."""
        return self.model.item.id

    @computed(description="added, removed or changed")
    def change(self) -> str:
        """What has become of it."""
        return self.model.item.change

    @computed(description="months, days, int, money_ore …")
    def type(self) -> str:
        """What it holds."""
        param = self.model.after or self.model.before
        return param.type.value if param else ""

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The parameter in words."""
        return worded(self.model.item.label, lang, self.model.item.id)

    @computed(description="Its values over time as they were.")
    def before(self) -> list[DatedValue]:
        """Its values as they were."""
        return values_of(self.model.before)

    @computed(description="Its values over time as they become.")
    def after(self) -> list[DatedValue]:
        """Its values as they become."""
        return values_of(self.model.after)


@strawberry.type(description="A rule that changed, or that reads a parameter which did.")
class PackRuleChange:
    """A rule that changed, or that reads a parameter which did."""

    model: strawberry.Private[RuleChange]

    @computed()
    def id(self) -> str:
        """Its name in the pack."""
        return self.model.item.id

    @computed(description="added, removed or changed")
    def change(self) -> str:
        """What has become of it."""
        return self.model.item.change

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The rule in words."""
        return worded(self.model.item.label, lang, self.model.item.id)

    @computed(description="Parameters with new values that it reads.")
    def parameters(self) -> list[str]:
        """Parameters with new values that it reads."""
        return list(self.model.parameters)

    @computed(5, description="The whole rule as it was; null when it is new.")
    def before(self, lang: str = DEFAULT_LANGUAGE, on: dt.date | None = None) -> str | None:
        """The rule as it was."""
        return self.model.before(language(lang), on)

    @computed(5, description="The whole rule as it becomes; null when it is gone.")
    def after(self, lang: str = DEFAULT_LANGUAGE, on: dt.date | None = None) -> str | None:
        """The rule as it becomes."""
        return self.model.after(language(lang), on)


@strawberry.type(description="What a version says otherwise than another.")
class PackDiff:
    """What a version says otherwise than another."""

    from_version: str
    to_version: str
    parameters: list[PackParameterChange]
    rules: list[PackRuleChange]
    others: list[PackItemChange] = strawberry.field(description="Facts, programmes and the rest.")
