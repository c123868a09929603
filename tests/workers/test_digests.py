"""The weekly mail through a real mail server: once a week, whatever dies, and nobody's data in it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from hemvist.cases.models import Case
from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.deadlines.models import Obligation
from hemvist.digests import service
from hemvist.digests.models import DigestMail
from hemvist.households.models import Person
from hemvist.identity import Actor, Membership, Role
from hemvist.identity.models import Principal
from hemvist.settings import get_settings
from hemvist.tenancy import tenant_session
from hemvist_smtp import MailServer, mail_server
from hemvist_workers.digests import SLICE, send_digests
from hemvist_world import World, caseworker_of, manager_of, new_world

#: Monday 23 November 2026, ten in Sweden.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = timedelta(minutes=11)
DOMAINS = ("helsingborg.se",)
WHO, MANAGER = caseworker_of("SOF-VUX"), manager_of("SOF-VUX")


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
def world(database: str) -> World:
    """A kommun whose caseworker wants the mail, with a home and what follows from it."""
    world = new_world()
    case = world.case()
    world.housed(case)
    wish(world, world[WHO], "aida@helsingborg.se")
    return world


def wish(world: World, actor: Actor, address: str, language: str = "sv") -> None:
    """The actor has logged in today, and asks for the mail."""
    with tenant_session(Audience.STAFF, world.tenant_id) as session:
        assert actor.principal_id is not None
        principal = session.find(Principal, actor.principal_id)
        principal.memberships_refreshed_at = real_now()
        service.subscribe(session, actor, address=address, domains=DOMAINS, language=language)


def rows(world: World) -> list[DigestMail]:
    """What became of the mails."""
    with tenant_session(Audience.STAFF, world.tenant_id) as session:
        return list(session.scalars(select(DigestMail).order_by(DigestMail.week)))


def test_the_mail_says_how_much_and_of_nobody(world: World, server: MailServer) -> None:
    late = world.rows(Obligation)[0].due_on + timedelta(days=1)
    monday = late + timedelta(days=-late.weekday() + 7)
    at = datetime(monday.year, monday.month, monday.day, 9, 0, tzinfo=UTC)
    assert send_digests(world.tenant_id, at) == 1
    (mail,) = server.mails()
    text = mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert mail["To"] == "aida@helsingborg.se"
    assert "Försenat: " in text and "/today" in text
    whole = mail.as_string() + text
    for case in world.rows(Case):
        assert case.number not in whole and case.id.hex not in whole and str(case.id) not in whole
    for person in world.rows(Person):
        assert person.given_name not in whole and person.family_name not in whole
    (row,) = rows(world)
    assert (row.state, row.code) == ("sent", "250")
    assert send_digests(world.tenant_id, at) == 0
    assert send_digests(world.tenant_id, at + LATER) == 0
    # The next week is another mail.
    assert send_digests(world.tenant_id, at + timedelta(days=7)) == 1
    assert len(server.mails()) == 2


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        # Six on Monday in Sweden is five in winter and four in summer.
        (datetime(2026, 11, 23, 4, 59, tzinfo=UTC), 0),
        (datetime(2026, 11, 23, 5, 0, tzinfo=UTC), 1),
        (datetime(2026, 7, 6, 3, 59, tzinfo=UTC), 0),
        (datetime(2026, 7, 6, 4, 0, tzinfo=UTC), 1),
        # After the night of the clock change.
        (datetime(2026, 3, 30, 4, 0, tzinfo=UTC), 1),
        (datetime(2026, 10, 26, 4, 59, tzinfo=UTC), 0),
        (datetime(2026, 10, 26, 5, 0, tzinfo=UTC), 1),
        (datetime(2026, 11, 25, 22, 59, tzinfo=UTC), 1),
        (datetime(2026, 11, 25, 23, 0, tzinfo=UTC), 0),
        (datetime(2026, 11, 29, 9, 0, tzinfo=UTC), 0),
    ],
)
def test_it_goes_out_from_monday_morning_swedish_time(
    world: World, server: MailServer, at: datetime, sent: int
) -> None:
    assert send_digests(world.tenant_id, at) == sent
    assert len(server.mails()) == sent


def test_who_does_not_want_it_is_blocked_or_long_gone_gets_none(
    world: World, server: MailServer
) -> None:
    wish(world, world[MANAGER], "bengt@helsingborg.se")
    with tenant_session(Audience.STAFF, world.tenant_id) as session:
        service.unsubscribe(session, world[WHO])
        assert world[MANAGER].principal_id is not None
        gone = session.find(Principal, world[MANAGER].principal_id)
        gone.memberships_refreshed_at = real_now() - timedelta(days=46)
    assert send_digests(world.tenant_id, MONDAY) == 0
    wish(world, world[MANAGER], "bengt@helsingborg.se", "en")
    assert send_digests(world.tenant_id, MONDAY) == 1
    (mail,) = server.mails()
    assert mail["Subject"] == "Your week in Hemvist, week 48"
    with tenant_session(Audience.STAFF, world.tenant_id) as session:
        session.find(Principal, world[MANAGER].principal_id).status = "blocked"
    assert send_digests(world.tenant_id, MONDAY + timedelta(days=7)) == 0


def test_a_server_that_does_not_take_it_now_gets_it_later_once(
    world: World, server: MailServer
) -> None:
    """A busy receiver, a command or a text that is refused: nothing was sent, so it is tried again."""
    at = MONDAY
    for wrong in (
        {"rcpt": {"TO:<aida@helsingborg.se>": "450 busy"}},
        {"data": "451 not now"},
        {"after_text": "452 no room"},
    ):
        server.behave(**wrong)
        assert send_digests(world.tenant_id, at) == 1
        assert [row.state for row in rows(world)] == ["claimed"]
        # Not at once: another may be at it.
        assert send_digests(world.tenant_id, at + timedelta(minutes=5)) == 0
        at += LATER
    server.behave()
    assert send_digests(world.tenant_id, at) == 1
    assert send_digests(world.tenant_id, at + LATER) == 0
    assert len(server.mails()) == 1
    (row,) = rows(world)
    assert (row.state, row.attempts) == ("sent", 4)


def test_an_address_that_is_refused_is_left_and_the_next_gets_theirs(
    world: World, server: MailServer
) -> None:
    wish(world, world[MANAGER], "bengt@helsingborg.se")
    server.behave(rcpt={"TO:<aida@helsingborg.se>": "550 nobody here"})
    assert send_digests(world.tenant_id, MONDAY) == 2
    assert [mail["To"] for mail in server.mails()] == ["bengt@helsingborg.se"]
    assert sorted((row.state, row.code) for row in rows(world)) == [
        ("refused", "550"),
        ("sent", "250"),
    ]
    assert send_digests(world.tenant_id, MONDAY + LATER) == 0


def test_nothing_goes_out_in_the_clear_or_to_a_stranger(
    world: World, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server without TLS, or whose certificate nobody knows."""
    server.behave(no_tls=True)
    assert send_digests(world.tenant_id, MONDAY) == 0
    server.behave()
    monkeypatch.delenv("HEMVIST_SMTP_CA_FILE")
    get_settings.cache_clear()
    assert send_digests(world.tenant_id, MONDAY) == 0
    assert server.mails() == [] and rows(world) == []


def test_without_a_server_nothing_is_tried(world: World) -> None:
    assert send_digests(world.tenant_id, MONDAY) == 0


def _process(world: World, at: datetime) -> subprocess.Popen[bytes]:
    program = (
        "from datetime import datetime; from uuid import UUID;"
        "from hemvist_workers.digests import send_digests;"
        f"send_digests(UUID('{world.tenant_id}'), datetime.fromisoformat('{at.isoformat()}'))"
    )
    return subprocess.Popen([sys.executable, "-c", program], env=dict(os.environ))


def _wait(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("held", "in_between", "afterwards"),
    [
        # Killed before the text: nothing has gone, so another sends it.
        ({"hold_rcpt": 60}, "claimed", 1),
        # Killed when the text has gone and the server has not answered: it may have arrived, and has.
        ({"hold_text": 60}, "handed_over", 0),
    ],
)
def test_a_killed_worker_sends_nothing_twice(
    world: World, server: MailServer, held: dict[str, int], in_between: str, afterwards: int
) -> None:
    server.behave(**held)
    worker = _process(world, MONDAY)
    _wait(server.asked if "hold_rcpt" in held else lambda: bool(server.mails()))
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert [row.state for row in rows(world)] == [in_between]
    server.behave()
    assert send_digests(world.tenant_id, MONDAY + timedelta(minutes=1)) == 0
    assert send_digests(world.tenant_id, MONDAY + LATER) == afterwards
    assert send_digests(world.tenant_id, MONDAY + 2 * LATER) == 0
    assert len(server.mails()) == 1


def test_two_workers_at_once_send_each_mail_once(world: World, server: MailServer) -> None:
    role = Membership(Role.CASEWORKER, "SOF-VUX")
    others = [world.add(f"colleague {number}", role) for number in range(SLICE - 2)]
    people = [world[WHO], world[MANAGER], *others]
    for number, actor in enumerate(people):
        wish(world, actor, f"person{number}@helsingborg.se")
    started = [threading.Thread(target=send_digests, args=(world.tenant_id, MONDAY)) for _ in "ab"]
    for one in started:
        one.start()
    for one in started:
        one.join()
    to = [mail["To"] for mail in server.mails()]
    assert sorted(to) == sorted({f"person{number}@helsingborg.se" for number in range(len(people))})
    assert {row.state for row in rows(world)} == {"sent"}


def test_one_who_was_away_too_long_sends_nothing(
    world: World, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its claim was taken over meanwhile: it takes the receiver back."""
    from hemvist_workers import mailing

    address = mailing.Postbox.address
    raced: list[UUID] = []

    def slow(box: mailing.Postbox, to: str) -> None:
        address(box, to)
        if not raced:
            raced.append(world.tenant_id)
            assert send_digests(world.tenant_id, MONDAY + LATER) == 1

    monkeypatch.setattr(mailing.Postbox, "address", slow)
    assert send_digests(world.tenant_id, MONDAY) == 1
    assert len(server.mails()) == 1 and [row.state for row in rows(world)] == ["sent"]
