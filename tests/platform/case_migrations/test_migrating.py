"""Open cases go over to another version by choice: what changes is told before and kept after."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from hemvist.assessments.models import Answer
from hemvist.assessments.service import criteria
from hemvist.audit import AuditEntry
from hemvist.case_migrations import service as migrations
from hemvist.case_migrations.models import CaseMigration, MigratedCase
from hemvist.cases import closing
from hemvist.cases import service as cases
from hemvist.cases.models import Case, CaseEvent
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.errors import Conflict, NotAllowed, NotFound, PolicyRefused, ValidationFailed
from hemvist.outbox import OutboxEvent
from hemvist.pack_versions import service as versions
from hemvist_versions import OTHER, Hand, policy_people
from hemvist_world import World, as_owner, caseworker_of, manager_of, new_world

EVERY_THREE = "  follow_up_months:\n    type: months\n    values: {2018-02-12: 3}"
MANAGER = "manager SOF-VUX"
CASEWORKER = "caseworker SOF-VUX"


@pytest.fixture(scope="module")
def world(database: str) -> World:
    return policy_people(new_world())


def version(world: World, *changes: tuple[str, Any], **files: tuple[str, str]) -> Hand:
    """A version in force today with changed parameters, and with texts replaced in files."""
    hand = Hand.draft(world, in_force_from=today())
    for name, value in changes:
        hand.parameter(name, value)
    for file, (old, new) in files.items():
        name = f"{file}.yaml"
        assert old in hand.files[name]
        hand.replace(name, hand.files[name].replace(old, new))
    hand.approved()
    return hand


def move(world: World, to: Hand, *moved: Case, who: str = MANAGER, **more: Any) -> CaseMigration:
    """The command, with the versions of the cases as they are now."""
    found = [world.again(case) for case in moved]
    more.setdefault("reason", "Den nya gränsen är till den sökandes fördel.")
    made: CaseMigration = world.act(
        who,
        migrations.migrate,
        cases=[{"case_id": one.id, "expected_version": one.version} for one in found],
        to_version=to.version.number,
        **more,
    )
    return made


def preview(world: World, case: Case, to: Hand, who: str = CASEWORKER) -> Any:
    return world.act(who, migrations.preview, case_id=case.id, to_version=to.version.number)


def open_days(world: World, case: Case, code: str) -> list[date]:
    rows = world.rows(Obligation, case_id=case.id, code=code, state="open")
    return sorted(row.due_on for row in rows)


def test_nothing_changes_but_by_choice(world: World) -> None:
    case = world.case()
    before = case.pack_version
    version(world, ("young_adult_to", 25))
    assert world.again(case).pack_version == before
    told = world.rows(CaseEvent, case_id=case.id, kind="case_migrated")
    assert told == []


def test_what_changes_is_told_before_and_kept_after(world: World) -> None:
    case = world.case()
    older = case.pack_version
    stricter = version(world, ("kommun", "9999"))
    found = preview(world, case, stricter)
    (municipal,) = [one for one in found.programmes if one.programme == "municipal_contract"]
    assert (municipal.before.outcome, municipal.after.outcome) == ("true", "unknown")
    assert municipal.newly_missing == municipal.after.ask != ()
    assert municipal.changed and found.obligations == () and found.unfit == ()
    assert world.again(case).pack_version == older
    made = move(world, stricter, case)
    assert world.again(case).pack_version == stricter.version.number
    (kept,) = world.rows(MigratedCase, case_migration_id=made.id)
    assert (kept.case_id, kept.from_version) == (case.id, older)
    assert [one for one in kept.programmes if one["programme"] == "municipal_contract"] == [
        {
            "programme": "municipal_contract",
            "before": {"outcome": "true", "ask": []},
            "after": {"outcome": "unknown", "ask": list(municipal.after.ask)},
        }
    ]
    with world.session() as session:
        said = criteria(session, session.find(Case, case.id), today())
    assert {one.version for one in said} == {stricter.version.number}
    (line,) = world.rows(CaseEvent, case_id=case.id, kind="case_migrated")
    assert line.data == {"pack": case.pack, "from": older, "to": stricter.version.number}
    assert (line.subject_type, line.subject_id) == ("case_migration", made.id)
    entries = world.rows(AuditEntry, action="case.migrate", case_id=case.id)
    assert [entry.principal_id for entry in entries] == [world[MANAGER].principal_id]
    assert len(entries[0].person_ids) == 1
    (event,) = [
        row
        for row in world.rows(OutboxEvent, type="case_migrated")
        if row.payload["case_id"] == str(case.id)
    ]
    assert event.payload["department"] == "SOF-VUX"
    withdraw(stricter)


def withdraw(hand: Hand) -> None:
    """So that the cases of later tests are opened by the version before."""
    hand.act(versions.withdraw, OTHER, reason="Klart.")


def test_obligations_move_come_and_go(world: World) -> None:
    case = world.case(days_ago=200)
    world.housed(case)
    every_three = open_days(world, case, "follow_up")
    done = len(world.rows(Obligation, case_id=case.id, state="done"))
    assert len(every_three) > 3
    # A value from today on leaves what is counted from earlier days as it is.
    later = version(world, ("follow_up_months", 6))
    assert preview(world, case, later).obligations == ()
    withdraw(later)
    slower = version(world, params=(EVERY_THREE, EVERY_THREE.replace(": 3", ": 6")))
    found = preview(world, case, slower)
    assert {one.code for one in found.obligations} == {"follow_up"}
    assert all(one.after is None or one.after >= today() for one in found.obligations)
    assert open_days(world, case, "follow_up") == every_three
    move(world, slower, case)
    every_six = open_days(world, case, "follow_up")
    assert every_six != every_three and len(every_six) < len(every_three)
    months = [(b.year - a.year) * 12 + b.month - a.month for a, b in pairwise(every_six)]
    assert set(months) == {6}
    assert len(world.rows(Obligation, case_id=case.id, state="done")) == done
    # And back again: the same days as before.
    withdraw(slower)
    again = version(world)
    move(world, again, case)
    assert open_days(world, case, "follow_up") == [day for day in every_three if day >= today()]
    withdraw(again)


def test_an_answer_that_no_longer_fits_is_asked_for_again(world: World) -> None:
    case = world.case()
    # From now on debts are told from a hundred öre: nothing at all is no answer any more.
    old = "debts_ore:\n    type: money_ore\n    group: obtaining_a_home\n    min: 0"
    renamed = version(world, facts=(old, old.replace("min: 0", "min: 100")))
    result = renamed.version.check_result
    assert result is not None and {one["code"] for one in result["problems"]} == {"case_changed"}
    found = preview(world, case, renamed)
    assert found.unfit == ("debts_ore",)
    (municipal,) = [one for one in found.programmes if one.programme == "municipal_contract"]
    assert municipal.after.outcome in ("true", "unknown")
    move(world, renamed, case)
    answers = world.rows(Answer, case_id=case.id, fact="debts_ore")
    assert [answer.replaced_at is None for answer in answers] == [False]
    with world.session() as session:
        assert criteria(session, session.find(Case, case.id), today())
    withdraw(renamed)


class TestRefused:
    """All of the list or none, and only by who has the right."""

    def test_only_the_manager_of_the_department(self, world: World) -> None:
        case, to = world.case(), version(world)
        for who in (CASEWORKER, OTHER):
            with pytest.raises((NotAllowed, NotFound)):
                move(world, to, case, who=who)
        for who in (manager_of("SOF-BUF"), "property"):
            with pytest.raises(NotFound):
                move(world, to, case, who=who)
            with pytest.raises(NotFound):
                preview(world, case, to, who)
        withdraw(to)

    def test_whom_it_was_only_disclosed_to_is_told_nothing(self, world: World) -> None:
        case, to = world.case(), version(world)
        with world.session() as session:
            cases.disclose(
                session,
                session.find(Case, case.id),
                departments=["FF"],
                ground="x",
                fields=["referral"],
                on=today(),
            )
        with pytest.raises(NotAllowed):
            preview(world, case, to, "property")
        withdraw(to)

    def test_all_or_none(self, world: World) -> None:
        first, second, to = world.case(), world.case(), version(world)
        theirs = world.case(department="SOF-BUF")
        before = first.pack_version
        with pytest.raises(NotFound):
            move(world, to, first, second, theirs)
        closed = world.case()
        world.act(CASEWORKER, closing.close, reason="other", case_id=closed.id, expected_version=1)
        with pytest.raises(Conflict):
            move(world, to, first, closed)
        assert world.again(first).pack_version == before
        assert world.rows(MigratedCase, case_id=first.id) == []
        move(world, to, first, second)
        with pytest.raises(Conflict) as refused:
            move(world, to, first)
        assert refused.value.rule == "same_version"
        withdraw(to)

    def test_only_to_a_version_that_applies(self, world: World) -> None:
        case = world.case()
        coming = Hand.draft(world, in_force_from=today() + timedelta(days=9))
        with pytest.raises(ValidationFailed) as refused:
            move(world, coming, case)
        assert refused.value.problems[0].rule == "version_not_in_force"
        coming.approved()
        with pytest.raises(ValidationFailed):
            move(world, coming, case)
        gone = version(world)
        withdraw(gone)
        with pytest.raises(ValidationFailed):
            move(world, gone, case)

    def test_a_version_that_cannot_judge_the_case(self, world: World) -> None:
        case = world.case(department="AMF")
        other = version(world)
        with as_owner(world.tenant_id) as connection:
            connection.execute(
                "UPDATE cases SET programme = 'no_such_programme' WHERE id = %s", (case.id,)
            )
        with pytest.raises(PolicyRefused) as refused:
            preview(world, case, other, caseworker_of("AMF"))
        assert refused.value.rule == "version_cannot_judge"
        withdraw(other)

    @pytest.mark.parametrize(
        ("given", "rule"),
        [
            ({"cases": []}, "count"),
            ({"reason": " "}, "required"),
            ({"reason": "x" * 3000}, "too_long"),
        ],
    )
    def test_what_must_be_told(self, world: World, given: dict[str, Any], rule: str) -> None:
        case = world.case()
        values: dict[str, Any] = {
            "cases": [{"case_id": case.id, "expected_version": 1}],
            "to_version": "2026.1.0",
            "reason": "x",
        }
        with pytest.raises(ValidationFailed) as refused:
            world.act(MANAGER, migrations.migrate, **{**values, **given})
        assert refused.value.problems[0].rule == rule

    def test_a_case_twice(self, world: World) -> None:
        case = world.case()
        one = {"case_id": case.id, "expected_version": 1}
        with pytest.raises(ValidationFailed) as refused:
            world.act(MANAGER, migrations.migrate, cases=[one, one], to_version="1.1.1", reason="x")
        assert refused.value.problems[0].rule == "twice"
