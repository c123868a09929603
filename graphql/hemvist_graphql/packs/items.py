"""Parts of a pack that several types show: options, questions, fields of a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry

from hemvist.policy import ContentItem, FactDef, Label
from hemvist.policy.programmes import Term
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import computed
from hemvist_graphql.scalars import Json

#: GraphQL's Int ends here; a larger bound is as good as none for a form.
_MAX_INT = 2**31 - 1


@strawberry.type(description="Something to choose.")
class Option:
    """Something to choose."""

    code: str
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The words of the option."""
        return worded(self.text, lang, self.code)


def options_of(options: Mapping[str, Label] | None) -> list[Option]:
    """A pack's options, in its order."""
    return [Option(code=code, text=label) for code, label in (options or {}).items()]


def small(number: int | None) -> int | None:
    """A bound that fits GraphQL's Int, or None."""
    return number if number is not None and abs(number) <= _MAX_INT else None


def fields_of(fact: FactDef) -> Json | None:
    """The fields of a fact that holds records, as data for a form; labels in both languages."""
    if not fact.fields:
        return None
    return Json(
        [
            {
                "id": name,
                "kind": field.type.value,
                "label": field.label.as_json(),
                "help": field.help.as_json() if field.help else None,
                "required": not field.optional,
                "options": [
                    {"code": code, "label": label.as_json()}
                    for code, label in field.options.items()
                ],
                "minimum": field.minimum,
                "maximum": field.maximum,
            }
            for name, field in fact.fields.items()
        ]
    )


@strawberry.type(
    description="An item of a document that the pack prescribes, with what is written."
)
class ContentField:
    """An item of a document that the pack prescribes, with what is written there."""

    id: str
    kind: str
    required: bool
    cite: list[str]
    options: list[Option]
    value: Json | None = None
    prefill: Json | None = None
    from_decision: bool = strawberry.field(
        default=False, description="The decision on support fills it in when it has been made."
    )
    must_be: bool | None = None
    minimum: int | None = None
    maximum: int | None = None
    text: strawberry.Private[Any]
    helping: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What the item is called."""
        return worded(self.text, lang, self.id)

    @computed(description="In Swedish (sv) or English (en).")
    def help(self, lang: str = DEFAULT_LANGUAGE) -> str | None:
        """What to write there."""
        return worded(self.helping, lang) or None


def content_field(
    item: ContentItem, *, required: bool, value: Any = None, prefill: Any = None
) -> ContentField:
    """A document's item as the schema shows it."""
    return ContentField(
        id=item.id,
        kind=item.kind,
        required=required,
        cite=list(item.cite),
        options=options_of(item.options),
        value=value,
        prefill=prefill,
        from_decision=item.prefill in ("decision", "motivation"),
        must_be=item.must_be,
        text=item.label,
        helping=item.help,
    )


def term_field(term: Term) -> ContentField:
    """A contract's term as the schema shows it."""
    return ContentField(
        id=term.id,
        kind=term.type,
        required=term.required,
        cite=list(term.cite),
        options=options_of(term.options),
        must_be=term.must_be,
        minimum=small(term.minimum),
        maximum=small(term.maximum),
        text=term.label,
        helping=term.help,
    )


@strawberry.type(description="A legal basis (lagrum) of a decision.")
class LegalBasis:
    """A legal basis of a decision."""

    id: str
    cite: list[str]
    text: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The provision in words."""
        return worded(self.text, lang, self.id)
