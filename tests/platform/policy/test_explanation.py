"""A rule as text, with its sources."""

from __future__ import annotations

from datetime import date

import pytest

from hemvist.policy import Pack, PolicyError, explain


def test_swedish(example: Pack) -> None:
    assert explain(example, "no_own_lease") == (
        "Exempelriktlinje 2026.2.0 (gäller från 2026-07-01)\n"
        "\n"
        "Saknar eget kontrakt [RL §2]\n"
        "  Prövas så: Svaret på ”Har eget kontrakt?” är nej.\n"
        "  - Undantag: Barnet är i fara i hemmet [RL §2.1]\n"
        "    Prövas så: ”Ansvarig förvaltning” är ”Barn och familj” och svaret på "
        "”Är barnet i allvarlig fara?” är ja.\n"
        "\n"
        "Källor:\n"
        "- RL: Exempelriktlinje (example.txt)"
    )


def test_english_with_everything_under_it(example: Pack) -> None:
    text = explain(example, "guarantee_possible", "en")
    assert "All of these conditions must be met:" in text
    assert "- Should, does not decide: Searches actively [RL §2]" in text
    assert "- Not applied: Sober [RL §2]\n      The law (LF-4): Against the law" in text
    assert "- Exception: The child is in danger in the home [RL §2.1]" in text
    assert "“Amount” of “Debts” is at most 10\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr" in text
    assert "This must not be the case:\n    - Rent debt" in text
    assert text.count("Registered in the kommun") == 1


def test_a_rule_met_twice_is_written_out_once(example: Pack) -> None:
    for id in example.rules:
        text = explain(example, id)
        assert text.count("Folkbokförd i kommunen") < 2 or "Se ovan." in text


def test_values_are_those_of_the_day_and_all_stand_at_the_end(example: Pack) -> None:
    text = explain(example, "target_group", "en")
    assert "“Target group” is one of “Addiction” or “Disability”." in text
    assert (
        "- groups: Addiction and Disability from 2018-02-12; Addiction from 2027-01-01 [RL §2.1]"
        in text
    )
    later = explain(example, "target_group", "en", date(2027, 1, 1))
    assert "“Target group” is one of “Addiction”." in later
    assert "is at least 12 months (quiet months)" in explain(example, "may_end", "en")


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_rule_can_be_explained(example: Pack, lang: str) -> None:
    for id, rule in example.rules.items():
        assert rule.label.text(lang) in explain(example, id, lang)


def test_an_unknown_rule(example: Pack) -> None:
    with pytest.raises(PolicyError, match="did you mean 'entitled'"):
        explain(example, "entitle")
