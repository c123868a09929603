"""What the journeys left in the log: everybody whose data went out or was written, and no data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from hemvist.households.service import NUMBER_FIELD
from hemvist.migrations.tables import metadata
from hemvist.tenancy.keys import tenant_keys
from hemvist_api_journeys import (
    completed,
    guaranteed,
    let_the_worker_tell,
    municipal,
    read_everything,
)
from hemvist_api_office import Office, Told, open_office, rows_shown, strings_in
from hemvist_api_ways import FAMILY, GIVEN, MARK, Way
from hemvist_dump import dumped, forms
from hemvist_inventory import inventory
from hemvist_rows import owned_tables

#: Commands on things that are nobody's.
IMPERSONAL = {"registerUnit", "markNoticeRead"}
#: Where personal data have their place, or wait to be sealed; they are looked for everywhere else.
HOME = {"persons"}


@dataclass(frozen=True)
class Walked:
    """An office whose people have walked every way."""

    office: Office
    ways: list[Way]

    @property
    def by_mark(self) -> dict[str, UUID]:
        """Every text by which a person of the journeys is known, and the person."""
        found: dict[str, UUID] = {}
        for way in self.ways:
            [person] = way.persons
            found |= dict.fromkeys((*numbers_of(way), *names_of(way)), person)
        return found


def numbers_of(way: Way) -> tuple[str, ...]:
    """The personal number as people and programs write it."""
    number = way.number
    return number, f"{number[:8]}-{number[8:]}", number[2:], f"{number[2:8]}-{number[8:]}"


def names_of(way: Way) -> tuple[str, str]:
    """Given name and family name; they carry the household's own serial."""
    voice = way.office["caseworker"]
    found = voice.post(
        "query Q($n: String!) { personByNumber(personalNumber: $n) { givenName familyName } }",
        n=way.number,
    ).json()["data"]["personByNumber"][0]
    return found["givenName"], found["familyName"]


@pytest.fixture(scope="module")
def walked(database: str) -> Iterator[Walked]:
    with open_office() as office:
        ways = [municipal(office), guaranteed(office), completed(office)]
        assert let_the_worker_tell(office) > 10
        read_everything(office, *ways)
        notices = office["officer"].ask("query Q { notices { edges { node { id } } } }")["notices"]
        for edge in notices["edges"][:2]:
            office["officer"].do(
                "markNoticeRead",
                "notice { id readAt readBy { id } }",
                noticeId=edge["node"]["id"],
            )
        yield Walked(office, ways)


def test_everybody_whose_data_an_answer_held_stands_in_its_entry(walked: Walked) -> None:
    by_mark, shown = walked.by_mark, 0
    for told in walked.office.told:
        data = told.answer["data"]
        texts = " ".join(strings_in(data))
        persons = rows_shown(data, "Person") | {
            person for mark, person in by_mark.items() if mark in texts
        }
        entries = [one for one in told.entries if one.action == told.operation]
        assert all(one.kind == "read" for one in entries)
        logged = {person for one in entries for person in one.person_ids}
        assert persons <= logged, (told.who, told.command, persons - logged)
        shown += len(persons)
    assert shown > 25


def test_every_case_that_an_answer_held_stands_in_its_entry(walked: Walked) -> None:
    shown = 0
    for told in walked.office.told:
        cases = rows_shown(told.answer["data"], "Case")
        entries = [one for one in told.entries if one.action == told.operation]
        logged = {case for one in entries for case in one.cases}
        assert cases <= logged, (told.who, told.command, cases - logged)
        shown += len(cases)
    assert shown > 60


def test_every_command_left_its_write_with_the_persons(walked: Walked) -> None:
    done = [told for told in walked.office.told if told.done and told.command not in IMPERSONAL]
    assert len({told.command for told in done}) >= 17
    everybody = {person for way in walked.ways for person in way.persons}
    for told in done:
        writes = [one for one in told.entries if one.kind == "write"]
        assert writes, told.command
        assert all(len(one.person_ids) == 1 for one in writes), told.command
        assert {person for one in writes for person in one.person_ids} <= everybody


def test_entries_name_the_one_who_acted(walked: Walked) -> None:
    acted: dict[str, set[UUID | None]] = {}
    for told in walked.office.told:
        acted.setdefault(told.who, set()).update(one.principal_id for one in told.entries)
    assert {who: len(ids) for who, ids in acted.items()} == {
        "caseworker": 1,
        "manager": 1,
        "officer": 1,
    }
    assert len(set.union(*acted.values())) == 3 and None not in set.union(*acted.values())


def test_refused_commands_left_no_write(walked: Walked) -> None:
    office, way = walked.office, walked.ways[0]
    decision = _decision(walked)
    before = office.ledger.contents()
    office["officer"].refused("decide", decisionId=decision, expectedVersion=1)
    office["manager"].refused("openCase", householdId=way.household, department="SOF-VUX")
    office["caseworker"].refused("openCase", householdId=way.household, department="SOF-VUX")
    refused: list[Told] = office.told[-3:]
    assert [one.done for one in refused] == [False] * 3
    assert not [entry for one in refused for entry in one.entries if entry.kind == "write"]
    assert office.ledger.contents() == before


def _decision(walked: Walked) -> str:
    case = walked.office["caseworker"].case(walked.ways[0].case)
    assert case is not None
    found: str = case["decisions"][0]["id"]
    return found


def test_log_outbox_timeline_and_receipts_hold_no_personal_data(walked: Walked) -> None:
    texts = {name: _text_of(walked.office, name) for name in (t.name for t in owned_tables())}
    sealed = [number for way in walked.ways for number in numbers_of(way)]
    searched = [MARK, GIVEN, FAMILY, *sealed, *(number.encode().hex() for number in sealed)]
    keys = tenant_keys(walked.office.ledger.tenant_id)
    searched += [keys.blind_index(NUMBER_FIELD, way.number).hex() for way in walked.ways]
    places = {
        (name, text[:12]) for name, found in texts.items() for text in searched if text in found
    }
    assert {name for name, _ in places} <= HOME, places
    # A control: the search finds what is where it belongs; names and numbers in clear nowhere at all.
    assert any(MARK in one for one in _answers_opened(walked.office))
    assert not any(one in texts["persons"] for one in (GIVEN, FAMILY, *sealed))
    assert searched[-1] in texts["persons"]
    for name in ("audit_entries", "outbox_events", "case_events"):
        assert len(texts[name]) > 1_000
        # Nor anybody else's: nothing there has the shape of a number.
        assert not re.search(r"\b(19|20)\d{6}-?\d{4}\b", texts[name])


def test_a_stolen_dump_shows_nothing_of_what_is_sealed(
    walked: Walked, postgres: str, database: str
) -> None:
    """Names and numbers nowhere; what else was said only where the inventory says that it waits."""
    stood = dumped(postgres, database)
    numbers = [number for way in walked.ways for number in numbers_of(way)]
    for mark in forms([GIVEN, FAMILY, *numbers]):
        assert [place for place, text in stood.items() if mark in text] == [], mark
    waiting = {
        (table, column) for table, one in inventory().items() for column in one.get("waiting", ())
    }
    said = {place for place, text in stood.items() if any(one in text for one in forms([MARK]))}
    assert said <= waiting
    # Controls: it is the whole database, and the search finds what stands there.
    assert len(stood["persons", "family_name_sealed"].splitlines()) >= len(walked.ways)
    assert {table for table, _ in stood} >= set(metadata.tables)
    assert any(MARK in one for one in _answers_opened(walked.office))


def _answers_opened(office: Office) -> list[str]:
    """What people said, as their kommun's keys open it."""
    keys = tenant_keys(office.ledger.tenant_id)
    rows = office.ledger.rows("SELECT value_sealed, reason_sealed FROM answers")
    return [
        keys.open(f"answers.{column}", sealed)
        for row in rows
        for column, sealed in zip(("value", "reason"), row, strict=True)
    ]


def _text_of(office: Office, table: str) -> str:
    rows = office.ledger.rows(f"SELECT t::text FROM {table} t")
    return "\n".join(row[0] for row in rows)
