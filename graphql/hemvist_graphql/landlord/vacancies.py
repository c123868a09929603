"""Vacancies that the landlord reports, one by one or in a list, and what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import strawberry
from sqlalchemy import ColumnElement

from hemvist.errors import ValidationFailed
from hemvist.landlords.acting import properties_of
from hemvist.spreadsheets.sheets import MAX_BYTES
from hemvist.units.checks import tidy
from hemvist.vacancies import files, service
from hemvist.vacancies.landlord_views import VACANCIES, VACANCY_FILES, VACANCY_ROWS
from hemvist.vacancies.models import Vacancy as VacancyReport
from hemvist.vacancies.models import VacancyFile as VacancyList
from hemvist.vacancies.models import VacancyRow as ListRow
from hemvist_graphql.checks import as_mapping, decoded
from hemvist_graphql.ids import require_row_id
from hemvist_graphql.inputs import refers_to, text
from hemvist_graphql.labels import DEFAULT_LANGUAGE
from hemvist_graphql.landlord.commands import Act, command
from hemvist_graphql.landlord.declaring import Node, Shown, opened, shown
from hemvist_graphql.landlord.loading import in_kommun
from hemvist_graphql.landlord.refs import KommunRef, UnitRef
from hemvist_graphql.landlord.relations import to_one
from hemvist_graphql.landlord.roots import Ordering, listing, looked_up
from hemvist_graphql.messages import message_for
from hemvist_graphql.reading import computed
from hemvist_graphql.scalars import Json

MAX_BASE64 = MAX_BYTES * 4 // 3 + 8


@shown(VACANCIES)
@strawberry.type(
    description="A home that the landlord has reported as vacant (anmäld ledig bostad)."
)
class Vacancy(Node):
    """A home that the landlord has reported as vacant."""

    kommun: KommunRef | None = to_one("Kommun", {"landlord_id": "landlord_id"})
    unit: UnitRef | None = to_one("Unit", {"id": "unit_id"})
    state: str = strawberry.field(description="reported, taken_in, declined or withdrawn")
    property_designation: str
    street_address: str
    postal_code: str
    city: str
    area: str
    apartment_number: str
    rooms: int
    size_m2: float
    rent_ore: int = strawberry.field(description="Monthly rent in öre.")
    floor: int
    lift: bool
    step_free: bool
    step_free_width_cm: int | None
    adapted: bool
    available_from: dt.date
    note: str = opened(VacancyReport.note)
    reported_on: dt.date
    answered_on: dt.date | None
    decline_code: str | None = strawberry.field(description="Why the kommun said no.")
    answer_words: str = opened(
        VacancyReport.answer_words, description="The kommun's own words on it."
    )
    version: int

    @computed(needs=("rent_parts",), description="Part → öre a month; empty where nobody has said.")
    def rent_parts(self) -> Json:
        """What the rent is made of."""
        return Json(self.row["rent_parts"])


@listing("Vacancy", Ordering(("reported_on", "id")), description="The latest first.")
def vacancies(
    kommun: strawberry.ID | None = None, state: str | None = None
) -> Sequence[ColumnElement[bool]]:
    """The landlord's reports, of a kommun, in a state."""
    found = [*in_kommun(VACANCIES, kommun)]
    if state is not None:
        found.append(VACANCIES.c.state == state[:40])
    return found


looked_up("Vacancy")


@shown(VACANCY_FILES)
@strawberry.type(description="A list of vacancies: a preview until its good rows are imported.")
class VacancyFile(Node):
    """A list of vacancies."""

    kommun: KommunRef | None = to_one("Kommun", {"landlord_id": "landlord_id"})
    name: str = opened(VacancyList.name)
    format: str = strawberry.field(description="csv or xlsx")
    state: str = strawberry.field(description="read, imported or discarded")
    rows_total: int
    rows_good: int
    rows_faulty: int
    rows_known: int = strawberry.field(description="Reported or vacant already.")
    rows_imported: int
    read_at: dt.datetime
    ended_on: dt.date | None
    version: int


@listing("VacancyFile", Ordering(("read_at", "id")), description="The latest first.")
def vacancy_files(
    kommun: strawberry.ID | None = None, state: str | None = None
) -> Sequence[ColumnElement[bool]]:
    """The landlord's lists, of a kommun, in a state."""
    found = [*in_kommun(VACANCY_FILES, kommun)]
    if state is not None:
        found.append(VACANCY_FILES.c.state == state[:40])
    return found


looked_up("VacancyFile")


@strawberry.type(description="What is wrong with a cell.")
class VacancyRowProblem:
    """What is wrong with a cell."""

    cell: str = strawberry.field(description="As a spreadsheet names it: F17.")
    column: str = strawberry.field(description="The heading.")
    field: str
    rule: str
    given: str = strawberry.field(description="What stands there.")
    params: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is wrong, in words."""
        return message_for(self.rule, lang, self.params, self.rule)


@shown(VACANCY_ROWS, lengths={"problems": 3})
@strawberry.type(description="A row of a list as it was read.")
class VacancyRow(Shown):
    """A row of a list as it was read."""

    number: int = strawberry.field(description="As a spreadsheet counts.")
    state: str = strawberry.field(description="good, faulty, known, imported or left_out")

    @computed(needs=("values_sealed",), description="What would be reported.")
    def says(self) -> Json:
        """What would be reported."""
        return Json(ListRow.values.opened(self.row["tenant_id"], self.row["values_sealed"]))

    @computed(needs=("problems_sealed",), description="Every fault, in the order of the columns.")
    def problems(self) -> list[VacancyRowProblem]:
        """Every fault."""
        said = ListRow.problems.opened(self.row["tenant_id"], self.row["problems_sealed"])
        return [VacancyRowProblem(**one) for one in said]


@listing(
    "VacancyRow", Ordering(("number", "id"), descending=False), description="In the list's order."
)
def vacancy_rows(
    vacancy_file_id: strawberry.ID, state: str | None = None
) -> Sequence[ColumnElement[bool]]:
    """The rows of a list, of one state where it is named."""
    found: list[ColumnElement[bool]] = [
        VACANCY_ROWS.c.file_id == require_row_id("VacancyFile", vacancy_file_id)
    ]
    if state is not None:
        found.append(VACANCY_ROWS.c.state == state[:40])
    return found


@strawberry.input
class ReportVacancyInput:
    """A home that is or becomes free."""

    idempotency_key: str
    kommun_id: strawberry.ID = refers_to("Kommun")
    property_designation: str = text(200, description="Fastighetsbeteckning: Våxnäs 1:24.")
    street_address: str = text(200)
    apartment_number: str = text(20, description="Lägenhetsnummer, four digits.")
    postal_code: str = text(20)
    city: str = text(200)
    area: str | None = text(200, default=None)
    rooms: int
    size_m2: float
    rent_ore: int = strawberry.field(description="Monthly rent in öre.")
    rent_parts: Json | None = strawberry.field(
        default=None,
        description="base, heating, electricity, water, parking, internet, furniture, other → öre.",
    )
    floor: int | None = strawberry.field(
        default=None, description="0 is the one with the entrance; left out: by the number."
    )
    lift: bool | None = None
    step_free: bool | None = None
    step_free_width_cm: int | None = None
    adapted: bool | None = None
    available_from: dt.date
    note: str | None = text(500, default=None, description="On the home; nothing of persons.")


@command(ReportVacancyInput, gives="vacancy", description="Report a home as vacant.")
def report_vacancy(act: Act, values: dict[str, Any]) -> Any:
    """Report a home as vacant."""
    values = as_mapping(values, "rent_parts")
    values["property_designation"] = spelled(act, values["property_designation"])
    return service.report(act.session, act.actor, landlord_id=act.landlord_id, **values)


@strawberry.input
class ReportUnitVacantInput:
    """A home that the kommun knows and that is free again."""

    idempotency_key: str
    unit_id: strawberry.ID = refers_to("Unit")
    available_from: dt.date
    rent_ore: int | None = strawberry.field(default=None, description="Where it has changed.")
    note: str | None = text(500, default=None, description="On the home; nothing of persons.")


@command(
    ReportUnitVacantInput,
    gives="vacancy",
    description="Report a home of the kommun's as free again.",
)
def report_unit_vacant(act: Act, values: dict[str, Any]) -> Any:
    """Report a home as free again."""
    return service.report_again(act.session, act.actor, **values)


@strawberry.input
class WithdrawVacancyInput:
    """A report to take back."""

    idempotency_key: str
    vacancy_id: strawberry.ID = refers_to("Vacancy")
    expected_version: int


@command(WithdrawVacancyInput, gives="vacancy", description="Take an unanswered report back.")
def withdraw_vacancy(act: Act, values: dict[str, Any]) -> Any:
    """Take an unanswered report back."""
    return service.withdraw(act.session, act.actor, **values)


@strawberry.input
class ReadVacancyFileInput:
    """A list of vacancies, CSV or .xlsx."""

    idempotency_key: str
    kommun_id: strawberry.ID = refers_to("Kommun")
    file_name: str = text(300)
    content_base64: str = text(MAX_BASE64)


@command(
    ReadVacancyFileInput,
    gives="vacancy_file",
    description="Read a list into a preview; nothing counts until it is imported.",
)
def read_vacancy_file(act: Act, values: dict[str, Any]) -> Any:
    """Read a list into a preview."""
    return files.read_file(
        act.session,
        act.actor,
        landlord_id=act.landlord_id,
        name=values["file_name"],
        content=decoded(values["content_base64"]),
        sender_id=act.reader,
        properties=_properties(act),
    )


@strawberry.input
class ImportVacancyFileInput:
    """The good rows of a list, or some of them."""

    idempotency_key: str
    vacancy_file_id: strawberry.ID = refers_to("VacancyFile")
    choose: list[int] | None = strawberry.field(
        default=None, description="Numbers of the rows to report; every good one if left out."
    )
    expected_version: int


@command(
    ImportVacancyFileInput,
    gives="vacancy_file",
    description="Report the good rows of a list, once; faulty ones stay out.",
)
def import_vacancy_file(act: Act, values: dict[str, Any]) -> Any:
    """Report the good rows of a list."""
    return files.import_file(
        act.session, act.actor, file_id=values.pop("vacancy_file_id"), **values
    )


@strawberry.input
class DiscardVacancyFileInput:
    """A list that is not to be imported."""

    idempotency_key: str
    vacancy_file_id: strawberry.ID = refers_to("VacancyFile")
    expected_version: int


@command(
    DiscardVacancyFileInput,
    gives="vacancy_file",
    description="Throw a list away; its rows are gone.",
)
def discard_vacancy_file(act: Act, values: dict[str, Any]) -> Any:
    """Throw a list away."""
    return files.discard(act.session, act.actor, file_id=values.pop("vacancy_file_id"), **values)


def _properties(act: Act) -> list[str] | None:
    return properties_of(act.reader, act.landlord_id, act.session.tenant_id)


def spelled(act: Act, designation: str) -> str:
    """The designation as the caller's districts have it. Raises ``ValidationFailed`` for another's."""
    properties = _properties(act)
    if properties is None:
        return designation
    known = {tidy(one).casefold(): one for one in properties}
    found = known.get(tidy(designation).casefold())
    if found is None:
        raise ValidationFailed.one(
            "propertyDesignation", "not_in_district", "the property is not of your district"
        )
    return found
