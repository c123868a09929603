"""Parameters of a pack with their values over time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.policy import Param
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.reading import computed
from hemvist_graphql.scalars import Json


@strawberry.type(description="A value of a parameter, from a day until the next value's day.")
class DatedValue:
    """A value of a parameter from a day on."""

    valid_from: dt.date
    value: Json | None = strawberry.field(description="Null: no value from then on.")


@strawberry.type(description="A figure or word of the guideline that may change over time.")
class PackParameter:
    """A parameter of a pack."""

    model: strawberry.Private[Param]

    @computed()
    def name(self) -> str:
        """The parameter's name in the pack."""
        return self.model.name

    @computed(
        description="months, days, int, money_ore (whole öre), bool, text, date; or text_list, "
        "int_list, months_list."
    )
    def type(self) -> str:
        """What it holds."""
        return self.model.type.value

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The parameter in words."""
        return worded(self.model.label, lang, self.model.name)

    @computed(description="Where the guideline says it.")
    def cite(self) -> list[str]:
        """Its sources."""
        return list(self.model.cite)

    @computed(description="Its values over time, the earliest first.")
    def values(self) -> list[DatedValue]:
        """Its values over time."""
        return values_of(self.model)


def values_of(param: Param | None) -> list[DatedValue]:
    """The values of a parameter over time; none for no parameter."""
    if param is None:
        return []
    return [
        DatedValue(valid_from=day, value=None if value is None else Json(_plain(value)))
        for day, value in param.values
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date) else value
