"""A simulation over the API: asked for, followed, cancelled, and read by those who may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hemvist.audit import AuditEntry
from hemvist.identity import Actor, Membership, Role
from hemvist.simulations import running, snapshot
from hemvist.simulations.models import Simulation
from hemvist_api import ask, command, failure
from hemvist_graphql.ids import global_id
from hemvist_simulations import (
    NEW,
    OFFICER,
    OLD,
    ask_for,
    carried_out,
    indebted,
    policy_officer,
    starts,
    two_versions,
)
from hemvist_world import PACK, World, adult, new_world

OWN, OTHER = "caseworker SOF-VUX", "caseworker AMF"
COUNTS = "gains losses newlyUnknown newlyKnown unchanged"
WHOLE = f"""query Q($id: ID!) {{ simulation(id: $id) {{
  id pack oldVersion newVersion judgedOn programme rules state stateLabel phase
  phaseLabel(lang: "en") progressPercent casesTotal casesDone cancelling mayCancel failure current
  requestedBy {{ name }}
  result(changedOnly: true) {{
    cases factsAsOf checked threshold counted
    rules {{ subject kind rule label programmeLabel presence cite changed counts {{ {COUNTS} }}
      dimensions {{ dimension label groups {{ code label cases suppressed counts {{ {COUNTS} }} }} }}
      causes {{ answers difference {{ id label }} }} }}
    differences {{ id kind name label before after rulesChanged }}
    refused {{ fact }}
  }} }} }}"""
CHANGES = """query Q($id: ID, $subject: String, $change: [SimulationChangeKind!]) {
  simulationChanges(simulationId: $id, subject: $subject, change: $change) {
    totalCount edges { node { subject change label outcomeBefore outcomeAfter
      simulation { id } case { id number }
      before { version rule cite ask { fact label } trace { path outcome label } }
      after { version trace { path outcome because { fact value } } } } } } }"""


@pytest.fixture(scope="module")
def done(
    database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Simulation]]:
    """A kommun in which six households would gain, one of them protected, five in another
    department."""
    with two_versions(tmp_path_factory.mktemp("packs")):
        world = new_world()
        policy_officer(world)
        for _ in range(5):
            indebted(world, 1_000_000)
        indebted(world, 1_000_000, people=(adult(protection="fictitious"),))
        for _ in range(5):
            indebted(world, 1_000_000, department="AMF")
        yield world, carried_out(world, ask_for(world))


def test_asked_for_followed_and_read(done: tuple[World, Simulation]) -> None:
    world, _ = done
    given = {"pack": PACK, "oldVersion": OLD, "newVersion": NEW, "rules": ["guarantee_ready"]}
    made = command(world[OFFICER], "requestSimulation", given, "simulation { id }")["simulation"]
    waiting = ask(world[OFFICER], WHOLE, id=made["id"])["simulation"]
    assert (waiting["state"], waiting["stateLabel"]) == ("requested", "Väntar på att börja")
    assert (waiting["progressPercent"], waiting["mayCancel"]) == (0, True)
    assert waiting["result"] is None and waiting["requestedBy"] == {"name": OFFICER}
    [row] = [one for one in world.rows(Simulation) if global_id("Simulation", one.id) == made["id"]]
    percents = []
    while running.step(world.tenant_id, row.id):
        seen = ask(world[OFFICER], WHOLE, id=made["id"])["simulation"]
        percents.append(seen["progressPercent"])
    assert percents == sorted(percents) and percents[-1] == 95
    found = ask(world[OFFICER], WHOLE, id=made["id"])["simulation"]
    assert (found["state"], found["progressPercent"], found["mayCancel"]) == ("done", 100, False)
    assert found["current"] is True
    assert (found["phaseLabel"], found["judgedOn"]) == ("Ended", str(starts()))
    [rule] = found["result"]["rules"]
    assert (rule["subject"], rule["changed"]) == ("rule:guarantee_ready", 11)


def test_figures_by_rule_and_by_group(done: tuple[World, Simulation]) -> None:
    world, simulation = done
    found = ask(world[OFFICER], WHOLE, id=global_id("Simulation", simulation.id))["simulation"]
    result = found["result"]
    assert (result["cases"], result["threshold"]) == (11, 5)
    assert "skyddade personuppgifter" in result["counted"]
    rules = {one["subject"]: one for one in result["rules"]}
    assert set(rules) >= {
        "entry:rent_guarantee",
        "rule:debts_allow_guarantee",
        "rule:entitled_to_guarantee",
        "rule:guarantee_ready",
    }
    entry = rules["entry:rent_guarantee"]
    assert entry["programmeLabel"] and entry["label"] and entry["cite"]
    assert entry["counts"] == {
        "gains": 11,
        "losses": 0,
        "newlyUnknown": 0,
        "newlyKnown": 0,
        "unchanged": 0,
    }
    assert entry["causes"] == [
        {
            "answers": 11,
            "difference": {
                "id": "rule:debts_allow_guarantee",
                "label": rules["rule:debts_allow_guarantee"]["label"],
            },
        }
    ]
    [department] = [one for one in entry["dimensions"] if one["dimension"] == "department"]
    assert {
        one["code"]: (one["cases"], one["counts"]["gains"]) for one in department["groups"]
    } == {
        "SOF-VUX": (6, 6),
        "AMF": (5, 5),
    }
    [difference] = result["differences"]
    assert (difference["kind"], difference["rulesChanged"]) == ("rule", len(rules))


def test_the_cases_are_for_those_who_read_them(done: tuple[World, Simulation]) -> None:
    world, simulation = done
    row_id = global_id("Simulation", simulation.id)
    wanted = {"id": row_id, "subject": "entry:rent_guarantee", "change": ["gain"]}
    for who, count in ((OWN, 6), (OTHER, 5), ("manager SOF-VUX", 6), ("caseworker VOF", 0)):
        assert ask(world[who], CHANGES, **wanted)["simulationChanges"]["totalCount"] == count
    assert ask(world["property"], CHANGES, **wanted)["simulationChanges"]["totalCount"] == 0
    refused = failure(world[OFFICER], CHANGES, **wanted)
    assert refused["extensions"]["code"] == "NOT_ALLOWED"
    assert refused["extensions"]["action"] == "case.read"
    assert ask(world[OWN], CHANGES, **{**wanted, "change": ["loss"]}) == {
        "simulationChanges": {"totalCount": 0, "edges": []}
    }
    assert ask(world[OWN], CHANGES, id="nonsense")["simulationChanges"]["totalCount"] == 0


def test_a_changed_case_is_explained_by_both_versions(done: tuple[World, Simulation]) -> None:
    world, simulation = done
    wanted = {"id": global_id("Simulation", simulation.id), "subject": "entry:rent_guarantee"}
    nodes = [
        one["node"] for one in ask(world[OWN], CHANGES, **wanted)["simulationChanges"]["edges"]
    ]
    for node in nodes:
        assert (node["change"], node["label"]) == ("gain", "Från nej till ja")
        assert (node["outcomeBefore"], node["outcomeAfter"]) == ("false", "true")
        before, after = node["before"], node["after"]
        assert (before["version"], after["version"]) == (OLD, NEW)
        assert before["rule"] == "entitled_to_guarantee" and before["ask"] == []
        said = {one["path"]: one for one in before["trace"]}
        says = {one["path"]: one for one in after["trace"]}
        assert said["entitled_to_guarantee"]["outcome"] == "false"
        assert says["entitled_to_guarantee"]["outcome"] == "true"
        assert says["debts_allow_guarantee"]["because"] == [
            {"fact": "debts_ore", "value": 1_000_000}
        ]
    assert len({node["case"]["id"] for node in nodes}) == 6


def test_reading_the_cases_is_logged(done: tuple[World, Simulation]) -> None:
    world, simulation = done
    wanted = {"id": global_id("Simulation", simulation.id), "subject": "entry:rent_guarantee"}
    before = len(world.rows(AuditEntry, kind="read"))
    ask(world[OWN], CHANGES, **wanted)
    [entry] = world.rows(AuditEntry, kind="read")[before:]
    assert len(entry.details["cases"]) == 6
    # Figures are nobody's data.
    ask(world[OFFICER], WHOLE, id=wanted["id"])
    assert len(world.rows(AuditEntry, kind="read")) == before + 1


def test_a_change_whose_version_is_another_now_shows_no_answer(
    done: tuple[World, Simulation], tmp_path: Path
) -> None:
    world, simulation = done
    wanted = {"id": global_id("Simulation", simulation.id), "subject": "entry:rent_guarantee"}
    more = ("rules.yaml", "h.debts_ore == 0", "h.debts_ore <= 1400000")
    with two_versions(tmp_path, more):
        [first, *_] = ask(world[OWN], CHANGES, **wanted)["simulationChanges"]["edges"]
        assert ask(world[OFFICER], WHOLE, id=wanted["id"])["simulation"]["current"] is False
    assert first["node"]["after"] is None
    assert first["node"]["before"]["version"] == OLD


def test_who_sees_a_simulation(done: tuple[World, Simulation]) -> None:
    """Those who write or approve versions see all; all who read policy see those that are done."""
    world, simulation = done
    running_one = ask_for(world)
    document = "query Q($id: ID!) { simulation(id: $id) { state } node(id: $id) { id } }"
    ids = [global_id("Simulation", one.id) for one in (simulation, running_one)]
    admin = world.add("admin", Membership(Role.TENANT_ADMIN))
    steering = world.add("steering", Membership(Role.STEERING))
    landlord = world.add("landlord", Membership(Role.LANDLORD_AGENT))
    for who, seen in (
        (world[OFFICER], (True, True)),
        (admin, (True, True)),
        (steering, (True, False)),
        (world[OWN], (True, False)),
        (landlord, (False, False)),
    ):
        for row_id, visible in zip(ids, seen, strict=True):
            found = ask(who, document, id=row_id)
            assert (found["simulation"] is not None) == visible, (who.name, row_id)
            assert (found["node"] is not None) == visible
    refused = failure(landlord, "{ simulations { totalCount } }")
    assert refused["extensions"]["code"] == "NOT_ALLOWED"
    listed = ask(world[OFFICER], "{ simulations { edges { node { id } } } }")["simulations"]
    assert listed["edges"][0]["node"]["id"] == ids[1]
    none = ask(world[OFFICER], '{ simulations(pack: "else/where") { totalCount } }')
    assert none["simulations"]["totalCount"] == 0


@pytest.mark.parametrize("who", [OWN, "manager SOF-VUX", "property"])
def test_only_a_policy_officer_asks_and_cancels(done: tuple[World, Simulation], who: str) -> None:
    world, simulation = done
    someone: Actor = world[who]
    given = {"pack": PACK, "oldVersion": OLD, "newVersion": NEW}
    for name, body in (
        ("requestSimulation", given),
        ("cancelSimulation", {"simulationId": global_id("Simulation", simulation.id)}),
    ):
        answer = command(someone, name, body, "simulation { id }")
        assert (answer["__typename"], answer["action"]) == ("NotAllowed", "policy.change")


def test_cancelled_over_the_api(
    done: tuple[World, Simulation], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _ = done
    monkeypatch.setattr(snapshot, "CHUNK", 3)
    asked = ask_for(world)
    row_id = global_id("Simulation", asked.id)
    while world.again(asked).phase != "comparing":
        assert running.step(world.tenant_id, asked.id)
    selection = "simulation { state cancelling mayCancel }"
    told = command(world[OFFICER], "cancelSimulation", {"simulationId": row_id}, selection)
    assert told["simulation"] == {"state": "running", "cancelling": True, "mayCancel": True}
    assert running.step(world.tenant_id, asked.id) is False
    found = ask(world[OFFICER], WHOLE, id=row_id)["simulation"]
    assert (found["state"], found["result"], found["cancelling"]) == ("cancelled", None, False)
    again = command(world[OFFICER], "cancelSimulation", {"simulationId": row_id}, selection)
    assert again["simulation"]["state"] == "cancelled"


def test_what_cannot_be_asked_is_told_in_words(done: tuple[World, Simulation]) -> None:
    world, _ = done
    given = {"pack": PACK, "oldVersion": OLD, "newVersion": NEW, "judgedOn": "2019-01-01"}
    answer = command(world[OFFICER], "requestSimulation", given, "simulation { id }")
    assert answer["__typename"] == "ValidationFailed"
    [problem] = answer["problems"]
    assert (problem["field"], problem["rule"]) == ("judgedOn", "before_version")
    assert str(starts()) in problem["message"]


def test_in_another_kommun_there_is_no_such_simulation(done: tuple[World, Simulation]) -> None:
    _, simulation = done
    other = new_world()
    officer = policy_officer(other)
    row_id = global_id("Simulation", simulation.id)
    assert ask(officer, WHOLE, id=row_id) == {"simulation": None}
    assert ask(officer, "{ simulations { totalCount } }") == {"simulations": {"totalCount": 0}}
    found = ask(other[OWN], CHANGES, id=row_id)["simulationChanges"]
    assert found == {"totalCount": 0, "edges": []}
    answer = command(officer, "cancelSimulation", {"simulationId": row_id}, "simulation { id }")
    assert answer["__typename"] == "NotFound"
