"""National data at a small size: whole, the same every time, usable, and closed to other kommuner."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from fastapi import FastAPI
from personnummer.personnummer import Personnummer
from sqlalchemy import func, select
from starlette.testclient import TestClient
from typer.testing import CliRunner

from hemvist.assessments import service as assessments
from hemvist.assessments.models import Answer
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.decisions.models import Decision
from hemvist.errors import HemvistError
from hemvist.evaluations.models import KeptEvaluation
from hemvist.evaluations.service import is_untouched
from hemvist.follow_ups import service as follow_ups
from hemvist.follow_ups.models import FollowUp
from hemvist.households import service as households
from hemvist.households.models import Person
from hemvist.households.service import open_number
from hemvist.identity import get_directory, use_directory
from hemvist.identity.models import Principal
from hemvist.identity.principals import actor_for, memberships_of
from hemvist.migrations.tables import metadata
from hemvist.policy import add_months
from hemvist.tenancy import Audience, Base, Owned, tenant_session
from hemvist.tenancy.sealed import sealed_columns
from hemvist_databases import Template
from hemvist_graphql import execute
from hemvist_graphql.ids import global_id
from hemvist_infra.cli_demo import app
from hemvist_infra.national import Report, Size, generate, generating
from hemvist_infra.national.bulk import ALL
from hemvist_infra.national.guidelines import EARLIER, HISTORY_YEARS, PACK, in_force_since
from hemvist_infra.national.kommuner import kommuner, official
from hemvist_infra.national.numbers import Numbers, born_on
from hemvist_infra.national.plan import KommunPlan
from hemvist_login import session_cookie
from hemvist_tenants import directory_of, load_tenants
from hemvist_testing import forget_settings, owner_connection

pytestmark = pytest.mark.slow

SMALL = Size(kommuner=2, households=60, seed=7, audit_rows=6_000)
#: Different each time: bytes with a random nonce, ids that the database makes, and what a landlord
#: calls a household, which nobody may be able to compute.
_RANDOM = {("landlord_offers", "alias"), ("lettings", "id")} | {
    (table.name, column)
    for table in Base.metadata.sorted_tables
    for column, _ in sealed_columns(table)
}


def nothing(title: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the kommuner's files go."""
    return tmp_path_factory.mktemp("national")


@pytest.fixture(scope="module")
def made(database: str, folder: Path, postgres: str) -> tuple[Report, dict[str, str]]:
    """What the small country has, in the module's database, and its digests as it was made."""
    report = generate(SMALL, folder, nothing, jobs=2)
    return report, digests(postgres)


@pytest.fixture(scope="module")
def report(made: tuple[Report, dict[str, str]]) -> Report:
    """What the small country has."""
    return made[0]


@pytest.fixture(scope="module")
def slugs(report: Report, folder: Path) -> Iterator[list[str]]:
    """The kommuner, with their files in use."""
    os.environ["HEMVIST_TENANTS_DIR"] = str(folder)
    forget_settings()
    use_directory(directory_of(load_tenants()))
    yield [one.slug for one in kommuner(SMALL.kommuner, SMALL.households, SMALL.seed)]
    del os.environ["HEMVIST_TENANTS_DIR"]
    forget_settings()
    use_directory(directory_of(load_tenants()))


def everything(postgres: str) -> psycopg.Connection:
    """A connection to the database in use that row security does not bind."""
    name = os.environ["HEMVIST_DATABASE_URL"].rsplit("/", 1)[1].split("?")[0]
    return psycopg.connect(postgres, dbname=name, autocommit=True)


def digests(postgres: str) -> dict[str, str]:
    """A digest of every table's rows, but for what encryption makes random."""
    found = {}
    with everything(postgres) as connection:
        for table in metadata.sorted_tables:
            columns = [
                f't."{column.name}"'
                for column in table.columns
                if (table.name, column.name) not in _RANDOM
            ]
            rows = connection.execute(
                f"SELECT ROW({', '.join(columns)})::text FROM {table.name} t ORDER BY 1".encode()
            ).fetchall()
            found[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


@pytest.fixture
def superuser(database: str, postgres: str) -> Iterator[psycopg.Connection]:
    """A connection to the module's database that row security does not bind."""
    with everything(postgres) as connection:
        yield connection


def test_the_register_is_the_official_one() -> None:
    listed = official()
    assert len(listed) == len({code for code, _ in listed}) == 290
    assert ("0180", "Stockholm") in listed and ("1283", "Helsingborg") in listed
    made = kommuner(290, 120_000, 1)
    assert sum(one.households for one in made) == 120_000
    assert len({one.slug for one in made}) == 290
    with pytest.raises(ValueError):
        kommuner(291, 120_000, 1)


def test_the_report_is_what_is_there(report: Report, superuser: psycopg.Connection) -> None:
    for table, rows in report.rows.items():
        # The landlords' own tenant is there before, and no kommun.
        which = " WHERE kind = 'kommun'" if table == "tenants" else ""
        found = superuser.execute(f"SELECT count(*) FROM {table}{which}".encode()).fetchone()
        assert found == (rows,), table
    assert report.rows["households"] == SMALL.households
    assert report.rows["audit_entries"] == SMALL.audit_rows
    assert all(report.bytes.values())


def test_every_key_index_and_policy_is_there_again(
    report: Report, template: Template, superuser: psycopg.Connection
) -> None:
    catalogue = """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) || convalidated::text
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT relname, 'security', relrowsecurity::text || relforcerowsecurity::text
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        ORDER BY 1, 2, 3
    """
    with psycopg.connect(template.server_url, dbname=template.name) as connection:
        before = connection.execute(catalogue).fetchall()
    assert superuser.execute(catalogue).fetchall() == before
    # Validated keys already: this is what they say, asked once more in plain words.
    loose = superuser.execute(
        "SELECT count(*) FROM case_events e LEFT JOIN cases c"
        " ON (c.tenant_id, c.id) = (e.tenant_id, e.case_id) WHERE c.id IS NULL"
    ).fetchone()
    assert loose == (0,)


def test_a_kommun_sees_its_own_rows_only(slugs: list[str], superuser: psycopg.Connection) -> None:
    owned = [t for t in metadata.sorted_tables if isinstance(t.info["tenancy"], Owned)]
    total = dict.fromkeys((table.name for table in owned), 0)
    for slug in slugs:
        with tenant_session(Audience.WORKER, get_directory().tenant_id(slug)) as session:
            for table in owned:
                if table.name in ALL:
                    total[table.name] += session.scalar(select(func.count()).select_from(table))
    for name in ALL:
        everything = superuser.execute(f"SELECT count(*) FROM {name}".encode()).fetchone()
        assert everything == (total[name],), name


def test_a_caseworker_opens_the_day_and_a_case(slugs: list[str]) -> None:
    from hemvist_graphql.http import router as graphql
    from hemvist_portal.app import router as portal

    server = FastAPI()
    server.include_router(graphql)
    server.include_router(portal)
    slug = slugs[0]
    name, cookie, _ = session_cookie(slug, "caseworker-sof-vux-1")
    client = TestClient(server, follow_redirects=False, cookies={name: cookie})
    today_page = client.get(f"/{slug}/today")
    assert today_page.status_code == 200, today_page.headers
    with tenant_session(Audience.STAFF, get_directory().tenant_id(slug)) as session:
        cases = session.scalars(
            select(Case.id).where(Case.department == "SOF-VUX").order_by(Case.id)
        ).all()
        principal = session.scalars(
            select(Principal).where(Principal.display_name == _name(slug, "caseworker-sof-vux-1"))
        ).one()
        actor = actor_for(principal, memberships_of(session, principal.id))
    assert cases
    # A life of each kind is among them: running, ended, on its way.
    for case_id in cases[::4]:
        shown = global_id("Case", case_id)
        assert client.get(f"/{slug}/cases/{shown}").status_code == 200, case_id
        answer = execute(
            actor,
            "query Q($id: ID!) { case(id: $id) { number state household { alias members { person"
            " { __typename } } } criteria { __typename } timeline { kind } } }",
            {"id": shown},
        )
        assert "errors" not in answer, answer
        assert answer["data"]["case"]["criteria"]
        assert answer["data"]["case"]["timeline"]


def _name(slug: str, username: str) -> str:
    from hemvist_infra.dev_issuer.people import people_of

    return people_of(slug)[username].name


def test_cases_are_evaluated_and_kept_answers_untouched(slugs: list[str]) -> None:
    kept = 0
    for slug in slugs:
        with tenant_session(Audience.STAFF, get_directory().tenant_id(slug)) as session:
            for case in session.scalars(select(Case).where(Case.state == "open")):
                assert assessments.criteria(session, case, today())
            for one in session.scalars(select(KeptEvaluation)):
                assert is_untouched(one)
                kept += 1
    assert kept


def test_words_open_in_the_kommun_that_has_them(slugs: list[str]) -> None:
    for slug in slugs:
        with tenant_session(Audience.STAFF, get_directory().tenant_id(slug)) as session:
            decisions = session.scalars(select(Decision)).all()
            answers = session.scalars(select(Answer)).all()
            assert decisions and all(one.motivation for one in decisions)
            assert answers and {type(one.value) for one in answers} >= {bool}


def test_numbers_open_and_are_valid_and_found(slugs: list[str]) -> None:
    for slug in slugs:
        with tenant_session(Audience.STAFF, get_directory().tenant_id(slug)) as session:
            numbers = []
            for person in session.scalars(select(Person)):
                digits = open_number(person)
                checked = Personnummer(digits)
                assert 980 <= int(checked.num) <= 999
                assert checked.get_date() == person.birth_date
                assert checked.is_coordination_number() == (person.number_kind == "coordination")
                numbers.append(digits)
            assert len(set(numbers)) == len(numbers)
            applicant = session.scalars(select(Person).where(Person.department == "AMF")).first()
            assert applicant is not None
            principal = session.scalars(
                select(Principal).where(Principal.display_name == _name(slug, "caseworker-amf-1"))
            ).one()
            actor = actor_for(principal, memberships_of(session, principal.id))
            found = households.find_by_number(
                session, actor, personal_number=open_number(applicant)
            )
            assert [person.id for person in found] == [applicant.id]


def test_the_same_numbers_serve_every_kommun_and_never_twice_in_one() -> None:
    one, other = Numbers(), Numbers()
    born = date(1980, 5, 17)
    given = [one.next(born) for _ in range(45)]
    assert len(set(given)) == 45 and {number[:8] for number in given} == {
        *("19800517", "19800516", "19800515"),
    }
    assert [other.next(born) for _ in range(45)] == given
    assert one.next(born, coordination=True) == "198005779809"
    assert born_on("198005779809") == born


def test_little_is_overdue_as_where_people_do_their_work(
    report: Report, superuser: psycopg.Connection
) -> None:
    late = superuser.execute(
        "SELECT count(*) FROM obligations WHERE state = 'open' AND due_on < %s", [today()]
    ).fetchone()
    assert late is not None
    assert 0 < late[0] < report.rows["obligations"] / 100


def test_the_history_is_ten_years_long_and_older_than_the_guideline(
    report: Report, superuser: psycopg.Connection
) -> None:
    beginning = add_months(today(), -12 * HISTORY_YEARS)
    by_pack = dict(
        superuser.execute(
            "SELECT pack, int4range(min(opened_on - %s), max(opened_on - %s), '[]')"
            " FROM cases GROUP BY pack",
            [beginning, beginning],
        ).fetchall()
    )
    change = (in_force_since() - beginning).days
    assert set(by_pack) == {PACK, EARLIER}
    assert 0 <= by_pack[EARLIER].lower < 60 and by_pack[EARLIER].upper <= change
    assert by_pack[PACK].lower >= change
    running = superuser.execute(
        "SELECT count(*) FROM contracts k JOIN cases c ON c.tenant_id = k.tenant_id"
        " AND c.id = k.case_id WHERE k.state <> 'ended' AND c.pack = %s",
        [EARLIER],
    ).fetchone()
    assert running is not None and running[0] > 0


def test_life_goes_on_through_the_services(slugs: list[str]) -> None:
    with tenant_session(Audience.STAFF, get_directory().tenant_id(slugs[0])) as session:
        due = session.scalars(
            select(Obligation)
            .where(Obligation.state == "open", Obligation.code == "follow_up")
            .order_by(Obligation.due_on)
        ).first()
        assert due is not None
        case = session.find(Case, due.case_id)
        principal = session.find(Principal, case.handler_id)
        actor = actor_for(principal, memberships_of(session, principal.id))
        before = session.scalar(select(func.count()).select_from(FollowUp))
        follow_ups.record_follow_up(
            session,
            actor,
            obligation_id=due.id,
            held_on=today(),
            departments=[case.department],
            resident_took_part=True,
            in_the_home=True,
            agenda_done=[str(item["id"]) for item in due.agenda],
            notes="",
            expected_version=due.version,
        )
        assert session.scalar(select(func.count()).select_from(FollowUp)) == (before or 0) + 1
        session.rollback()


def test_a_second_run_changes_nothing_and_another_size_is_refused(
    report: Report, folder: Path, postgres: str
) -> None:
    before = digests(postgres)
    again = generate(SMALL, folder, nothing, jobs=1)
    assert digests(postgres) == before
    assert again.rows == report.rows
    with pytest.raises(HemvistError, match="seed 7"):
        generate(replace(SMALL, seed=8), folder, nothing)


def test_the_command_tells_rows_bytes_and_seconds(report: Report, folder: Path) -> None:
    said = CliRunner().invoke(
        app,
        [
            *("national", "--kommuner", "2", "--households", "60", "--seed", "7"),
            *("--audit-rows", "6000", "--folder", str(folder)),
        ],
    )
    assert said.exit_code == 0, said.output
    assert re.search(r"audit_entries +6,000 +[0-9.]+", said.output)
    assert re.search(r"households +60 ", said.output)
    assert re.search(r"[0-9.]+ s in all", said.output)
    assert f"HEMVIST_TENANTS_DIR={folder}" in said.output


def test_the_same_seed_makes_the_same_rows(
    made: tuple[Report, dict[str, str]], template: Template, tmp_path: Path, postgres: str
) -> None:
    report, before = made
    with template.copy():
        again = generate(SMALL, tmp_path, nothing, jobs=1)
        assert digests(postgres) == before
        assert again.rows == report.rows
    with template.copy():
        generate(replace(SMALL, seed=8), tmp_path, nothing, jobs=1)
        assert digests(postgres) != before


def test_what_was_stopped_goes_on(
    made: tuple[Report, dict[str, str]],
    template: Template,
    tmp_path: Path,
    postgres: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report, before = made
    whole = generating._fill

    def first_only(url: str, plans: list[KommunPlan], *rest: Any) -> None:
        whole(url, plans[:1], *rest)
        raise KeyboardInterrupt

    with template.copy():
        monkeypatch.setattr(generating, "_fill", first_only)
        with pytest.raises(KeyboardInterrupt):
            generate(SMALL, tmp_path, nothing, jobs=1)
        monkeypatch.undo()
        again = generate(SMALL, tmp_path, nothing, jobs=1)
        assert digests(postgres) == before
        assert again.rows == report.rows


def test_a_kommun_from_elsewhere_is_left_alone(template: Template, tmp_path: Path) -> None:
    with template.copy():
        with owner_connection() as connection:
            connection.execute(
                "INSERT INTO tenants VALUES (%s, '0114', 'x', 'Någon annans', now())",
                [UUID(int=1)],
            )
            connection.commit()
        with pytest.raises(HemvistError, match="Någon annans"):
            generate(SMALL, tmp_path, nothing)


def test_production_is_refused(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEMVIST_ENVIRONMENT", "production")
    monkeypatch.setenv("HEMVIST_BASE_URL", "https://hemvist.example")
    forget_settings()
    try:
        with pytest.raises(HemvistError, match="production"):
            generate(SMALL, tmp_path, nothing)
    finally:
        monkeypatch.undo()
        forget_settings()
