"""Rent: landlords' files, tenancies with early signals, time to recover."""

from __future__ import annotations

import strawberry
from sqlalchemy import ColumnElement

from hemvist.arrears.file_models import ArrearsFile as ArrearsFileRow
from hemvist.arrears.file_models import ArrearsRow as ArrearsRowRow
from hemvist.arrears.models import RentAccount as RentAccountRow
from hemvist.arrears.time_models import RecoveryPeriod as RecoveryRow
from hemvist.arrears.time_models import RentLiability as LiabilityRow
from hemvist.identity import Action
from hemvist_graphql.arrears.types import ArrearsFile, RentAccount
from hemvist_graphql.choosing import holds
from hemvist_graphql.connections import Ordering, connection
from hemvist_graphql.context import Info
from hemvist_graphql.ids import row_id_of
from hemvist_graphql.loading import find
from hemvist_graphql.reading import looked_up
from hemvist_graphql.roots.filtering import short

_ARREARS_FILES = Ordering("arrears_files", (ArrearsFileRow.read_at, ArrearsFileRow.id))
_ARREARS_ROWS = Ordering("arrears_rows", (ArrearsRowRow.number, ArrearsRowRow.id), descending=False)
_RENT_ACCOUNTS = Ordering("rent_accounts", (RentAccountRow.balance_ore, RentAccountRow.id))
_RECOVERIES = Ordering("recovery_periods", (RecoveryRow.last_on, RecoveryRow.id), descending=False)
_LIABILITIES = Ordering(
    "rent_liabilities", (LiabilityRow.proposed_on, LiabilityRow.id), descending=False
)


@strawberry.type
class ArrearsRoots:
    """Rent: landlords' files, tenancies with early signals, time to recover."""

    @connection(
        "ArrearsFile", _ARREARS_FILES, needs=Action.ARREARS_HANDLE, description="Newest first."
    )
    def arrears_files(self, info: Info, state: str | None = None) -> list[ColumnElement[bool]]:
        """The landlords' files of the caller's departments."""
        return [] if state is None else [ArrearsFileRow.state == short("state", state)]

    @looked_up("ArrearsFile")
    def arrears_file(self, info: Info, id: strawberry.ID) -> ArrearsFile | None:
        """A landlord's file by its id."""
        return find(info.context, ArrearsFile, row_id_of("ArrearsFile", id))

    @connection(
        "ArrearsRow", _ARREARS_ROWS, needs=Action.ARREARS_HANDLE, description="In the file's order."
    )
    def arrears_rows(
        self, info: Info, arrears_file_id: strawberry.ID, state: str | None = None
    ) -> list[ColumnElement[bool]]:
        """The rows of a file, of one state where it is named."""
        criteria: list[ColumnElement[bool]] = [
            ArrearsRowRow.file_id == row_id_of("ArrearsFile", arrears_file_id)
        ]
        if state is not None:
            criteria.append(ArrearsRowRow.state == short("state", state))
        return criteria

    @connection(
        "RentAccount",
        _RENT_ACCOUNTS,
        needs=Action.ARREARS_HANDLE,
        description="Tenancies that give an early signal, the most owed first; one of these if named.",
    )
    def rent_accounts(
        self,
        info: Info,
        signal: str | None = None,
        area: str | None = None,
        landlord_id: strawberry.ID | None = None,
    ) -> list[ColumnElement[bool]]:
        """Tenancies that give an early signal."""
        criteria: list[ColumnElement[bool]] = [RentAccountRow.signals != []]
        if signal is not None:
            criteria.append(holds(RentAccountRow.signals, short("signal", signal)))
        if area is not None:
            criteria.append(RentAccountRow.area == short("area", area))
        if landlord_id is not None:
            criteria.append(RentAccountRow.landlord_id == row_id_of("Landlord", landlord_id))
        return criteria

    @looked_up("RentAccount")
    def rent_account(self, info: Info, id: strawberry.ID) -> RentAccount | None:
        """A tenancy that a landlord tells of, by its id."""
        return find(info.context, RentAccount, row_id_of("RentAccount", id))

    @connection(
        "RecoveryPeriod",
        _RECOVERIES,
        needs=Action.ARREARS_HANDLE,
        description="Three weeks that run, the soonest over first; those that have not begun left out.",
    )
    def recovery_periods(self, info: Info) -> list[ColumnElement[bool]]:
        """Three weeks that run."""
        return [RecoveryRow.state == "running", RecoveryRow.last_on.is_not(None)]

    @connection(
        "RentLiability",
        _LIABILITIES,
        needs=Action.ARREARS_HANDLE,
        description="The board's undertakings to pay, the oldest first.",
    )
    def rent_liabilities(self, info: Info, state: str | None = None) -> list[ColumnElement[bool]]:
        """The board's undertakings to pay."""
        return [] if state is None else [LiabilityRow.state == short("state", state)]
