"""How many statements a command or a page sends, at most: what it costs cannot creep up unseen.

With BEGIN, and the one that reads the reply. A ceiling is raised when a command really does
more, and lowered when it does less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from hemvist.cases.models import Case
from hemvist.clock import today
from hemvist.deadlines.models import Obligation
from hemvist.ids import new_id
from hemvist.notices import service as notices
from hemvist.notices.models import Notice
from hemvist.outbox.models import CommandReceipt
from hemvist.pipelined import PipelinedConnection
from hemvist.settings import get_settings
from hemvist.tenancy import Audience, tenant_session
from hemvist_api import command
from hemvist_graphql import execute
from hemvist_graphql.compiled import carrying
from hemvist_graphql.ids import global_id
from hemvist_portal.documents import document
from hemvist_world import BASIS, MUNICIPAL, PLAN, SUPPORT, World, answers, manager_of

WHO = "caseworker SOF-VUX"


@contextmanager
def sent(monkeypatch: pytest.MonkeyPatch, on: set[int] | None = None) -> Iterator[list[str]]:
    """What goes to PostgreSQL in the block, as words, over every connection of this process.

    ``on`` is filled with the connections' numbers.
    """
    statements: list[str] = []
    connections = set() if on is None else on
    one, many = psycopg.Cursor.execute, psycopg.Cursor.executemany

    def execute(cursor: Any, query: Any, *rest: Any, **more: Any) -> Any:
        statements.append(query.decode() if isinstance(query, bytes) else str(query))
        connections.add(id(cursor.connection))
        return one(cursor, query, *rest, **more)

    def executemany(cursor: Any, query: Any, rows: Any, **more: Any) -> Any:
        given = list(rows)
        statements.extend([str(query)] * len(given))
        return many(cursor, query, given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", execute)
        patch.setattr(psycopg.Cursor, "executemany", executemany)
        patch.setattr(get_settings(), "compiled_reads", True)
        yield statements


Command = Callable[[World], tuple[str, str, str, dict[str, Any]]]


def mark_notice_read(world: World) -> tuple[str, str, str, dict[str, Any]]:
    case, source = world.case(), new_id()
    with tenant_session(Audience.WORKER, world.tenant_id) as session:
        notices.notify(
            session,
            kind="decision_proposed",
            role="caseworker",
            department=case.department,
            case_id=case.id,
            subject_type="case",
            subject_id=case.id,
            source_id=source,
        )
    (notice,) = world.rows(Notice, source_id=source)
    return WHO, "markNoticeRead", "notice", {"noticeId": global_id("Notice", notice.id)}


def open_case(world: World) -> tuple[str, str, str, dict[str, Any]]:
    household = world.household()
    given = {"householdId": global_id("Household", household.id), "department": "SOF-VUX"}
    return WHO, "openCase", "case", given


def answer_ten_questions(world: World) -> tuple[str, str, str, dict[str, Any]]:
    case = world.case()
    given = [
        {"fact": one.fact, "value": one.value, "reason": "Omprövat.", "source": "samtal"}
        for one in answers("SOF-VUX")[:10]
    ]
    assert len(given) == 10
    return WHO, "answerQuestions", "case", {"caseId": global_id("Case", case.id), "answers": given}


def conclude(world: World) -> tuple[str, str, str, dict[str, Any]]:
    given = {
        "caseId": global_id("Case", world.case().id),
        "rule": "entitled",
        "conclusion": True,
        "reason": "Stämmer.",
    }
    return WHO, "concludeAssessment", "assessment", given


def propose(world: World) -> tuple[str, str, str, dict[str, Any]]:
    given = {
        "caseId": global_id("Case", world.case().id),
        "programme": MUNICIPAL,
        "kind": SUPPORT,
        "outcome": "granted",
        "legalBasis": [BASIS],
        "motivation": "Behovet finns.",
    }
    return WHO, "proposeDecision", "decision", given


def decide(world: World) -> tuple[str, str, str, dict[str, Any]]:
    proposal = world.propose(world.case())
    given = {
        "decisionId": global_id("Decision", proposal.id),
        "expectedVersion": proposal.version,
    }
    return manager_of("SOF-VUX"), "decide", "decision", given


def record_follow_up(world: World) -> tuple[str, str, str, dict[str, Any]]:
    case = world.case()
    world.housed(case)
    first = min(
        world.rows(Obligation, case_id=case.id, code="first_follow_up"), key=lambda row: row.due_on
    )
    given = {
        "obligationId": global_id("Obligation", first.id),
        "heldOn": str(today() - timedelta(days=60)),
        "departments": ["SOF-VUX", "FF"],
        "residentTookPart": True,
        "inTheHome": True,
        "agendaDone": [item["id"] for item in first.agenda],
        "plan": PLAN,
        "expectedVersion": first.version,
    }
    return WHO, "recordFollowUp", "followUp", given


CEILINGS: dict[Command, int] = {
    mark_notice_read: 6,
    open_case: 6,
    answer_ten_questions: 17,
    conclude: 7,
    propose: 10,
    decide: 14,
    record_follow_up: 13,
}


#: What the page of a case may ask.
PAGE = 14


@pytest.mark.parametrize("made", CEILINGS, ids=lambda made: made.__name__)
def test_a_command_sends_no_more_statements_than_it_may(
    world: World, monkeypatch: pytest.MonkeyPatch, made: Command
) -> None:
    # The first of a process loads packs and plans; what counts is every other.
    on: set[int] = set()
    for _ in range(2):
        who, name, gives, given = made(world)
        on.clear()
        with sent(monkeypatch, on) as statements:
            answer = command(world[who], name, given, f"{gives} {{ id }}")
        assert answer["__typename"] == name[0].upper() + name[1:] + "Done", answer
    assert len(statements) <= CEILINGS[made], "\n".join(one[:150] for one in statements)
    # All that a command does is in one transaction, and the statement that reads its reply too.
    assert sum(one.startswith("BEGIN") for one in statements) == 1
    assert "asking" in statements[-1]
    assert len(on) == 1


def test_more_rows_to_lay_out_are_not_more_statements(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Years of follow-ups are written as one document."""
    case = world.case()
    world.contract(world.accepted(case, world.registered(case)))
    proposal = world.propose(case, "housing", on=today() - timedelta(days=88))
    given = {
        "decisionId": global_id("Decision", proposal.id),
        "expectedVersion": proposal.version,
        "on": str(today() - timedelta(days=88)),
    }
    with sent(monkeypatch) as statements:
        command(world[manager_of("SOF-VUX")], "decide", given, "decision { id }")
    laid_out = [one for one in statements if one.startswith("INSERT INTO obligations")]
    assert len(world.rows(Obligation, case_id=case.id)) > 5
    assert len(laid_out) == 1


def test_a_reply_that_fails_undoes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its statement breaks the transaction: all is done again, once, and told afterwards."""
    who, name, gives, given = open_case(world)
    row, broken = carrying._row, [0]

    def fails(connection: Any, plan: Any, values: Any) -> Any:
        if isinstance(connection, PipelinedConnection):
            broken[0] += 1
            connection.execute("SELECT 1 / 0")
        return row(connection, plan, values)

    monkeypatch.setattr(carrying, "_row", fails)
    monkeypatch.setattr(get_settings(), "compiled_reads", True)
    before = len(world.rows(Case)), len(world.rows(CommandReceipt))
    answer = command(world[who], name, given, f"{gives} {{ number }}")
    assert answer["case"]["number"] and broken == [1]
    assert (len(world.rows(Case)), len(world.rows(CommandReceipt))) == (
        before[0] + 1,
        before[1] + 1,
    )


def test_the_page_of_a_case_asks_little(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Criteria, next steps and the law's findings share what they ask for."""
    case = world.case()
    world.housed(case)
    variables = {"id": global_id("Case", case.id), "lang": "sv"}
    for _ in range(2):
        with sent(monkeypatch) as statements:
            answer = execute(world[WHO], document("case"), variables)
    assert "errors" not in answer, answer
    assert len(statements) <= PAGE, "\n".join(one[:150] for one in statements)
