"""Helsingborg's way to a lease of one's own over the API: what is read of it, and the guarantee's money."""

from __future__ import annotations

from typing import Any

from hemvist_api_ways import Way, said

WAY = "way { code label detail state on expectedOn because { code label outcome } }"
MONEY = """ id state version months startsOn endsOn rentOre capOre capRentMonths reviewOn covers
    leftOfCapOre approvedOre paidOre demandedOre recoveredOre writtenOffOre endedOn endReasonLabel
    dialogueOn accounts { account label balanceOre }
    ledger { kind label amountOre debit credit bookedOn } """
CLAIM = " id state stateLabel amountOre approvedOre paidOre leftToPayOre version "
RECOURSE = " id state amountOre paidOre leftOre version instalments { dueOn amountOre } "


def read(way: Way, selection: str, who: str = "caseworker") -> dict[str, Any]:
    """What somebody reads of the case."""
    found: dict[str, Any] = way.office[who].ask(
        f"query Q($id: ID!) {{ case(id: $id) {{ id {selection} }} }}", id=way.case
    )["case"]
    return found


def stations(way: Way) -> dict[str, dict[str, Any]]:
    """The way to a lease of one's own as the case page shows it, by code."""
    return {one["code"]: one for one in read(way, WAY)["way"]}


def ahead(way: Way) -> list[tuple[str, str]]:
    """What is not reached."""
    return [(code, one["state"]) for code, one in stations(way).items() if one["state"] != "done"]


def answered(way: Way, **facts: Any) -> None:
    """What the caseworker answers later, with a reason."""
    way.office["caseworker"].do(
        "answerQuestions",
        "case { id }",
        caseId=way.case,
        answers=[
            {"fact": fact, "value": value, "reason": said("Bedömt."), "source": "samtal"}
            for fact, value in facts.items()
        ],
    )


def a_claim_and_its_recourse(way: Way, guarantee: str) -> None:
    """HBG-11: a month unpaid: claimed, decided by another, paid, asked back and paid in two parts."""
    officer, manager = way.office["officer"], way.office["manager"]
    rent = money_of(way)["rentOre"]
    claim = officer.do(
        "registerGuaranteeClaim",
        f"guaranteeClaim {{ {CLAIM} }}",
        guaranteeId=guarantee,
        kind="rent",
        amountOre=rent,
        periodFrom=way.day(560),
        periodTo=way.day(589),
        receivedOn=way.day(600),
        documents=[{"kind": "rent_statement", "title": said("Hyresavi")}],
    )
    decision = {
        "guaranteeClaimId": claim["id"],
        "outcome": "approved",
        "approvedOre": 600_000,
        "motivation": said("Förrådet omfattas inte."),
        "on": way.day(605),
        "expectedVersion": claim["version"],
    }
    assert officer.refused("decideGuaranteeClaim", **decision)["__typename"] == "NotAllowed"
    claim = manager.do("decideGuaranteeClaim", f"guaranteeClaim {{ {CLAIM} }}", **decision)
    paid = officer.do(
        "payGuaranteeClaim",
        f"guaranteeClaim {{ {CLAIM} }}",
        guaranteeClaimId=claim["id"],
        amountOre=600_000,
        reference="BG 1001",
        on=way.day(610),
        expectedVersion=claim["version"],
    )
    assert (paid["stateLabel"], paid["leftToPayOre"]) == ("Betalt", 0)
    money = money_of(way)
    assert (money["leftOfCapOre"], money["paidOre"]) == (12 * rent - 600_000, 600_000)
    assert sum(one["balanceOre"] for one in money["accounts"]) == 0

    demand = officer.do(
        "demandRecourse",
        f"guaranteeRecourse {{ {RECOURSE} }}",
        guaranteeId=guarantee,
        amountOre=600_000,
        instalments=[
            {"dueOn": way.day(650), "amountOre": 400_000},
            {"dueOn": way.day(680), "amountOre": 200_000},
        ],
        on=way.day(620),
        expectedVersion=money["version"],
    )
    for amount, after in ((400_000, 650), (200_000, 680)):
        demand = officer.do(
            "recordRecoursePayment",
            f"guaranteeRecourse {{ {RECOURSE} }}",
            guaranteeRecourseId=demand["id"],
            amountOre=amount,
            on=way.day(after),
            expectedVersion=demand["version"],
        )
    assert (demand["leftOre"], demand["paidOre"]) == (0, 600_000)
    money = money_of(way)
    assert sum(one["balanceOre"] for one in money["accounts"]) == 0
    # Everything that the kommun paid has come back: but for the household's debt to it nothing stands.
    assert money["recoveredOre"] == money["demandedOre"] == money["paidOre"] == 600_000
    assert len(money["ledger"]) == 5
    assert all(one["debit"] != one["credit"] for one in money["ledger"])


def money_of(way: Way) -> dict[str, Any]:
    """The case's guarantee and what stands on its accounts."""
    found: dict[str, Any] = read(way, f"guarantees {{ {MONEY} }}", "officer")["guarantees"][0]
    return found
