"""Bombs in uploads; formulas, instructions and markup in what is sent out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hemvist_api_inputs import commands, fields_of, input_type, with_value
from hemvist_attack import Tally
from hemvist_attack_api import Target, as_actor, filled_target, with_every_role
from hemvist_attack_files import (
    HEAD,
    VISITOR,
    attack_csv,
    attack_letters,
    attack_lists_out,
    attack_makers,
    attack_names,
    attack_reading,
    attack_templates,
    attack_uploads,
    refuses,
    sent_by,
    taking_files,
)
from hemvist_graphql.landlord import execute
from hemvist_graphql.landlord.schema import executable_schema as landlord_schema
from hemvist_landlord_attack import input_of as landlord_input
from hemvist_landlord_attack import made_input, places, refused
from hemvist_landlord_town import made_town

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def landlord_commands() -> list[str]:
    """Every command of the landlords' schema."""
    mutations = landlord_schema().mutation_type
    assert mutations is not None
    return list(mutations.fields)


@pytest.fixture(scope="module")
def own(database: str) -> Target:
    return filled_target()


def test_no_file_that_is_sent_in_is_more_than_it_looks(tally: Tally, own: Target) -> None:
    actor = with_every_role(own, "Egen")
    takers = taking_files(commands(), input_type)
    assert "uploadPackVersion" in takers
    reached = attack_uploads(tally, takers, sent_by(as_actor(actor), own))
    # A control: what is refused is refused for what it is, not for the row that it would hang on.
    assert len(reached) >= len(takers) - 2, takers.keys() - reached


def test_no_file_that_landlords_send_in_is_more_than_it_looks(tally: Tally, database: str) -> None:
    town = made_town()
    takers = taking_files(landlord_commands(), landlord_input)

    def send(command: str, path: str, encoded: str) -> Mapping[str, Any]:
        ids = {
            at: town.ids[kind][0]
            for label, at, kind in places()
            if label == command and town.ids.get(kind)
        }
        body = with_value(made_input(landlord_input(command), ids), path, encoded)
        return execute(town.owner, refused(command), {"input": body})

    reached = attack_uploads(tally, takers, send)
    assert len(takers) >= 3
    assert len(reached) >= len(takers) - 2, takers.keys() - reached


def test_every_file_that_is_sent_in_is_one_that_is_attacked() -> None:
    """What is called a file's bytes anywhere in the schemas is found as one."""
    for names, inputs in ((commands(), input_type), (landlord_commands(), landlord_input)):
        takers = taking_files(names, inputs)
        for command in names:
            leaves = [path.rpartition(".")[2] for path, *_ in fields_of(inputs(command))]
            if any(leaf in ("archive", "bytes", "file", "zip") for leaf in leaves):
                assert command in takers, command


def test_no_archive_is_opened_that_is_a_bomb(tally: Tally) -> None:
    attack_reading(tally, refuses)
    assert tally.count("archives") > 5


def test_no_file_is_given_out_under_a_path_or_as_a_page(tally: Tally) -> None:
    attack_names(tally)


def test_what_somebody_writes_is_no_formula(tally: Tally) -> None:
    attack_lists_out(tally, VISITOR)
    attack_csv(tally)
    packages = ("platform/hemvist", "portal/hemvist_portal", "graphql/hemvist_graphql",
                "workers/hemvist_workers", "infra/hemvist_infra")  # fmt: skip
    attack_makers(tally, [ROOT / one for one in packages])


def test_what_somebody_writes_is_no_instruction_of_a_letter(tally: Tally) -> None:
    attack_letters(tally, HEAD)


def test_no_template_lets_markup_through(tally: Tally) -> None:
    attack_templates(tally)
    assert tally.count("templates") > 50
