"""A landlord's lists of rents: one that was imported, one that waits as a preview, and a round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from hemvist.arrears import files, importing
from hemvist.arrears.file_models import ArrearsFile
from hemvist.identity import Actor
from hemvist.policy import add_months
from hemvist.prevention import contacts, runs
from hemvist.prevention.models import PreventionEntry
from hemvist.tenancy import TenantSession
from hemvist_infra.demo.homes import landlords
from hemvist_infra.demo.names import family_name, given_name
from hemvist_infra.demo.population import PlannedHousehold

#: The department of a kommun that gets such lists, and the round it makes of them.
ROUNDS = {"norrkoping": ("SOC", "bo_kvar_round")}
_HEADINGS = (
    *("Avtalsnr", "Hyresgäst", "Personnummer", "Adress", "Lgh nr", "Område", "Hyresmånad"),
    *("Hyra", "Restbelopp", "Förfallodatum", "Betaldatum", "KFM"),
)
_TENANTS, _MONTHS, _FAULTY = 40, 5, 3
#: Of so many tenants one owes something; of those one in three is in the kommun's records.
_OWING, _KNOWN = 4, 3


def is_there(session: TenantSession) -> bool:
    """Whether the lists have been read already."""
    return session.scalar(select(ArrearsFile.id).limit(1)) is not None


def bring_in(
    session: TenantSession,
    actor: Actor,
    slug: str,
    households: Sequence[PlannedHousehold],
    today: date,
) -> None:
    """Last month's list was imported and a round made of it; this month's, with faults, is read."""
    department, campaign = ROUNDS[slug]
    number, name = next(iter(landlords(slug)))
    known = [one for one in households if one.department == department]
    last, this = add_months(today.replace(day=1), -1), today.replace(day=1)
    imported = files.read_file(
        session,
        actor,
        department=department,
        organisation_number=number,
        landlord_name=name,
        name=f"hyror-{last:%Y-%m}.csv",
        content=_csv(slug, known, last),
        position_on=this - timedelta(days=1),
    )
    importing.import_file(session, actor, file_id=imported.id, expected_version=imported.version)
    files.read_file(
        session,
        actor,
        department=department,
        organisation_number=number,
        landlord_name=name,
        name=f"hyror-{this:%Y-%m}.csv",
        content=_csv(slug, known, this, faulty=_FAULTY),
        position_on=today,
    )
    _round(session, actor, department, campaign)


def _round(session: TenantSession, actor: Actor, department: str, campaign: str) -> None:
    run = runs.start_run(session, actor, campaign=campaign, department=department)
    waiting = session.scalars(
        select(PreventionEntry).where(PreventionEntry.run_id == run.id).order_by(PreventionEntry.id)
    ).all()
    for entry, reached in zip(waiting, (True, False), strict=False):
        contacts.record_contact(
            session,
            actor,
            entry_id=entry.id,
            kind="phone",
            reached=reached,
            cannot_pay=False if reached else None,
            children=False if reached else None,
            notes="Löneutbetalningen blev sen; betalar på fredag." if reached else "Inget svar.",
            expected_version=entry.version,
        )


def _csv(slug: str, known: Sequence[PlannedHousehold], month: date, *, faulty: int = 0) -> bytes:
    """A list as property systems write it: semicolons, decimal comma, cp1252."""
    rows = [";".join(_HEADINGS), *_rows(slug, known, month)]
    # An amount that is none: such rows are told of, and stay out.
    rows += [
        f"H-9{place:03};;;Hamnvägen {place};;Norr;{month:%Y-%m};6 500,00;tolv;;;"
        for place in range(faulty)
    ]
    return ("\r\n".join(rows) + "\r\n").encode("cp1252")


def _rows(slug: str, known: Sequence[PlannedHousehold], month: date) -> Iterator[str]:
    for place in range(_TENANTS):
        dice = Random(f"rent:{slug}:{place}")  # noqa: S311 - the same tenants every month
        rent = dice.randrange(4_800, 9_600, 50)
        owes = 0 if place % _OWING else dice.choice((1, 1, 2, 3))
        ours = bool(owes) and place % _KNOWN == 0 and place < len(known)
        person = known[place].applicant if ours else None
        name = (
            f"{given_name(dice)} {family_name(dice)}"
            if person is None
            else f"{person.given_name} {person.family_name}"
        )
        street = f"{dice.choice(('Hamnvägen', 'Kvarngatan', 'Nygatan'))} {100 + place}"
        for back in reversed(range(_MONTHS)):
            due = add_months(month, -back) - timedelta(days=1)
            unpaid = back < owes
            late = owes and back == owes
            paid = "" if unpaid else str(due + timedelta(days=9 if late else -2))
            yield ";".join(
                (
                    *(f"H-{1000 + place}", name, "" if person is None else person.number, street),
                    *(
                        "1101",
                        "Söder" if place % 8 else "Norr",
                        f"{add_months(month, -back):%Y-%m}",
                    ),
                    *(f"{rent},00", f"{rent if unpaid else 0},00", str(due), paid),
                    f"{due}" if owes == 3 and back == 0 else "",
                )
            )
