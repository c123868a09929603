"""cases.yaml: sentences that pass, sentences that fail, and files that do not hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hemvist.policy import Pack, PackError, load_pack
from hemvist.policy.sentences import read_sentences

GOOD = """
households:
  homeless: {registered_kommun: "0001", has_own_lease: false, roofless: true, group: addiction}
cases:
  - name: A homeless adult is entitled
    household: homeless
    as_of: 2026-09-01
    rule: entitled
    expect: true
    nodes: {searches_actively: unknown, homeless: true}
  - name: Nobody knows where the adult sleeps
    household: homeless
    given: {roofless: null}
    as_of: 2026-09-01
    rule: entitled
    expect: unknown
    ask: [current_contract_form, roofless]
  - name: Debts are added up
    given: {debts: [{kind: rent, amount: 999999, since: 2020-01-01}, {kind: other, amount: 2}]}
    as_of: 2026-09-01
    rule: debts_small
    expect: false
  - name: Month ends clamp
    schedule: municipal_contract
    anchors: {decision_granted: 2026-08-31}
    until: 2027-03-31
    expect: {first_follow_up: [2026-09-30], follow_up: [2026-11-30, 2027-02-28]}
  - name: A family needs the school
    contents: municipal_contract
    of: referral
    given: {children_under_18: 2}
    as_of: 2026-09-01
    content: {household: Familj, size: 3, agreed: true}
    missing: [school]
  - name: A plan needs steps
    contents: municipal_contract
    of: plan
    as_of: 2026-09-01
    content: {goal: Eget kontrakt, steps: []}
    missing: [steps]
"""


def _judge(folder: Path, cases: str) -> dict[str, str | None]:
    (folder / "cases.yaml").write_text(cases, "utf-8")
    pack = load_pack(folder)
    return {one.name: one.judge() for one in read_sentences(pack, folder)}


def test_true_sentences_pass(changed: Callable[..., Path]) -> None:
    assert set(_judge(changed(), GOOD).values()) == {None}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("expect: true", "expect: false", "expected false, found true"),
        ("homeless: true}", "homeless: false}", "expected homeless to be false"),
        (
            "ask: [current_contract_form, roofless]",
            "ask: [roofless]",
            "expected to ask roofless, found current_contract_form, roofless",
        ),
        ("amount: 2}", "amount: 1}", "expected false, found true"),
        ("amount: 2}", "amount: -2}", "debts[1].amount must be between"),
        ("2027-02-28]", "2027-02-27]", "found first_follow_up 2026-09-30"),
        ("first_follow_up: [2026-09-30], ", "", "expected follow_up"),
        ("missing: [school]", "missing: []", "expected nothing missing, found school"),
        ("children_under_18: 2", "children_under_18: 0", "expected school missing, found nothing"),
        ("missing: [steps]", "missing: [goal, steps]", "found steps"),
        (
            "as_of: 2026-09-01\n    rule: debts_small",
            "as_of: 2020-01-01\n    rule: debts_small",
            "in force from 2026-07-01",
        ),
    ],
)
def test_false_sentences_fail_and_say_how(
    changed: Callable[..., Path], old: str, new: str, message: str
) -> None:
    assert GOOD.count(old) == 1
    # The sentence that the changed text stands in, and no other.
    name = GOOD[: GOOD.index(old)].rpartition("- name: ")[2].partition("\n")[0]
    judged = _judge(changed(), GOOD.replace(old, new))
    failed = {sentence: problem for sentence, problem in judged.items() if problem is not None}
    assert list(failed) == [name]
    assert message in failed[name]


def test_a_rule_that_changed_makes_a_sentence_false(changed: Callable[..., Path]) -> None:
    folder = changed(("rules.yaml", "when: h.roofless}", "when: '!h.roofless'}"))
    judged = _judge(folder, GOOD)
    assert judged["A homeless adult is entitled"] is not None
    assert judged["Debts are added up"] is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("rule: debts_small", "rule: ¤debts_smal", "did you mean 'debts_small'"),
        ("- name: Debts", "- ¤schedule: municipal_contract\n    name: Debts", "exactly one of"),
        ("{roofless: null}", "{¤rooflss: null}", "did you mean 'roofless'"),
        ("{roofless: null}", "{roofless: ¤maybe}", "roofless must be true or false"),
        ("homeless\n    given", "¤homless\n    given", "did you mean 'homeless'"),
        ("expect: unknown\n    ask: [current_contract_form, roofless]", "¤expect: unknown", "ask"),
        ("expect: false", "¤expect: false\n    ask: [roofless]", "ask belongs to"),
        ("- name: Debts are added up", "- ¤name: A plan needs steps", None),
        ("decision_granted: 2026", "¤decided: 2026", "an anchor cannot be"),
        ("until: 2027-03-31", "until: ¤2027-02-30", "must be a date"),
        (
            "until: 2027-03-31",
            "until: 2027-03-31\n    department: ¤SOF-VUXX",
            "did you mean 'SOF-VUX'",
        ),
        ("of: plan", "of: ¤letter", "of cannot be"),
        ("steps: []}", "¤step: []}", "did you mean 'steps'"),
        ("amount: 2}", "¤amont: 2}", "did you mean 'amount'"),
        ("until: 2027-03-31", "until: 2027-03-31\n    ¤untill: 2027-03-31", "unknown key 'untill'"),
    ],
)
def test_a_file_that_does_not_hold_names_the_place(
    changed: Callable[..., Path], old: str, new: str, message: str | None
) -> None:
    assert GOOD.count(old) == 1
    marked = GOOD.replace(old, new)
    before = marked[: marked.index("¤")]
    with pytest.raises(PackError) as caught:
        _judge(changed(), marked.replace("¤", ""))
    error = caught.value
    assert error.file.endswith("cases.yaml")
    if message is None:
        # The second of the two is where it shows.
        assert "is written twice" in error.message
        return
    assert message in error.message
    line = before.count("\n") + 1
    assert error.line == line
    if message != "exactly one of":
        assert error.column == len(before) - before.rfind("\n")


def test_a_plain_list_of_cases_is_taken(changed: Callable[..., Path]) -> None:
    cases = "- {name: a, rule: for_adults, as_of: 2026-09-01, expect: unknown, ask: [group]}\n"
    assert _judge(changed(), cases) == {"a": None}


def test_a_pack_without_cases_has_none(example: Pack, changed: Callable[..., Path]) -> None:
    assert read_sentences(example, changed()) == ()
