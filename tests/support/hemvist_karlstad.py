"""Karlstad's people and a caseload of households with debts, for journeys of its guideline."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from importlib.resources import files
from itertools import count
from typing import Any
from uuid import UUID

from hemvist.assessments import service as assessments
from hemvist.assessments.service import NewAnswer
from hemvist.cases import service as cases
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.households import service as households
from hemvist.households.service import NewMember
from hemvist.identity import Actor
from hemvist.simulations import running
from hemvist.simulations.models import ENDED, Simulation
from hemvist.tenancy import tenant_session
from hemvist_infra.demo.numbers import personal_number
from hemvist_login import session_cookie

SLUG = "karlstad"
PACK = "karlstad/sociala-kontrakt"
RULE = "entitled_to_rent_guarantee"
PROGRAMME = "hyresgaranti"
DEPARTMENT = "ASF"
#: Demo people: two policy officers, a caseworker, a manager.
WRITER, APPROVER = "Ulrika Stenman", "Viktor Aronsson"
CASEWORKER, MANAGER = "Petra Solberg", "Rasmus Frykman"
#: Kronor: below the old limit of 10 000, between it and the new one of 15 000, above both.
BELOW, BETWEEN, ABOVE = 5_000, 12_000, 20_000

_serial = count(1)


def actor(username: str) -> Actor:
    """A demo person of Karlstad as the services take one."""
    return session_cookie(SLUG, username)[2].actor


def act(who: Actor, verb: Any, **values: Any) -> Any:
    """One act in a transaction of its own."""
    with tenant_session(Audience.STAFF, who.tenant_id, who.principal_id) as session:
        return verb(session, who, **values)


def indebted(kronor: int, *, child: bool = False) -> UUID:
    """A household on income support with debts, and its open case; the case's row."""
    petra = actor("petra.solberg")
    members = [_member("applicant", date(1980, 1, 1))]
    if child:
        members.append(_member("child", date(2016, 1, 1)))
    home = act(
        petra,
        households.register,
        department=DEPARTMENT,
        members=members,
        registered_on=today(),
    )
    case = act(
        petra,
        cases.open_case,
        household_id=home.id,
        department=DEPARTMENT,
        opened_on=today(),
    )
    given = {"has_income_support": True, "debts_ore": kronor * 100}
    answers = [NewAnswer(fact, value, "Uppgift från hushållet.") for fact, value in given.items()]
    act(petra, assessments.answer_all, case_id=case.id, answers=answers)
    found: UUID = case.id
    return found


def _member(role: str, born: date) -> NewMember:
    serial = next(_serial)
    return NewMember(
        role=role,
        given_name="Siv" if role == "applicant" else "Liv",
        family_name=f"Prov{serial}",
        personal_number=personal_number(born + timedelta(days=serial), 985),
        registered_kommun="1780",
        protection="none",
        protection_checked_on=today() - timedelta(days=3),
    )


def carry_out_simulations() -> int:
    """What the worker makes of simulations that wait; says how many there were."""
    tenant_id = actor("petra.solberg").tenant_id
    with tenant_session(Audience.WORKER, tenant_id) as session:
        waiting = [
            one.id for one in session.query(Simulation).filter(Simulation.state.not_in(ENDED))
        ]
    for one in waiting:
        while running.step(tenant_id, one):
            pass
    return len(waiting)


def pack_files() -> dict[str, str]:
    """The installed guideline's files."""
    folder = files("hemvist_policy_packs") / SLUG / "sociala-kontrakt"
    return {
        one.name: one.read_text("utf-8") for one in folder.iterdir() if one.name.endswith(".yaml")
    }


def archive(texts: dict[str, str]) -> bytes:
    """A zip of files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for name, content in texts.items():
            opened.writestr(name, content)
    return made.getvalue()
