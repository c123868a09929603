"""Computed fields in planned reads: worked out in Python, put where the executor puts them."""

from __future__ import annotations

from typing import Any

from hemvist_graphql.ids import global_id
from hemvist_paths import Told, ordinary, planned

WHO = "caseworker SOF-VUX"


def same(actor: Any, document: str, **variables: Any) -> Told:
    """What both paths told; they must agree."""
    by_plan = planned(actor, document, variables)
    assert isinstance(by_plan, Told), by_plan
    told = ordinary(actor, document, variables)
    assert by_plan.data == told.data
    assert by_plan.logged == told.logged
    return by_plan


def test_fields_of_a_case(housed: Any) -> None:
    told = same(
        housed.world[WHO],
        """query Q($id: ID!, $lang: String!) { me { name tenant { name code departments { name } }
          memberships { role department } may(action: "case.open") }
          case(id: $id) { number stage(lang: $lang) english: stage(lang: "en") departmentName
          programmeLabel hasMilestones timeline { kind label subjectType subjectId }
          obligations { label(lang: $lang) overdue agenda { code label } byFollowUp }
          referrals { programmeLabel signaturesRequired content { id } mayExtend missing { id label } }
          decisions { programmeLabel legalBasis { id label cite } conditions { text } }
          contracts { formLabel guarantee { months } clauses { text } } nextSteps { code label }
          criteria { rule outcome } questions(all: true) { fact value } } }""",
        id=global_id("Case", housed.case.id),
        lang="sv",
    )
    print(told.data)


def test_without_rows(housed: Any) -> None:
    same(housed.world[WHO], "{ me { name tenant { slug } } packs { name version title } }")
