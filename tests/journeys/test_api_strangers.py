"""Every id that the journeys showed, asked for by those who may not know of it: not found.

The attack is made from the schema: each id goes into every field and every command that takes one.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

import pytest

from hemvist_api_further import further
from hemvist_api_inputs import (
    commands,
    id_fields,
    input_type,
    look_ups,
    looking_up,
    named_by,
    plain_input,
    random_id,
)
from hemvist_api_journeys import (
    completed,
    drafting,
    guaranteed,
    let_the_worker_tell,
    moved,
    municipal,
    read_everything,
    simulated,
)
from hemvist_api_office import Office, Voice, ids_in, open_office
from hemvist_api_ways import Way, opened, register_unit
from hemvist_graphql.ids import parse_global_id
from hemvist_graphql.limits import MAX_ALIASES
from hemvist_graphql.reading import Node, readable, readable_names
from hemvist_world import HOUSING, SUPPORT

LOOK_UPS = looking_up()


@dataclass(frozen=True)
class Journeys:
    """A walked office: its ways, and every id in any answer, by type."""

    office: Office
    ids: dict[str, list[str]]
    draft: Way
    draft_ids: set[str]


@pytest.fixture(scope="module")
def journeys(database: str) -> Iterator[Journeys]:
    with open_office() as office:
        ways = [municipal(office), guaranteed(office), completed(office)]
        moved(office, ways[2])
        before = len(office.told)
        draft = drafting(office)
        office["caseworker"].case(draft.case)
        mine = {one for told in office.told[before:] for one in ids_in(told.answer)}
        assert let_the_worker_tell(office) > 10
        further(office, *ways[:2])
        simulated(office)
        read_everything(office, *ways, draft)
        by_type: dict[str, list[str]] = defaultdict(list)
        for one in sorted({one for told in office.told for one in ids_in(told.answer)}):
            by_type[_type_of(one)].append(one)
        yield Journeys(office, dict(by_type), draft, mine)


def _type_of(row_id: str) -> str:
    parsed = parse_global_id(row_id)
    assert parsed is not None
    return parsed[0]


def test_the_journeys_show_an_id_of_every_type(journeys: Journeys) -> None:
    nodes = {name for name in readable_names() if issubclass(readable(name), Node)}
    assert set(journeys.ids) == nodes | {
        *("IncidentAction", "Landlord", "LadderStep", "Principal", "RentMonth", "TimelineEvent"),
        *("LandlordSight", "NameDisclosure"),
        # Of protected moves: found by no look-up, and taken by commands all the same.
        *("TransferNaming", "TransferOffer", "TransferRequest"),
    }
    assert sum(map(len, journeys.ids.values())) > 100
    assert {name for name in commands() if not id_fields(name)} == {
        "addContactCard",
        # A case that is closed is named by its number.
        "breakGlass",
        "createPackVersion",
        # The caller's own: nobody else's can be named.
        *("makeCalendarFeed", "saveFilter", "subscribeDigest", "unsubscribeDigest"),
        "migrateCases",
        "openAgreement",
        # By a code of the catalogue.
        "proposeComparison",
        # What is due is what is due.
        "proposeThinning",
        "prepareAuthorityForm",
        "proposeLandlordAccess",
        "readArrearsFile",
        "registerHousehold",
        "registerUnit",
        "requestExecutionReport",
        "requestSimulation",
        "runMatching",
        "startPrevention",
        "uploadPackVersion",
    }
    assert set(look_ups()) == {
        *("node", "household", "case", "unit", "simulation", "packVersion", "takeover"),
        *("letter", "letterPreview", "letterFile", "applicantSheet", "matchRun"),
        *("commission", "supportReport", "supportPlan", "ladder", "incident", "serviceClock"),
        *("arrearsFile", "rentAccount", "preventionRun", "preventionEntry"),
        *("agreement", "agreementMeeting", "agreementVersion", "contactCard", "vacancy"),
        *("landlordAccess", "landlordPaper", "unitFile"),
        *("handoverLook", "kommunRequestPackage"),
    }


@pytest.mark.parametrize("who", ["caseworker", "manager", "officer"])
def test_in_karlstad_nothing_of_it_is_there(journeys: Journeys, who: str) -> None:
    ledgers = [journeys.office.ledger, journeys.office.karlstad[who].ledger]
    before = [ledger.contents() for ledger in ledgers]
    tried = _attack(journeys.office.karlstad[who], _all(journeys), everywhere=who == "caseworker")
    assert tried > (25 if who == "caseworker" else 10) * len(_all(journeys))
    assert [ledger.contents() for ledger in ledgers] == before


def test_another_department_finds_nothing_of_it(journeys: Journeys) -> None:
    before = journeys.office.ledger.contents()
    # A version that once applied, who gives support, what the kommun has with its landlords, and whom
    # it compares itself with are for everybody in the kommun to read.
    common = {
        *("PackVersion", "SupportProvider"),
        *("Landlord", "LandlordAccess", "LandlordInvitation", "ContactCard", "QuotaBase"),
        *("Agreement", "AgreementVersion", "AgreementTerm", "AgreementMeeting", "AgreementNote"),
        *("AgreementFile", "LandlordPaper", "UnitFile", "Vacancy"),
        "IndicatorSharing",
    }
    theirs = [one for one in _all(journeys) if _type_of(one) not in common]
    _attack(journeys.office["other caseworker"], theirs)
    # The role may not read homes at large, so even the vacant ones are unknown to it.
    assert journeys.office.ledger.contents() == before


def test_the_property_office_finds_nothing_before_submission(journeys: Journeys) -> None:
    shown = {_type_of(one) for one in journeys.draft_ids}
    assert {"Case", "Household", "Person", "Referral", "Decision"} <= shown
    before = journeys.office.ledger.contents()
    _attack(journeys.office["officer"], sorted(journeys.draft_ids))
    assert journeys.office.ledger.contents() == before


def test_the_same_attack_by_its_owner_finds_it(journeys: Journeys) -> None:
    """A control: what is answered above is a refusal, not an attack that cannot find anything."""
    owner, case = journeys.office["caseworker"], journeys.draft.case
    found = owner.post(LOOK_UPS, id=case).json()["data"]
    assert found["node"] == found["case"] == {"__typename": "Case"}
    stale = plain_input("withdrawReferral", referralId=journeys.ids["Referral"][0])
    answer = owner.post(_document("withdrawReferral"), input=stale).json()["data"]
    assert answer["withdrawReferral"]["__typename"] == "Conflict"


def test_an_id_of_others_beside_ids_of_ones_own(journeys: Journeys) -> None:
    """Where a command takes two ids, the second is not trusted because the first is one's own."""
    office = journeys.office
    way = opened(office, department="AMF")
    proposal = {
        "caseId": way.case,
        "programme": way.programme,
        "outcome": "granted",
        "legalBasis": ["sol_2025_11_1"],
    }
    contract = ("contractId", journeys.ids["Contract"][0])
    for kind in (SUPPORT, HOUSING):
        _as_of_nothing(office[way.caseworker], "proposeDecision", contract, **proposal, kind=kind)
    way.decide(SUPPORT, 20)
    draft = way.fill_in(way.draft(25), 25)
    given = {"referralId": draft["id"], "expectedVersion": draft["version"]}
    person = ("personId", journeys.draft.person)
    _as_of_nothing(office[way.caseworker], "recordResidentSignature", person, **given)
    registered = way.register(way.submit(way.sign(draft, 26), 27), 28)
    unit = register_unit(office, way.day(0), "karlstad")
    given = {"referralId": registered["id"]}
    _as_of_nothing(office["officer"], "makeOffer", ("unitId", unit["id"]), **given)


def test_the_lists_of_something_show_nothing_of_it(journeys: Journeys) -> None:
    """In the very words that an id of nothing is answered with, those of a role without the list."""
    office = journeys.office
    lists = look_ups(of_lists=True)
    owners = {
        "arrearsRows": "caseworker",
        "authorityFormLines": "manager",
        "matchRanks": "officer",
        "preventionEntries": "caseworker",
    }
    assert set(lists) == set(owners)
    for name, argument in lists.items():
        document = f"query Q($id: ID!) {{ {name}({argument}: $id) {{ edges {{ cursor }} }} }}"
        owner = office[owners[name]]
        for row_id in journeys.ids[named_by(argument)]:
            assert owner.post(document, id=row_id).json()["data"][name]["edges"]
            for stranger in (*office.karlstad.values(), office["other caseworker"]):
                told = stranger.post(document, id=row_id).json()
                assert told == stranger.post(document, id=random_id(named_by(argument))).json()
                assert told["data"] in (None, {name: {"edges": []}})


def _as_of_nothing(voice: Voice, command: str, others: tuple[str, str], **given: Any) -> None:
    """Refused, and in the very words that an id of nothing is refused with."""
    field, row_id = others
    before = voice.ledger.contents()
    told, of_nothing = (
        voice.refused(command, **{**plain_input(command, **given), field: one})
        for one in (row_id, random_id(_type_of(row_id)))
    )
    assert told == of_nothing
    assert told["__typename"] in ("NotFound", "ValidationFailed", "PolicyRefused"), told
    assert voice.ledger.contents() == before


def test_lists_and_the_search_by_number_show_nothing_in_karlstad(journeys: Journeys) -> None:
    ours = set(_all(journeys))
    for voice in journeys.office.karlstad.values():
        for name in ("cases", "referrals", "decisions", "offers", "notices"):
            page = voice.ask(f"query Q {{ {name} {{ totalCount edges {{ node {{ id }} }} }} }}")
            assert not ids_in(page) & ours
    search = "query Q($n: String!) { personByNumber(personalNumber: $n) { id } }"
    found = journeys.office.karlstad["caseworker"].ask(search, n=journeys.draft.number)
    assert found == {"personByNumber": []}


def test_it_takes_no_longer_than_for_an_id_of_nothing(journeys: Journeys) -> None:
    """No answer within the noise of a request tells that the id exists elsewhere."""
    voice = journeys.office.karlstad["caseworker"]
    referral = journeys.ids["Referral"][0]
    # One id of nothing, asked for as often as the other: what was asked before is answered sooner.
    for document, real, made_up in (
        (LOOK_UPS, {"id": journeys.ids["Case"][0]}, {"id": random_id("Case")}),
        (
            _document("withdrawReferral"),
            {"input": plain_input("withdrawReferral", referralId=referral)},
            {"input": plain_input("withdrawReferral")},
        ),
    ):
        pairs = []
        for turn in range(40):
            # Each comes first as often: on a busy machine the second of two is served otherwise.
            if turn % 2:
                other = _seconds(voice, document, made_up)
                pairs.append((_seconds(voice, document, real), other))
            else:
                pairs.append((_seconds(voice, document, real), _seconds(voice, document, made_up)))
        difference = statistics.median(one - other for one, other in pairs)
        assert abs(difference) < 0.25 * statistics.median(one for one, _ in pairs) + 0.001


def _seconds(voice: Voice, document: str, variables: dict[str, Any]) -> float:
    began = time.perf_counter()
    assert voice.post(document, **variables).status_code == 200
    return time.perf_counter() - began


def _all(journeys: Journeys) -> list[str]:
    return [one for ids in journeys.ids.values() for one in ids]


def _attack(voice: Voice, row_ids: list[str], *, everywhere: bool = False) -> int:
    """Every id in every field and every command, against an id of nothing in its place.

    Ids of types that no command takes are of the wrong type wherever they stand: they go into
    commands only with ``everywhere``.
    """
    taken = {type_name for command in commands() for type_name in id_fields(command).values()}
    kinds = {*map(_type_of, row_ids)}
    in_commands = {kind: everywhere or kind in taken for kind in kinds}
    nothing = {kind: _told(voice, random_id(kind), in_commands[kind]) for kind in kinds}
    tried = 0
    for row_id in row_ids:
        kind = _type_of(row_id)
        told = _told(voice, row_id, in_commands[kind])
        found, refusals = told
        assert set(found.values()) == {None}, (voice.who, row_id, found)
        others = {
            _places()[int(place[1:])]: one
            for place, one in refusals.items()
            if one["__typename"] != "NotFound"
        }
        assert others == {}, (voice.who, kind)
        assert told == nothing[kind]
        tried += len(found) + len(refusals)
    return tried


def _told(voice: Voice, row_id: str, in_commands: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """What every look-up and every command answers for one id. Neither is kept with the journeys'."""
    found = voice.post(LOOK_UPS, id=row_id).json()
    assert set(found) == {"data"}, found
    if not in_commands:
        return found["data"], {}
    refusals: dict[str, Any] = {}
    for first in range(0, len(_places()), MAX_ALIASES):
        refused = voice.post(_everywhere(first), **_inputs(row_id, first)).json()
        assert set(refused) == {"data"}, refused
        refusals |= refused["data"]
    assert len(refusals) == len(_places())
    return found["data"], refusals


@cache
def _places() -> list[tuple[str, str]]:
    """Every command with each of its ids: the one that is tried."""
    return [(command, field) for command in commands() for field in id_fields(command)]


@cache
def _everywhere(first: int) -> str:
    """One operation of as many commands as may be, once for each id that they take."""
    heads, fields = [], []
    for number, (command, _) in _part(first):
        heads.append(f"$v{number}: {input_type(command).name}!")
        fields.append(f"v{number}: {command}(input: $v{number}) {{ {_REFUSED} }}")
    return f"mutation M({', '.join(heads)}) {{ {' '.join(fields)} }}"


_REFUSED = "__typename ... on NotFound { kind message }"


def _part(first: int) -> list[tuple[int, tuple[str, str]]]:
    return list(enumerate(_places()))[first : first + MAX_ALIASES]


def _inputs(row_id: str, first: int) -> dict[str, Any]:
    """The variables of ``_everywhere``; the other ids of a command are of nothing."""
    return {
        f"v{number}": plain_input(command, **{field: row_id}, idempotencyKey=str(uuid4()))
        for number, (command, field) in _part(first)
    }


@cache
def _document(command: str) -> str:
    return (
        f"mutation M($input: {input_type(command).name}!)"
        f" {{ {command}(input: $input) {{ {_REFUSED} }} }}"
    )
