"""What was answered once is answered again, and whatever was changed since is found."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import ProgrammingError

from hemvist.assessments import service as assessments
from hemvist.assessments.models import Assessment
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.errors import HemvistError
from hemvist.evaluations.models import KeptEvaluation
from hemvist.evaluations.service import answer_kept, facts_kept, is_untouched
from hemvist.replays import service as replays
from hemvist.replays.outcome import Difference, Replay, Result
from hemvist.tenancy import Audience
from hemvist.tenancy.sealed import Sealed
from hemvist_registry import copies, discovered, installed, rewrite
from hemvist_world import PACK, World, as_owner

RULE = "entitled"
Changed = Callable[[Any], Any]


def conclude(world: World, case: Case, **changes: Any) -> Assessment:
    """The caseworker's conclusion 140 days ago, following the advice."""
    return world.act(  # type: ignore[no-any-return]
        f"caseworker {case.department}",
        assessments.conclude,
        **{
            "case_id": case.id,
            "rule": RULE,
            "conclusion": True,
            "on": today() - timedelta(days=140),
        }
        | changes,
    )


def replayed(world: World, case: Case) -> list[Replay]:
    return world.read(lambda session: list(replays.replay_all(session, case.number)))  # type: ignore[no-any-return]


def results(world: World, case: Case) -> list[tuple[str, Result, tuple[Difference, ...]]]:
    return [(one.subject, one.result, one.differences) for one in replayed(world, case)]


def change(world: World, statement: str, *values: Any) -> None:
    """Something that nobody but the database's owner could do."""
    with as_owner(world.tenant_id) as connection:
        found = connection.execute(statement, values)
        assert found.rowcount == 1


def rewritten(world: World, case: Case, sealed: Sealed[Any], changed: Changed) -> None:
    """Something that takes the kommun's keys besides."""
    model: Any = sealed.attribute.class_
    [row] = world.rows(model, case_id=case.id)
    value = sealed.sealed(world.tenant_id, changed(getattr(row, sealed.name)))
    statement = f"UPDATE {model.__tablename__} SET {sealed.column} = %s WHERE case_id = %s"
    change(world, statement, value, case.id)


def without(facts: dict[str, Any], name: str) -> dict[str, Any]:
    return {fact: known for fact, known in facts.items() if fact != name}


def with_part(facts: dict[str, Any], name: str, **part: Any) -> dict[str, Any]:
    return {**facts, name: {**facts[name], **part}}


@pytest.fixture
def case(world: World) -> Case:
    """Answered, concluded and decided."""
    made = world.case()
    conclude(world, made)
    world.grant(made)
    return made


def test_an_assessment_and_a_decision_are_answered_the_same(world: World, case: Case) -> None:
    found = replayed(world, case)
    assert [(one.subject, one.result, one.rule) for one in found] == [
        ("assessment", Result.SAME, RULE),
        ("decision", Result.SAME, RULE),
    ]
    for one in found:
        assert one.holds and not one.pack_changed and one.differences == ()
        assert (one.pack, one.case_number) == (PACK, case.number)
    assert world.read(lambda session: replays.count(session, case.number)) == 2


def test_what_is_kept_is_all_that_was_known_then(world: World, case: Case) -> None:
    kept = world.rows(KeptEvaluation, case_id=case.id)[0]
    assert kept.facts["has_own_contract"] == {"value": False, "kind": "asked"}
    assert kept.facts["combined_difficulties"]["kind"] == "assessment"
    assert kept.facts["age"]["kind"] == "derived"
    assert kept.facts["decision_date"]["value"] == str(kept.evaluated_on)
    assert "value" not in facts_kept(kept) and facts_kept(kept)["debts_ore"] == 0
    assert answer_kept(kept)["outcome"] == "true"
    assert len(kept.pack_hash) == 64 and is_untouched(kept)


def test_later_answers_change_nothing_of_what_was_kept(world: World, case: Case) -> None:
    world.act(
        "caseworker SOF-VUX",
        assessments.answer_all,
        case_id=case.id,
        answers=[assessments.NewAnswer("has_own_contract", True)],
    )
    assert {one.result for one in replayed(world, case)} == {Result.SAME}
    later = conclude(world, case, conclusion=False, on=today())
    assert later.outcome == "false"
    assert [one.result for one in replayed(world, case)] == [Result.SAME] * 3


def test_an_unknown_answer_is_repeated_with_what_it_asked(world: World) -> None:
    case = world.case(has_guarantor=None)
    conclude(world, case, reason="Borgensman saknas enligt samtal.")
    kept = world.rows(KeptEvaluation, case_id=case.id)[0]
    assert (answer_kept(kept)["outcome"], answer_kept(kept)["ask"]) == (
        "unknown",
        ["has_guarantor"],
    )
    assert "has_guarantor" not in kept.facts
    assert results(world, case) == [("assessment", Result.SAME, ())]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("facts_sealed", "facts_sealed || '\\x00'"),
        ("answer_sealed", "set_byte(answer_sealed, 20, get_byte(answer_sealed, 20) # 1)"),
        ("answer_sealed", "facts_sealed"),
        ("rule", "'no_own_contract'"),
        ("evaluated_on", "evaluated_on + 1"),
        ("pack_version", "'2026.1.0'"),
        ("pack_hash", "repeat('0', 64)"),
        ("seal", "sha256(seal)"),
    ],
)
def test_a_changed_record_is_found(world: World, column: str, value: str) -> None:
    case = world.case()
    conclude(world, case)
    change(world, f"UPDATE evaluations SET {column} = {value} WHERE case_id = %s", case.id)
    (found,) = replayed(world, case)
    assert found.result is Result.DIFFERS
    assert found.differences[0] is Difference.RECORD


@pytest.mark.parametrize(
    ("sealed", "changed"),
    [
        (KeptEvaluation.facts, lambda facts: with_part(facts, "has_own_contract", value=True)),
        (KeptEvaluation.facts, lambda facts: without(facts, "debts_ore")),
        (
            KeptEvaluation.facts,
            lambda facts: with_part(facts, "combined_difficulties", kind="asked"),
        ),
        (KeptEvaluation.answer, lambda answer: answer.replace("true", "false")),
        (KeptEvaluation.answer, lambda answer: f"{answer} "),
    ],
)
def test_a_record_that_was_rewritten_with_the_keys_is_found(
    world: World, sealed: Sealed[Any], changed: Changed
) -> None:
    case = world.case()
    conclude(world, case)
    rewritten(world, case, sealed, changed)
    (found,) = replayed(world, case)
    assert found.result is Result.DIFFERS
    assert found.differences[0] is Difference.RECORD


@pytest.mark.parametrize(
    "changed",
    [
        lambda trace: [{**trace[0], "outcome": "false"}, *trace[1:]],
        lambda trace: [{**trace[0], "label": {**trace[0]["label"], "sv": "annat"}}, *trace[1:]],
        lambda trace: trace[1:],
        lambda _: [1],
        lambda _: {},
    ],
)
def test_a_trace_that_was_rewritten_is_found(world: World, changed: Changed) -> None:
    case = world.case()
    conclude(world, case)
    rewritten(world, case, Assessment.trace, changed)
    assert results(world, case) == [("assessment", Result.DIFFERS, (Difference.TRACE,))]


@pytest.mark.parametrize(
    ("column", "value", "difference"),
    [
        ("trace_sealed", "trace_sealed || '\\x00'", Difference.TRACE),
        ("outcome", "'false'", Difference.OUTCOME),
        ("pack_version", "'2026.9.0'", Difference.VERSION),
        ("evaluated_on", "evaluated_on - 1", Difference.DAY),
        ("rule", "'no_own_contract'", Difference.RULE),
    ],
)
def test_a_changed_assessment_is_found(
    world: World, column: str, value: str, difference: Difference
) -> None:
    case = world.case()
    conclude(world, case)
    change(world, f"UPDATE assessments SET {column} = {value} WHERE case_id = %s", case.id)
    assert results(world, case) == [("assessment", Result.DIFFERS, (difference,))]


@pytest.mark.parametrize(
    ("column", "value", "difference"),
    [
        ("advice", "'false'", Difference.OUTCOME),
        ("proposed_on", "proposed_on + 1", Difference.DAY),
        ("programme", "'rent_guarantee'", Difference.RULE),
    ],
)
def test_a_changed_decision_is_found(
    world: World, column: str, value: str, difference: Difference
) -> None:
    case = world.case()
    world.grant(case)
    change(world, f"UPDATE decisions SET {column} = {value} WHERE case_id = %s", case.id)
    assert results(world, case) == [("decision", Result.DIFFERS, (difference,))]


def test_the_record_of_another_case_is_no_record(world: World) -> None:
    mine, other = world.case(), world.case()
    conclude(world, mine)
    theirs = conclude(world, other)
    change(
        world,
        "UPDATE assessments SET evaluation_id = %s WHERE case_id = %s",
        theirs.evaluation_id,
        mine.id,
    )
    assert results(world, mine) == [("assessment", Result.DIFFERS, (Difference.RECORD,))]


def test_what_is_older_than_the_records_says_so(world: World) -> None:
    case = world.case()
    conclude(world, case)
    change(world, "UPDATE assessments SET evaluation_id = NULL WHERE case_id = %s", case.id)
    (found,) = replayed(world, case)
    assert (found.result, found.rule, found.pack) == (Result.NOT_KEPT, None, PACK)
    assert not found.holds


def test_new_versions_change_nothing(world: World, case: Case, tmp_path: Path) -> None:
    """Even those that would answer otherwise: each record is asked of its own version."""
    older = discovered().packs()
    newer = [
        rewrite(folder, lambda text: re.sub(r"^version: .*", "version: 2031.1.0", text, flags=re.M))
        for folder in copies(tmp_path)
    ]
    with installed([*older, *newer]) as registry:
        assert registry.get(PACK).version == "2031.1.0"
        assert [one.result for one in replayed(world, case)] == [Result.SAME] * 2


def test_a_version_that_is_gone_is_named(world: World, case: Case, tmp_path: Path) -> None:
    newer = [
        rewrite(folder, lambda text: re.sub(r"^version: .*", "version: 2031.1.0", text, flags=re.M))
        for folder in copies(tmp_path)
    ]
    with installed(newer):
        found = replayed(world, case)
    assert [one.result for one in found] == [Result.VERSION_MISSING] * 2
    assert {one.version for one in found} == {case.pack_version}


def test_a_version_whose_files_were_changed(world: World, case: Case, tmp_path: Path) -> None:
    """A comment is told of; a rule, or a word that people read, is a difference."""
    by_name = {path.name: path for path in copies(tmp_path)}
    folder = next(
        path for path in by_name.values() if f"pack: {PACK}\n" in (path / "pack.yaml").read_text()
    )
    commented = rewrite(folder, lambda text: text + "# a comment\n")
    with installed([commented]):
        found = replayed(world, case)
        assert all(one.holds and one.pack_changed for one in found)
    changed = rewrite(
        folder, lambda text: text.replace("!h.has_own_contract", "h.has_own_contract"), "rules.yaml"
    )
    with installed([changed]):
        assert [one.differences for one in replayed(world, case)] == [(Difference.ANSWER,)] * 2
    later = rewrite(
        folder,
        lambda text: re.sub(r"in_force: \{from: \S+\}", "in_force: {from: 2099-01-01}", text),
    )
    with installed([later]):
        assert replayed(world, case)[0].differences == (Difference.QUESTION,)


@pytest.mark.parametrize("audience", [Audience.WORKER, Audience.STAFF])
def test_nobody_may_change_a_record(world: World, case: Case, audience: Audience) -> None:
    with world.session(audience=audience) as session:
        assert len(list(replays.replay_all(session, case.number))) == 2
    changing = update(KeptEvaluation).values(answer_sealed=b"{}")
    with (
        pytest.raises(ProgrammingError, match="denied"),
        world.session(audience=audience) as session,
    ):
        session.execute(changing)


def test_a_case_that_is_not_there(world: World) -> None:
    with pytest.raises(HemvistError, match="no case '1999-1'"):
        world.read(lambda session: replays.count(session, "1999-1"))
