"""What the law says of acts: held, violated, or unknown with what is missing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hemvist.policy import Pack, PolicyError, load_pack
from hemvist.policy.legal import (
    Finding,
    Lawfulness,
    check,
    earliest_end,
    kinds_in,
    law_pack,
    refusals,
    suspected,
)
from hemvist_policy_texts import TRAINING

DAY = date(2026, 9, 1)
OPEN: dict[str, Any] = {
    "tenancy": True,
    "open_ended": True,
    "notice_stated": True,
    "notice_given_on": DAY,
}


@pytest.fixture(scope="module")
def law() -> Pack:
    return law_pack()


def of(flag: str, found: tuple[Finding, ...]) -> Finding:
    [finding] = [one for one in found if one.flag == flag]
    return finding


def test_every_flag_of_the_catalogue_has_a_rule(law: Pack) -> None:
    numbers = {int(id.split("_")[1]) for id in law.rules}
    assert numbers == set(range(1, 14))
    # LF-9 and LF-11 are kept by the core itself, at every search and on every page.
    assert {check.flag for check in law.checks} == {f"LF-{number}" for number in numbers - {9, 11}}


def test_a_short_notice_is_warned_of_with_the_earliest_day(law: Pack) -> None:
    facts = {**OPEN, "notice_ends_on": date(2026, 10, 1)}
    finding = of("LF-1", check(law, "contract", facts, DAY))
    assert finding.outcome is Lawfulness.VIOLATED
    assert finding.needs_reason and not finding.stops
    assert finding.earliest == date(2026, 12, 1)
    assert finding.as_json()["earliest"] == "2026-12-01"


def test_the_same_notice_is_stopped_when_it_is_given(law: Pack) -> None:
    facts = {**OPEN, "notice_ends_on": date(2026, 10, 1)}
    finding = of("LF-1", check(law, "notice", facts, DAY))
    assert finding.stops and not finding.needs_reason


def test_what_nobody_knows_is_never_silently_fine(law: Pack) -> None:
    found = check(law, "notice", {}, DAY)
    assert {one.outcome for one in found} == {Lawfulness.UNKNOWN}
    assert all(one.missing and one.needs_reason and not one.stops for one in found)
    assert all(label.sv and label.en for one in found for _, label in one.missing)


def test_an_unknown_warning_is_told_without_stopping(law: Pack) -> None:
    facts = {"second_hand": True, "own_stock": False, "contract_signed_on": DAY}
    finding = of("LF-7", check(law, "contract", facts, DAY))
    assert (finding.outcome, finding.needs_reason) == (Lawfulness.UNKNOWN, False)
    assert [fact for fact, _ in finding.missing] == ["landlord_told_on"]


def test_nothing_to_ask_at_an_act_without_checks(law: Pack) -> None:
    assert check(law, "viewing", {}, DAY) == ()


def test_an_unknown_fact_is_refused(law: Pack) -> None:
    with pytest.raises(PolicyError):
        check(law, "contract", {"colour": "blue"}, DAY)


@pytest.mark.parametrize(
    ("facts", "earliest"),
    [
        ({"open_ended": True}, date(2026, 12, 1)),
        ({"tenancy": False, "open_ended": True}, None),
        ({"open_ended": None}, None),
        ({"open_ended": False}, None),
        # Two weeks: a day, but not before the term's own end.
        (
            {"open_ended": False, "term_starts_on": "2026-08-25", "term_ends_on": "2026-09-08"},
            date(2026, 9, 8),
        ),
        # Three months: a week.
        (
            {"open_ended": False, "term_starts_on": "2026-06-04", "term_ends_on": "2026-09-04"},
            date(2026, 9, 8),
        ),
        # Longer: three months.
        (
            {"open_ended": False, "term_starts_on": "2026-06-03", "term_ends_on": "2026-09-04"},
            date(2026, 12, 1),
        ),
    ],
)
def test_the_earliest_lawful_end(law: Pack, facts: dict[str, Any], earliest: date | None) -> None:
    given = {"tenancy": True, "notice_given_on": DAY, **facts}
    assert earliest_end(law, given, DAY) == earliest


def test_month_ends_are_clamped(law: Pack) -> None:
    facts = {"tenancy": True, "open_ended": True, "notice_given_on": date(2026, 11, 30)}
    assert earliest_end(law, facts, DAY) == date(2027, 2, 28)


def test_a_law_of_another_day(law: Pack) -> None:
    cites = {"cites_sol_2001": True, "cites_sol_2025": False}
    before, after = (
        of("LF-5", check(law, "decision", cites | {"conditions": []}, day))
        for day in (date(2025, 6, 30), date(2025, 7, 1))
    )
    assert (before.outcome, after.outcome) == (Lawfulness.HELD, Lawfulness.VIOLATED)
    assert after.stops


def test_what_the_guideline_itself_refuses() -> None:
    pack = load_pack(TRAINING)
    [finding] = refusals(pack, "decision", ["drug_tests", "sobriety"])
    assert (finding.rule, finding.flag, finding.stops) == ("no_tests", "LF-3", True)
    assert refusals(pack, "decision", ["sobriety"]) == ()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Hyresgästen ska hålla sig drogfri.", ["sobriety"]),
        (
            "Ingen alkohol i lägenheten, och hembesök varje vecka.",
            ["alcohol_in_home", "home_visits"],
        ),
        ("The tenant shall live alone.", ["sole_occupancy"]),
        ("Cykelrum och förråd ingår.", []),
    ],
)
def test_what_words_bring_to_mind(text: str, kinds: list[str]) -> None:
    assert list(kinds_in(text)) == kinds
    found = suspected("contract", [text])
    assert [one.rule for one in found] == [f"worded_like_{kind}" for kind in kinds]
    assert all(one.needs_reason and not one.stops for one in found)
