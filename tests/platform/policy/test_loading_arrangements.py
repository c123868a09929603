"""Sections outside the path of a case: quotas, meetings, service levels, milestones, takeover."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from hemvist.policy import Label, Num, Pack, PackError, Span, load_pack, schedule
from hemvist.policy.legal import refusals

TRAINING = Path(__file__).parent / "packs" / "training"
Change = Callable[..., Path]

PROGRAMME, LISTS = "programme.yaml", "arrangements.yaml"

#: (file, text that stands there once, what stands there instead with ¤ at the fault, message)
FAULTS = [
    ("pack.yaml", "kind: described", "kind: ¤practice", "kind cannot be 'practice'"),
    ("pack.yaml", "why: {sv: Källorna går isär, en: The sources pull apart}, ", "",
     "needs the key 'why'"),
    ("pack.yaml", "tension: 4", "¤tension: 0", "between 1 and 99"),
    ("pack.yaml", "{type: int, values: {2012-01-01: 2}", "{type: int, values: ¤{2012-01-01: 3}",
     "none of the setting's choices"),
    ("pack.yaml", "choices: [1, 2]", "choices: ¤[1, 1]", "a value twice"),
    ("pack.yaml", "programme.yaml, arrangements.yaml]", "programme.yaml, arrangements.yaml]\n"
     "checks: [¤{rule: entitled, at: case, effect: warn, flag: LF-1, message: {sv: a, en: b}}]",
     "status: {kind: law}"),
    # Programmes.
    (PROGRAMME, "mode: several, count: p.flats_shown", "mode: single, ¤count: 2", "one at a time"),
    (PROGRAMME, "count: p.flats_shown", "¤count: 0", "at least 1"),
    (PROGRAMME, "{days: 14, covers", "¤{weeks: 2, covers", "either months or days"),
    (PROGRAMME, "{months: 36, covers", "¤{days: 36, covers", "needs months"),
    (PROGRAMME, "clause: sobriety", "clause: ¤soberness", "clause cannot be 'soberness'"),
    (PROGRAMME, "{id: link, label", "{¤id: sober, label", "listed twice"),
    (PROGRAMME, "flag: LF-1", "flag: ¤LF1", "an id such as LF-4"),
    (PROGRAMME, "kind: borgen", "kind: ¤surety", "kind cannot be 'surety'"),
    (PROGRAMME, "rent_months: 3", "rent_months: ¤three", "whole number"),
    (PROGRAMME, "creates: report", "creates: ¤raport", "did you mean 'report'"),
    (PROGRAMME, "rule: trial_over\n", "rule: ¤trial_ower\n", "did you mean 'trial_over'"),
    (PROGRAMME, "from: moved_in\n", "from: ¤decision_granted\n", "from cannot be"),
    (PROGRAMME, "recommended_by: [social_board]", "recommended_by: [¤board]", "recommended_by"),
    (PROGRAMME, "event: inspection_done", "event: ¤inspected", "event cannot be 'inspected'"),
    (PROGRAMME, "offer, contract, inspection_done,", "offer, contract, ¤keys_returned,",
     "nobody records 'keys_returned'"),
    (PROGRAMME, "from: planning_meeting_held, every", "from: ¤planning_started, every",
     "add it under milestones"),
    (PROGRAMME, "until: support_ended", "until: ¤keys_returned", "add it under milestones"),
    (PROGRAMME, "on: planning_meeting_held", "on: ¤notice_given", "add it under milestones"),
    (PROGRAMME, "{id: ended,", "{¤id: planning,", "listed twice in milestones"),
    # Lists of the pack.
    (LISTS, "{id: no_queue, label: {sv: Ingen kö, en: No queue}, cite: RP Start,",
     "¤{id: no_queue, label: {sv: Ingen kö, en: No queue},", "needs the key 'cite'"),
    (LISTS, "within: {working_days: 3}", "within: ¤{weeks: 3}",
     "either hours or days or working_days or months"),
    (LISTS, "{working_days: 3}, by", "¤{working_days: 3, days: 3}, by", None),
    (LISTS, "on: disturbance_reported, within: {hours", "on: ¤offer_made, within: {hours",
     "on cannot be 'offer_made'"),
    (LISTS, "by: [support_worker], programmes: [training_flat]",
     "by: [support_worker], programmes: [¤training]", "did you mean 'training_flat'"),
    (LISTS, "number: p.homes_a_year", "number: ¤p.homes", "no parameter 'p.homes'"),
    (LISTS, "number: p.homes_a_year, landlord", "landlord", "exactly one of number"),
    (LISTS, "percent_range: {from: 5, to: 10}", "percent_range: {from: 50, ¤to: 10}",
     "the range ends at 10, before 50"),
    (LISTS, "percent_range: {from: 5, to: 10}", "percent: ¤110", "more than 100 percent"),
    (LISTS, "kind: binding", "kind: ¤bound", "kind cannot be 'bound'"),
    (LISTS, "{year: 2012, value: 220}", "¤{year: 2012, value: 220, from: 2}", "either value"),
    (LISTS, "{year: 2012, value: 220}", "{¤year: 12, value: 220}", "between 1900 and 2100"),
    (LISTS, "every: {months: 1}}", "every: {months: 1}, as_needed: true}", None),
    (LISTS, "times: {from: 2, to: 4, per: year}", "times: {from: 5, ¤to: 4, per: year}",
     "before 5"),
    (LISTS, "due: 2018-06-30,", "due: 2018-06-30, when: {sv: Nu, en: Now},", "either due"),
    (LISTS, "due: 2018-06-30", "due: ¤2018-06-31", "must be a date"),
    (LISTS, "where: [contract, decision]", "where: ¤[]", "where must name contract or decision"),
    (LISTS, "effect: block", "effect: ¤stop", "effect cannot be 'stop'"),
    (LISTS, "effect: block", "effect: block, programmes: [¤training]", "did you mean"),
    (LISTS, "effect: block", "effect: block, while: ¤p.trial_months", "of type bool"),
    (LISTS, "effect: block", "effect: block, while: ¤p.strict", "no parameter"),
    (PROGRAMME, "until: support_ended", "until: [support_ended, ¤support_ended]", "listed twice"),
    (PROGRAMME, "until: support_ended", "until: ¤[]", "must name an event"),
]  # fmt: skip


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """A copy of the pack with one text replaced."""

    def change(file: str, old: str, new: str) -> Path:
        folder = copytree(TRAINING, tmp_path / "pack", dirs_exist_ok=True)
        content = (folder / file).read_text("utf-8")
        assert content.count(old) == 1, f"{old!r} stands {content.count(old)} times in {file}"
        (folder / file).write_text(content.replace(old, new), "utf-8")
        return folder

    return change


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(TRAINING)


@pytest.mark.parametrize(("file", "old", "new", "message"), FAULTS)
def test_a_fault_is_named_with_its_place(
    changed: Change, file: str, old: str, new: str, message: str | None
) -> None:
    folder = changed(file, old, new.replace("¤", ""))
    with pytest.raises(PackError) as refused:
        load_pack(folder)
    error = refused.value
    if message is not None:
        assert message in str(error)
    assert Path(error.file).name == file
    if "¤" in new:
        content = (TRAINING / file).read_text("utf-8").replace(old, new)
        before = content[: content.index("¤")]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        assert (error.line, error.column) == (line, column), str(error)


def test_every_list_is_bounded(changed: Change) -> None:
    many = "".join(
        f"  - {{id: s{number}, label: {{sv: a, en: b}}, cite: RP Start}}\n" for number in range(501)
    )
    folder = changed(LISTS, "standing:\n", f"standing:\n{many}")
    with pytest.raises(PackError, match="standing holds more than 500 items"):
        load_pack(folder)


def test_what_covers_what(pack: Pack) -> None:
    carriers = {id: found for id, (found,) in pack.covers.items()}
    assert carriers == {
        "EX-101": "notice:training_flat",
        "EX-102": "tenure_waiver:training_flat",
        "EX-103": "clause:training_flat.sober",
        "EX-104": "takeover:training_flat",
        "EX-105": "takeover:training_flat.ask",
        "EX-106": "takeover:training_flat.told",
        "EX-107": "milestone:training_flat.planning",
        "EX-108": "milestone:training_flat.planning.goals",
        "EX-110": "standing:no_queue",
        "EX-111": "service_level:urgent",
        "EX-112": "quota:homes",
        "EX-113": "indicator:contracts",
        "EX-114": "meeting:group",
        "EX-115": "meeting:group.homes",
        "EX-116": "measure:review",
        "EX-117": "refused:no_tests",
    }


def test_numbers_keep_their_parameters(pack: Pack) -> None:
    homes, share, set_yearly = pack.quotas
    assert homes.amount is not None and pack.number(homes.amount.low, date(2014, 1, 1)) == 40
    assert share.amount is not None and share.amount.percent
    assert (share.amount.low, share.amount.high) == (Num(5), Num(10))
    assert set_yearly.amount is None and set_yearly.by == Label("Överenskommelse", "Agreement")
    flats = pack.programme("training_flat").offers
    assert flats is not None and flats.count == Num(param="flats_shown")


def test_a_setting_says_why_and_what_to_choose_among(pack: Pack) -> None:
    setting = pack.params["flats_shown"].setting
    assert setting is not None
    assert (setting.tension, setting.choices) == (4, (1, 2))


def test_history_is_kept_and_off(pack: Pack) -> None:
    contract = pack.programme("training_flat").contract
    assert contract is not None
    assert [clause.active for clause in contract.clauses] == [False, True]
    # Written without `active`, a flag marks what still applies.
    assert contract.notice is not None and contract.notice.legal is not None
    assert contract.notice.legal.active


def test_the_status_of_the_text(pack: Pack, example: Pack) -> None:
    assert pack.status.kind == "described"
    assert example.status.kind == "guideline"


def test_a_milestone_and_its_agenda(pack: Pack) -> None:
    planning = pack.programme("training_flat").milestone("planning")
    assert planning.event == "planning_meeting_held"
    assert [item.id for item in planning.agenda] == ["goals"]


def test_a_decision_may_give_a_milestone(pack: Pack) -> None:
    """The takeover is decided, and needs no entry under milestones to move the stage."""
    programme = pack.programme("training_flat")
    assert programme.takeover is not None
    assert programme.takeover.after == Span("months", Num(param="trial_months"))
    assert "lease_taken_over" not in {one.event for one in programme.milestones}


@pytest.mark.parametrize("text", ["meetings", "measures"])
def test_exactly_one_way_to_say_when(changed: Change, text: str) -> None:
    old = {"meetings": "as_needed: true", "measures": "when: {sv: Löpande, en: All the time}"}[text]
    folder = changed(LISTS, f", {old}", "")
    with pytest.raises(PackError, match="needs e"):
        load_pack(folder)


def test_the_first_of_several_events_ends_a_duty(changed: Change) -> None:
    """Support that ends and keys that are returned: the earlier day counts."""
    written = "until: [support_ended, contract_ended]"
    pack = load_pack(changed(PROGRAMME, "until: support_ended", written))
    duty = pack.programme("training_flat").obligation("report")
    assert (duty.until, duty.ends) == ("support_ended", ("support_ended", "contract_ended"))
    met, last = date(2014, 1, 1), date(2014, 12, 31)
    ends = {"support_ended": date(2014, 6, 1), "contract_ended": date(2014, 3, 2)}
    dues = schedule(pack, "training_flat", {"planning_meeting_held": met, **ends}, last)
    assert [due.due_on for due in dues] == [date(2014, 1, 31), date(2014, 3, 2)]
    assert len(schedule(pack, "training_flat", {"planning_meeting_held": met}, last)) == 12


def test_what_is_refused_in_one_programme_only(changed: Change) -> None:
    written = "effect: block, programmes: [training_flat]"
    pack = load_pack(changed(LISTS, "effect: block", written))
    assert [one.rule for one in refusals(pack, "contract", ["drug_tests"], "training_flat")] == [
        "no_tests"
    ]
    assert refusals(pack, "contract", ["drug_tests"], "other") == ()
    assert refusals(pack, "contract", ["drug_tests"]) == ()


def test_what_is_refused_only_while_a_setting_says_yes(changed: Change) -> None:
    folder = changed(LISTS, "effect: block", "effect: block, while: p.strict")
    file = folder / "pack.yaml"
    strict = (
        "  strict: {type: bool, values: {2012-01-01: false, 2014-01-01: true}, cite: RP Avtal}\n"
    )
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("params:\n", f"params:\n{strict}"), encoding="utf-8")
    pack = load_pack(folder)
    said = [
        refusals(pack, "contract", ["drug_tests"], None, day)
        for day in (date(2013, 12, 31), date(2014, 1, 1))
    ]
    assert [len(one) for one in said] == [0, 1]
    # Whoever names no day is told of every one.
    assert len(refusals(pack, "contract", ["drug_tests"])) == 1
