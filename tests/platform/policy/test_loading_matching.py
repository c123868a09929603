"""The ``matching`` section: an order that is a queue does not load unless the guideline allows one."""

from __future__ import annotations

from pathlib import Path

import pytest

from hemvist.policy import PackError, load_pack
from hemvist.policy.pack import Pack
from hemvist_registry import copies, discovered, rewrite
from hemvist_world import PACK

SECTION = "      covers: [HBG-13]\n      queue_time: forbidden\n"
STEP = """      priority:
        - {id: first, %s, label: {sv: Först, en: First}}
"""


def packed(folder: Path, instead: str) -> Pack:
    own = next(found for found in copies(folder) if load_pack(found).name == PACK)
    return rewrite(own, lambda text: text.replace(SECTION, instead), "municipal_contract.yaml")


def test_what_the_guideline_says(tmp_path: Path) -> None:
    step = STEP % "fact: children_under_18, order: ascending"
    pack = packed(tmp_path, SECTION + step)
    said = pack.programme("municipal_contract").matching
    assert said is not None and said.queue_time == "forbidden"
    assert [(one.id, one.fact, one.descending) for one in said.priority] == [
        ("first", "children_under_18", False)
    ]


@pytest.mark.parametrize("said", ["      queue_time: forbidden\n", ""])
def test_waiting_time_does_not_load(tmp_path: Path, said: str) -> None:
    step = STEP % "fact: referral_registered_on, order: ascending"
    with pytest.raises(PackError, match="waiting time") as refused:
        packed(tmp_path, said + step)
    assert refused.value.line > 100


def test_waiting_time_loads_where_it_is_allowed(tmp_path: Path) -> None:
    step = STEP % "fact: referral_registered_on, order: ascending"
    pack = packed(tmp_path, "      queue_time: allowed\n" + step)
    said = pack.programme("municipal_contract").matching
    assert said is not None and said.queue_time == "allowed"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("fact: no_such, order: ascending", "no fact"),
        ("fact: children_under_18", "needs order"),
        ("fact: current_housing, order: ascending", "no order"),
        ("fact: age, rule: entitled, order: ascending", "either a rule or a fact"),
        ("rule: no_such", "no rule"),
    ],
)
def test_a_step_is_checked(tmp_path: Path, step: str, words: str) -> None:
    with pytest.raises(PackError, match=words):
        packed(tmp_path, SECTION + STEP % step)


def test_areas_that_the_kommun_closes_begin_as_an_empty_list() -> None:
    """JKP-11: the source closes vulnerable areas and names none, so the kommun writes them."""
    pack = discovered().get("jonkoping/sociala-kontrakt")
    said = pack.programme("social_contract").matching
    assert said is not None and said.closed_areas == "vulnerable_areas"
    assert pack.param("vulnerable_areas", pack.in_force.start) == ()
    assert pack.params["vulnerable_areas"].covers == ("JKP-11",)
