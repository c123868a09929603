"""Whole journeys over the API, and everything that can be read of them afterwards."""

from __future__ import annotations

from typing import Any

from hemvist.clock import today
from hemvist_api_office import Office
from hemvist_api_ways import LINK, PERSON, REFERRAL, Way, marked, opened, register_unit, said
from hemvist_workers.handlers import handle
from hemvist_world import GUARANTEE, HOUSING, PLAN, SUPPORT

_TASKS = " ".join(
    f"{name} {{ kind subjectId label case {{ id number }} }}"
    for name in ("overdue", "dueSoon", "toSign", "toDecide", "toRegister", "toAnswer", "drafts")
)


def municipal(office: Office, department: str = "SOF-VUX") -> Way:
    """The whole way with a municipal contract, to the first follow-up and its plan."""
    way = opened(office, department=department)
    way.conclude(14)
    contract = _home(way, toldOfLinkOn=way.day(48), ownerNotifiedOn=way.day(49), terms=LINK)
    assert contract["kind"] == "sublease"
    office[way.caseworker].do(
        "recordMilestone",
        "milestone { id event label notes case { id } agendaDone { code label } }",
        caseId=way.case,
        milestone="planning",
        happenedOn=way.day(62),
        parties=["referring", "resident", "property"],
        agendaDone=["goals"],
        notes=said("Mål för våren."),
    )
    first = next(row for row in way.obligations() if row["code"] == "first_follow_up")
    office[way.caseworker].do(
        "recordFollowUp",
        "followUp { id notes case { id } plan { id content { id value } } obligation { id state } }",
        **way.follow_up(first, way.day(85)),
        plan=marked(PLAN),
    )
    return way


def guaranteed(office: Office) -> Way:
    """The whole way with a first-hand lease and a guarantee."""
    way = opened(office, GUARANTEE)
    _home(way, guaranteeMonths=12)
    return way


def completed(office: Office) -> Way:
    """A referral that was returned, completed and sent again."""
    way = opened(office)
    given = {"request": said("Beskriv boendehistoriken."), "on": way.day(30)}
    returned = way.step("officer", "returnReferral", way.referred(), **given)
    draft = office["caseworker"].do(
        "completeReferral",
        f"referral {{ {REFERRAL} }}",
        referralId=returned["id"],
        on=way.day(31),
    )
    way.submit(way.sign(way.fill_in(draft, 31), 32), 33)
    return way


def drafting(office: Office) -> Way:
    """A referral that is written but not sent: the property office knows nothing of it."""
    way = opened(office)
    way.decide(SUPPORT, 20)
    way.fill_in(way.draft(25), 25)
    return way


def simulated(office: Office) -> str:
    """A simulation that the policy officer has asked for; its id. The worker has not begun."""
    officer = office["policy officer"]
    pack = officer.ask("query Q { packs { name version } }")["packs"][0]
    made = officer.do(
        "requestSimulation",
        "simulation { id state progressPercent requestedBy { id name } }",
        pack=pack["name"],
        oldVersion=pack["version"],
        newVersion=pack["version"],
    )
    assert (made["state"], made["progressPercent"]) == ("requested", 0)
    row_id: str = made["id"]
    return row_id


def moved(office: Office, way: Way) -> str:
    """The case goes over to a version that the kommun has made; the id of that choice."""
    writer, approver, manager = (
        office[who] for who in ("policy officer", "administrator", way.manager)
    )
    selection = "packVersion { id number version state files { name } history { kind by { id } } }"
    pack = writer.ask("query Q { packs { name } }")["packs"][0]["name"]
    version = writer.do("createPackVersion", selection, pack=pack, inForceFrom=str(today()))
    for voice, step in (
        (writer, "checkPackVersion"),
        (writer, "submitPackVersion"),
        (approver, "approvePackVersion"),
    ):
        version = voice.do(
            step, selection, packVersionId=version["id"], expectedVersion=version["version"]
        )
    assert version["state"] == "active"
    case = manager.case(way.case)
    assert case is not None
    made = manager.do(
        "migrateCases",
        "caseMigration { id cases { case { id packVersion } } }",
        cases=[{"caseId": way.case, "expectedVersion": case["version"]}],
        toVersion=version["number"],
        reason=said("Den nya lydelsen är till den sökandes fördel."),
    )
    assert made["cases"][0]["case"]["packVersion"] == version["number"]
    row_id: str = made["id"]
    return row_id


def _home(way: Way, **contract: Any) -> dict[str, Any]:
    registered = way.register(way.referred(), 32)
    unit = register_unit(way.office, way.day(30))
    signed = way.contract(way.accept(way.offer(registered, unit, 40), 41), 48, **contract)
    way.decide(HOUSING, 60)
    return signed


def read_everything(office: Office, *ways: Way) -> None:
    """Every case as each of the three may read it, their lists, and what they are to do."""
    for who in ("caseworker", "manager", "officer"):
        voice = office[who]
        for way in ways:
            voice.case(way.case)
        voice.ask(
            f"query Q {{ today {{ {_TASKS} notices {{ id kind case {{ id }} subjectId }} }} }}"
        )
        for name in ("households", "cases", "referrals", "decisions", "offers", "notices"):
            voice.ask(f"query Q {{ {name}(first: 50) {{ edges {{ cursor node {{ id }} }} }} }}")
    for way in ways:
        document = f"query Q($n: String!) {{ personByNumber(personalNumber: $n) {{ {PERSON} }} }}"
        office["caseworker"].ask(document, n=way.number)
    office["officer"].ask("query Q { units(first: 50) { edges { node { id landlord { id } } } } }")


def let_the_worker_tell(office: Office) -> int:
    """What the worker does with every event of the kommun; gives the number of notices."""
    ledger = office.ledger
    for (event,) in ledger.rows("SELECT id FROM outbox_events ORDER BY occurred_at"):
        handle(ledger.tenant_id, event)
    return len(ledger.rows("SELECT id FROM notices"))
