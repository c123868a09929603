"""Over the landlords' API: a report and its answer, papers both ways, and a claim on a guarantee."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import pytest

from hemvist.clock import today
from hemvist.contracts.models import Contract
from hemvist.identity import Membership, Role
from hemvist.incidents import feedback
from hemvist.incidents.models import Incident
from hemvist.landlords.models import Landlord
from hemvist.papers import service as papers
from hemvist.tenancy import Audience, tenant_session
from hemvist.units.models import Unit
from hemvist_incidents import CASEWORKER, PACK, social_contract
from hemvist_landlord_api import ask, command
from hemvist_landlords import Member, administrator, opened, organisation_number
from hemvist_world import World, new_world

#: As little as a picture is.
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
REPORT = """report { id kind what streetAddress dueAt answeredAt promise(lang: "sv")
  answers { words text(lang: "sv") toldHow } additions { what } kommun { name } unit { id } }"""
PAPER = "paper { id direction kind title state openedAt version mediaType unit { id } }"


@dataclass(frozen=True)
class Place:
    """A kommun with a household in a landlord's home, and that landlord's person."""

    world: World
    vera: Member
    unit: Unit
    #: Global ids as the landlord has them.
    unit_id: str
    kommun_id: str

    def report(self, **changes: Any) -> dict[str, Any]:
        """A disturbance that Vera reports."""
        given = {
            "unitId": self.unit_id,
            "kind": "disturbance",
            "what": "Hög musik.",
            "happenedOn": str(today()),
            **changes,
        }
        return command(self.vera.actor, "reportFromUnit", given, REPORT)


@pytest.fixture(scope="module")
def place(database: str) -> Place:
    world = new_world(pack=PACK, departments={"ASF": ""})
    world.add("property", Membership(Role.PROPERTY_OFFICER, "BG"))
    case = social_contract(world)
    (contract,) = world.rows(Contract, case_id=case.id)
    (unit,) = world.rows(Unit, id=contract.unit_id)
    with tenant_session(Audience.STAFF, world.tenant_id) as session:
        landlord = session.get(Landlord, unit.landlord_id)
        assert landlord is not None
        number = landlord.organisation_number
    vera = administrator(world.tenant_id, opened(world.tenant_id, number))
    found = ask(vera.actor, "{ kommuner { id } units { edges { node { id } } } }")
    return Place(
        world, vera, unit, found["units"]["edges"][0]["node"]["id"], found["kommuner"][0]["id"]
    )


def test_a_report_has_a_promise_and_later_an_answer(place: Place) -> None:
    made = place.report()["report"]
    assert made["dueAt"] and "anmäler ett problem" in made["promise"]
    assert (made["answeredAt"], made["answers"]) == (None, [])
    (incident,) = [
        one for one in place.world.rows(Incident, channel="portal") if one.state == "open"
    ]
    place.world.act(
        CASEWORKER,
        feedback.tell_landlord,
        incident_id=incident.id,
        words=["received", "no_more"],
        told_how="portal",
        expected_version=incident.version,
        ground="necessity",
        ground_note="Värden ska få ett svar.",
    )
    more = {"reportId": made["id"], "what": "Nu är det tyst."}
    answered = command(place.vera.actor, "addToReport", more, REPORT)["report"]
    assert answered["answers"][0]["words"] == ["received", "no_more"]
    assert answered["answers"][0]["text"].startswith("Vi har tagit emot er anmälan.")
    assert answered["answeredAt"] is not None
    assert [one["what"] for one in answered["additions"]] == ["Nu är det tyst."]
    listed = ask(place.vera.actor, "{ reports(answered: true) { edges { node { id } } } }")
    assert [edge["node"]["id"] for edge in listed["reports"]["edges"]] == [made["id"]]


def test_a_wrong_report_names_field_and_rule_and_keeps_nothing(place: Place) -> None:
    refused = place.report(kind="gossip", what=" ")
    assert [(one["field"], one["rule"]) for one in refused["problems"]] == [
        ("kind", "unknown_choice"),
        ("what", "required"),
    ]
    nobody = place.report(happenedOn="2019-01-01")
    (problem,) = nobody["problems"]
    assert (problem["field"], problem["rule"]) == ("unitId", "nobody_housed")
    assert "houses nobody" in problem["message"]


def test_papers_go_both_ways_and_are_taken_back(place: Place) -> None:
    sent = command(
        place.vera.actor,
        "sendPaper",
        {
            "kommunId": place.kommun_id,
            "unitId": place.unit_id,
            "kind": "plan",
            "title": "Ritning",
            "name": "../ritning.png",
            "contentBase64": base64.b64encode(PNG).decode(),
        },
        PAPER,
    )["paper"]
    assert (sent["direction"], sent["state"], sent["openedAt"]) == ("to_kommun", "there", None)
    from_kommun = place.world.act(
        "property",
        papers.send_to_landlord,
        landlord_id=place.unit.landlord_id,
        kind="terms",
        title="Så arbetar vi",
        name="villkor.pdf",
        content=b"%PDF-1.7\n%%EOF",
    )
    waiting = '{ papers(direction: "to_landlord") { edges { node { title } } } }'
    found = ask(place.vera.actor, waiting)["papers"]["edges"]
    assert [edge["node"]["title"] for edge in found] == ["Så arbetar vi"]
    theirs = {"paperId": f"Paper_{from_kommun.id.hex}", "expectedVersion": from_kommun.version}
    assert command(place.vera.actor, "takePaperBack", theirs, PAPER)["rule"] == "not_yours"
    mine = {"paperId": sent["id"], "expectedVersion": sent["version"]}
    gone = command(place.vera.actor, "takePaperBack", mine, PAPER)["paper"]
    assert gone["state"] == "taken_back"


def test_what_is_no_paper_is_refused(place: Place) -> None:
    given = {"kommunId": place.kommun_id, "kind": "other", "title": "Program", "name": "x.exe"}
    for content in ("TVqQAAMAAAAE", "inte base64!", ""):
        refused = command(place.vera.actor, "sendPaper", {**given, "contentBase64": content}, PAPER)
        assert refused["problems"], content


def test_another_landlord_finds_none_of_it(place: Place) -> None:
    made = place.report()["report"]
    number = organisation_number()
    other = administrator(
        place.world.tenant_id, opened(place.world.tenant_id, number, "Norra Hem AB")
    )
    everything = "{ reports { edges { node { id } } } papers { edges { node { id } } } }"
    found = ask(other.actor, everything)
    assert found == {"reports": {"edges": []}, "papers": {"edges": []}}
    refused = command(other.actor, "addToReport", {"reportId": made["id"], "what": "Hej."}, REPORT)
    assert refused["__typename"] == "NotFound"
