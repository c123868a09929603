"""Who attacks the web: sessions that live, that have ended, that lead to nothing any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from hemvist.clock import real_now
from hemvist.db import Audience
from hemvist.identity import Membership, Role, get_directory
from hemvist.identity.principals import known_principal, refresh_memberships
from hemvist.identity.sessions import cookie_name, open_session
from hemvist.tenancy import tenant_session
from hemvist.tenancy.declaration import TENANT_SETTING
from hemvist_attack_web import ADDRESS, SLUG, Caller, Place, places_of
from hemvist_login import base_url, onboard_working, session_cookie
from hemvist_testing import open_folder, owner_connection

#: Every role that somebody of a kommun can hold, in departments of the made-up rows and of real ones.
EVERYTHING = frozenset(
    Membership(role, department) for role in Role for department in ("", "SOF-VUX", "AMF")
)


@contextmanager
def whole_application() -> Iterator[tuple[TestClient, Any]]:
    """The application as it is put together, at its own https address, and a client of it.

    Needs the fixtures ``database`` and ``valkey`` and a folder in ``HEMVIST_LOCAL_DIR``.
    """
    from hemvist_infra.app import create_app

    with base_url(ADDRESS):
        onboard_working()
        app = create_app()
        with TestClient(
            app, base_url=ADDRESS, follow_redirects=False, raise_server_exceptions=False
        ) as client:
            yield client, app


@dataclass(frozen=True)
class Front:
    """The application, its map, and people who are logged in."""

    client: TestClient
    app: Any
    places: list[Place]
    manager: Caller
    colleague: Caller
    landlord: Caller
    other_landlord: Caller

    def halves(self) -> list[tuple[list[Place], Caller, Caller]]:
        """The places of kommuner and of landlords, each with who is logged in there, and another."""
        return [
            ([one for one in self.places if not one.landlords], self.manager, self.colleague),
            ([one for one in self.places if one.landlords], self.landlord, self.other_landlord),
        ]


@contextmanager
def whole_front() -> Iterator[Front]:
    """``whole_application`` with a folder of its own, and people of it."""
    with open_folder() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEMVIST_LOCAL_DIR", str(folder))
        with whole_application() as (client, app):
            yield Front(
                client,
                app,
                places_of(app),
                logged_in("bengt.sandell"),
                logged_in("aida.lindqvist"),
                logged_in("vera.nystrom", "hyresvard"),
                logged_in("mats.bergkvist", "hyresvard"),
            )


def logged_in(person: str = "aida.lindqvist", slug: str = SLUG) -> Caller:
    """A demo person with a living session."""
    name, cookie, session = session_cookie(slug, person)
    return Caller(person, {"cookie": f"{name}={cookie}"}, session.csrf_token, slug)


def everybody_who_may_not() -> list[Caller]:
    """Sessions that let nobody into Helsingborg, one of each kind."""
    made_up = f"{cookie_name()}={SLUG}.{'0' * 32}.{'x' * 43}"
    return [
        _renamed("other kommun", logged_in("petra.solberg", "karlstad")),
        _renamed("landlord", logged_in("vera.nystrom", "hyresvard")),
        _ended("expired session", "idle_expires_at = created_at"),
        _ended("session past its end", "ends_at = created_at"),
        _ended("session logged out", "revoked_at = now(), revoked_reason = 'logout'"),
        _ended("blocked person", "", blocked=True),
        _without_membership(),
        Caller("made-up session", {"cookie": made_up}, "x"),
        Caller("made-up token", {"authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}),
    ]


#: What ends a session that has been used, by the name of who comes with it then.
ENDINGS: Mapping[str, str] = {
    "session that idled after use": (
        "UPDATE login_sessions SET idle_expires_at = created_at WHERE id = %(session)s"
    ),
    "session past its end after use": (
        "UPDATE login_sessions SET ends_at = created_at WHERE id = %(session)s"
    ),
    "session logged out after use": (
        "UPDATE login_sessions SET revoked_at = now(), revoked_reason = 'logout'"
        " WHERE id = %(session)s"
    ),
    "person blocked after use": (
        "UPDATE principals SET status = 'blocked' WHERE id ="
        " (SELECT principal_id FROM login_sessions WHERE id = %(session)s)"
    ),
    "membership removed after use": (
        "DELETE FROM memberships WHERE principal_id ="
        " (SELECT principal_id FROM login_sessions WHERE id = %(session)s)"
    ),
}


def who_uses_it(ending: str) -> Caller:
    """Somebody of the kommun with a session of their own, who is let in until ``end_of`` it."""
    return _session(ending, [Membership(Role.CASEWORKER, "SOF-VUX")])


def with_every_right() -> Caller:
    """Somebody of the kommun who holds every role there is: what stops them is its border."""
    return _session("every role", list(EVERYTHING))


def end_of(who: Caller, ending: str) -> None:
    """End what somebody was let in by, in the database and nowhere else."""
    with owner_connection() as connection:
        connection.execute(
            "SELECT set_config(%s, %s, true)",
            (TENANT_SETTING, str(get_directory().tenant_id(SLUG))),
        )
        session = who.headers["cookie"].split(".")[1]
        changed = connection.execute(ENDINGS[ending].encode(), {"session": session})
        assert changed.rowcount == 1, ending


def _renamed(name: str, who: Caller) -> Caller:
    return Caller(name, who.headers, who.csrf, who.slug)


def _ended(name: str, change: str, *, blocked: bool = False) -> Caller:
    """A session of somebody of their own, changed in the database."""
    who = _session(name, [Membership(Role.CASEWORKER, "SOF-VUX")])
    session_id = who.headers["cookie"].split(".")[1]
    with owner_connection() as connection:
        connection.execute(
            "SELECT set_config(%s, %s, true)",
            (TENANT_SETTING, str(get_directory().tenant_id(SLUG))),
        )
        if blocked:
            connection.execute(
                "UPDATE principals SET status = 'blocked' WHERE id = (SELECT principal_id"
                " FROM login_sessions WHERE id = %s)",
                (session_id,),
            )
        else:
            connection.execute(
                f"UPDATE login_sessions SET {change} WHERE id = %s".encode(), (session_id,)
            )
    return who


def _without_membership() -> Caller:
    return _session("removed membership", [])


def _session(name: str, held: list[Membership]) -> Caller:
    with tenant_session(Audience.STAFF, get_directory().tenant_id(SLUG)) as session:
        principal = known_principal(
            session,
            issuer=get_directory().issuer(SLUG).issuer,
            subject=f"attack-{name}-{uuid4()}",
            kind="person",
            name=name,
        )
        refresh_memberships(session, principal, held, real_now())
        opened = open_session(session, SLUG, principal)
    return Caller(name, {"cookie": f"{cookie_name()}={opened.cookie}"}, opened.session.csrf_token)
