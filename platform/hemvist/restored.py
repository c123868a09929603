"""Whether the database was restored from a backup and nobody has said yet that its service goes on.

What is restored remembers an earlier moment: mails, calls and letters since then were sent, and waiting ones
would go out a second time, perhaps from a copy that somebody only looks at. So a restored server says
``hemvist.restored`` in its own configuration, where no backup of the database takes it away and no
service can, and workers do nothing until ``hemvist backup release`` has taken it out. See docs/backups.md.
"""

from __future__ import annotations

import time
from threading import Lock

from sqlalchemy import text

from hemvist.db import Audience, audience_url, engine
from hemvist.settings import MissingSetting

_ASKED = text("SELECT nullif(current_setting('hemvist.restored', true), '')")
#: Seconds for which an answer is good.
_GOOD = 5.0

_lock = Lock()
_known: dict[str, tuple[float, str | None]] = {}


def restored_as() -> str | None:
    """Which backup it was restored from, and when, as the server says it; None where it goes on."""
    with engine(Audience.WORKER).connect() as connection:
        found: str | None = connection.execute(_ASKED).scalar()
        return found


def held() -> bool:
    """Whether nothing is to be sent now; asked anew every five seconds.

    A database that does not answer leaves it as it was: whoever goes on then gets no further either.
    """
    try:
        place = str(audience_url(Audience.WORKER))
    except MissingSetting:
        return False
    with _lock:
        known = _known.get(place)
    if known is not None and time.monotonic() - known[0] < _GOOD:
        return known[1] is not None
    try:
        found = restored_as()
    except Exception:
        return known is not None and known[1] is not None
    with _lock:
        _known[place] = (time.monotonic(), found)
    return found is not None


def forget() -> None:
    """Ask anew at the next look."""
    with _lock:
        _known.clear()
