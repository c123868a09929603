"""What a referral or a plan lacks, item by item."""

from __future__ import annotations

from datetime import date

import pytest

from hemvist.policy import MissingItem, Pack, PolicyError, missing_contents

ON = date(2026, 9, 1)
WHOLE = {"household": "Två vuxna", "size": 2, "agreed": True}


def _missing(
    pack: Pack, content: dict[str, object], *, of: str = "referral", **facts: object
) -> list[tuple[str, str]]:
    found = missing_contents(pack, "municipal_contract", content, facts, ON, of=of)
    return [(item.id, item.reason) for item in found]


def test_a_whole_referral_lacks_nothing(example: Pack) -> None:
    assert _missing(example, WHOLE, children_under_18=0) == []
    assert _missing(example, WHOLE | {"school": "Kärnan"}, children_under_18=1) == []


def test_everything_that_is_missing_is_listed_in_order(example: Pack) -> None:
    assert _missing(example, {}, children_under_18=2) == [
        *(("household", "missing"), ("size", "missing"), ("agreed", "missing")),
        ("school", "missing"),
    ]


def test_what_may_be_needed_says_which_fact_decides(example: Pack) -> None:
    (item,) = missing_contents(example, "municipal_contract", WHOLE, {}, ON)
    assert isinstance(item, MissingItem)
    assert (item.id, item.reason, item.ask) == ("school", "undetermined", ("children_under_18",))
    assert (item.label.en, item.cite) == ("School", ("RL §3",))


@pytest.mark.parametrize("blank", [None, "", "   ", "\n"])
def test_blank_text_is_missing(example: Pack, blank: object) -> None:
    assert _missing(example, WHOLE | {"household": blank}, children_under_18=0) == [
        ("household", "missing")
    ]


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("household", 7),
        ("household", "x" * 20_001),
        ("household", "x" * 1_000_000),
        ("size", "2"),
        ("size", True),
        ("agreed", "yes"),
        ("agreed", False),
        ("other", ["a"]),
    ],
)
def test_a_value_that_does_not_hold_is_invalid(example: Pack, item: str, value: object) -> None:
    found = _missing(example, WHOLE | {item: value}, children_under_18=0)
    assert found == [(item, "invalid")]


def test_the_plan_has_its_own_items(example: Pack) -> None:
    assert _missing(example, {}, of="plan") == [("goal", "missing"), ("steps", "missing")]
    assert _missing(example, {"goal": "Eget kontrakt", "steps": []}, of="plan") == [
        ("steps", "missing")
    ]
    assert _missing(example, {"goal": "Eget kontrakt", "steps": ["a", " "]}, of="plan") == [
        ("steps", "invalid")
    ]
    assert _missing(example, {"goal": "Eget kontrakt", "steps": ["Söka bostad"]}, of="plan") == []


def test_what_nobody_asked_for_is_refused(example: Pack) -> None:
    with pytest.raises(PolicyError, match="no item 'scool'") as caught:
        _missing(example, WHOLE | {"scool": "x"})
    assert caught.value.fact == "scool"


@pytest.mark.parametrize(
    ("programme", "of"),
    [("rent_guarantee", "referral"), ("rent_guarantee", "plan"), ("municipal_contract", "letter")],
)
def test_a_programme_without_the_document(example: Pack, programme: str, of: str) -> None:
    with pytest.raises(PolicyError, match=f"{programme} has no {of}"):
        missing_contents(example, programme, {}, {}, ON, of=of)
