"""When the database does not answer as it should: too slow, too full, or away. Never whose fault."""

from __future__ import annotations

from enum import Enum

import psycopg
from sqlalchemy import exc


class Outage(Enum):
    """Why a piece of work was not done that may be done later."""

    #: A time limit ended it, or somebody stopped it.
    TIMEOUT = "timeout"
    #: Nothing was free to do it with.
    BUSY = "busy"
    #: The database cannot be reached, or broke off.
    UNAVAILABLE = "unavailable"


class Busy(Exception):
    """Too much is going on to begin this too."""


class Stopped(Exception):
    """Nobody waits for this any more."""


_BY_STATE = {
    # query_canceled (statement_timeout), lock_not_available, and the two limits on transactions.
    **dict.fromkeys(("57014", "55P03", "25P03", "25P04"), Outage.TIMEOUT),
    # too_many_connections, and a configured limit of them.
    **dict.fromkeys(("53300", "53400"), Outage.BUSY),
    # Shutting down, crashed, starting; and every connection error.
    **dict.fromkeys(("57P01", "57P02", "57P03", "57P05"), Outage.UNAVAILABLE),
    # Its disk or its memory is full, or the disk does not answer: nothing that a caller could mend.
    **dict.fromkeys(("53000", "53100", "53200", "58000", "58030"), Outage.UNAVAILABLE),
}


def outage_of(error: BaseException | None) -> Outage | None:
    """What ``error`` tells of the database, or None when it is an error of another kind."""
    if isinstance(error, Busy | exc.TimeoutError):
        return Outage.BUSY
    if isinstance(error, Stopped):
        return Outage.TIMEOUT
    if isinstance(error, exc.DBAPIError):
        return outage_of(error.orig)
    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate
    if state is not None:
        return Outage.UNAVAILABLE if state.startswith("08") else _BY_STATE.get(state)
    # The server was not reached, or the connection ended without a word.
    return Outage.UNAVAILABLE if isinstance(error, psycopg.OperationalError) else None
