"""Two versions on many cases at once: what is counted, why, and that both back ends are asked."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hemvist.errors import ValidationFailed
from hemvist.policy import FactDef, Label, Pack, evaluate
from hemvist.policy.facts import FactType
from hemvist.simulations import comparing
from hemvist.simulations.causes import FACT, PARAMETER, RULE, causes
from hemvist.simulations.comparing import BackEndsDisagree, accepted, compare
from hemvist.simulations.merging import merged_facts
from hemvist.simulations.population import groups_of_facts
from hemvist.simulations.result import concluded
from hemvist.simulations.subjects import ADDED, REMOVED, make_plan
from hemvist.simulations.tally import KINDS, Tally
from hemvist_simulations import starts, two_versions

DEBTS = ("rules.yaml", "h.debts_ore == 0", "h.debts_ore <= 1500000")


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Pack, Pack]]:
    """Debts up to a limit are let be, and the age of young adults ends later."""
    age = ("params.yaml", "values: {2018-02-12: 20}", "values: {2018-02-12: 25}")
    with two_versions(tmp_path_factory.mktemp("packs"), DEBTS, age) as both:
        yield both


def some_rows(pack: Pack, count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Facts by chance, some not known, as JSON data."""
    chance = random.Random(seed)
    return [
        {
            name: _value(fact, chance)
            for name, fact in pack.facts.items()
            if name != "decision_date" and chance.random() > 0.1
        }
        for _ in range(count)
    ]


def _value(fact: FactDef, chance: random.Random) -> Any:
    match fact.type:
        case FactType.BOOL:
            return chance.random() < 0.85
        case FactType.MONEY:
            return chance.choice([0, 0, 900_000, 1_500_000, 1_500_001])
        case FactType.INT:
            return chance.randint(0, 60)
        case FactType.DATE:
            return "2025-03-31"
        case FactType.CHOICE:
            return chance.choice(list(fact.options))
        case FactType.CHOICE_LIST:
            return chance.sample(list(fact.options), chance.randint(0, len(fact.options)))
        case FactType.RECORDS:
            return []
        case _:
            return "1283"


def test_counts_are_those_of_judging_case_by_case(versions: tuple[Pack, Pack]) -> None:
    old, new = versions
    rows = some_rows(old, 120)
    plan = make_plan(old, new, starts())
    tally, changes = compare(
        plan, causes(old, new, plan.on), rows, list(map(groups_of_facts, rows))
    )
    assert tally.cases == 120 and tally.checked > 500
    changed = {(change.place, change.subject.key): change for change in changes}
    for subject in plan.compared:
        counted: Counter[str] = Counter()
        for place, row in enumerate(rows):
            before, after = (
                evaluate(pack, str(rule), accepted(pack.facts, row)[0], plan.on).outcome.value
                for pack, rule in ((old, subject.old_rule), (new, subject.new_rule))
            )
            kind = _kind(before, after)
            counted[kind] += 1
            told = changed.get((place, subject.key))
            assert (told is None) == (kind == "unchanged")
            if told is not None:
                assert (told.before, told.after, KINDS[told.change]) == (before, after, kind)
        assert dict(zip(KINDS, tally.totals[subject.key], strict=True)) == {
            kind: counted[kind] for kind in KINDS
        }
        for groups in tally.by_group[subject.key].values():
            assert np.sum(list(groups.values()), axis=0).tolist() == tally.totals[subject.key]
    assert tally.totals["rule:debts_allow_guarantee"][0] > 0


def _kind(before: str, after: str) -> str:
    if before == after:
        return "unchanged"
    if after == "unknown":
        return "newly_unknown"
    if before == "unknown":
        return "newly_known"
    return "gain" if after == "true" else "loss"


def test_parts_add_up_to_the_whole(versions: tuple[Pack, Pack]) -> None:
    old, new = versions
    rows = some_rows(old, 60, seed=2)
    groups = list(map(groups_of_facts, rows))
    plan = make_plan(old, new, starts())
    differences = causes(old, new, plan.on)
    whole, _ = compare(plan, differences, rows, groups)
    summed = Tally()
    for start in range(0, 60, 17):
        part, _ = compare(plan, differences, rows[start : start + 17], groups[start : start + 17])
        summed.merge(Tally.of(part.as_json()))
    summed.checked = whole.checked
    assert summed == whole


def test_every_difference_is_named_with_what_it_makes(versions: tuple[Pack, Pack]) -> None:
    old, new = versions
    plan = make_plan(old, new, starts())
    found = {cause.key: cause for cause in causes(old, new, plan.on)}
    assert set(found) == {f"{PARAMETER}:young_adult_to", f"{RULE}:debts_allow_guarantee"}
    assert (found["parameter:young_adult_to"].before, found["parameter:young_adult_to"].after) == (
        20,
        25,
    )
    assert found["rule:debts_allow_guarantee"].before != found["rule:debts_allow_guarantee"].after
    rows = some_rows(old, 200, seed=3)
    tally, _ = compare(plan, list(found.values()), rows, list(map(groups_of_facts, rows)))
    gained = tally.totals["rule:debts_allow_guarantee"]
    assert tally.effects["rule:debts_allow_guarantee"] == {
        "rule:debts_allow_guarantee": sum(gained[:-1])
    }


def test_a_version_against_itself_changes_nothing(versions: tuple[Pack, Pack]) -> None:
    old, _ = versions
    plan = make_plan(old, old, starts())
    rows = some_rows(old, 40)
    tally, changes = compare(
        plan, causes(old, old, plan.on), rows, list(map(groups_of_facts, rows))
    )
    assert changes == [] and causes(old, old, plan.on) == ()
    assert all(counts[-1] == 40 for counts in tally.totals.values())


def test_back_ends_that_disagree_stop_it(
    versions: tuple[Pack, Pack], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The self-check is real: one wrong outcome among the sampled cases is enough."""
    old, new = versions
    rows = some_rows(old, 10)
    plan = make_plan(old, new, starts())
    right = comparing.judge

    def wrong(*given: Any) -> Any:
        judged = right(*given)
        judged[1].rules["entitled"][0] = (judged[1].rules["entitled"][0] + 1) % 3
        return judged

    monkeypatch.setattr(comparing, "judge", wrong)
    with pytest.raises(BackEndsDisagree, match="entitled"):
        compare(plan, [], rows, list(map(groups_of_facts, rows)))


def test_an_answer_that_a_version_does_not_take_is_not_known_and_told(
    tmp_path: Path,
) -> None:
    renamed = (
        ("facts.yaml", "      addiction:", "      dependency:"),
        ("rules.yaml", '"addiction" in', '"dependency" in'),
        ("responsibility.yaml", '"addiction" in', '"dependency" in'),
    )
    with two_versions(tmp_path, *renamed) as (old, new):
        plan = make_plan(old, new, starts())
        rows = [{"vulnerable_groups": ["addiction"]}] * 7 + [{"vulnerable_groups": []}] * 6
        tally, _ = compare(plan, [], rows, list(map(groups_of_facts, rows)))
        assert tally.refused == {"new": {"vulnerable_groups": 7}}
        assert tally.totals["rule:vulnerable_group"][2] == 7
        [told] = concluded(plan, [], tally, None)["refused"]
        assert (told["version"], told["fact"], told["cases"]) == ("new", "vulnerable_groups", 7)


def test_a_fact_of_two_types_is_read_by_each_version_in_its_own_way(
    versions: tuple[Pack, Pack],
) -> None:
    old, _ = versions
    number = old.facts["debts_ore"]
    text = replace(number, type=FactType.TEXT, minimum=None, maximum=None)
    assert merged_facts(old.facts, {"debts_ore": text}) is None
    wider = replace(number, minimum=-5, maximum=number.bounds[1] + 1)
    both = merged_facts(old.facts, {"debts_ore": wider})
    assert both is not None and both["debts_ore"].bounds == (-5, number.bounds[1] + 1)


def test_rules_that_only_one_version_has_are_said_to_be_so(versions: tuple[Pack, Pack]) -> None:
    old, new = versions
    without = replace(new, rules={k: v for k, v in new.rules.items() if k != "may_refuse"})
    removed = make_plan(old, without, starts()).subjects
    assert [one.key for one in removed if one.presence == REMOVED] == ["rule:may_refuse"]
    added = make_plan(without, replace(old, in_force=new.in_force), starts()).subjects
    assert [one.key for one in added if one.presence == ADDED] == ["rule:may_refuse"]


def test_a_question_that_only_the_new_version_asks_is_a_difference(
    versions: tuple[Pack, Pack],
) -> None:
    old, new = versions
    fact = replace(old.facts["lacks_roof"], name="asked_anew", label=Label("Ny", "New"))
    more = replace(new, facts={**new.facts, "asked_anew": fact})
    keys = [cause.key for cause in causes(old, more, starts())]
    assert f"{FACT}:asked_anew" in keys


def test_what_cannot_be_compared_is_refused_with_the_reason(versions: tuple[Pack, Pack]) -> None:
    old, new = versions
    with pytest.raises(ValidationFailed) as refused:
        make_plan(
            old,
            replace(new, name="else/where"),
            old.in_force.start,
            programme="nowhere",
            rules=["entitled", "no_such"],
        )
    told = [(problem.field, problem.rule) for problem in refused.value.problems]
    assert told == [
        ("judgedOn", "before_version"),
        ("newVersion", "several_packs"),
        ("programme", "unknown_programme"),
        ("rules[1]", "unknown_rule"),
    ]


def test_one_programme_or_some_rules(versions: tuple[Pack, Pack]) -> None:
    old, new = versions
    guarantee = make_plan(old, new, starts(), programme="rent_guarantee")
    keys = [one.key for one in guarantee.subjects]
    assert keys[0] == "entry:rent_guarantee"
    assert "entry:municipal_contract" not in keys
    assert {"rule:entitled", "rule:debts_allow_guarantee"} <= set(keys)
    some = make_plan(old, new, starts(), rules=["guarantee_ready"])
    assert [one.key for one in some.subjects] == ["rule:guarantee_ready"]


@pytest.mark.parametrize("few", range(5))
def test_a_caseload_that_is_too_small_shows_nothing(versions: tuple[Pack, Pack], few: int) -> None:
    """Fewer households than a group must have are not shown as a whole either."""
    old, new = versions
    rows = some_rows(old, few, seed=few)
    plan = make_plan(old, new, starts())
    tally, _ = compare(plan, [], rows, list(map(groups_of_facts, rows)))
    told = concluded(plan, [], tally, None)
    assert told["cases"] is None
    assert [row["counts"] for row in told["rows"]] == [None] * len(plan.subjects)
    assert all(row["dimensions"] == [] for row in told["rows"])
