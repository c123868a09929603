"""Leaves in plain words: every part of the language, both ways round, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from hemvist.policy import Pack
from hemvist.policy.leaf import Leaf, Scope, compile_leaf
from hemvist.policy.pages.leaves import leaf_in_words

DAY = date(2026, 9, 1)
KR = "\N{NO-BREAK SPACE}kr"


def leaf(pack: Pack, text: str) -> Leaf:
    return compile_leaf(text, Scope(pack.facts, pack.params))


@pytest.mark.parametrize(
    ("text", "sv", "en"),
    [
        (
            "h.has_own_lease",
            "Svaret på ”Har eget kontrakt?” är ja.",
            "The answer to “Has an own lease?” is yes.",
        ),
        (
            "!h.has_own_lease",
            "Svaret på ”Har eget kontrakt?” är nej.",
            "The answer to “Has an own lease?” is no.",
        ),
        (
            "h.has_own_lease == false",
            "Svaret på ”Har eget kontrakt?” är nej.",
            "The answer to “Has an own lease?” is no.",
        ),
        (
            "h.joint_visit_done",
            "”Gemensamt hembesök genomfört” stämmer.",
            "“Joint home visit done” is true.",
        ),
        (
            "h.children_under_18 > 0",
            "”Barn under 18 år i hushållet” är mer än 0.",
            "“Children under 18 in the household” is more than 0.",
        ),
        (
            "!(h.children_under_18 > 0)",
            "”Barn under 18 år i hushållet” är högst 0.",
            "“Children under 18 in the household” is at most 0.",
        ),
        (
            "0 < h.children_under_18",
            "”Barn under 18 år i hushållet” är mer än 0.",
            "“Children under 18 in the household” is more than 0.",
        ),
        (
            'h.group == "addiction" || h.group == "other"',
            "”Målgrupp” är ”Beroende” eller ”Annan”.",
            "“Target group” is “Addiction” or “Other”.",
        ),
        (
            '!(h.group == "addiction" || h.group == "other")',
            "”Målgrupp” är varken ”Beroende” eller ”Annan”.",
            "“Target group” is neither “Addiction” nor “Other”.",
        ),
        (
            "h.group in p.groups",
            "”Målgrupp” är något av ”Beroende” eller ”Funktionsnedsättning”.",
            "“Target group” is one of “Addiction” or “Disability”.",
        ),
        (
            "!(h.group in p.groups)",
            "”Målgrupp” är inget av ”Beroende” eller ”Funktionsnedsättning”.",
            "“Target group” is none of “Addiction” or “Disability”.",
        ),
        (
            "h.joint_visit_done && (h.roofless || h.has_own_lease)",
            "”Gemensamt hembesök genomfört” stämmer och (antingen svaret på ”Saknar tak över huvudet?” "
            "är ja eller svaret på ”Har eget kontrakt?” är ja).",
            "“Joint home visit done” is true and (either the answer to “No roof over the head?” is yes "
            "or the answer to “Has an own lease?” is yes).",
        ),
        (
            "!(h.joint_visit_done && h.roofless)",
            "Antingen ”Gemensamt hembesök genomfört” stämmer inte eller svaret på "
            "”Saknar tak över huvudet?” är nej.",
            "Either “Joint home visit done” is not true or the answer to “No roof over the head?” is no.",
        ),
        (
            "size(h.obstacles) == 0",
            "Inget svar är valt på ”Hinder”.",
            "No answer is chosen to “Obstacles”.",
        ),
        (
            "size(h.obstacles) > 0",
            "Minst ett svar är valt på ”Hinder”.",
            "At least one answer is chosen to “Obstacles”.",
        ),
        (
            "size(h.obstacles) >= 2",
            "Antalet i ”Hinder” är minst 2.",
            "The number of entries of “Obstacles” is at least 2.",
        ),
        (
            "sum(h.debts.map(d, d.amount)) <= p.debt_limit",
            f"Summan av ”Belopp” i ”Skulder” är högst 10\N{NO-BREAK SPACE}000{KR} (debt limit).",
            f"The sum of “Amount” of “Debts” is at most 10\N{NO-BREAK SPACE}000{KR} (debt limit).",
        ),
        (
            "h.debts.all(d, d.amount < 5000)",
            f"För varje uppgift i ”Skulder” gäller att ”Belopp” är mindre än 50{KR}.",
            f"For every entry of “Debts” it holds that “Amount” is less than 50{KR}.",
        ),
        (
            "!h.debts.exists(d, d.amount > 0)",
            f"För varje uppgift i ”Skulder” gäller att ”Belopp” är högst 0{KR}.",
            f"For every entry of “Debts” it holds that “Amount” is at most 0{KR}.",
        ),
        (
            "h.rent_paid_months >= p.quiet_months",
            "”Månader i rad med hyra i tid” är minst 12 månader (quiet months).",
            "“Months in a row with rent on time” is at least 12 months (quiet months).",
        ),
        (
            "h.debts.exists(d, d.since < addMonths(h.decision_date, -3))",
            "För någon uppgift i ”Skulder” gäller att ”Sedan” är tidigare än 3 månader före "
            "”Prövningsdag”.",
            "For some entry of “Debts” it holds that “Since” is earlier than 3 months before "
            "“Date of assessment”.",
        ),
        (
            "h.debts.all(d, d.since >= addDays(h.decision_date, 1))",
            "För varje uppgift i ”Skulder” gäller att ”Sedan” är tidigast 1 dag efter "
            "”Prövningsdag”.",
            "For every entry of “Debts” it holds that “Since” is no earlier than 1 day after "
            "“Date of assessment”.",
        ),
        (
            '"debts" in h.obstacles || "record" in h.obstacles',
            "Minst ett av ”Skulder” eller ”Anmärkning” är valt på ”Hinder”.",
            "At least one of “Debts” or “Payment remark” is chosen to “Obstacles”.",
        ),
        (
            '"debts" in h.obstacles && "record" in h.obstacles',
            "”Skulder” och ”Anmärkning” är alla valda på ”Hinder”.",
            "“Debts” and “Payment remark” are all chosen to “Obstacles”.",
        ),
        (
            '!("debts" in h.obstacles) && !("record" in h.obstacles)',
            "Inget av ”Skulder” eller ”Anmärkning” är valt på ”Hinder”.",
            "None of “Debts” or “Payment remark” is chosen to “Obstacles”.",
        ),
        (
            '!("debts" in h.obstacles || "record" in h.obstacles)',
            "Inget av ”Skulder” eller ”Anmärkning” är valt på ”Hinder”.",
            "None of “Debts” or “Payment remark” is chosen to “Obstacles”.",
        ),
        (
            '!("debts" in h.obstacles && "record" in h.obstacles)',
            "Antingen ”Skulder” är inget av svaren på ”Hinder” eller ”Anmärkning” är inget av svaren "
            "på ”Hinder”.",
            "Either “Debts” is not one of the answers to “Obstacles” or “Payment remark” is not one of "
            "the answers to “Obstacles”.",
        ),
        (
            "h.rent_paid_months + 1 != h.rent_paid_months * 2",
            "”Månader i rad med hyra i tid” plus 1 är inte ”Månader i rad med hyra i tid” gånger 2.",
            "“Months in a row with rent on time” plus 1 is not “Months in a row with rent "
            "on time” times 2.",
        ),
    ],
)
def test_a_leaf_in_words(example: Pack, text: str, sv: str, en: str) -> None:
    found = leaf(example, text)
    assert leaf_in_words(example, found, "sv", DAY) == sv
    assert leaf_in_words(example, found, "en", DAY) == en


def test_values_are_those_of_the_day(example: Pack) -> None:
    found = leaf(example, "h.group in p.groups")
    assert (
        leaf_in_words(example, found, "sv", date(2027, 1, 1))
        == "”Målgrupp” är något av ”Beroende”."
    )
