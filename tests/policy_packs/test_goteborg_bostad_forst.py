"""The pack of Göteborg's Housing First routine: whole, dated, its four phases, and the law beside."""

from __future__ import annotations

from datetime import date

import pytest

from hemvist.policy import (
    GuardRefused,
    Outcome,
    Pack,
    evaluate,
    load_pack,
    next_stage,
    schedule,
)
from hemvist.policy.dead_ends import dead_ends
from hemvist.policy.facts import FactKind
from hemvist.policy.locks import broken, read_lock
from hemvist.policy.sentences import read_sentences
from hemvist_packs import (
    NEW_ACT,
    PACKS,
    copied,
    days,
    facts_unused,
    facts_without_heading,
    ids,
    labels_wanting,
    leaves_unnoticed,
    noticed,
    params_unused,
    rewritten,
)
from hemvist_registry import discovered

NAME = "goteborg/bostad-forst"
GUIDELINE = "bostad-forst"
FOLDER = PACKS.joinpath("goteborg", GUIDELINE)
FIRST = date(2022, 2, 1)
DAY = date(2026, 9, 1)
RULES = ("target_group.yaml", "matching.yaml", "home_rules.yaml", "takeover_rules.yaml")
GOOD_TENANT = {
    "moved_in_on": "2025-01-31",
    "absence_days": 0,
    "rent_paid_months": 18,
    "pays_rent_independently": True,
    "neighbours_undisturbed": True,
    "joint_inspection_done": True,
    "flat_well_cared_for": True,
    "owner_approves": False,
    "tribunal_leave": False,
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The version that the test is written for."""
    return discovered().get(NAME, "2026.1.0")


def test_found_from_the_month_of_the_cooperation_group(pack: Pack) -> None:
    """In force until further notice; four social administrations, the coordination, the landlord."""
    assert pack.in_force.start == FIRST
    assert pack.in_force.end is None
    assert pack.status.kind == "guideline"
    assert set(pack.departments) == {"SF-C", "SF-H", "SF-NO", "SF-SV", "BF", "EXF"}
    assert list(pack.programmes) == ["bostad_forst"]


def test_covers_the_routine_and_nothing_else(pack: Pack) -> None:
    """GBG-01 to GBG-135, each carried by something in the pack."""
    assert set(pack.covers) == ids("GBG", 135)


def test_nothing_is_idle_or_half_translated(pack: Pack) -> None:
    """Facts and parameters are read, questions stand under headings, labels are in two languages."""
    assert facts_unused(pack) == set()
    assert facts_without_heading(pack) == []
    assert params_unused(pack) == set()
    assert labels_wanting(pack) == []


def test_no_gap_and_the_right_act_on_every_day(pack: Pack) -> None:
    """To 2030: parameters have values, nothing is settled of nothing, the act of the day carries."""
    for day in days(FIRST, 9):
        assert all(pack.param(name, day) is not None for name in pack.params)
        for rule in pack.rules:
            assert evaluate(pack, rule, {}, day).outcome is Outcome.UNKNOWN, (rule, day)
        for decision in pack.programme("bostad_forst").decisions:
            acts = {basis.cite[0].split()[0] for basis in pack.bases(decision, day)}
            assert acts == {"SoL2025" if day >= NEW_ACT else "SoL2001"}, (decision.id, day)
    assert dead_ends(pack, samples=300) == ()


def test_every_sentence_holds_and_is_locked(pack: Pack) -> None:
    """The cases, and the outcomes written down for this version."""
    sentences = read_sentences(pack, FOLDER)
    lock = read_lock(FOLDER)

    assert [sentence.name for sentence in sentences if sentence.judge()] == []
    assert len(sentences) >= 200
    assert lock is not None and lock.version == pack.version
    assert broken(lock, pack, sentences) == ()


# --- phases


def test_the_four_phases_follow_events_and_milestones(pack: Pack) -> None:
    """From application to open support, one stage after the other."""
    walked: list[tuple[str, dict[str, object]]] = [
        ("referral_submitted", {}),
        ("advance_notice_given", {}),
        ("information_meeting_held", {}),
        ("decision_granted", {}),
        ("planning_started", {}),
        ("moved_in", {}),
        ("lease_taken_over", {**GOOD_TENANT, "owner_approves": True}),
        ("support_ended", {"support_end_ground": "no_need"}),
        ("case_closed", {}),
    ]
    table = pack.programme("bostad_forst").stages
    assert table is not None
    rows = {(row.source, row.event): row for row in table.transitions}
    stage, seen = table.initial, [table.initial]
    for event, facts in walked:
        row = rows[stage, event]
        if facts or row.guard is None:
            assert next_stage(pack, "bostad_forst", stage, event, facts, DAY) == row.target
        else:
            with pytest.raises(GuardRefused):
                next_stage(pack, "bostad_forst", stage, event, facts, DAY)
        stage = row.target
        seen.append(stage)

    assert seen == [
        *("application", "referral", "information", "decision", "waiting"),
        *("phase_1", "phase_2", "phase_3", "phase_4", "closed"),
    ]


def test_support_does_not_end_for_the_sake_of_the_contract(pack: Pack) -> None:
    """GBG-131: a lease of one's own is no reason to leave phase 3."""
    with pytest.raises(GuardRefused):
        next_stage(
            pack,
            "bostad_forst",
            "phase_3",
            "support_ended",
            {"support_end_ground": "new_contract_type"},
            DAY,
        )


def test_the_support_remains_until_the_keys_are_in(pack: Pack) -> None:
    """GBG-119: from notice to the keys, and another flat only if nothing special is against it."""
    programme = pack.programme("bostad_forst")
    until_keys = programme.obligation("support_until_keys")
    assert (until_keys.anchor, until_keys.until) == ("notice_given", "keys_returned")
    assert next_stage(pack, "bostad_forst", "phase_2", "notice_given", {}, DAY) == "leaving"
    assert next_stage(pack, "bostad_forst", "leaving", "keys_returned", {}, DAY) == "moved_out"

    again = {"given_notice_before": True, "special_circumstances_against": False}
    assert next_stage(pack, "bostad_forst", "moved_out", "planning_started", again, DAY) == (
        "phase_1"
    )


def test_two_decisions_before_the_contract(pack: Pack) -> None:
    """GBG-54: home and support; tension 5: both before the contract, and after the meeting."""
    programme = pack.programme("bostad_forst")

    assert [decision.id for decision in programme.decisions] == ["support", "housing"]
    assert programme.comes_before("information_meeting_held", "support")
    assert programme.comes_before("housing", "contract")
    assert programme.obligation("reassess_support").creates == "decision"


# --- judgements, contract, duties


def test_violence_and_risk_are_judgements_with_reasons(pack: Pack) -> None:
    """GBG-17, GBG-18: nobody is shut out by a ticked box without a reason."""
    judged = (
        *("near_violence", "violence_may_affect", "high_overdose_risk", "high_suicide_risk"),
        "needs_more_supervision",
    )

    assert {pack.fact(name).kind for name in judged} == {FactKind.ASSESSMENT}


def test_the_contract_as_the_routine_has_it_with_the_law_beside(pack: Pack) -> None:
    """GBG-77 and GBG-78: 14 days and two years, each with its flag and neither put right in silence."""
    programme = pack.programme("bostad_forst")
    contract = programme.contract
    assert contract is not None and contract.kind == "sublease"
    notice, waiver = contract.notice, contract.tenure_waiver
    assert notice is not None and waiver is not None
    assert (notice.span.unit, pack.number(notice.span.count, DAY)) == ("days", 14)
    assert (waiver.span.unit, pack.number(waiver.span.count, DAY)) == ("months", 24)
    assert notice.legal is not None and notice.legal.flag == "LF-1"
    assert waiver.legal is not None and waiver.legal.flag == "LF-2"


def test_the_weekly_visit_is_a_duty_of_the_staff_and_no_lease_term(pack: Pack) -> None:
    """GBG-92 and LF-3: a date for the support staff; as a clause of the contract it is blocked."""
    programme = pack.programme("bostad_forst")
    visit = programme.obligation("home_visit")
    assert visit.by == ("support_worker",)
    assert visit.until == "lease_taken_over"
    refused = {no.clause: no for no in pack.refused}
    assert refused["home_visits"].effect == "block"
    assert "contract" in refused["home_visits"].where
    assert programme.contract is not None
    assert programme.contract.clauses == ()
    assert [term.id for term in programme.contract.terms] == ["informed_of_duties"]


def test_contact_within_one_day_of_the_demand(pack: Pack) -> None:
    """GBG-109: the only clock of an incident."""
    (level,) = pack.service_levels

    assert (level.on, level.within.unit, level.by) == ("demand_sent", "days", ("support_worker",))
    assert pack.number(level.within.count, DAY) == 1


def test_the_owner_alone_decides_the_transfer(pack: Pack) -> None:
    """GBG-130: asked after the joint inspection; told of the open support before it happens."""
    takeover = pack.programme("bostad_forst").takeover
    assert takeover is not None
    assert takeover.decided_by == ("landlord",)
    assert not takeover.owner_bound
    assert [step.id for step in takeover.steps] == [
        *("inspection_together", "request", "owner_decides"),
    ]
    assert [(told.id, told.before) for told in takeover.notices] == [
        ("open_support_told", "lease_taken_over")
    ]


def test_a_day_of_absence_moves_the_transfer_by_a_day(pack: Pack) -> None:
    """GBG-125: full at 18 months, and the same number of days later with absence."""
    for absence, last_no, first_yes in (
        (0, date(2026, 7, 30), date(2026, 7, 31)),
        (1, date(2026, 7, 31), date(2026, 8, 1)),
        (60, date(2026, 9, 28), date(2026, 9, 29)),
    ):
        facts = {**GOOD_TENANT, "absence_days": absence}
        answers = [
            evaluate(pack, "good_tenancy", facts, day).outcome for day in (last_no, first_yes)
        ]
        assert answers == [Outcome.FALSE, Outcome.TRUE], absence


# --- settings


def test_the_tensions_are_settings(pack: Pack) -> None:
    """2, 4 and 6 of the catalogue; 5 is the order of the programme."""
    settings = {
        name: (param.setting.tension, param.setting.choices)
        for name, param in pack.params.items()
        if param.setting
    }

    assert settings == {
        "support_months": (2, (18, 24)),
        "parallel_flats": (4, (1, 2)),
        "owner_bound": (6, (False, True)),
    }


def test_a_city_that_binds_the_owner_needs_no_yes(pack: Pack) -> None:
    """Tension 6: from the day of the other setting the owner's no is no obstacle."""
    with copied("goteborg", GUIDELINE) as folder:
        other = rewritten(
            folder,
            "params.yaml",
            "{2022-02-01: false}",
            "{2022-02-01: false, 2027-01-01: true}",
        )
    eve, new_year = date(2026, 12, 31), date(2027, 1, 1)

    assert evaluate(pack, "may_take_over", GOOD_TENANT, new_year).outcome is Outcome.FALSE
    assert evaluate(other, "may_take_over", GOOD_TENANT, eve).outcome is Outcome.FALSE
    assert evaluate(other, "may_take_over", GOOD_TENANT, new_year).outcome is Outcome.TRUE


def test_a_decision_of_24_months_is_reassessed_later(pack: Pack) -> None:
    """Tension 2: the same grant, reassessed after 18 months or after 24."""
    with copied("goteborg", GUIDELINE) as folder:
        other = rewritten(
            folder,
            "params.yaml",
            "{2022-02-01: 18}\n    cite: BF Beslut\n",
            ("{2022-02-01: 18, 2027-01-01: 24}\n    cite: BF Beslut\n"),
        )
    granted, horizon = date(2027, 1, 1), date(2030, 1, 1)

    def due(of: Pack) -> list[date]:
        found = schedule(of, "bostad_forst", {"support_granted": granted}, horizon)
        return [one.due_on for one in found]

    assert due(pack) == [date(2028, 7, 1)]
    assert due(other) == [date(2029, 1, 1)]


# --- planted faults


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (
            "params.yaml",
            "values: {2022-02-01: 3}\n    cite: BF Målgrupp",
            "values: {2022-02-01: 2}\n    cite: BF Målgrupp",
        ),
        ("params.yaml", "{2022-02-01: 56}", "{2022-02-01: 55}"),
        ("params.yaml", "{2022-02-01: 28}", "{2022-02-01: 29}"),
        ("params.yaml", "{2022-02-01: 7}", "{2022-02-01: 8}"),
        ("params.yaml", "{2022-02-01: false}", "{2022-02-01: true}"),
        (
            "params.yaml",
            "values: {2022-02-01: 18}\n    cite: [BF Kontraktsskrivning",
            "values: {2022-02-01: 17}\n    cite: [BF Kontraktsskrivning",
        ),
        ("params.yaml", "[SF-C, SF-H, SF-NO, SF-SV]", "[SF-C, SF-H, SF-NO, SF-SV, EXF]"),
        ("target_group.yaml", "h.near_violence && h.violence", "h.near_violence || h.violence"),
        ("target_group.yaml", "h.high_overdose_risk || h.high", "h.high_overdose_risk && h.high"),
        ("target_group.yaml", "h.discharge_on <= addMonths", "h.discharge_on < addMonths"),
        ("matching.yaml", "d.amount > 0", "d.amount >= 0"),
        ("matching.yaml", "d.company == h.offered_company && ", ""),
        (
            "matching.yaml",
            'h.protection == "none" || h.document_form == "paper"\'',
            'h.protection != "fictitious" || h.document_form == "paper"\'',
        ),
        ("takeover_rules.yaml", "p.takeover_months), h.absence_days)", "p.takeover_months), 0)"),
        ("programme.yaml", "within: {months: p.support_months}", "within: {months: 19}"),
        (
            "programme.yaml",
            "from: support_assigned\n        every",
            "from: moved_in\n        every",
        ),
    ],
)
def test_a_planted_fault_is_noticed(file: str, old: str, new: str) -> None:
    """One figure or condition wrong, and a sentence says so."""
    with copied("goteborg", GUIDELINE) as folder:
        assert noticed(rewritten(folder, file, old, new), folder)


def test_a_consent_or_promise_left_out_is_noticed() -> None:
    """Each node of the consents and undertakings is needed: without it a sentence fails."""
    with copied("goteborg", GUIDELINE) as folder:
        file = folder / "target_group.yaml"
        original = file.read_text(encoding="utf-8")
        parties = ("social_services", "support_staff", "development_administration")
        for word in (*parties, "property_owner", "pay_rent", "care_for_flat", "not_disturb"):
            lists = ("consent_parties", "tenant_undertakings")
            (found,) = (
                f"'\"{word}\" in h.{name}'" for name in lists if f'"{word}" in h.{name}' in original
            )
            always = "'h.wants_rental_flat || !h.wants_rental_flat'"
            file.write_text(original.replace(found, always), encoding="utf-8")
            assert noticed(load_pack(folder), folder), word


@pytest.mark.slow
@pytest.mark.parametrize("name", RULES)
def test_a_leaf_turned_around_fails_a_sentence(name: str) -> None:
    """Each leaf in turn says the opposite."""
    assert leaves_unnoticed("goteborg", GUIDELINE, (name,)) == []
