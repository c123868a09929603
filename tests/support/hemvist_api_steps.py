"""Taking a step of the job after trying everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

from hemvist.clock import today
from hemvist_api_inputs import id_fields, random_id, with_value
from hemvist_api_ways import Way

#: A field's path, a value that it cannot have, and the rule that it breaks: of this field, unless
#: another is named before it.
Wrong = tuple[str, Any, str]
TOMORROW = str(today() + timedelta(days=1))


def step(
    way: Way, who: str, command: str, given: dict[str, Any], selection: str, *wrongs: Wrong
) -> Any:
    """Every wrong value, an id of nothing, ids of another type and stale versions; then ``given``."""
    voice, body = way.office[who], {"idempotencyKey": str(uuid4()), **given}
    before = voice.ledger.contents()
    for path, value, expected in (*wrongs, *_common(command, body)):
        answer = voice.refused(command, **with_value(body, path, value))
        *field, rule = expected.split()
        assert rule_said(answer, field[0] if field else path) == rule, (
            command,
            path,
            value,
            answer,
        )
    assert voice.ledger.contents() == before
    # The key was not used up by what was refused.
    return voice.do(command, selection, **body)


def _common(command: str, body: dict[str, Any]) -> Iterator[Wrong]:
    for field, type_name in id_fields(command).items():
        if field in body and field not in ("personId", "contractId"):
            other = "Case" if type_name != "Case" else "Household"
            for value in (
                random_id(type_name),
                random_id(other),
                body[field][:-1],
                body[field] + "=",
            ):
                yield field, value, f"{type_name} not_found"
    if "expectedVersion" in body:
        for change in (-1, 1, 1_000, -10_000):
            yield "expectedVersion", body["expectedVersion"] + change, "stale_version"
        yield "expectedVersion", 2**31 - 1, "stale_version"


def rule_said(answer: dict[str, Any], field: str) -> str:
    """The rule by which ``field`` was refused, or the whole command was."""
    if answer["__typename"] == "ValidationFailed":
        for problem in answer["problems"]:
            assert problem["sv"] and problem["en"] and problem["sv"] != problem["en"], problem
        rules = [one["rule"] for one in answer["problems"] if one["field"] == field]
        return str(rules[0]) if rules else f"no {field} in {answer['problems']}"
    if answer["__typename"] == "NotFound":
        assert answer["kind"] == field, answer
        return "not_found"
    return str(answer.get("rule") or answer["action"])
