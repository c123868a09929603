"""What is said of an indicator wherever it is named: its name, its definition, how it is measured."""

from __future__ import annotations

import strawberry

from hemvist.indicators.definitions import Definition
from hemvist_graphql.indicators.words import UNITS
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import computed


@strawberry.type
class DefinedIndicator:
    """What a type of the schema that is an indicator says of its definition; no type by itself."""

    model: strawberry.Private[Definition]

    @computed()
    def code(self) -> str:
        """Its code."""
        return self.model.code

    @computed(description="Its name, in Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """Its name."""
        return worded(self.model.label, lang, self.model.code)

    @computed(description="What it says, in Swedish (sv) or English (en).")
    def definition(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What it says."""
        return worded(self.model.definition, lang)

    @computed(description="When a case counts, in Swedish (sv) or English (en).")
    def counts(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """When a case counts."""
        return worded(self.model.counts, lang)

    @computed(description="What it does not say, in Swedish (sv) or English (en).")
    def limits(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What it does not say."""
        return worded(self.model.limits, lang)

    @computed(description="Rules of the sources, laws and authorities' questions.")
    def source(self) -> list[str]:
        """Where it is from."""
        return list(self.model.source)

    @computed(description="flow (happens on a day) or stock (holds on a month's last day)")
    def kind(self) -> str:
        """A flow or a stock."""
        return self.model.kind

    @computed(description="count, sum, share or median")
    def measure(self) -> str:
        """How it is measured."""
        return self.model.measure

    @computed(
        description="households, homes, cases, persons, children, days, ore, decisions or percent"
    )
    def unit(self) -> str:
        """Its unit."""
        return self.model.unit

    @computed(description="The unit as people read it: of ore kronor, a hundredth of the number.")
    def unit_label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """Its unit in words."""
        return worded(UNITS.get(self.model.unit), lang, self.model.unit)
