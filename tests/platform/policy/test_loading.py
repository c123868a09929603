"""Packs with one fault each: the message names the file, the line and the column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest

from hemvist.policy import FactKind, Label, Pack, PackError, load_pack

#: (file, text that stands there once, what stands there instead with ¤ at the fault, message)
FAULTS = [
    # The head.
    ("pack.yaml", "pack: example/homes", "pack: ¤Example", "two short names"),
    ("pack.yaml", "version: 2026.2.0", "version: ¤2026.2", "three numbers"),
    ("pack.yaml", "{from: 2026-07-01}", "{from: ¤2026-02-30}", "must be a date"),
    ("pack.yaml", "{from: 2026-07-01}", "{from: 2026-07-01, ¤to: 2026-06-01}", "ends before"),
    ("pack.yaml", "version: 2026.2.0", "¤versoin: 2026.2.0", "did you mean 'version'"),
    ("pack.yaml", "version: 2026.2.0", "version: 1.0.0\n¤version: 2026.2.0", "written twice"),
    ("pack.yaml", "{sv: Exempelriktlinje, en:", "¤{sv: Exempelriktlinje, no:", "'en'"),
    ("pack.yaml", "[facts.yaml,", "[¤../facts.yaml,", "in the same folder"),
    ("pack.yaml", "[facts.yaml,", "[¤fact.yaml,", "there is no file fact.yaml"),
    ("pack.yaml", "[facts.yaml,", "[facts.yaml, ¤facts.yaml,", "included twice"),
    # Sources and parameters.
    ("pack.yaml", "01-01: 6}, cite: RL §3", "01-01: 6}, cite: ¤LR §3", "there are RL, SOL"),
    ("pack.yaml", "01-01: 6}, cite: RL §3", "01-01: 6}, cite: ¤RL §9", "no section '§9'"),
    ("pack.yaml", "covers: [EX-75]", "covers: [¤EX75]", "ids such as HBG-32"),
    ("pack.yaml", "covers: [EX-75]", "covers: [EX-75, ¤EX-75]", "listed twice"),
    (
        "pack.yaml",
        "{type: months, values: {2018-02-12: 12, 2027",
        "{type: ¤month, values: {2018-02-12: 12, 2027",
        "did you mean 'months'",
    ),
    ("pack.yaml", "{2018-02-12: 12, 2027-01-01: 6}", "{2018-02-12: ¤12.5}", "whole number"),
    ("pack.yaml", "{2018-02-12: 12, 2027-01-01: 6}", "{2018-02-12: ¤-1}", "between 0 and 1200"),
    ("pack.yaml", "{2018-02-12: 12, 2027-01-01: 6}", "¤{2026-07-02: 12}", "no value on 2026-07-01"),
    (
        "pack.yaml",
        "{2018-02-12: 12, 2027-01-01: 6}",
        "{2018-02-12: 12, ¤2027-01-01: null}",
        "a gap",
    ),
    (
        "pack.yaml",
        "{2018-02-12: 12, 2027-01-01: 6}",
        "{2018-02-12: 12, ¤2018-02-11: 6}",
        "in order",
    ),
    ("pack.yaml", "[12, 24]", "¤[12, 12]", "a value twice"),
    ("pack.yaml", "[12, 24]", "¤[]", "between 1 and 1000"),
    # Facts.
    (
        "facts.yaml",
        "uses: [registered_kommun",
        "uses: [¤registered_komun",
        "did you mean 'registered_kommun'",
    ),
    ("facts.yaml", "joint_visit_done]", "joint_visit_done, ¤department]", "used twice"),
    ("facts.yaml", "  has_own_lease:", "  ¤age:", "is in the catalogue"),
    ("facts.yaml", "  has_own_lease:", "  ¤Own-lease:", "lower-case letters"),
    (
        "facts.yaml",
        "has_own_lease: {type: bool,",
        "has_own_lease: {type: ¤boolean,",
        "type cannot be",
    ),
    ("facts.yaml", "assessment: true", "¤asessment: true", "did you mean 'assessment'"),
    ("facts.yaml", "assessment: true", "assessment: ¤yes", "true or false"),
    (
        "facts.yaml",
        "ask_when: h.children_under_18 > 0",
        "ask_when: h.¤children > 0",
        "unknown fact 'children'",
    ),
    (
        "facts.yaml",
        "ask_when: h.children_under_18 > 0",
        "ask_when: ¤h.child_at_risk",
        "its own answer",
    ),
    ("facts.yaml", "min: 0, optional", "¤max: -100000000000000, optional", "max must be between"),
    (
        "facts.yaml",
        "kind:\n        type: choice",
        "kind:\n        type: ¤records",
        "type cannot be",
    ),
    # Rules.
    (
        "rules.yaml",
        "when: h.registered_kommun == p.kommun",
        "when: h.registered_kommun ¤< p.kommun",
        "< needs numbers",
    ),
    (
        "rules.yaml",
        "when: '!h.has_own_lease'",
        "when: '!h.¤has_own_leese'",
        "did you mean 'has_own_lease'",
    ),
    ("rules.yaml", "when: '!h.has_own_lease'", "when: '!h.has_own_lease ¤?'", "no '? :'"),
    (
        "rules.yaml",
        "when: h.group in p.groups",
        "when: h.group ¤in p.debt_limit",
        "'in' needs a parameter list",
    ),
    ("rules.yaml", '"SOF-BUF" &&', '¤"SOF-BOF" &&', "did you mean 'SOF-BUF'"),
    ("rules.yaml", "  - id: homeless", "  - id: ¤registered", "written twice"),
    (
        "rules.yaml",
        "{id: no_roof,",
        "{id: no_roof, label: {sv: a, en: b}, ¤label:",
        "written twice",
    ),
    ("rules.yaml", "{id: already_housed,", "{id: ¤no_roof,", "written twice in homeless"),
    ("rules.yaml", "when: h.roofless}", "when: h.roofless, ¤wen: x}", "unknown key 'wen'"),
    (
        "rules.yaml",
        "    label: {sv: Folkbokförd i kommunen, en: Registered in the kommun}\n",
        "",
        None,
    ),
    ("rules.yaml", "- {rule: homeless}", "- {rule: ¤homless}", "did you mean 'homeless'"),
    ("rules.yaml", "when: h.group in p.groups", "rule: entitled", "refer in a circle"),
    ("rules.yaml", "when: h.group in p.groups", "rule: ¤target_group", "refer in a circle"),
    ("rules.yaml", "    force: advice", "    force: ¤may", "force cannot be 'may'"),
    (
        "rules.yaml",
        "when: size(h.obstacles) == 0",
        "all: ¤[{rule: sober}]",
        "at least one node that decides",
    ),
    # Programmes.
    (
        "facts.yaml",
        "  roofless: {type: bool,",
        "  roofless: {type: bool, group: ¤homes,",
        "group cannot",
    ),
    ("programmes.yaml", "entry: entitled", "entry: ¤entiteld", "did you mean 'entitled'"),
    ("programmes.yaml", "entry: entitled", "entry: ¤sober", "off by its legal flag"),
    ("programmes.yaml", "responsible: for_adults", "responsible: ¤adults", "no rule 'adults'"),
    ("programmes.yaml", "kind: long_text", "kind: ¤longtext", "did you mean 'long_text'"),
    ("programmes.yaml", "{id: size,", "{¤id: household,", "listed twice"),
    (
        "programmes.yaml",
        "grants: decision_granted}",
        "grants: decision_granted, decided_with: ¤suport}",
        "did you mean 'support'",
    ),
    (
        "programmes.yaml",
        "when: h.children_under_18 > 0,",
        "when: h.children_under_18 ¤> h.roofless,",
        None,
    ),
    (
        "programmes.yaml",
        "signatures: [resident,",
        "signatures: [¤residents,",
        "did you mean 'resident'",
    ),
    ("programmes.yaml", "before: referral_submitted", "before: ¤referral_sent", "before cannot be"),
    (
        "programmes.yaml",
        "valid: p.referral_months",
        "valid: ¤p.referal_months",
        "did you mean 'referral_months'",
    ),
    ("programmes.yaml", "valid: p.referral_months", "valid: ¤p.debt_limit", "type months or int"),
    ("programmes.yaml", "times: p.extensions", "times: ¤-1", "between 0"),
    (
        "programmes.yaml",
        "requires: [household]}",
        "requires: [¤huosehold]}",
        "did you mean 'household'",
    ),
    (
        "programmes.yaml",
        "legal_bases: [sol_old, sol_new]",
        "¤legal_bases: [sol_old]",
        "none of them is in force",
    ),
    (
        "programmes.yaml",
        "order: [support, referral, offer, contract, housing, follow_up]",
        "order: ¤[support, referral]",
        "'housing' has no place",
    ),
    (
        "programmes.yaml",
        "order: [support, referral, offer,",
        "order: [support, referral, ¤offers,",
        "did you mean 'offer'",
    ),
    ("programmes.yaml", "consequence: offer_again", "consequence: ¤again", "consequence cannot be"),
    ("programmes.yaml", "{months: 1}", "¤{moths: 1}", "either months or days"),
    ("programmes.yaml", "every: {months: 3}", "¤every: {months: 0}", "at least 1"),
    (
        "programmes.yaml",
        "every: {months: 3}",
        "every: {months: 3}\n        ¤first_after: {days: 9}",
        "in months",
    ),
    (
        "programmes.yaml",
        "continuous: true",
        "continuous: true, ¤times: 3",
        "belongs to an obligation with every",
    ),
    (
        "programmes.yaml",
        "every: {months: 3}",
        "every: {months: 3}\n        departments: [¤SOF-VUXX]",
        "did you mean 'SOF-VUX'",
    ),
    ("programmes.yaml", "within: {months: 1}, by", "by", None),
    (
        "programmes.yaml",
        "made_at: first_follow_up",
        "made_at: ¤first_followup",
        "did you mean 'first_follow_up'",
    ),
    ("programmes.yaml", "to: rent_guarantee", "to: ¤guarantee", "to cannot be"),
    ("programmes.yaml", "periods: p.guarantee_periods", "periods: ¤p.groups", "type months_list"),
    ("programmes.yaml", "initial: assessment", "initial: ¤asessment", "did you mean 'assessment'"),
    (
        "programmes.yaml",
        "{from: waiting, on: decision_granted",
        "{from: waiting, on: ¤granted",
        "on cannot be",
    ),
    (
        "programmes.yaml",
        "{from: waiting, on: decision_granted, to: housed}",
        "¤{from: assessment, on: support_granted, to: housed}",
        "written twice",
    ),
    ("programmes.yaml", "to: housed}", "to: waiting}", "no transition leads"),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), FAULTS)
def test_a_fault_is_named_with_its_place(
    changed: Callable[..., Path], file: str, old: str, new: str, message: str | None
) -> None:
    folder = changed((file, old, new))
    content = (folder / file).read_text("utf-8")
    (folder / file).write_text(content.replace("¤", ""), "utf-8")
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    error = caught.value
    assert error.file == f"{folder}/{file}"
    if "¤" in content:
        before = content[: content.index("¤")]
        expected = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        assert (error.line, error.column) == expected, error.message
    if message is not None:
        assert message in error.message
    assert str(error) == f"{error.file}:{error.line}:{error.column}: {error.message}"


@pytest.mark.parametrize(
    ("written", "line", "column"),
    [
        ("when: h.registered_kommun == 7", 6, 31),
        ("when: 'h.registered_kommun == 7'", 6, 32),
        ('when: "h.registered_kommun == 7"', 6, 32),
        ("when: 'h.registered_kommun == ''x'' && h.x'", 6, 46),
        ('when: "h.registered_kommun == \\"x\\" && h.x"', 6, 46),
        ("when: h.registered_kommun\n      == 7", 7, 7),
        ("when: 'true &&'", 6, 19),
        ('when: "true &&"', 6, 19),
        ("when: true &&", 6, 18),
        ("when: >-\n      true &&\n      h.registered_kommun == 7", 8, 27),
        ("when: |\n      true &&\n      h.registered_kommun == 7\n", 8, 27),
        ("when: |\n      true &&\n\n        h.registered_kommun == 7\n", 9, 29),
        ("when: 'true &&\n\n      h.registered_kommun == 7'", 8, 27),
    ],
)
def test_the_column_is_found_in_every_way_of_writing_text(
    changed: Callable[..., Path], written: str, line: int, column: int
) -> None:
    folder = changed(("rules.yaml", "when: h.registered_kommun == p.kommun", written))
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert (caught.value.line, caught.value.column) == (line, column), caught.value.message


def test_a_name_in_two_parts_is_refused(changed: Callable[..., Path]) -> None:
    again = "facts:\n  roofless: {type: bool, label: {sv: a, en: b}}\nrules:"
    folder = changed(("rules.yaml", "rules:", again))
    with pytest.raises(PackError, match="'roofless' is in facts twice"):
        load_pack(folder)


def test_a_list_with_a_word_that_is_no_option_is_refused_where_it_is_used(
    changed: Callable[..., Path],
) -> None:
    # A misspelt word in any of the values over time would silently never match.
    old = "2027-01-01: [addiction]"
    folder = changed(("pack.yaml", old, "2027-01-01: [addiction, disabilty]"))
    with pytest.raises(PackError, match="'disabilty' is not an option; did you mean") as caught:
        load_pack(folder)
    assert caught.value.file.endswith("rules.yaml")
    line = (folder / "rules.yaml").read_text("utf-8").splitlines()[caught.value.line - 1]
    assert line[caught.value.column - 1 :] == "groups"


def test_references_without_a_circle_are_bounded_in_length_and_cost(tmp_path: Path) -> None:
    def pack(count: int) -> Path:
        rules = "\n".join(
            f"  - {{id: r{n}, cite: S, label: {{sv: a, en: b}}, "
            f"all: [{{rule: r{n + 1}}}, {{id: again, rule: r{n + 1}}}]}}"
            for n in range(count)
        )
        (tmp_path / "pack.yaml").write_text(
            "pack: a/b\nversion: 1.0.0\nin_force: {from: 2026-01-01}\ntitle: {sv: a, en: b}\n"
            "sources: {S: {title: s}}\nfacts: {x: {type: bool, label: {sv: a, en: b}}}\n"
            f"rules:\n{rules}\n  - {{id: r{count}, cite: S, label: {{sv: a, en: b}}, when: h.x}}\n",
            "utf-8",
        )
        return tmp_path

    # Two references each: 2^24 nodes if every reference were followed.
    loaded = load_pack(pack(24))
    assert loaded.facts_of("r0") == ("x",)
    with pytest.raises(PackError, match="more than 25 rules"):
        load_pack(pack(25))


def test_the_whole_example_is_there(example: Pack) -> None:
    assert (example.name, example.version, example.version_key) == (
        *("example/homes", "2026.2.0"),
        (2026, 2, 0),
    )
    assert example.title == Label("Exempelriktlinje", "Example guideline")
    assert example.facts["child_at_risk"].kind is FactKind.ASSESSMENT
    assert example.facts["registered_kommun"].kind is FactKind.DERIVED
    assert example.rules["no_own_lease"].unless[0].path == "no_own_lease/child_in_danger"
    assert example.covers["EX-105"] == ("agenda:municipal_contract.follow_up.care",)
    assert list(example.facts["current_contract_form"].options) == [
        *("none", "kommunalt_kontrakt", "hyresgaranti")
    ]
    programme = example.programme("municipal_contract")
    assert programme.comes_before("contract", "housing")
    assert not programme.comes_before("housing", "offer")
    assert not programme.comes_before("guarantee", "contract")
    assert not programme.comes_before("contract", "guarantee")
    assert programme.referral is not None and programme.referral.extend is not None
    assert example.number(programme.referral.extend.times, date(2026, 9, 1)) == 1
    assert programme.contract is not None
    waiver, rent = programme.contract.terms
    assert (rent.required, rent.minimum, rent.maximum) == (False, 0, 5_000_000)
    assert (waiver.required, waiver.must_be, waiver.maximum) == (True, True, None)
    support = programme.decision("support")
    assert [base.id for base in example.bases(support, date(2026, 9, 1))] == ["sol_new"]
    assert [base.id for base in example.bases(support, date(2025, 6, 30))] == ["sol_old"]


def test_items_take_their_sections_citation_and_references_their_rules(example: Pack) -> None:
    referral = example.programme("municipal_contract").referral
    assert referral is not None
    assert referral.requires[0].cite == ("RL §3",)
    assert example.rules["no_own_lease"].unless[0].cite == ("RL §2.1",)
    homeless = next(node for node in example.rules["entitled"].children if node.ref == "homeless")
    assert (homeless.cite, homeless.label.en) == (("RL §2.1",), "Homeless")


def test_a_pack_cannot_be_changed(example: Pack) -> None:
    with pytest.raises(FrozenInstanceError):
        example.version = "1.0.0"  # type: ignore[misc]
    for mapping in (example.rules, example.facts, example.params, example.programmes):
        with pytest.raises(TypeError):
            mapping["x"] = None  # type: ignore[index]
    with pytest.raises(TypeError):
        example.facts["group"].options["new"] = Label("a", "b")  # type: ignore[index]


def test_the_hash_follows_the_content_and_nothing_else(
    example: Pack, changed: Callable[..., Path]
) -> None:
    assert load_pack(changed()).content_hash == example.content_hash
    other = load_pack(changed(("rules.yaml", "covers: [EX-27]", "covers: [EX-28]")))
    assert other.content_hash != example.content_hash


def test_facts_stand_in_the_order_of_the_form(changed: Callable[..., Path]) -> None:
    pack = load_pack(
        changed(
            (
                "pack.yaml",
                "params:\n",
                "groups: {home: {sv: Hem, en: Home}, debt: {sv: Skuld, en: Debt}}\nparams:\n",
            ),
            ("facts.yaml", "rent_paid_months,", "{fact: rent_paid_months, group: home},"),
            (
                "facts.yaml",
                "  has_own_lease: {type: bool,",
                "  has_own_lease: {type: bool, group: debt,",
            ),
            ("facts.yaml", "  roofless: {type: bool,", "  roofless: {type: bool, group: home,"),
        )
    )
    assert {id: label.sv for id, label in pack.groups.items()} == {"home": "Hem", "debt": "Skuld"}
    grouped = [(fact.group, fact.name) for fact in pack.facts.values() if fact.group]
    assert grouped == [
        ("home", "rent_paid_months"),
        ("home", "roofless"),
        ("debt", "has_own_lease"),
    ]
    assert [fact.group for fact in pack.facts.values()][-3:] == [group for group, _ in grouped]
