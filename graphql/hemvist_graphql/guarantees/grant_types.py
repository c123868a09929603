"""The application for the state grant."""

from __future__ import annotations

import strawberry

from hemvist.guarantees.grants import FILLED_IN, Application
from hemvist.policy.legal import law_pack
from hemvist_graphql.guarantees.words import GRANT_FIELDS
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.packs.items import Option
from hemvist_graphql.reading import computed
from hemvist_graphql.states import Outcome


@strawberry.type(description="One field of the application.")
class GrantField:
    """One field of the application."""

    name: str
    value: str | None = strawberry.field(description="Amounts in öre, dates YYYY-MM-DD.")
    filled_in: bool = strawberry.field(description="Whether a person can fill it in.")

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What it asks."""
        return worded(GRANT_FIELDS[self.name], lang)


@strawberry.type(description="The state grant for a guarantee, as things stand.")
class GrantApplication:
    """The state grant for a guarantee."""

    outcome: Outcome = strawberry.field(description="Whether it can be had, by law.")
    amount_ore: int
    missing: list[Option] = strawberry.field(description="What is not known, where that is why.")
    fields: list[GrantField]
    lacking: list[str] = strawberry.field(description="Fields without an answer.")


def application_shown(made: Application) -> GrantApplication:
    """An application for the schema."""
    facts = law_pack().facts
    return GrantApplication(
        outcome=Outcome(made.outcome),
        amount_ore=made.amount_ore,
        missing=[Option(code=one, text=facts[one].label) for one in made.missing],
        fields=[
            GrantField(
                name=name, value=None if value is None else str(value), filled_in=name in FILLED_IN
            )
            for name, value in made.fields.items()
        ],
        lacking=list(made.lacking),
    )
