"""From draft to force and back: check, four eyes, the day, freezing, withdrawal, the trail."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest

from hemvist.audit import AuditEntry
from hemvist.cases.packs import choose_pack, pack_of
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, NotFound, PolicyRefused, ValidationFailed
from hemvist.identity import Membership, Role
from hemvist.outbox import OutboxEvent
from hemvist.pack_versions import drafting, packs_of, service
from hemvist.pack_versions.checking import check_files
from hemvist.pack_versions.models import PackVersion, PackVersionEvent
from hemvist.policy import PolicyError
from hemvist.tenancy import Audience
from hemvist_versions import ADMIN, OFFICER, OTHER, Hand, on_day, policy_people, soon
from hemvist_workers import chores
from hemvist_world import PACK, World, as_owner, new_world


@pytest.fixture
def world(database: str) -> World:
    return policy_people(new_world())


def in_force(world: World, day: Any) -> str:
    found: str = world.read(lambda session: packs_of(session).in_force(PACK, day).version)
    return found


def test_a_changed_value_from_draft_to_force(world: World) -> None:
    installed = in_force(world, today())
    hand = Hand.draft(world, in_force_from=soon(30))
    version = hand.version
    assert (version.state, version.based_on, version.pack) == ("draft", installed, PACK)
    assert version.number.split(".")[1] == str(int(installed.split(".")[1]) + 1)
    hand.parameter("young_adult_to", 25)
    hand.approved()
    assert hand.version.state == "approved"
    assert in_force(world, soon(29)) == installed
    assert in_force(world, soon(30)) == version.number
    with on_day(soon(29)):
        assert chores.activate_versions(world.tenant_id) == 0
    with on_day(soon(30)):
        assert chores.activate_versions(world.tenant_id) == 1
        assert chores.activate_versions(world.tenant_id) == 0
        assert world.again(version).state == "active"
    # Judged by it: the value of each day.
    pack = world.read(lambda session: packs_of(session).get(PACK, version.number))
    assert pack.param("young_adult_to", soon(30)) == 25
    assert pack.param("young_adult_to", soon(29)) == 20


def test_what_a_case_is_pinned_to(world: World) -> None:
    before = world.case(days_ago=3)
    hand = Hand.draft(world, in_force_from=soon(1))
    hand.parameter("young_adult_to", 25)
    hand.approved()
    with on_day(soon(1)):
        after = world.case(days_ago=0)
        late = world.case(days_ago=5)
    assert (after.pack_version, late.pack_version) == (hand.version.number, before.pack_version)
    with world.session() as session:
        again = session.find(type(after), after.id)
        assert pack_of(again).version == hand.version.number
        assert choose_pack(session, None, today()).version == before.pack_version
    with pytest.raises(PolicyError):
        pack_of(after)


def test_the_check_says_what_changes(world: World) -> None:
    hand = Hand.draft(world)
    hand.parameter("young_adult_to", 18)
    hand.act(service.check)
    found = hand.version.check_result
    assert found is not None and found["passed"] and hand.version.state == "checked"
    assert found["counts"]["cases"] > 100 and found["counts"]["failed"] == 0
    assert {change["about"] for change in found["changes"]} == {
        "rule:children_and_family_responsible"
    }
    assert all(change["on"] == str(soon()) for change in found["changes"])


def test_what_is_wrong_is_found_with_its_place(world: World) -> None:
    hand = Hand.draft(world)
    rules = hand.files["rules.yaml"]
    hand.replace("rules.yaml", rules.replace("h.debts_ore == 0", "h.debts_oer == 0", 1))
    hand.act(service.check)
    found = hand.version.check_result
    assert found is not None and not found["passed"] and hand.version.state == "draft"
    (problem,) = found["problems"]
    line = rules[: rules.index("h.debts_ore == 0")].count("\n") + 1
    assert (problem["file"], problem["line"]) == ("rules.yaml", line)
    assert "debts_ore" in problem["cure"]
    with pytest.raises(PolicyRefused) as refused:
        hand.act(service.submit)
    assert refused.value.rule == "not_checked"


def test_a_case_that_fails_is_an_error_from_the_first_day_and_a_warning_before(
    world: World,
) -> None:
    hand = Hand.draft(world)
    cases = hand.files["cases.yaml"]
    extra = f"""
  - name: An invented case of the first day
    given: {{debts_ore: 0}}
    as_of: {soon()}
    rule: debts_allow_guarantee
    expect: false
  - name: An invented case of an earlier day
    given: {{debts_ore: 0}}
    as_of: 2026-01-01
    rule: debts_allow_guarantee
    expect: false
"""
    hand.replace("cases.yaml", cases.rstrip("\n") + extra)
    hand.act(service.check)
    found = hand.version.check_result
    assert found is not None
    by_case = {problem["case"]: problem["severity"] for problem in found["problems"]}
    assert by_case == {
        "An invented case of the first day": "error",
        "An invented case of an earlier day": "warning",
    }
    assert found["counts"]["failed"] == 1


def test_a_case_taken_over_that_answers_otherwise_is_a_warning(world: World) -> None:
    """It shows what the change does; the person who approves sees it too."""
    hand = Hand.draft(world, in_force_from=today())
    hand.parameter("follow_up_months", 6)
    hand.act(service.check)
    found = hand.version.check_result
    assert found is not None and hand.version.state == "checked"
    assert {one["code"] for one in found["problems"]} == {"case_changed"}
    assert {one["about"] for one in found["changes"]} == {"schedule:municipal_contract"}
    # Written anew, it must hold.
    cases = hand.files["cases.yaml"]
    name = found["problems"][0]["case"]
    hand.replace("cases.yaml", cases.replace(f"name: {name}\n", f"name: {name} as it is now\n"))
    hand.act(service.check)
    found = hand.version.check_result
    assert found is not None and hand.version.state == "draft"
    errors = [one["case"] for one in found["problems"] if one["severity"] == "error"]
    assert errors == [f"{name} as it is now"]


def test_a_version_upon_a_version(world: World) -> None:
    first = Hand.draft(world, in_force_from=today())
    first.parameter("young_adult_to", 25)
    first.approved()
    second = Hand.draft(world)
    assert second.version.based_on == first.version.number
    second.act(service.check)
    found = second.version.check_result
    assert found is not None and found["changes"] == []
    assert {one["code"] for one in found["problems"]} <= {"case_changed"}
    assert second.approved().state == "approved"


def test_a_changed_file_needs_a_new_check(world: World) -> None:
    hand = Hand.draft(world)
    hand.act(service.check)
    hand.parameter("young_adult_to", 21)
    assert hand.version.state == "draft"
    with pytest.raises(PolicyRefused):
        hand.act(service.submit)


def test_what_takes_too_long_ends(world: World) -> None:
    files = Hand.draft(world).files
    found = check_files(files, files, seconds=0.05)
    assert not found["passed"]
    assert [problem["code"] for problem in found["problems"]] == ["took_too_long"]


def test_a_check_that_fails_itself_says_so(world: World) -> None:
    from hemvist.pack_versions import checking

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "_PROGRAM", "hemvist.no_such_program")
        found = check_files({}, None)
    assert [problem["code"] for problem in found["problems"]] == ["check_failed"]
    assert not found["passed"]


def test_the_check_has_a_bound_on_cpu_of_its_own() -> None:
    """Also when nobody waits for it: the program ends itself."""
    import subprocess
    import sys

    program = (
        "import hemvist.policy.review as r, io, sys\n"
        "r.MAX_CPU = 1\n"
        "r.review = lambda *_: [0 for _ in iter(int, 1)]\n"
        'sys.stdin = io.StringIO(\'{"files": {}, "base": null}\')\n'
        "r.main()"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, timeout=60, check=False
    )
    assert done.returncode < 0


def test_the_check_is_told_no_secret(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program that reads strangers' packs has no setting of the platform's to leak."""
    import subprocess

    seen: list[Any] = []
    run = subprocess.run

    def noted(*args: Any, **more: Any) -> Any:
        seen.append(more["env"])
        return run(*args, **more)

    monkeypatch.setattr(subprocess, "run", noted)
    assert "HEMVIST_SECRET_KEY" in os.environ
    check_files({}, None)
    assert seen and not any(name.startswith("HEMVIST") for name in seen[0])


class TestFourEyes:
    """Nobody approves what they have written in, sent, or thought up."""

    def submitted(self, world: World, *writers: str) -> Hand:
        hand = Hand.draft(world)
        for place, who in enumerate(writers):
            hand.parameter("young_adult_to", 21 + place, who)
        hand.act(service.check)
        hand.act(service.submit)
        return hand

    def test_not_the_author(self, world: World) -> None:
        hand = self.submitted(world)
        for verb, more in ((service.approve, {}), (service.reject, {"reason": "Nej."})):
            with pytest.raises(NotAllowed) as refused:
                hand.act(verb, OFFICER, **more)
            assert refused.value.action == "policy.approve"
        assert hand.act(service.approve, OTHER).state == "approved"

    def test_not_one_who_changed_a_value(self, world: World) -> None:
        hand = self.submitted(world, OTHER)
        with pytest.raises(NotAllowed):
            hand.act(service.approve, OTHER)
        assert hand.act(service.approve, ADMIN).state == "approved"

    def test_nobody_without_the_right(self, world: World) -> None:
        hand = self.submitted(world)
        world.add("logs", Membership(Role.LOG_REVIEWER))
        for who in ("caseworker SOF-VUX", "manager SOF-VUX", "property", "logs"):
            with pytest.raises(NotFound):
                hand.act(service.approve, who)

    def test_the_administrator_approves_and_does_not_write(self, world: World) -> None:
        hand = self.submitted(world)
        assert hand.act(service.approve, ADMIN).state == "approved"
        with pytest.raises(NotAllowed):
            Hand.draft(world, ADMIN)

    def test_what_was_frozen_is_resumed_by_another(self, world: World) -> None:
        hand = self.submitted(world)
        hand.act(service.approve, OTHER)
        with on_day(soon()):
            chores.activate_versions(world.tenant_id)
            hand.version = world.again(hand.version)
            hand.act(service.freeze, OFFICER, reason="Fel i tabellen.")
            with pytest.raises(NotAllowed):
                hand.act(service.resume, OFFICER)
            assert hand.act(service.resume, OTHER).state == "active"


def test_a_rejected_version_is_mended_and_sent_again(world: World) -> None:
    hand = Hand.draft(world)
    hand.act(service.check)
    hand.act(service.submit)
    with pytest.raises(ValidationFailed):
        hand.act(service.reject, OTHER, reason="  ")
    hand.act(service.reject, OTHER, reason="Gränsen är för låg.")
    assert (hand.version.state, hand.version.reason) == ("rejected", "Gränsen är för låg.")
    hand.parameter("young_adult_to", 23)
    assert (hand.version.state, hand.version.reason) == ("draft", "")
    assert hand.approved().state == "approved"


def test_what_was_submitted_is_not_changed(world: World) -> None:
    hand = Hand.draft(world)
    hand.act(service.check)
    hand.act(service.submit)
    with pytest.raises(Conflict):
        hand.parameter("young_adult_to", 21)
    with pytest.raises(Conflict):
        hand.replace("rules.yaml", "rules: []\n")
    with pytest.raises(Conflict):
        hand.act(service.check)


def test_two_at_once_and_an_old_page(world: World) -> None:
    hand = Hand.draft(world)
    seen = hand.version.version
    hand.parameter("young_adult_to", 21)
    with pytest.raises(Conflict) as stale:
        hand.parameter("young_adult_to", 22, expected_version=seen)
    assert stale.value.rule == "stale_version"


def test_frozen_and_withdrawn_the_version_before_holds_again(world: World) -> None:
    installed = in_force(world, today())
    hand = Hand.draft(world, in_force_from=soon(1))
    hand.parameter("young_adult_to", 25)
    hand.approved()
    with on_day(soon(2)):
        chores.activate_versions(world.tenant_id)
        case = world.case(days_ago=0)
        hand.version = world.again(hand.version)
        hand.act(service.freeze, reason="Räknar om.")
        assert in_force(world, today()) == installed
        hand.act(service.resume, OTHER)
        assert in_force(world, today()) == hand.version.number
        with pytest.raises(NotAllowed):
            hand.act(service.withdraw, "caseworker SOF-VUX", reason="Nej.")
        hand.act(service.withdraw, OTHER, reason="Upphävd av nämnden.")
        assert in_force(world, today()) == installed
        # Who is pinned to it stays so, and is judged by it.
        assert case.pack_version == hand.version.number
        world.act("caseworker SOF-VUX", world_answers, case_id=case.id)
        known = world.read(lambda session: packs_of(session).versions(PACK))
        assert [(one.number, one.state) for one in known if one.own] == [
            (hand.version.number, "withdrawn")
        ]


def world_answers(session: Any, actor: Any, *, case_id: Any) -> Any:
    """An act that evaluates the case's rules."""
    from hemvist.assessments.service import criteria
    from hemvist.cases.access import case_for
    from hemvist.identity import Action

    case = case_for(session, actor, case_id, Action.CASE_READ)
    said = criteria(session, case, today())
    assert said and {one.version for one in said} == {case.pack_version}
    return said


def test_a_day_that_has_passed_is_not_approved(world: World) -> None:
    hand = Hand.draft(world, in_force_from=soon(1))
    hand.act(service.check)
    hand.act(service.submit)
    with on_day(soon(2)), pytest.raises(Conflict) as refused:
        hand.act(service.approve, OTHER)
    assert refused.value.rule == "day_passed"
    with pytest.raises(ValidationFailed):
        Hand.draft(world, in_force_from=today() - timedelta(days=1))


def test_approved_on_its_own_day_it_is_in_force_at_once(world: World) -> None:
    hand = Hand.draft(world, in_force_from=today())
    assert hand.approved().state == "active"
    assert in_force(world, today()) == hand.version.number


def test_every_step_is_on_record(world: World) -> None:
    hand = Hand.draft(world)
    hand.parameter("young_adult_to", 21)
    hand.approved()
    kinds = [event.kind for event in world.rows(PackVersionEvent)]
    assert kinds == ["drafted", "changed", "passed", "submitted", "approved"]
    entries = world.rows(AuditEntry, subject_type="pack_version")
    assert [entry.details["event"] for entry in entries] == kinds
    assert {entry.subject_id for entry in entries} == {hand.version.id}
    assert [entry.action for entry in entries] == [*["policy.change"] * 4, "policy.approve"]
    assert entries[1].details["parameter"] == "young_adult_to"
    told = [row.type for row in world.rows(OutboxEvent) if row.type.startswith("pack_version_")]
    assert told == [f"pack_version_{kind}" for kind in kinds]


class TestTenantsApart:
    """A version of one kommun is nothing to another, whichever way it is asked for."""

    @pytest.fixture
    def others(self, database: str) -> tuple[World, World, Hand]:
        mine, theirs = policy_people(new_world()), policy_people(new_world())
        hand = Hand.draft(mine, in_force_from=today())
        hand.parameter("young_adult_to", 25)
        hand.approved()
        return mine, theirs, hand

    def test_it_is_not_in_their_library(self, others: tuple[World, World, Hand]) -> None:
        mine, theirs, hand = others
        number = hand.version.number
        assert in_force(mine, today()) == number
        assert in_force(theirs, today()) != number
        with theirs.session() as session:
            assert [one for one in packs_of(session).versions(PACK) if one.own] == []
            with pytest.raises(PolicyError):
                packs_of(session).get(PACK, number)
            with pytest.raises(NotFound):
                packs_of(session).stored(hand.version.id)
        assert theirs.case(days_ago=0).pack_version != number

    def test_every_act_on_it_finds_nothing(self, others: tuple[World, World, Hand]) -> None:
        _, theirs, hand = others
        given = {"pack_version_id": hand.version.id, "expected_version": hand.version.version}
        for who, verb, more in (
            (OFFICER, drafting.change_parameter, {"parameter": "young_adult_to", "value": 1}),
            (OFFICER, drafting.replace_file, {"name": "rules.yaml", "content": "x: y"}),
            (OFFICER, drafting.reschedule, {"in_force_from": soon()}),
            (OFFICER, service.check, {}),
            (OFFICER, service.submit, {}),
            (OTHER, service.approve, {}),
            (OTHER, service.reject, {"reason": "x"}),
            (OFFICER, service.freeze, {"reason": "x"}),
            (OTHER, service.resume, {}),
            (OTHER, service.withdraw, {"reason": "x"}),
        ):
            with pytest.raises(NotFound):
                theirs.act(who, verb, **given, **more)

    def test_both_have_the_same_number_with_their_own_text(
        self, others: tuple[World, World, Hand]
    ) -> None:
        mine, theirs, hand = others
        twin = Hand.draft(theirs, in_force_from=today())
        assert twin.version.number == hand.version.number
        twin.parameter("young_adult_to", 19)
        twin.approved()
        values = [
            world.read(
                lambda s: packs_of(s).in_force(PACK, today()).param("young_adult_to", today())
            )
            for world in (mine, theirs)
        ]
        assert values == [25, 19]

    def test_the_worker_of_one_activates_nothing_of_the_other(
        self, others: tuple[World, World, Hand]
    ) -> None:
        mine, theirs, _ = others
        waiting = Hand.draft(mine, in_force_from=soon(1))
        waiting.approved()
        with on_day(soon(1)):
            assert chores.activate_versions(theirs.tenant_id) == 0
            assert mine.again(waiting.version).state == "approved"
            assert chores.activate_versions(mine.tenant_id) == 1

    def test_the_database_alone_keeps_them_apart(self, others: tuple[World, World, Hand]) -> None:
        from sqlalchemy import text

        _, theirs, _ = others
        for table in ("pack_versions", "pack_version_files", "pack_version_events"):
            for audience in (Audience.STAFF, Audience.WORKER):
                with theirs.session(audience=audience) as session:
                    found = session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
                assert found == 0, table


def test_files_changed_behind_the_platforms_back_are_not_used(world: World) -> None:
    hand = Hand.draft(world, in_force_from=today())
    hand.parameter("young_adult_to", 22)
    hand.approved()
    with as_owner(world.tenant_id) as connection:
        connection.execute(
            "UPDATE pack_version_files SET content = content || '# x' WHERE name = 'params.yaml'"
        )
    from hemvist.pack_versions import library

    library._kept.clear()
    with pytest.raises(PolicyError) as refused:
        in_force(world, today())
    assert refused.value.rule == "changed_files"


def test_a_number_that_came_with_the_platform_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from hemvist.pack_versions import library
    from hemvist.policy import Registry

    hand = Hand.draft(world)
    hand.act(service.check)
    hand.act(service.submit)
    first = Hand.draft(world, in_force_from=today())
    first.approved()
    real = library.installed()
    base = real.get(PACK)
    twins = [replace(base, version=one.version.number) for one in (hand, first)]
    more = Registry([*real.packs(), *twins])
    monkeypatch.setattr(library, "installed", lambda: more)
    with pytest.raises(Conflict) as refused:
        hand.act(service.approve, OTHER)
    assert refused.value.rule == "version_taken"
    # What was approved before stays what its number means here.
    with world.session() as session:
        mine = packs_of(session).get(PACK, first.version.number)
        assert mine.content_hash != base.content_hash


def test_a_newer_installed_version_does_not_replace_the_kommuns_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from hemvist.pack_versions import library
    from hemvist.policy import Period, Registry

    hand = Hand.draft(world, in_force_from=today())
    hand.approved()
    real = library.installed()
    newer = replace(real.get(PACK), version="2099.1.0", in_force=Period(soon(5)))
    monkeypatch.setattr(library, "installed", lambda: Registry([*real.packs(), newer]))
    assert in_force(world, soon(10)) == hand.version.number
    assert in_force(policy_people(new_world()), soon(10)) == "2099.1.0"


def test_a_draft_is_only_found_when_asked_for(world: World) -> None:
    hand = Hand.draft(world)
    number = hand.version.number
    with world.session() as session:
        packs = packs_of(session)
        assert number not in {one.number for one in packs.versions(PACK)}
        with pytest.raises(PolicyError):
            packs.get(PACK, number)
        with pytest.raises(PolicyError) as refused:
            packs.stored(hand.version.id)
        assert refused.value.rule == "not_checked"
    hand.act(service.check)
    with world.session() as session:
        assert packs_of(session).stored(hand.version.id).version == number
    assert world.rows(PackVersion)[0].approved_at is None
