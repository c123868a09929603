"""Every read of personal data leaves one entry, in the transaction that read; no entry, no answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hemvist.audit.models import AuditEntry
from hemvist.households.models import Person
from hemvist.households.service import open_number
from hemvist.settings import get_settings
from hemvist_api import ask, command, execute
from hemvist_arrears import account, imported, row
from hemvist_graphql.ids import global_id
from hemvist_world import World, as_owner, new_world

WHO = "caseworker SOF-VUX"


@pytest.fixture
def fresh(database: str) -> World:
    """A kommun of this test's own: its log holds only what the test did."""
    return new_world()


def reads(world: World) -> list[AuditEntry]:
    return world.rows(AuditEntry, kind="read")


def test_one_entry_names_the_operation_and_whose_data_it_was(fresh: World) -> None:
    case = fresh.case()
    document = """query CaseAndPeople($id: ID!) {
      case(id: $id) { number household { members { person { givenName } } } } me { name } }"""
    ask(fresh[WHO], document, id=global_id("Case", case.id))
    [entry] = reads(fresh)
    assert entry.action == "CaseAndPeople"
    assert entry.person_ids == [fresh.applicant(case)]
    assert entry.case_id == case.id
    assert entry.principal_id == fresh[WHO].principal_id
    assert entry.roles == ["caseworker"]
    assert entry.details == {}


def test_an_unnamed_operation_on_several_cases(fresh: World) -> None:
    cases = [fresh.case(), fresh.case()]
    ask(fresh[WHO], "{ cases { edges { node { number } } } }")
    [entry] = reads(fresh)
    assert entry.action == "graphql.operation"
    assert entry.case_id is None and entry.person_ids == []
    assert sorted(entry.details["cases"]) == sorted(str(case.id) for case in cases)


@pytest.mark.parametrize("by_plan", [True, False])
def test_a_tenant_without_a_case_is_named_by_the_rent_account(
    fresh: World, monkeypatch: pytest.MonkeyPatch, by_plan: bool
) -> None:
    """Nobody of the kommun's records: a landlord's file brought name, address and debt."""
    monkeypatch.setattr(get_settings(), "compiled_reads", by_plan)
    file = imported(fresh, WHO, "SOF-VUX", [row("A-1"), row("A-2")])
    rents = sorted(str(account(fresh, one).id) for one in ("A-1", "A-2"))
    document = "query Rents { rentAccounts { edges { node { tenantName months { owedOre } } } } }"
    answer = ask(fresh[WHO], document)
    assert len(answer["rentAccounts"]["edges"]) == 2
    [entry] = reads(fresh)
    assert (entry.action, entry.case_id, entry.person_ids) == ("Rents", None, [])
    assert entry.details == {"rents": rents}
    one = "query One($id: ID!) { rentAccount(id: $id) { streetAddress } }"
    ask(fresh[WHO], one, id=global_id("RentAccount", account(fresh, "A-2").id))
    assert reads(fresh)[-1].details == {"rents": [str(account(fresh, "A-2").id)]}
    rows = "query Rows($id: ID!) { arrearsRows(arrearsFileId: $id) { edges { node { says } } } }"
    ask(fresh[WHO], rows, id=global_id("ArrearsFile", file.id))
    assert reads(fresh)[-1].details == {"rents": [str(file.id)]}
    # Another department's caseworker is shown nothing, and leaves nothing.
    before = len(reads(fresh))
    ask(fresh["caseworker AMF"], document)
    assert len(reads(fresh)) == before


@pytest.mark.parametrize("by_plan", [True, False])
def test_who_lives_together_is_somebodys_data_without_a_name(
    fresh: World, monkeypatch: pytest.MonkeyPatch, by_plan: bool
) -> None:
    monkeypatch.setattr(get_settings(), "compiled_reads", by_plan)
    case = fresh.case()
    document = "query Who($id: ID!) { household(id: $id) { members { role since } } }"
    ask(fresh[WHO], document, id=global_id("Household", case.household_id))
    [entry] = reads(fresh)
    assert (entry.case_id, entry.person_ids) == (None, [fresh.applicant(case)])


def test_what_is_not_returned_is_not_logged(fresh: World) -> None:
    fresh.case()
    ask(fresh[WHO], "{ me { name } packs { name } }")
    ask(fresh["caseworker AMF"], "{ cases { edges { node { number } } } }")
    assert reads(fresh) == []
    ask(fresh[WHO], "{ cases(first: 0) { totalCount edges { node { number } } } }")
    assert reads(fresh) == []


def test_a_search_by_number_is_logged_also_when_nobody_is_found(fresh: World) -> None:
    case = fresh.case()
    number = open_number(fresh.rows(Person, id=fresh.applicant(case))[0])
    document = "query Q($n: String!) { personByNumber(personalNumber: $n) { givenName } }"
    ask(fresh["caseworker AMF"], document, n=number)
    [entry] = reads(fresh)
    assert (entry.action, entry.person_ids) == ("person.find_by_number", [])
    assert ask(fresh[WHO], document, n=number) == {"personByNumber": [{"givenName": "Alva"}]}
    assert [entry.person_ids for entry in reads(fresh)[1:]] == [[fresh.applicant(case)]] * 2
    assert number not in str([(entry.action, entry.details) for entry in reads(fresh)])


def test_a_commands_answer_is_logged_as_read_beside_the_write(fresh: World) -> None:
    case = fresh.case()
    before = len(fresh.rows(AuditEntry, kind="write"))
    answer = command(
        fresh[WHO],
        "draftReferral",
        {"caseId": global_id("Case", case.id), "programme": "municipal_contract"},
        "referral { case { household { members { person { familyName } } } } }",
    )
    assert answer["__typename"] == "DraftReferralDone"
    assert len(fresh.rows(AuditEntry, kind="write")) == before + 1
    [entry] = reads(fresh)
    assert (entry.action, entry.person_ids) == ("Do", [fresh.applicant(case)])


@pytest.fixture
def unlogged(fresh: World) -> Iterator[World]:
    """A kommun whose audit log takes no line."""
    with as_owner(fresh.tenant_id) as connection:
        connection.execute(
            "CREATE FUNCTION no_line() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'Alva Testsson'; END $$"
        )
        connection.execute(
            "CREATE TRIGGER no_line BEFORE INSERT ON audit_entries FOR EACH ROW"
            f" WHEN (NEW.tenant_id = '{fresh.tenant_id}' AND NEW.kind = 'read')"
            " EXECUTE FUNCTION no_line()"
        )
    yield fresh
    with as_owner(fresh.tenant_id) as connection:
        connection.execute("DROP FUNCTION no_line CASCADE")


@pytest.mark.parametrize("field", ["number", "stage", "nextSteps { code }"])
@pytest.mark.parametrize("by_plan", [True, False])
def test_without_its_entry_nothing_goes_out(
    unlogged: World, monkeypatch: pytest.MonkeyPatch, by_plan: bool, field: str
) -> None:
    """The log cannot be written: the caller gets a number to quote, and no data."""
    monkeypatch.setattr(get_settings(), "compiled_reads", by_plan)
    case = unlogged.case()
    answer = execute(
        unlogged[WHO],
        f"query Q($id: ID!) {{ case(id: $id) {{ {field} }} }}",
        {"id": global_id("Case", case.id)},
    )
    assert answer["data"] is None
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "INTERNAL" and error["extensions"]["requestId"]
    assert "Alva" not in str(answer)
    assert reads(unlogged) == []
