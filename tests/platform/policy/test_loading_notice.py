"""Of a contract's notice: whose time it is, and which questions it answers when it is registered."""

from __future__ import annotations

from pathlib import Path

import pytest

from hemvist.policy import PackError, load_pack
from hemvist.policy.pack import Pack
from hemvist.policy.programmes import Contract
from hemvist_goteborg import PACK, PROGRAMME
from hemvist_registry import copies, rewrite

ANSWERS = "notice_answers: {given: given_notice_before, landlord: company_at_notice}"
TIME = "        days: p.notice_days\n"


def packed(folder: Path, old: str, new: str) -> Pack:
    own = next(found for found in copies(folder) if load_pack(found).name == PACK)
    assert old in (own / "programme.yaml").read_text(encoding="utf-8")
    return rewrite(own, lambda text: text.replace(old, new), "programme.yaml")


def contract(pack: Pack) -> Contract:
    found = pack.programme(PROGRAMME).contract
    assert found is not None
    return found


@pytest.mark.parametrize("by", ["landlord", "tenant"])
def test_a_time_is_one_partys_where_the_pack_says_so(tmp_path: Path, by: str) -> None:
    said = contract(packed(tmp_path, TIME, f"{TIME}        by: {by}\n")).notice
    assert said is not None and said.by == by


def test_a_time_is_nobody_elses(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="by"):
        packed(tmp_path, TIME, f"{TIME}        by: owner\n")


def test_the_questions_that_a_notice_answers(tmp_path: Path) -> None:
    said = contract(packed(tmp_path, ANSWERS, "notice_answers: {given: given_notice_before}"))
    assert said.notice_answers is not None
    assert (said.notice_answers.given, said.notice_answers.landlord) == (
        "given_notice_before",
        None,
    )


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("{given: no_such}", "given"),
        ("{given: company_at_notice}", "given"),
        ("{given: given_notice_before, landlord: given_notice_before}", "landlord"),
        ("{landlord: company_at_notice}", "needs given"),
        ("{given: given_notice_before, whom: x}", "whom"),
    ],
)
def test_they_are_questions_of_the_pack_and_of_the_right_type(
    tmp_path: Path, written: str, words: str
) -> None:
    with pytest.raises(PackError, match=words):
        packed(tmp_path, ANSWERS, f"notice_answers: {written}")
