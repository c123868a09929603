"""What ends a request before its page: each becomes a page of its own."""

from __future__ import annotations

from hemvist.outages import Outage


class PageEnds(Exception):
    """Base of what ends a request early."""


class LoginNeeded(PageEnds):
    """Nobody is logged in, or somebody of another kommun."""


class Missing(PageEnds):
    """No such thing, or not for this reader: the two are never told apart."""


class Unreadable(Missing):
    """The address, or what was searched for, holds a value that cannot be read."""


class Forbidden(PageEnds):
    """The reader's roles lack a right. ``action`` names it, "" when it is not known which."""

    def __init__(self, action: str = "", message: str = "") -> None:
        super().__init__(action)
        self.action = action
        self.message = message


class TryAgain(PageEnds):
    """Not now: too much is going on, it took too long, or the database is away.

    ``unchanged`` when it is known that nothing was done.
    """

    def __init__(self, outage: Outage, *, unchanged: bool = False) -> None:
        super().__init__(outage.value)
        self.outage = outage
        self.unchanged = unchanged


class StaleForm(PageEnds):
    """The form does not belong to this session: its token is missing or another's."""
