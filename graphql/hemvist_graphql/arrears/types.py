"""Tenancies with arrears, and the files that tell of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from hemvist.arrears.access import account_protected, visible_accounts
from hemvist.arrears.columns import FIELDS, missing
from hemvist.arrears.file_models import ArrearsFile as FileRow
from hemvist.arrears.file_models import ArrearsRow as RowRow
from hemvist.arrears.models import RentAccount as AccountRow
from hemvist.arrears.models import RentMonth as MonthRow
from hemvist.arrears.time_models import InstalmentPlan as PlanRow
from hemvist.arrears.time_models import RecoveryPeriod as RecoveryRow
from hemvist.arrears.time_models import RentLiability as LiabilityRow
from hemvist.clock import today
from hemvist_graphql.arrears.seeing import (
    of_department,
    of_visible_account,
    of_visible_file,
    unless_protected,
)
from hemvist_graphql.context import Info
from hemvist_graphql.labels import DEFAULT_LANGUAGE, worded
from hemvist_graphql.messages import message_for
from hemvist_graphql.reading import (
    Node,
    Readable,
    column,
    computed,
    expressed,
    identity,
    opened,
    reads,
    to_many,
    to_one,
    unsealed,
)
from hemvist_graphql.refs import (
    ArrearsFileRef,
    CaseRef,
    ContractRef,
    InstalmentPlanRef,
    LandlordRef,
    PrincipalRef,
    RecoveryPeriodRef,
    RentAccountRef,
    RentLiabilityRef,
    RentMonthRef,
)
from hemvist_graphql.scalars import Json
from hemvist_graphql.wording import ARREARS_FIELDS, ARREARS_SIGNALS


@strawberry.type(description="Something that a file of rents can tell.")
class ArrearsField:
    """Something that a file of rents can tell, and the heading that has it."""

    code: str
    required: bool
    heading: str | None

    @computed(description="In Swedish (sv) or English (en).")
    def label(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """The field in words."""
        return worded(ARREARS_FIELDS[self.code], lang, self.code)


@strawberry.type(description="What is wrong with a cell.")
class ArrearsRowProblem:
    """What is wrong with a cell."""

    cell: str = strawberry.field(description="As a spreadsheet names it: F17.")
    column: str = strawberry.field(description="The heading; empty where no column is told.")
    field: str
    rule: str
    given: str = strawberry.field(description="What stands there; never of a personal number.")
    params: strawberry.Private[Any]

    @computed(description="In Swedish (sv) or English (en).")
    def message(self, lang: str = DEFAULT_LANGUAGE) -> str:
        """What is wrong, in words."""
        return message_for(self.rule, lang, self.params, self.rule)


@reads(FileRow, visible=of_department(FileRow), also=(FileRow.columns,))
@strawberry.type(description="A landlord's file of rents: a preview until it is imported.")
class ArrearsFile(Node):
    """A landlord's file of rents."""

    department: str = column(FileRow.department)
    landlord: LandlordRef = to_one("Landlord", FileRow.landlord_id)
    name: str = opened(FileRow.name)
    format: str = column(FileRow.format, description="csv or xlsx")
    state: str = column(FileRow.state, description="read, imported or discarded")
    position_on: dt.date = column(
        FileRow.position_on, description="The day as of which it shows what is owed."
    )
    headings: list[str] = column(FileRow.headings)
    day_first: bool | None = column(
        FileRow.day_first, description="Whether 03/04/2026 is the third of April; null: not told."
    )
    rows_total: int = column(FileRow.rows_total)
    rows_good: int = column(FileRow.rows_good)
    rows_faulty: int = column(FileRow.rows_faulty)
    rows_known: int = column(FileRow.rows_known, description="Said by an earlier file already.")
    rows_imported: int = column(FileRow.rows_imported)
    read_at: dt.datetime = column(FileRow.read_at)
    read_by: PrincipalRef | None = to_one("Principal", FileRow.read_by)
    ended_on: dt.date | None = column(FileRow.ended_on)
    ended_by: PrincipalRef | None = to_one("Principal", FileRow.ended_by)
    version: int = column(FileRow.version)

    @computed(needs=("columns",), description="Which heading has what.")
    def fields(self) -> list[ArrearsField]:
        """Which heading has what."""
        told = self.row["columns"]
        lacking = missing(told)
        return [
            ArrearsField(
                code=one.name,
                required=one.required or one.name in lacking,
                heading=told.get(one.name),
            )
            for one in FIELDS
        ]

    @computed(needs=("columns",), description="Whether columns that every row needs are not told.")
    def lacks_columns(self) -> bool:
        """Whether columns that every row needs are not told."""
        return bool(missing(self.row["columns"]))


@reads(
    RowRow,
    visible=of_visible_file(RowRow),
    rent=RowRow.file_id,
    also=(RowRow.values_sealed, RowRow.problems_sealed),
)
@strawberry.type(description="A row of a file as it was read.")
class ArrearsRow(Readable):
    """A row of a file as it was read."""

    number: int = column(RowRow.number, description="As a spreadsheet counts.")
    state: str = column(RowRow.state, description="good, faulty, known, imported or left_out")

    @computed(
        needs=("values_sealed",),
        reads=False,
        description="What would be imported; neither names nor numbers of persons.",
    )
    def says(self, info: Info) -> Json:
        """What would be imported."""
        told = ("reference", "month", "due_on", "rent_ore", "owed_ore", "paid_on")
        said = unsealed(info, RowRow.values, self.row["values_sealed"]) or {}
        return Json({name: said.get(name) for name in told})

    @computed(
        needs=("problems_sealed",),
        reads=False,
        description="Every fault, in the order of the fields.",
    )
    def problems(self, info: Info) -> list[ArrearsRowProblem]:
        """Every fault."""
        return [
            ArrearsRowProblem(
                cell=one["cell"],
                column=one["column"],
                field=one["field"],
                rule=one["rule"],
                given=one["given"],
                params=one["params"],
            )
            for one in unsealed(info, RowRow.problems, self.row["problems_sealed"]) or ()
        ]


@reads(
    AccountRow,
    visible=visible_accounts,
    case=AccountRow.case_id,
    # Most tenants who owe a rent have no case, nor anything else in the records.
    rent=AccountRow.id,
    also=(AccountRow.signals,),
)
@strawberry.type(description="A tenancy that a landlord tells of, with what is owed of it.")
class RentAccount(Node):
    """A tenancy that a landlord tells of."""

    department: str = column(AccountRow.department)
    landlord: LandlordRef = to_one("Landlord", AccountRow.landlord_id)
    reference: str = column(AccountRow.reference, description="The landlord's number of it.")
    tenant_name: str | None = opened(
        AccountRow.tenant_name,
        unless_protected,
        description="Null for whoever is to be treated as protected.",
    )
    street_address: str | None = opened(AccountRow.street_address, unless_protected)
    apartment_number: str | None = opened(AccountRow.apartment_number, unless_protected)
    area: str | None = expressed("area", unless_protected(AccountRow.area))
    protected: bool = expressed("protected", lambda _: account_protected(today()))
    balance_ore: int = column(AccountRow.balance_ore, description="Owed of rents that are due.")
    owing_since: dt.date | None = column(AccountRow.owing_since)
    months_owing: int = column(AccountRow.months_owing)
    late_months: int = column(AccountRow.late_months, description="Of the last twelve.")
    signals: list[str] = column(
        AccountRow.signals,
        description="late, second_time, rising, several_rents, collection, eviction_applied",
    )
    position_on: dt.date = column(AccountRow.position_on)
    called_on: dt.date | None = column(AccountRow.called_on)
    children: str = column(AccountRow.children, description="unknown, yes or no")
    case: CaseRef | None = to_one("Case", AccountRow.case_id)
    contract: ContractRef | None = to_one("Contract", AccountRow.contract_id)
    version: int = column(AccountRow.version)
    months: list[RentMonthRef] = to_many(
        "RentMonth", MonthRow.account_id, order=(MonthRow.month.desc(), MonthRow.id.desc())
    )
    recoveries: list[RecoveryPeriodRef] = to_many(
        "RecoveryPeriod", RecoveryRow.account_id, order=(RecoveryRow.id.desc(),)
    )
    liabilities: list[RentLiabilityRef] = to_many(
        "RentLiability", LiabilityRow.account_id, order=(LiabilityRow.id.desc(),)
    )
    instalment_plans: list[InstalmentPlanRef] = to_many(
        "InstalmentPlan", PlanRow.account_id, order=(PlanRow.id.desc(),)
    )

    @computed(needs=("signals",), description="In Swedish (sv) or English (en), the gravest last.")
    def signal_labels(self, lang: str = DEFAULT_LANGUAGE) -> list[str]:
        """The signals in words."""
        return [worded(ARREARS_SIGNALS[one], lang, one) for one in self.row["signals"]]


@reads(MonthRow, visible=of_visible_account(MonthRow), rent=MonthRow.account_id)
@strawberry.type(description="One month's rent of a tenancy.")
class RentMonth(Readable):
    """One month's rent of a tenancy."""

    id: strawberry.ID = identity()
    month: dt.date = column(MonthRow.month, description="Its first day.")
    due_on: dt.date = column(MonthRow.due_on)
    rent_ore: int | None = column(MonthRow.rent_ore)
    owed_ore: int = column(MonthRow.owed_ore)
    paid_on: dt.date | None = column(MonthRow.paid_on)
    row_number: int = column(MonthRow.row_number)
    file: ArrearsFileRef | None = to_one("ArrearsFile", MonthRow.file_id)


@reads(
    RecoveryRow,
    visible=of_visible_account(RecoveryRow),
    case=RecoveryRow.case_id,
    rent=RecoveryRow.account_id,
)
@strawberry.type(
    description="Three weeks in which the tenancy is won back by paying (återvinningsfrist, JB 12:44)."
)
class RecoveryPeriod(Node):
    """Three weeks in which the tenancy is won back."""

    state: str = column(
        RecoveryRow.state, description="running, paid, assumed, expired or withdrawn"
    )
    amount_ore: int = column(RecoveryRow.amount_ore)
    served_on: dt.date | None = column(RecoveryRow.served_on)
    board_told_on: dt.date | None = column(RecoveryRow.board_told_on)
    last_on: dt.date | None = column(
        RecoveryRow.last_on, description="Null until both days are known: it has not begun."
    )
    ended_on: dt.date | None = column(RecoveryRow.ended_on)
    registered_by: PrincipalRef | None = to_one("Principal", RecoveryRow.registered_by)
    account: RentAccountRef | None = to_one("RentAccount", RecoveryRow.account_id)
    version: int = column(RecoveryRow.version)


@reads(
    LiabilityRow,
    visible=of_visible_account(LiabilityRow),
    case=LiabilityRow.case_id,
    rent=LiabilityRow.account_id,
)
@strawberry.type(description="The board's undertaking to pay (betalningsåtagande).")
class RentLiability(Node):
    """The board's undertaking to pay."""

    state: str = column(LiabilityRow.state, description="proposed, decided, refused or told")
    amount_ore: int = column(LiabilityRow.amount_ore)
    motivation: str = opened(LiabilityRow.motivation)
    children_considered: str = opened(LiabilityRow.children_considered)
    proposed_on: dt.date = column(LiabilityRow.proposed_on)
    proposed_by: PrincipalRef | None = to_one("Principal", LiabilityRow.proposed_by)
    decided_on: dt.date | None = column(LiabilityRow.decided_on)
    decided_by: PrincipalRef | None = to_one("Principal", LiabilityRow.decided_by)
    decision_note: str = opened(LiabilityRow.decision_note)
    told_on: dt.date | None = column(
        LiabilityRow.told_on, description="The landlord had it in writing."
    )
    account: RentAccountRef | None = to_one("RentAccount", LiabilityRow.account_id)
    recovery: RecoveryPeriodRef | None = to_one("RecoveryPeriod", LiabilityRow.recovery_id)
    case: CaseRef | None = to_one("Case", LiabilityRow.case_id)
    version: int = column(LiabilityRow.version)


@strawberry.type(description="One part of a debt that is paid off.")
class RentInstalment:
    """One part of a debt that is paid off."""

    number: int
    due_on: dt.date
    amount_ore: int
    paid_on: dt.date | None


@reads(
    PlanRow,
    visible=of_visible_account(PlanRow),
    case=PlanRow.case_id,
    rent=PlanRow.account_id,
    also=(PlanRow.instalments_sealed,),
)
@strawberry.type(description="How a debt is paid off (avbetalningsplan).")
class InstalmentPlan(Node):
    """How a debt is paid off."""

    state: str = column(PlanRow.state, description="running, kept, broken or ended")
    agreed_on: dt.date = column(PlanRow.agreed_on)
    total_ore: int = column(PlanRow.total_ore)
    ended_on: dt.date | None = column(PlanRow.ended_on)
    agreed_by: PrincipalRef | None = to_one("Principal", PlanRow.agreed_by)
    account: RentAccountRef | None = to_one("RentAccount", PlanRow.account_id)
    version: int = column(PlanRow.version)

    @computed(needs=("instalments_sealed",), reads=False, description="In the order of their days.")
    def parts(self, info: Info) -> list[RentInstalment]:
        """The instalments."""
        said = unsealed(info, PlanRow.instalments, self.row["instalments_sealed"]) or ()
        return [
            RentInstalment(
                number=number,
                due_on=dt.date.fromisoformat(one["due_on"]),
                amount_ore=one["amount_ore"],
                paid_on=None if one["paid_on"] is None else dt.date.fromisoformat(one["paid_on"]),
            )
            for number, one in enumerate(said, 1)
        ]
