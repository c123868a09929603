"""What keeping, thinning and packing leave in the log: of whom, also where no command showed a person."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from typer.testing import CliRunner

from hemvist.audit import AuditEntry
from hemvist.cases.models import Case
from hemvist.migrations.tables import metadata
from hemvist.retention import archiving, service
from hemvist.retention.models import RetentionMark
from hemvist.tenancy import Audience, Tenant, tenant_session
from hemvist_infra import cli_retention
from hemvist_thinning import FIRST, approved, carried_out, old_case, proposed, thinning_world
from hemvist_world import World


def persons_of(world: World, action: str) -> list[UUID]:
    """Whom the latest entry of an action is about."""
    found: list[UUID] = world.rows(AuditEntry, action=action)[-1].person_ids
    return found


def slug_of(world: World) -> str:
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        return session.get_one(Tenant, world.tenant_id).slug


def test_a_mark_names_the_persons_it_keeps(database: str) -> None:
    world = thinning_world()
    case: Case = old_case(world)
    person = world.applicant(case)
    mark: RetentionMark = world.act(
        FIRST, service.place_mark, case_id=case.id, kind="hold", reason="A dispute"
    )
    assert persons_of(world, "retention.place") == [person]
    world.act(FIRST, service.lift_mark, mark_id=mark.id, expected_version=mark.version)
    assert persons_of(world, "retention.lift") == [person]


def test_a_thinned_case_names_the_persons_it_was_about(database: str) -> None:
    """They may live on in another household, and ask."""
    world = thinning_world()
    case = old_case(world)
    person = world.applicant(case)
    run = approved(world, proposed(world))
    carried_out(world, run)
    assert world.rows(Case) == []
    assert persons_of(world, "retention.thin") == [person]


def test_a_day_that_is_asked_for_and_a_package_name_them(database: str) -> None:
    """The rule alone says that a child was placed, or on which days somebody was born."""
    world = thinning_world()
    case = old_case(world, date(1980, 3, 5))
    person = world.applicant(case)
    arguments = ["date", "--tenant", slug_of(world), "--case", case.number]
    ran = CliRunner().invoke(cli_retention.app, arguments)
    assert (ran.exit_code, "research_birth_day" in ran.output) == (0, True), ran.exception
    [entry] = world.rows(AuditEntry, action="retention.date")
    assert (entry.kind, entry.case_id, entry.person_ids) == ("read", case.id, [person])
    archiving.package(world.tenant_id, case.number, metadata, matter="2026/1")
    assert persons_of(world, "retention.package") == [person]
