"""What types cannot express: lengths, characters, sizes. Every problem names its field."""

from __future__ import annotations

from typing import Any

import pytest

from hemvist.errors import NotFound, ValidationFailed
from hemvist.ids import new_id
from hemvist_graphql import inputs
from hemvist_graphql.assessments.mutations import AnswerInput, AnswerQuestionsInput
from hemvist_graphql.households.mutations import MemberInput, RegisterHouseholdInput
from hemvist_graphql.ids import global_id
from hemvist_graphql.scalars import Json

CASE = new_id()


def answering(value: Any, **changes: Any) -> AnswerQuestionsInput:
    return AnswerQuestionsInput(
        idempotency_key="k",
        case_id=global_id("Case", CASE),
        answers=[AnswerInput(fact="debts", value=Json(value), **changes)],
    )


def problems(given: Any) -> set[tuple[str, str]]:
    with pytest.raises(ValidationFailed) as failed:
        inputs.arguments(given)
    return {(one.field, one.rule) for one in failed.value.problems}


def test_ids_become_rows_and_nulls_are_left_out() -> None:
    values = inputs.arguments(answering([{"kind": "rent"}]))
    assert values == {
        "case_id": CASE,
        "answers": [{"fact": "debts", "value": [{"kind": "rent"}]}],
    }


def test_an_id_of_another_type_is_not_found() -> None:
    given = AnswerQuestionsInput(
        idempotency_key="k", case_id=global_id("Household", CASE), answers=[]
    )
    with pytest.raises(NotFound):
        inputs.arguments(given)


def test_every_problem_is_told_at_its_place() -> None:
    member = MemberInput(
        role="applicant",
        given_name="x" * 101,
        family_name="a\0b",
        personal_number="1" * 21,
        registered_kommun=None,
    )
    given = RegisterHouseholdInput(idempotency_key="k", department="SOF-VUX", members=[member])
    assert problems(given) == {
        ("members[0].givenName", "too_long"),
        ("members[0].familyName", "characters"),
        ("members[0].personalNumber", "too_long"),
    }


def test_a_megabyte_is_refused_wherever_it_stands() -> None:
    megabyte = "x" * 1_000_000
    assert problems(answering(megabyte)) == {("answers[0].value", "too_long")}
    assert problems(answering(1, reason=megabyte)) == {("answers[0].reason", "too_long")}
    assert problems(answering([{"kind": megabyte}])) == {("answers[0].value[0].kind", "too_long")}
    assert ("answers[0].value", "too_long") in problems(answering({megabyte: 1}))


def test_json_is_bounded_in_depth_and_number() -> None:
    deep: Any = 1
    for _ in range(20):
        deep = [deep]
    assert problems(answering(deep)) == {("answers[0].value", "too_large")}
    assert problems(answering([0] * 10_000)) == {("answers[0].value", "too_large")}
    assert problems(answering(["x" * 9_000] * 30)) == {("answers[0].value", "too_large")}


@pytest.mark.parametrize("number", [2**60, -(2**60), float("inf"), float("nan")])
def test_numbers_that_cannot_be_kept(number: float) -> None:
    assert problems(answering(number)) == {("answers[0].value", "out_of_range")}


@pytest.mark.parametrize("text", ["a\0", "\ud800", "x\udfff"])
def test_characters_that_cannot_be_stored(text: str) -> None:
    assert problems(answering(text)) == {("answers[0].value", "characters")}


def test_more_rows_than_any_form_has() -> None:
    given = AnswerQuestionsInput(
        idempotency_key="k",
        case_id=global_id("Case", CASE),
        answers=[AnswerInput(fact="x")] * (inputs.MAX_LIST + 1),
    )
    assert problems(given) == {("answers", "count")}


def test_the_key_is_no_part_of_what_is_compared() -> None:
    one, other = answering(1), answering(1)
    other.idempotency_key = "another"
    assert inputs.canonical(one) == inputs.canonical(other)
    assert inputs.canonical(one) != inputs.canonical(answering(2))
