"""The life of a version over the API, by the people who lead it; and what others get to see of it."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any

import pytest

from hemvist.clock import today
from hemvist.identity import Membership, Role
from hemvist_api import ask, command, failure
from hemvist_graphql.ids import global_id
from hemvist_versions import ADMIN, OFFICER, OTHER, archive, on_day, policy_people, soon
from hemvist_workers import chores
from hemvist_world import PACK, World, new_world

VERSION = "packVersion { id number state stateLabel version inForceFrom basedOn reason }"
#: Young adults are the children's department's to this age; 20 before.
PARAMETER = "young_adult_to"


@pytest.fixture
def world(database: str) -> World:
    return policy_people(new_world())


class Line:
    """One version in the hands of several people."""

    def __init__(self, world: World, who: str = OFFICER, **given: Any) -> None:
        self.world = world
        self.now = self.do("createPackVersion", who, pack=PACK, **given)

    def do(self, command_name: str, who: str = OFFICER, **given: Any) -> dict[str, Any]:
        """A command that must be carried out; the version as it then is."""
        answer = command(self.world[who], command_name, given, VERSION)
        assert answer["__typename"].endswith("Done"), answer
        self.now = answer["packVersion"]
        return self.now

    def step(self, command_name: str, who: str = OFFICER, **given: Any) -> dict[str, Any]:
        """A command on the version."""
        return self.do(command_name, who, **self.ref, **given)

    def refused(self, name: str, who: str = OFFICER, **given: Any) -> dict[str, Any]:
        """A command on the version that must be refused."""
        answer = command(self.world[who], name, {**self.ref, **given}, VERSION)
        assert not answer["__typename"].endswith("Done"), answer
        return answer

    @property
    def ref(self) -> dict[str, Any]:
        return {"packVersionId": self.now["id"], "expectedVersion": self.now["version"]}

    def read(self, selection: str, who: str = OFFICER) -> dict[str, Any]:
        """Fields of the version."""
        document = f"query Q($id: ID!) {{ packVersion(id: $id) {{ {selection} }} }}"
        found: dict[str, Any] = ask(self.world[who], document, id=self.now["id"])["packVersion"]
        return found


def case_of(world: World, case: Any, selection: str, who: str = "caseworker SOF-VUX") -> Any:
    document = f"query Q($id: ID!) {{ case(id: $id) {{ {selection} }} }}"
    return ask(world[who], document, id=global_id("Case", case.id))["case"]


def test_from_a_future_date_to_withdrawal(world: World) -> None:
    day = soon(40)
    before = world.case(days_ago=2)
    line = Line(world, inForceFrom=str(day))
    assert (line.now["state"], line.now["inForceFrom"]) == ("draft", str(day))
    line.step("changeParameter", parameter=PARAMETER, value=18)
    line.step("checkPackVersion")
    assert line.now["state"] == "checked"
    _reads_well(line, str(day))
    line.step("submitPackVersion")
    own = line.refused("approvePackVersion")
    assert own["__typename"] == "NotAllowed" and "prepared" in own["message"]
    line.step("approvePackVersion", OTHER)
    assert (line.now["state"], line.now["stateLabel"]) == (
        "approved",
        "Godkänd, gäller från sin dag",
    )
    with on_day(day):
        assert chores.activate_versions(world.tenant_id) == 1
        after = world.case(days_ago=0)
        line.now = line.read("id number state stateLabel version inForceFrom basedOn reason")
        assert line.now["state"] == "active"
        assert case_of(world, before, "packVersion")["packVersion"] == line.now["basedOn"]
        assert case_of(world, after, "packVersion ownPackVersion { id }") == {
            "packVersion": line.now["number"],
            "ownPackVersion": {"id": line.now["id"]},
        }
        assert line.read("openCases")["openCases"] == 1
        _migrates(world, line, before)
        line.step("withdrawPackVersion", OTHER, reason="Upphävd av nämnden.")
        pinned = case_of(world, after, "packVersion ownPackVersion { state reason }")
        assert pinned["ownPackVersion"] == {"state": "withdrawn", "reason": "Upphävd av nämnden."}
        assert case_of(world, world.case(days_ago=0), "ownPackVersion { id }") == {
            "ownPackVersion": None
        }
        known = ask(
            world["caseworker SOF-VUX"],
            "query Q($p: String!) { knownPackVersions(pack: $p) { number state binding } }",
            p=PACK,
        )["knownPackVersions"]
        assert known[-1] == {"number": line.now["number"], "state": "withdrawn", "binding": False}
    steps = [step["kind"] for step in line.read("history { kind label by { name } }")["history"]]
    assert steps == [
        *("drafted", "changed", "passed", "submitted", "approved", "activated", "withdrawn"),
    ]


def _reads_well(line: Line, day: str) -> None:
    found = line.read(
        """check { passed current comparedWith cases failed problems { severity }
             changes { case about on before after } }
           diff { fromVersion toVersion others { section }
             parameters { name change type label before { validFrom value } after { validFrom value } }
             rules { id change parameters before after } }
           files { name content }
           guideline { version parameters { name values { validFrom value } } }"""
    )
    assert found["check"]["passed"] and found["check"]["current"]
    assert found["check"]["comparedWith"] == line.now["basedOn"]
    about = {change["about"] for change in found["check"]["changes"]}
    assert about == {"rule:children_and_family_responsible"}
    (changed,) = found["diff"]["parameters"]
    assert (changed["name"], changed["change"], changed["type"]) == (PARAMETER, "changed", "int")
    assert [one["value"] for one in changed["before"]] == [20]
    assert [(one["validFrom"], one["value"]) for one in changed["after"]][-1] == (day, 18)
    rules = {rule["id"]: rule for rule in found["diff"]["rules"]}
    assert rules["children_and_family_responsible"]["parameters"] == [PARAMETER]
    assert found["diff"]["others"] == []
    files = {file["name"]: file["content"] for file in found["files"]}
    assert f"{day}: 18" in files["params.yaml"] and "# " in files["params.yaml"]
    assert found["guideline"]["version"] == line.now["number"]


def _migrates(world: World, line: Line, case: Any) -> None:
    number = line.now["number"]
    document = """query Q($ids: [ID!]!, $to: String!) { caseMigrationPreview(caseIds: $ids,
        toVersion: $to) { case { id version } fromVersion toVersion refusal refusalMessage changed
        programmes { programme label changed before { outcome ask { fact label } }
          after { outcome } newlyMissing { fact } }
        obligations { code label before after } unfit { fact } } }"""
    row = global_id("Case", case.id)
    given = {"ids": [row], "to": number}
    (found,) = ask(world["caseworker SOF-VUX"], document, **given)["caseMigrationPreview"]
    assert (found["fromVersion"], found["toVersion"], found["refusal"]) == (
        line.now["basedOn"],
        number,
        None,
    )
    assert {one["programme"] for one in found["programmes"]} == {
        "municipal_contract",
        "rent_guarantee",
    }
    assert not found["changed"]
    assert ask(world["property"], document, **given)["caseMigrationPreview"] == []
    assert failure(world[OFFICER], document, **given)["extensions"]["code"] == "NOT_ALLOWED"
    (none,) = ask(world["caseworker SOF-VUX"], document, ids=[row], to="1.1.1")[
        "caseMigrationPreview"
    ]
    assert none["refusal"] == "version_not_in_force" and none["refusalMessage"]
    move = {
        "cases": [{"caseId": row, "expectedVersion": found["case"]["version"]}],
        "toVersion": number,
        "reason": "Till den sökandes fördel.",
    }
    selection = "caseMigration { id toVersion reason cases { case { id } programmes { changed } } }"
    assert (
        command(world["caseworker SOF-VUX"], "migrateCases", move, selection)["__typename"]
        == "NotAllowed"
    )
    done = command(world["manager SOF-VUX"], "migrateCases", move, selection)
    assert done["caseMigration"]["cases"][0]["case"]["id"] == row
    moved = case_of(
        world,
        case,
        "packVersion migrations { fromVersion toVersion } timeline { kind label subjectId }",
    )
    assert moved["packVersion"] == number
    assert moved["migrations"] == [{"fromVersion": line.now["basedOn"], "toVersion": number}]
    last = moved["timeline"][-1]
    assert (last["kind"], last["subjectId"]) == ("case_migrated", done["caseMigration"]["id"])


def test_the_same_command_twice_is_done_once(world: World) -> None:
    given = {"idempotencyKey": "draft-1", "pack": PACK}
    first = command(world[OFFICER], "createPackVersion", given, VERSION)
    again = command(world[OFFICER], "createPackVersion", given, VERSION)
    assert first["packVersion"]["id"] == again["packVersion"]["id"]
    whole = "query Q { packVersions { totalCount edges { node { number } } } }"
    assert ask(world[OFFICER], whole)["packVersions"]["totalCount"] == 1


def test_what_is_wrong_has_file_line_column_and_cure(world: World) -> None:
    line = Line(world)
    rules = next(
        one["content"]
        for one in line.read("files { name content }")["files"]
        if one["name"] == "rules.yaml"
    )
    broken = rules.replace("    covers:", "    cover:", 1)
    line.step("replacePackFile", name="rules.yaml", content=broken)
    line.step("checkPackVersion")
    assert line.now["state"] == "draft"
    found = line.read(
        """check { passed problems { severity file line column message cure } }
           diff { toVersion }"""
    )
    (problem,) = found["check"]["problems"]
    at = broken[: broken.index("    cover:")].count("\n") + 1
    assert (problem["file"], problem["line"], problem["column"]) == ("rules.yaml", at, 5)
    assert "covers" in problem["cure"]
    assert found["diff"] is None
    assert line.refused("submitPackVersion")["rule"] == "not_checked"


def test_a_version_is_sent_in_as_an_archive(world: World) -> None:
    draft = Line(world)
    files = {one["name"]: one["content"] for one in draft.read("files { name content }")["files"]}
    head = files["pack.yaml"].replace(f"version: {draft.now['number']}", "version: 2099.1.0")
    made = archive({**files, "pack.yaml": head}, "riktlinje/")
    sent = command(
        world[OFFICER], "uploadPackVersion", {"archive": b64encode(made).decode()}, VERSION
    )
    assert (sent["packVersion"]["number"], sent["packVersion"]["state"]) == ("2099.1.0", "draft")
    for content, rule in ((b"no archive", "pack_fault"), (made, "version_taken")):
        answer = command(
            world[OFFICER], "uploadPackVersion", {"archive": b64encode(content).decode()}, VERSION
        )
        assert [one["rule"] for one in answer["problems"]] == [rule]
        assert answer["problems"][0]["message"]
    answer = command(world[OFFICER], "uploadPackVersion", {"archive": "å"}, VERSION)
    assert answer["problems"][0]["rule"] == "not_base64"


def test_who_sees_a_draft_and_who_what_is_in_force(world: World) -> None:
    world.add("logs", Membership(Role.LOG_REVIEWER))
    line = Line(world, inForceFrom=str(today()))
    document = (
        "query Q($id: ID!) { packVersion(id: $id) { number files { name } history { kind } } }"
    )
    listed = "query Q { packVersions { edges { node { id } } } }"

    def seen_by(who: str) -> tuple[bool, int]:
        found = ask(world[who], document, id=line.now["id"])["packVersion"]
        rows = ask(world[who], listed)["packVersions"]["edges"]
        node = ask(world[who], "query Q($id: ID!) { node(id: $id) { id } }", id=line.now["id"])
        assert (found is not None) == (len(rows) == 1) == (node["node"] is not None)
        return found is not None, len(rows)

    writers = {OFFICER, OTHER, ADMIN}
    everybody = {*writers, "caseworker SOF-VUX", "manager AMF", "property", "logs"}
    assert {who for who in everybody if seen_by(who)[0]} == writers
    line.step("checkPackVersion")
    line.step("submitPackVersion")
    assert {who for who in everybody if seen_by(who)[0]} == writers
    line.step("approvePackVersion", ADMIN)
    assert {who for who in everybody if seen_by(who)[0]} == everybody


def test_to_another_kommun_it_is_nothing(world: World) -> None:
    line = Line(world, inForceFrom=str(today()))
    line.step("changeParameter", parameter=PARAMETER, value=25)
    line.step("checkPackVersion")
    line.step("submitPackVersion")
    line.step("approvePackVersion", OTHER)
    theirs = policy_people(new_world())
    pack = "query Q($p: String!, $v: String) { pack(name: $p, version: $v) { version } }"
    number = line.now["number"]
    assert ask(world[OFFICER], pack, p=PACK, v=number)["pack"] == {"version": number}
    assert ask(theirs[OFFICER], pack, p=PACK, v=number)["pack"] is None
    assert ask(theirs[OFFICER], "query Q { packs { version } }")["packs"] != [{"version": number}]
    shown = "query Q($id: ID!) { packVersion(id: $id) { id } node(id: $id) { id } }"
    assert ask(theirs[OFFICER], shown, id=line.now["id"]) == {"packVersion": None, "node": None}
    for name, more in (
        ("changeParameter", {"parameter": PARAMETER, "value": 1}),
        ("replacePackFile", {"name": "rules.yaml", "content": "a: b"}),
        ("reschedulePackVersion", {"inForceFrom": str(soon())}),
        ("checkPackVersion", {}),
        ("submitPackVersion", {}),
        ("approvePackVersion", {}),
        ("rejectPackVersion", {"reason": "x"}),
        ("freezePackVersion", {"reason": "x"}),
        ("resumePackVersion", {}),
        ("withdrawPackVersion", {"reason": "x"}),
    ):
        answer = command(theirs[OFFICER], name, {**line.ref, **more}, VERSION)
        assert answer["__typename"] == "NotFound", name


def test_the_pack_of_the_form_is_the_kommuns_own(world: World) -> None:
    """Questions, labels and items come from the version that the case is pinned to."""
    line = Line(world, inForceFrom=str(today()))
    files = {one["name"]: one["content"] for one in line.read("files { name content }")["files"]}
    name, text = "facts.yaml", files["facts.yaml"]
    changed = re.sub(
        r"(  own_ways_exhausted:\n(?:    .*\n)*?    label:\n      sv: ).*",
        r"\g<1>En egen fråga?",
        text,
    )
    assert changed != text
    line.step("replacePackFile", name=name, content=changed)
    line.step("checkPackVersion")
    assert line.now["state"] == "checked", line.read("check { problems { file line message } }")
    line.step("submitPackVersion")
    line.step("approvePackVersion", OTHER)
    case = world.case(days_ago=0)
    questions = case_of(world, case, "questions(all: true) { fact label }")["questions"]
    labels = {one["fact"]: one["label"] for one in questions}
    assert labels["own_ways_exhausted"] == "En egen fråga?"
    facts = {one["label"] for one in case_of(world, case, "criteria { label }")["criteria"]}
    assert facts
