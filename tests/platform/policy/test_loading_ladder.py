"""The ``ladder`` section of a programme: steps of the core, with rules, ways and copies of the guideline."""

from __future__ import annotations

from pathlib import Path

import pytest

from hemvist.policy import PackError, load_pack
from hemvist.policy.pack import Pack
from hemvist_registry import copies, discovered, rewrite

NAME = "goteborg/bostad-forst"


def packed(folder: Path, old: str, new: str) -> Pack:
    own = next(found for found in copies(folder) if load_pack(found).name == NAME)

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return rewrite(own, change, "programme.yaml")


def test_what_the_guideline_says() -> None:
    ladder = discovered().get(NAME).programme("bostad_forst").ladder
    assert ladder is not None and ladder.severity_fact == "misconduct_level"
    demand = ladder.step("demand")
    assert demand is not None and demand.ways == ("letter", "registered_letter")
    assert demand.told["social_board"] == "copy_social"
    assert ladder.step("eviction") is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("        - id: talk\n", "        - id: shout\n", "no such step"),
        ("called_for: dialogue_first", "called_for: no_such", "no rule"),
        ("needs: [both_sides_weighed]", "needs: [no_such]", "no rule"),
        ("ways: [letter, registered_letter]", "ways: [letter, pigeon]", "pigeon"),
        ("severity_fact: misconduct_level", "severity_fact: current_situation", "must have the opt"),
        ("          fact: demand_delivery\n", "", "belong together"),
        ("social_board: copy_social", "social_board: copy_nobody", "copy_nobody"),
        ("          until: keys_returned\n          label: {sv: Gemensam avf", "          until: rain\n"
         "          label: {sv: Gemensam avf", "rain"),
    ],
)  # fmt: skip
def test_a_step_is_checked(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(PackError, match=words):
        packed(tmp_path, old, new)
