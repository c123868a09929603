"""A household in arrears by the API: a file, the three weeks, an undertaking, instalments, a round."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any
from uuid import UUID

from hemvist.arrears import accounts, instalments, liabilities, recovery
from hemvist.arrears.models import RentAccount
from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.db import Audience
from hemvist.prevention.models import PreventionEntry, PreventionRun
from hemvist.tenancy import tenant_session
from hemvist_api_office import Office
from hemvist_api_ways import Way, said
from hemvist_arrears import OWNER, as_csv, imported, row
from hemvist_graphql.ids import global_id, require_row_id
from hemvist_kommun import Kommun


def in_arrears(office: Office, way: Way) -> None:
    """One act of each kind, so that the API has shown an id of every type there is."""
    voice = office[way.caseworker]
    content = as_csv([row("A-1", Hyresgäst=said("Åsa Öberg"))])
    file = voice.do(
        "readArrearsFile",
        "arrearsFile { id version }",
        department=way.department,
        organisationNumber=OWNER,
        landlordName="Balder",
        fileName="hyror.csv",
        contentBase64=base64.b64encode(content).decode(),
    )
    rows = "query Q($id: ID!) { arrearsRows(arrearsFileId: $id) { edges { node { number } } } }"
    assert voice.ask(rows, id=file["id"])["arrearsRows"]["edges"]
    voice.do(
        "importArrearsFile",
        "arrearsFile { id }",
        arrearsFileId=file["id"],
        expectedVersion=file["version"],
    )
    found = "query Q { rentAccounts { edges { node { id version months { id } } } } }"
    account = voice.ask(found)["rentAccounts"]["edges"][0]["node"]
    account = voice.do(
        "linkRentAccount",
        "rentAccount { id version balanceOre }",
        rentAccountId=account["id"],
        caseId=way.case,
        expectedVersion=account["version"],
    )
    account = voice.do(
        "tellChildrenInHome",
        "rentAccount { id version balanceOre }",
        rentAccountId=account["id"],
        children=False,
        expectedVersion=account["version"],
    )
    day = str(today() - timedelta(days=2))
    recovery = voice.do(
        "registerRecovery",
        "recoveryPeriod { id lastOn }",
        rentAccountId=account["id"],
        amountOre=account["balanceOre"],
        servedOn=day,
        boardToldOn=day,
    )
    voice.do(
        "proposeLiability",
        "rentLiability { id }",
        recoveryPeriodId=recovery["id"],
        amountOre=account["balanceOre"],
        motivation=said("Kan betala framöver."),
    )
    voice.do(
        "agreeRentInstalments",
        "instalmentPlan { id }",
        rentAccountId=account["id"],
        instalments=[{"dueOn": str(today() + timedelta(days=30)), "amountOre": 1_000}],
    )
    _on_a_list(
        office.ledger.tenant_id, way.department, require_row_id("RentAccount", account["id"])
    )
    runs = voice.ask("query Q { preventionRuns { edges { node { id } } } }")["preventionRuns"]
    entries = (
        "query Q($id: ID!) { preventionEntries(preventionRunId: $id) { edges { node { id } } } }"
    )
    assert voice.ask(entries, id=runs["edges"][0]["node"]["id"])["preventionEntries"]["edges"]


def arrears_of(world: Kommun, case: Case, who: str) -> dict[str, str]:
    """An id of each type of a household in arrears in a case, by the services."""
    file = imported(world, who, case.department, [row("A-1")])
    account = world.rows(RentAccount, reference="A-1")[0]
    account = world.act(
        who,
        accounts.link_case,
        account_id=account.id,
        case_id=case.id,
        expected_version=account.version,
    )
    account = world.act(
        who,
        accounts.tell_children,
        account_id=account.id,
        children=True,
        expected_version=account.version,
    )
    day = today() - timedelta(days=2)
    period = world.act(
        who,
        recovery.register_recovery,
        account_id=account.id,
        amount_ore=account.balance_ore,
        served_on=day,
        board_told_on=day,
    )
    liability = world.act(
        who,
        liabilities.propose_liability,
        recovery_id=period.id,
        amount_ore=account.balance_ore,
        motivation="Kan betala framöver.",
        children_considered="Skolan är nära.",
    )
    plan = world.act(
        who,
        instalments.agree_instalments,
        account_id=account.id,
        instalments=[{"due_on": today() + timedelta(days=30), "amount_ore": 1_000}],
    )
    run, entry = _on_a_list(world.tenant_id, case.department, account.id)
    found: dict[str, Any] = {
        "ArrearsFile": file,
        "RentAccount": account,
        "RecoveryPeriod": period,
        "RentLiability": liability,
        "InstalmentPlan": plan,
        "PreventionRun": run,
        "PreventionEntry": entry,
    }
    return {name: global_id(name, one.id) for name, one in found.items()}


def _on_a_list(
    tenant_id: UUID, department: str, account_id: UUID
) -> tuple[PreventionRun, PreventionEntry]:
    """Written as it is: the guideline of these tests has no campaign."""
    with tenant_session(Audience.STAFF, tenant_id) as session:
        run = session.save(
            PreventionRun(
                department=department,
                pack="norrkoping/kommunala-kontrakt",
                pack_version="2026.1.0",
                campaign="bo_kvar_round",
                period=str(today()),
                scope="/",
                made_on=today(),
                accounts_seen=1,
                entries_total=1,
                unknown_total=0,
            )
        )
        session.flush()
        entry = session.save(
            PreventionEntry(
                department=department,
                run_id=run.id,
                account_id=account_id,
                made_on=today(),
                place=1,
                because=["rent_unpaid"],
                first=[],
                amount_ore=745_050,
                area="",
            )
        )
        return run, entry
