"""The forms there are: whose, what they ask, when they are handed in."""

from __future__ import annotations

import datetime as dt

import strawberry

from hemvist.authority_forms.definitions import Form, Question, forms_on
from hemvist.authority_forms.windows import periods
from hemvist.clock import today
from hemvist.identity import Action, Actor, allows
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import computed


@strawberry.type(description="What a form is about once, and when it is handed in.")
class AuthorityFormPeriod:
    """What a form is about once."""

    code: str = strawberry.field(description="2026, 2026-Q4, 2029-W14")
    first_day: dt.date
    last_day: dt.date
    opens_on: dt.date
    closes_on: dt.date
    due: str = strawberry.field(description="later, open or closed, today")
    source: str = strawberry.field(description="Where the days are from.")
    confirmed: bool = strawberry.field(
        description="Whether the days were held against the authority's word of that year."
    )


@strawberry.type(description="A form of an authority.")
class AuthorityFormKind:
    """A form of an authority."""

    definition: strawberry.Private[Form]
    code: str
    version: int
    authority: str
    sources: list[str]
    reaches: list[str] = strawberry.field(
        description="own, disclosed: of whose cases it can be prepared."
    )
    file: str = strawberry.field(
        description="execution_report where another report is what is sent; else empty."
    )

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The form in words."""
        return worded(self.definition.label, lang)

    @computed(description="What is counted and what is not.")
    def note(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is counted and what is not."""
        return worded(self.definition.note, lang)

    @computed(description="What somebody is to hold against the year's real form.")
    def confirm(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is to be held against the real form."""
        return worded(self.definition.confirm, lang)

    @computed(description="Those that have begun and the next one, newest first.")
    def periods(self) -> list[AuthorityFormPeriod]:
        """Its periods."""
        day = today()
        return [
            AuthorityFormPeriod(
                code=one.code,
                first_day=one.first,
                last_day=one.last,
                opens_on=one.opens,
                closes_on=one.closes,
                due=one.due(day),
                source=one.source,
                confirmed=one.confirmed,
            )
            for one in periods(self.definition, day)
        ]


@strawberry.type(description="A question of a form and what it is answered with.")
class AuthorityFormQuestion:
    """A question of a form."""

    asked: strawberry.Private[Question]
    code: str
    how: str = strawberry.field(description="counted, number, text or yes_no")
    unit: str = strawberry.field(description="Of what is counted; ore is money.")
    source: str = strawberry.field(description="Whose question it is, and where it stands.")
    optional: bool
    # A kommun's öre are soon more than an Int of GraphQL holds.
    number: float | None = strawberry.field(
        description="Counted or answered, always whole; null: no answer yet."
    )
    text: str | None
    yes: bool | None
    answered_on: dt.date | None = strawberry.field(description="By hand.")

    @computed(description="In our words; in Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What it asks."""
        return worded(self.asked.asks, lang)

    @computed(description="How it is counted, where that needs saying.")
    def note(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """How it is counted."""
        return worded(self.asked.note, lang)

    @computed(description="Whether somebody must still answer it.")
    def missing(self) -> bool:
        """Whether an answer is missing."""
        return not self.optional and self.number is None and self.text is None and self.yes is None


def kinds(actor: Actor) -> list[AuthorityFormKind]:
    """The forms that hold today, for who prepares them; nothing for others."""
    if not allows(actor, Action.AUTHORITY_FORM_PREPARE):
        return []
    return [kind_of(form) for form in forms_on(today())]


def kind_of(form: Form) -> AuthorityFormKind:
    """A form for the schema."""
    return AuthorityFormKind(
        definition=form,
        code=form.code,
        version=form.version,
        authority=form.authority,
        sources=list(form.source),
        reaches=list(form.reach),
        file=form.file,
    )
