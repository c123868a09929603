"""Rounds that are made of the guidelines of three kommuner, and what is done in them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hemvist.arrears import accounts
from hemvist.clock import today
from hemvist.errors import Conflict, NotAllowed, NotFound, ValidationFailed
from hemvist.identity import Membership, Role
from hemvist.prevention import contacts, runs
from hemvist.prevention.models import PreventionContact, PreventionEntry, PreventionRun
from hemvist_arrears import OWNER, account, imported, row
from hemvist_infra.demo.numbers import organisation_number
from hemvist_world import World, a_number, new_world


def kommun(pack: str, department: str, role: Role = Role.CASEWORKER) -> World:
    world = new_world(pack=pack, departments={department: ""})
    world.add("worker", Membership(role, department))
    return world


@pytest.fixture
def nynashamn(database: str) -> World:
    """The housing team makes the rounds."""
    return kommun("nynashamn/andrahandskontrakt", "BT", Role.PROPERTY_OFFICER)


@pytest.fixture
def sodertalje(database: str) -> World:
    """Social services write and visit."""
    return kommun("sodertalje/kommunkontrakt", "SOC")


def start(world: World, campaign: str, department: str, **changes: Any) -> PreventionRun:
    return world.act(  # type: ignore[no-any-return]
        "worker", runs.start_run, campaign=campaign, department=department, **changes
    )


def listed(world: World, run: PreventionRun) -> list[str]:
    entries = sorted(world.rows(PreventionEntry, run_id=run.id), key=lambda one: one.place)
    with world.session() as session:
        from hemvist.arrears.models import RentAccount

        return [session.find(RentAccount, one.account_id).reference for one in entries]


def entry_of(world: World, reference: str) -> PreventionEntry:
    (found,) = world.rows(PreventionEntry, account_id=account(world, reference).id)
    return found  # type: ignore[no-any-return]


def contact(world: World, entry: PreventionEntry, kind: str, **said: Any) -> PreventionEntry:
    return world.act(  # type: ignore[no-any-return]
        "worker",
        contacts.record_contact,
        entry_id=entry.id,
        kind=kind,
        expected_version=world.again(entry).version,
        **said,
    )


def finish(world: World, entry: PreventionEntry, **said: Any) -> PreventionEntry:
    return world.act(  # type: ignore[no-any-return]
        "worker",
        contacts.finish_entry,
        entry_id=entry.id,
        expected_version=world.again(entry).version,
        **said,
    )


def rules(wrong: pytest.ExceptionInfo[ValidationFailed]) -> set[tuple[str, str]]:
    return {(one.field, one.rule) for one in wrong.value.problems}


def test_the_round_knocks_on_those_who_are_late_and_have_not_called(nynashamn: World) -> None:
    """NYN-26: one owner, one area, once a month; whoever has called gets no visit."""
    world = nynashamn
    rows = [
        row("small", Restbelopp="100"),
        row("large", Restbelopp="7000"),
        row("elsewhere", Område="Centrum"),
        row("called", Har_ringt=str(today())),
        row("paid", Restbelopp="0", Betaldatum=""),
    ]
    imported(world, "worker", "BT", rows)
    other = organisation_number(932)
    imported(world, "worker", "BT", [row("other")], organisation_number=other)
    with pytest.raises(ValidationFailed) as unheld:
        start(world, "osmo_round", "BT")
    assert rules(unheld) == {("landlordOrganisationNumber", "required"), ("area", "required")}
    run = start(world, "osmo_round", "BT", landlord_number=OWNER, area="ösmo")
    assert listed(world, run) == ["large", "small"]
    assert (run.accounts_seen, run.entries_total, run.period) == (3, 2, f"{today():%Y-%m}")
    with pytest.raises(Conflict) as again:
        start(world, "osmo_round", "BT", landlord_number=OWNER, area="Ösmo")
    assert again.value.rule == "run_made"


def test_children_are_always_raised(nynashamn: World) -> None:
    """Nobody who was reached, and nobody at all in the end, is done with before it is known."""
    world = nynashamn
    imported(world, "worker", "BT", [row("A-1")])
    run = start(world, "osmo_round", "BT", landlord_number=OWNER, area="Ösmo")
    entry = entry_of(world, "A-1")
    contact(world, entry, "visit", reached=False)
    with pytest.raises(ValidationFailed) as unasked:
        contact(world, entry, "visit", reached=True)
    assert rules(unasked) == {("children", "children_unknown")}
    with pytest.raises(ValidationFailed) as unknown:
        finish(world, entry, outcome="not_reached")
    assert rules(unknown) == {("children", "children_unknown")}
    contact(world, entry, "visit", reached=True, children=True, cannot_pay=True)
    contact(world, entry, "reference")
    assert account(world, "A-1").children == "yes"
    with pytest.raises(ValidationFailed) as silent:
        finish(world, entry, outcome="consultant")
    assert rules(silent) == {("childrenNote", "required")}
    with pytest.raises(Conflict) as left:
        world.act("worker", runs.close_run, run_id=run.id, expected_version=run.version)
    assert left.value.rule == "entries_open"
    done = finish(world, entry, outcome="consultant", children_note="Två barn, skolan är nära.")
    assert (done.state, done.cannot_pay, done.reference_on) == ("done", True, today())
    with pytest.raises(Conflict):
        contact(world, entry, "phone", reached=False)
    closed = world.act("worker", runs.close_run, run_id=run.id, expected_version=run.version)
    assert closed.state == "closed"
    assert [one.kind for one in world.rows(PreventionContact)] == ["visit", "visit", "reference"]


def test_nobody_is_visited_without_a_letter_first(sodertalje: World) -> None:
    """SOD-03 and SOD-04: families, the young and the old first; a letter before the visit."""
    world = sodertalje
    young = a_number(today().replace(year=today().year - 22, day=1))
    old = a_number(today().replace(year=today().year - 70, day=1))
    middle = a_number(today().replace(year=today().year - 40, day=1))
    rows = [
        row("family", Personnummer=middle),
        row("middle", Restbelopp="7400"),
        row("young", Personnummer=young, Restbelopp="100"),
        row("old", Personnummer=old, Restbelopp="200"),
    ]
    imported(world, "worker", "SOC", rows)
    family = account(world, "family")
    world.act(
        "worker",
        accounts.tell_children,
        account_id=family.id,
        children=True,
        expected_version=family.version,
    )
    run = start(world, "letters_and_visits", "SOC")
    assert listed(world, run) == ["family", "young", "old", "middle"]
    assert [entry_of(world, one).first for one in ("family", "young", "old", "middle")] == [
        ["family"],
        ["young"],
        ["old"],
        [],
    ]
    entry = entry_of(world, "young")
    with pytest.raises(ValidationFailed) as unannounced:
        contact(world, entry, "visit", reached=True, children=False)
    assert rules(unannounced) == {("kind", "letter_first")}
    world.act("worker", runs.mark_letters, run_id=run.id, expected_version=run.version)
    seen = contact(
        world,
        entry,
        "visit",
        reached=True,
        children=False,
        income_ore=900_000,
        support_line_ore=1_100_000,
    )
    assert (seen.letter_on, seen.reached, seen.income_ore) == (today(), True, 900_000)
    with pytest.raises(ValidationFailed) as half:
        contact(world, entry, "phone", reached=True, income_ore=1)
    assert rules(half) == {("supportLineOre", "required")}
    with pytest.raises(ValidationFailed):
        world.act("worker", runs.mark_letters, run_id=run.id, expected_version=run.version + 1)


def test_the_young_in_collection_are_those_whose_age_is_known(sodertalje: World) -> None:
    """SOD-16: 25 or younger with a collection demand; of an unknown age nothing is guessed."""
    world = sodertalje
    edge = today().replace(year=today().year - 26, day=1) + timedelta(days=40)
    rows = [
        row("25", Personnummer=a_number(edge), Inkasso="Ja"),
        row("no demand", Personnummer=a_number(edge)),
        row("ageless", Inkasso="Ja"),
    ]
    imported(world, "worker", "SOC", rows)
    run = start(world, "young_in_collection", "SOC")
    assert listed(world, run) == ["25"]
    assert (run.accounts_seen, run.unknown_total) == (3, 1)


def test_applications_for_eviction_come_first(database: str) -> None:
    """NKP-21 and NKP-22."""
    world = kommun("norrkoping/kommunala-kontrakt", "SOC")
    rows = [row("much", Restbelopp="7000"), row("eviction", Restbelopp="100", KFM="Ja")]
    imported(world, "worker", "SOC", rows)
    run = start(world, "bo_kvar_round", "SOC")
    assert listed(world, run) == ["eviction", "much"]
    assert entry_of(world, "eviction").because == ["rent_unpaid", "eviction_application"]
    assert entry_of(world, "much").because == ["rent_unpaid"]
    entry = entry_of(world, "much")
    world.add("elsewhere", Membership(Role.CASEWORKER, "VIA"))
    with pytest.raises(NotFound):
        world.act(
            "elsewhere",
            contacts.finish_entry,
            entry_id=entry.id,
            outcome="paid",
            expected_version=1,
        )
    with pytest.raises(NotAllowed):
        world.act("elsewhere", runs.start_run, campaign="bo_kvar_round", department="SOC")
    with pytest.raises(ValidationFailed) as wrong:
        start(world, "osmo_round", "SOC")
    assert rules(wrong) == {("campaign", "unknown_choice")}
