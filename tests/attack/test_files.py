"""Bombs in uploads; formulas, instructions and markup in what is sent out."""

from __future__ import annotations

from pathlib import Path

import pytest

from hemvist.identity import Actor
from hemvist_attack import Tally
from hemvist_attack_api import Target, as_actor, filled_target
from hemvist_attack_files import (
    HEAD,
    VISITOR,
    attack_letters,
    attack_lists_out,
    attack_makers,
    attack_reading,
    attack_templates,
    attack_uploads,
    refuses,
)
from hemvist_attack_people import EVERYTHING

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def own(database: str) -> Target:
    return filled_target()


def test_no_file_that_is_sent_in_is_more_than_it_looks(tally: Tally, own: Target) -> None:
    actor = Actor(own.tenant_id, own.rows["principals"], "Egen", EVERYTHING)
    attack_uploads(tally, as_actor(actor))
    assert tally.count("uploads") > 50


def test_no_archive_is_opened_that_is_a_bomb(tally: Tally) -> None:
    attack_reading(tally, refuses)
    assert tally.count("archives") > 5


def test_what_somebody_writes_is_no_formula(tally: Tally) -> None:
    attack_lists_out(tally, VISITOR)
    packages = ("platform/hemvist", "portal/hemvist_portal", "graphql/hemvist_graphql",
                "workers/hemvist_workers", "infra/hemvist_infra")  # fmt: skip
    attack_makers(tally, [ROOT / one for one in packages])


def test_what_somebody_writes_is_no_instruction_of_a_letter(tally: Tally) -> None:
    attack_letters(tally, HEAD)


def test_no_template_lets_markup_through(tally: Tally) -> None:
    attack_templates(tally)
    assert tally.count("templates") > 50
