"""Mails to landlords' people through a real mail server: at once, once a day, and of nobody."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from hemvist.db import Audience
from hemvist.landlord_mails import service
from hemvist.landlord_mails.models import LandlordMail, LandlordMailItem
from hemvist.landlords.models import LandlordAccess
from hemvist.settings import get_settings
from hemvist.tenancy import tenant_session
from hemvist_landlords import Member, agent, district
from hemvist_smtp import MailServer, mail_server
from hemvist_told_landlords import Told, name_of, platform_session, told_landlord
from hemvist_workers.landlord_mails import KEPT, prune, send_landlord_mails
from hemvist_workers.telling import landlords_session

#: Saturday 21 November 2026, ten in Sweden; seven is six by UTC in winter.
NOON = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SEVEN = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server of this test's own, which the settings name."""
    with mail_server(tmp_path) as running:
        for name, value in running.settings.items():
            monkeypatch.setenv(name, value)
        get_settings.cache_clear()
        yield running
    get_settings.cache_clear()


@pytest.fixture
def told(database: str) -> Told:
    """A landlord of this test's own; nobody else's mails wait."""
    with landlords_session() as session:
        for row in session.scalars(select(LandlordMailItem)):
            session.delete(row)
    return told_landlord()


def made(at: datetime) -> None:
    """Say when what waits was put in."""
    with landlords_session() as session:
        session.execute(
            update(LandlordMailItem).where(LandlordMailItem.mail_id.is_(None)).values(made_at=at)
        )


def text(mail: Message) -> str:
    """What it says."""
    body: Any = mail.get_payload(decode=True)
    return str(body.decode())


def to(server: MailServer) -> list[str]:
    """Who got mails, the first first."""
    return [str(mail["To"]) for mail in server.mails()]


def test_an_offer_is_told_of_at_once_and_nobody_is_in_it(told: Told, server: MailServer) -> None:
    told.happen("offer.made")
    told.happen("offer.made", kommun=told.two)
    told.happen("report.late")
    made(NOON)
    assert send_landlord_mails(NOON) == 2
    assert sorted(to(server)) == sorted(map(told.address, (told.vera, told.other)))
    said = text(server.mails()[0])
    assert said.count("Nytt erbjudande om en bostad hos er: 1") == 2
    assert name_of(told.one) in said and name_of(told.two) in said
    assert "Anmälan" not in said and "/hyresvard" in said
    whole = server.mails()[0].as_string() + said
    for secret in ("Kvarnen", told.number, "Vera", "Björkbo", str(told.landlord_id)):
        assert secret not in whole
    with landlords_session() as session:
        for item in session.scalars(select(LandlordMailItem)):
            assert item.event_id.hex not in whole and str(item.event_id) not in whole
    # More offers go together after a while, and the same is never told of twice.
    told.happen("offer.made")
    told.happen("offer.made")
    assert send_landlord_mails(NOON + timedelta(minutes=5)) == 0
    assert send_landlord_mails(NOON + timedelta(minutes=16)) == 2
    assert "Nytt erbjudande om en bostad hos er: 2" in text(server.mails()[-1])
    assert send_landlord_mails(NOON + timedelta(hours=2)) == 0


def test_all_else_is_told_of_once_a_day_from_seven(told: Told, server: MailServer) -> None:
    told.happen("report.feedback")
    told.happen("quota.changed", designation=None)
    made(NOON)
    for hours in (0, 5, 12):
        assert send_landlord_mails(NOON + timedelta(hours=hours)) == 0
    assert send_landlord_mails(SEVEN - timedelta(minutes=1)) == 0
    assert send_landlord_mails(SEVEN) == 2
    said = text(server.mails()[0])
    assert "Återkoppling på en anmälan: 1" in said and "Ändrad kvot: 1" in said
    # What comes later in the day waits for the next.
    told.happen("report.feedback")
    made(SEVEN + timedelta(hours=1))
    assert send_landlord_mails(SEVEN + timedelta(hours=10)) == 0
    assert send_landlord_mails(SEVEN + timedelta(days=1)) == 2
    assert len(server.mails()) == 4


def choose(member: Member, *, at_once: bool, daily: bool, language: str = "sv") -> None:
    """The member's choice."""
    with platform_session() as session:
        before = service.wish_of(session, member.principal_id)
        service.choose(
            session,
            member.actor,
            at_once=at_once,
            daily=daily,
            language=language,
            expected_version=before.version,
        )


def test_everyone_gets_what_they_have_chosen(told: Told, server: MailServer) -> None:
    choose(told.vera, at_once=False, daily=False)
    choose(told.other, at_once=False, daily=True, language="en")
    told.happen("offer.made")
    told.happen("report.late")
    made(NOON)
    assert send_landlord_mails(NOON) == 0
    assert send_landlord_mails(SEVEN) == 1
    (mail,) = server.mails()
    assert mail["To"] == told.address(told.other)
    assert "New offer of one of your homes: 1" in text(mail)
    assert mail["Subject"] == f"Hemvist: news from {name_of(told.one)}"


def test_districts_ended_members_and_shut_doors(told: Told, server: MailServer) -> None:
    here = district(told.vera, "Norr", told.one, "Kvarnen 7")
    elsewhere = district(told.vera, "Söder", told.one, "Björnen 1")
    olle = agent(told.vera, told.other, "Olle Hagman", districts=[here])
    agent(told.vera, told.other, "Stina Berg", districts=[elsewhere])
    told.happen("offer.made", designation="Kvarnen 7")
    assert send_landlord_mails(NOON) == 3
    everyone = {told.address(one) for one in (told.vera, told.other, olle)}
    assert set(to(server)) == everyone
    # Shut between the event and the mail: only that it was shut is told, to administrators.
    told.happen("offer.made", designation="Kvarnen 7")
    with tenant_session(Audience.STAFF, told.one) as session:
        session.execute(update(LandlordAccess).values(status="closed"))
    told.happen("access.closed", designation=None)
    made(NOON)
    send_landlord_mails(NOON + timedelta(hours=1))
    assert len(server.mails()) == 3
    send_landlord_mails(SEVEN)
    later = server.mails()[3:]
    assert {str(mail["To"]) for mail in later} == set(map(told.address, (told.vera, told.other)))
    assert all("Kommunen har stängt er tillgång: 1" in text(mail) for mail in later)
    assert all("erbjudande" not in text(mail) for mail in later)


def test_a_server_that_takes_none_now_gets_it_later_once(told: Told, server: MailServer) -> None:
    choose(told.other, at_once=False, daily=False)
    told.happen("offer.made")
    server.behave(data="451 not now")
    assert send_landlord_mails(NOON) == 1
    assert server.mails() == []
    told.happen("offer.made")
    # The mail that was begun is the one that goes, with what it had; the rest comes after it.
    server.behave()
    assert send_landlord_mails(NOON + timedelta(minutes=1)) == 0
    assert send_landlord_mails(NOON + timedelta(minutes=11)) == 1
    assert "hos er: 1" in text(server.mails()[0])
    assert send_landlord_mails(NOON + timedelta(minutes=30)) == 1
    assert len(server.mails()) == 2


def test_two_workers_at_once_send_each_mail_once(told: Told, server: MailServer) -> None:
    for _ in range(3):
        told.happen("offer.made")
    workers = [threading.Thread(target=send_landlord_mails, args=(NOON,)) for _ in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(to(server)) == sorted(map(told.address, (told.vera, told.other)))
    states: list[str] = []
    with landlords_session() as session:
        mine: list[UUID] = [told.vera.principal_id, told.other.principal_id]
        states = list(
            session.scalars(select(LandlordMail.state).where(LandlordMail.principal_id.in_(mine)))
        )
    assert states == ["sent", "sent"]


def test_mails_are_forgotten_after_two_months(told: Told, server: MailServer) -> None:
    told.happen("offer.made")
    made(NOON)
    send_landlord_mails(NOON)
    assert prune(NOON + KEPT - timedelta(days=1)) == 0
    assert prune(NOON + KEPT + timedelta(days=1)) >= 2
    with landlords_session() as session:
        assert session.scalars(select(LandlordMailItem)).all() == []
