"""Vacancies that landlords have reported."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Double, cast, false

from hemvist.addresses.withholding import WITHHELD
from hemvist.identity import Action, Actor, allows
from hemvist.vacancies.models import Vacancy as VacancyRow
from hemvist_graphql.access import unless_unit_withheld
from hemvist_graphql.reading import Node, column, computed, expressed, opened, reads, to_one
from hemvist_graphql.refs import LandlordRef, PrincipalRef, UnitRef
from hemvist_graphql.scalars import Json


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Condition on ``Vacancy``: who takes in or declines sees them all."""
    return VacancyRow.id.is_not(None) if allows(actor, Action.VACANCY_TAKE_IN) else false()


def _unless_withheld(column: Any, instead: str = "") -> Any:
    """Of a home in which somebody protected has come to live, the report tells no more than the home."""
    return unless_unit_withheld(VacancyRow, column, instead)


def _said_unless_withheld(column: Any) -> Any:
    """The same of what is sealed."""
    return unless_unit_withheld(VacancyRow, column, None)


@reads(VacancyRow, visible=_visible, also=(VacancyRow.rent_parts,))
@strawberry.type(description="A home that a landlord has reported as vacant (anmäld ledig bostad).")
class Vacancy(Node):
    """A home that a landlord has reported as vacant."""

    landlord: LandlordRef = to_one("Landlord", VacancyRow.landlord_id)
    unit: UnitRef | None = to_one("Unit", VacancyRow.unit_id)
    state: str = column(VacancyRow.state, description="reported, taken_in, declined or withdrawn")
    channel: str = column(VacancyRow.channel, description="landlord or office")
    property_designation: str = expressed(
        "property_designation", _unless_withheld(VacancyRow.property_designation)
    )
    street_address: str = expressed(
        "street_address",
        _unless_withheld(VacancyRow.street_address, WITHHELD),
        description=f"“{WITHHELD}” where a protected household has the home, or is offered it.",
    )
    postal_code: str = expressed("postal_code", _unless_withheld(VacancyRow.postal_code))
    city: str = column(VacancyRow.city)
    area: str = expressed("area", _unless_withheld(VacancyRow.area))
    apartment_number: str = expressed(
        "apartment_number", _unless_withheld(VacancyRow.apartment_number)
    )
    rooms: int = column(VacancyRow.rooms)
    size_m2: float = expressed("size_m2", lambda _: cast(VacancyRow.size_m2, Double()))
    rent_ore: int = column(VacancyRow.rent_ore, description="Monthly rent in öre.")
    floor: int = column(VacancyRow.floor)
    lift: bool = column(VacancyRow.lift)
    step_free: bool = column(VacancyRow.step_free)
    step_free_width_cm: int | None = column(VacancyRow.step_free_width_cm)
    adapted: bool = column(VacancyRow.adapted)
    available_from: dt.date = column(VacancyRow.available_from)
    note: str = opened(
        VacancyRow.note,
        _said_unless_withheld,
        blank="",
        description="The landlord's words on the home.",
    )
    reported_on: dt.date = column(VacancyRow.reported_on)
    reported_by: PrincipalRef | None = to_one("Principal", VacancyRow.reported_by)
    answered_on: dt.date | None = column(VacancyRow.answered_on)
    answered_by: PrincipalRef | None = to_one("Principal", VacancyRow.answered_by)
    decline_code: str | None = column(VacancyRow.decline_code)
    answer_words: str = opened(VacancyRow.answer_words, description="The landlord reads them.")
    version: int = column(VacancyRow.version)

    @computed(
        needs=("rent_parts",),
        description="What the rent is made of: part → öre a month. Empty where nobody has said.",
    )
    def rent_parts(self) -> Json:
        """What the rent is made of."""
        return Json(self.row["rent_parts"])
