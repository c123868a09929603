"""A look of the watch that was made up: mostly well, one kommun with a parked event."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from hemvist_infra.watching.seen import Backups, Broker, Clearing, Kommun, Seen, Server

TOKEN = "made-up-token-of-the-watch-0123456789"  # not-secret: a test's own
_SLUGS = (("helsingborg", 412), ("norrkoping", 2), ("linkoping", 287), ("vasteras", 143))


def _id(number: int) -> UUID:
    return UUID(int=0x0197A000_0000_7000_8000_000000000000 + number)


SEEN = Seen(
    at=datetime(2026, 11, 23, 8, 15, tzinfo=UTC),
    took=0.4,
    web=True,
    database=True,
    held=False,
    broker=Broker(3, 12.0, 1, 2.0, 1.0, 2.0, 2.0, 3600.0, 0, 3600.0, 0),
    kommuner=(
        *(
            Kommun(
                _id(number),
                slug,
                "kommun",
                "suspended" if slug == "norrkoping" else "active",
                acts=acts,
                outbox=number % 2,
                outbox_oldest=2.0,
                parked=int(slug == "norrkoping"),
                parked_oldest=60.0,
                unlinked=4.0,
            )
            for number, (slug, acts) in enumerate(_SLUGS)
        ),
        Kommun(_id(90), "natverk", "network", "active", acts=900),
    ),
    clearing=Clearing(0.0, 86_400.0),
    server=Server("18.1", {"active": 3, "idle": 9}, 100, 5_000_000, 0, 0, 2.0, 0.0, 0.0, "0001"),
    backups=Backups(3600.0, 4.0),
)
