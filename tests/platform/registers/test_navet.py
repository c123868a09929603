"""What a file with Navet's term codes tells, and what it does not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hemvist.clock import today
from hemvist.registers import Answer, FileRegister, NoAnswer, navet
from hemvist.registers.answers import TOLD

DAY = date(2026, 2, 3)
NUMBER, OTHER = "197102039801", "198002039802"


def post(*terms: tuple[str, str]) -> list[str]:
    return ["#POST_START", *(f"#UP {code} {value}" for code, value in terms), "#POST_SLUT"]


def told(lines: list[str], *, left_out: bool = False) -> dict[str, str]:
    found = navet.answers(lines, DAY, left_out_means_no=left_out)
    return {number: answer.level for number, answer in found.items()}


@pytest.mark.parametrize(
    ("terms", "level"),
    [
        ([("01003", "N"), ("01020", "N")], "none"),
        ([("01003", "J"), ("01020", "N")], "secrecy_mark"),
        ([("01003", "J")], "secrecy_mark"),
        ([("01003", "N"), ("01020", "J")], "protected_registration"),
        ([("01003", "J"), ("01020", "J")], "protected_registration"),
        # What is not said for certain says nothing, and least of all that nobody is protected.
        ([], None),
        ([("01003", "N")], None),
        ([("01003", ""), ("01020", "N")], None),
        ([("01003", "n"), ("01020", "N")], None),
        ([("01003", "N"), ("01020", "?")], None),
        ([("01003", "N"), ("01003", "J"), ("01020", "N")], None),
    ],
)
def test_a_post(terms: list[tuple[str, str]], level: str | None) -> None:
    lines = post(("01001", NUMBER), ("01014", "Hemlig"), ("01034", "Gatan 1"), *terms)
    assert told(lines) == ({} if level is None else {NUMBER: level})


def test_marks_that_are_left_out_mean_no_only_where_the_kommun_says_so() -> None:
    assert told(post(("01001", NUMBER))) == {}
    assert told(post(("01001", NUMBER)), left_out=True) == {NUMBER: "none"}
    assert told(post(("01001", NUMBER), ("01003", "X")), left_out=True) == {}


def test_a_number_that_stands_twice_tells_nothing_unless_both_say_the_same() -> None:
    one = post(("01001", NUMBER), ("01003", "N"), ("01020", "N"))
    other = post(("01001", NUMBER), ("01003", "J"), ("01020", "N"))
    assert told(one + one) == {NUMBER: "none"}
    assert told(one + other) == told(other + one) == told(one + other + one) == {}


def test_a_post_that_is_cut_off_tells_nothing() -> None:
    whole = post(("01001", NUMBER), ("01003", "N"), ("01020", "N"))
    assert told(whole[:-1]) == {}
    assert told(post(("01001", NUMBER[:10]), ("01003", "N"), ("01020", "N"))) == {}


@given(st.dictionaries(st.from_regex(r"[0-9]{12}", fullmatch=True), st.sampled_from(TOLD)))
def test_what_is_written_is_read_back(levels: dict[str, str]) -> None:
    lines = navet.written(levels, DAY).splitlines()
    assert navet.made_on(lines) == DAY and told(lines) == levels


@given(st.text(max_size=400))
def test_noise_is_no_answer(noise: str) -> None:
    assert told(["#POST_START", *noise.splitlines(), "#POST_SLUT"]) == {}


def test_a_file(tmp_path: Path) -> None:
    file = tmp_path / "register.txt"
    register = FileRegister(file, "Folkbokföringen")
    with pytest.raises(NoAnswer, match="no_file"):
        register.look_up([NUMBER])
    file.write_text(navet.written({NUMBER: "none"}, DAY), "latin-1")
    assert register.look_up([NUMBER, OTHER]) == {NUMBER: Answer("none", DAY)}
    file.write_text(navet.written({NUMBER: "secrecy_mark", OTHER: "none"}, DAY), "latin-1")
    assert register.look_up([NUMBER]) == {NUMBER: Answer("secrecy_mark", DAY)}


@pytest.mark.parametrize(
    ("heading", "why"),
    [("", "no_day"), ("#SKAPAD i går", "no_day"), ("#SKAPAD", "no_day"), (None, "day_to_come")],
)
def test_a_file_of_no_known_day_answers_nothing(
    tmp_path: Path, heading: str | None, why: str
) -> None:
    if heading is None:
        heading = f"#SKAPAD {today() + timedelta(days=2):%Y%m%d}"
    file = tmp_path / "register.txt"
    lines = post(("01001", NUMBER), ("01003", "N"), ("01020", "N"))
    file.write_text("\n".join([heading, *lines]))
    with pytest.raises(NoAnswer, match=why):
        FileRegister(file, "x").look_up([NUMBER])
