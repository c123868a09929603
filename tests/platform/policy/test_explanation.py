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
        "  undantag: Barnet är i fara i hemmet [RL §2.1]\n"
        "\n"
        "Källor:\n"
        "- RL: Exempelriktlinje (example.txt)"
    )


def test_english_with_everything_under_it(example: Pack) -> None:
    text = explain(example, "guarantee_possible", "en")
    assert "all of these must hold" in text
    assert "- Searches actively [RL §2] (advice, does not decide)" in text
    assert "- Sober [RL §2] (not applied, LF-4: Against the law)" in text
    assert "exception: The child is in danger in the home [RL §2.1]" in text
    assert "debt_limit: 10000.00 kr [RL §2.1]" in text
    assert text.count("Registered in the kommun") == 1


def test_values_are_those_of_the_day(example: Pack) -> None:
    assert "groups: addiction, disability [RL §2.1]" in explain(example, "target_group", "en")
    later = explain(example, "target_group", "en", date(2027, 1, 1))
    assert "groups: addiction [RL §2.1]" in later
    assert "quiet_months: 12 months [RL §3]" in explain(example, "may_end", "en")


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_rule_can_be_explained(example: Pack, lang: str) -> None:
    for id, rule in example.rules.items():
        assert rule.label.text(lang) in explain(example, id, lang)


def test_an_unknown_rule(example: Pack) -> None:
    with pytest.raises(PolicyError, match="did you mean 'entitled'"):
        explain(example, "entitle")
