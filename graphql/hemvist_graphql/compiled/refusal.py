"""Why an operation goes to the ordinary path instead."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID


class Why(StrEnum):
    """The reason, as the counter ``graphql.reads`` names it."""

    NOT_A_QUERY = "not_a_query"
    INTROSPECTION = "introspection"
    #: A field that is neither declared nor computed in a way that a plan knows.
    COMPUTED = "computed"
    #: A directive that the compiler does not know.
    DIRECTIVE = "directive"
    #: A response key that PostgreSQL would cut.
    LONG_KEY = "long_key"
    #: A type of column that has no fixed format in JSON yet.
    FORMAT = "format"
    #: A condition that cannot be a cached plan's: it reads more than who asks and what is asked.
    CONDITION = "condition"
    #: A table in the statement that is not bound to the tenant.
    UNBOUND = "unbound"
    #: The request itself is refused (a right, a page, a cursor, a value): the ordinary path says how.
    REFUSED = "refused"
    #: Null in a place that may not be null, or a number out of range: bubbling is the other path's.
    NULL = "null"
    #: A computed field failed, or gave null where none may be.
    FINISHING = "finishing"
    #: The database reported anything else.
    DATABASE = "database"


class NotPlanned(Exception):
    """The operation, or this request of it, cannot be answered by a plan.

    ``logged`` is the audit entry that a statement wrote before a computed field failed.
    """

    def __init__(self, why: Why, what: str = "", logged: UUID | None = None) -> None:
        super().__init__(f"{why.value}: {what}" if what else why.value)
        self.why = why
        self.what = what
        self.logged = logged
