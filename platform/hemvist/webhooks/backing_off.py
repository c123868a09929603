"""When an attempt that failed is made again, and when one gives up."""

from __future__ import annotations

import random
from datetime import timedelta

#: After the first attempt, the second … (the schedule that Standard Webhooks gives as its example):
#: three days and four hours in all.
DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_ATTEMPTS = len(DELAYS) + 1
#: Up to this share more, by chance: many that failed together do not come back together.
JITTER = 0.2
#: The longest that a receiver's own wish (Retry-After) is followed.
LONGEST_WISH = timedelta(hours=24)
#: An endpoint that does not answer is left alone for at most so long, whatever waits for it.
LONGEST_REST = timedelta(minutes=5)
#: An endpoint that has taken nothing for so long is switched off, and its administrators are told.
DISABLED_AFTER = timedelta(days=5)
#: How long the secret from before still signs, beside the new one.
OLD_SECRET_HOLDS = timedelta(hours=24)


def delay(
    attempts: int, wish: timedelta | None = None, chance: float | None = None
) -> timedelta | None:
    """How long to wait after ``attempts`` attempts, the last of which failed; None gives up.

    ``wish`` is how long the receiver asked us to wait; ``chance`` 0 to 1, drawn unless given.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    drawn = random.random() if chance is None else chance  # noqa: S311 - no secret
    planned = DELAYS[attempts - 1] * (1 + JITTER * drawn)
    return planned if wish is None else max(planned, min(wish, LONGEST_WISH))


def rest(failures: int) -> timedelta:
    """How long an endpoint is left alone after so many attempts in a row without an answer."""
    return min(DELAYS[min(failures, len(DELAYS)) - 1], LONGEST_REST)
