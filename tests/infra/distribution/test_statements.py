"""What Citus would refuse in a statement is found, and what it takes is let pass."""

from __future__ import annotations

import pytest

from hemvist_infra.distribution import statements
from hemvist_infra.distribution.sent import Sent, queries
from hemvist_infra.distribution.sent import problems as of_sent

#: Statements that stay on one shard.
TAKEN = [
    "SELECT id FROM cases WHERE tenant_id = %(tenant)s AND state = 'open'",
    "SELECT id FROM cases WHERE tenant_id = $1::uuid FOR UPDATE SKIP LOCKED",
    "SELECT c.id FROM cases c JOIN households h ON h.tenant_id = c.tenant_id AND h.id = c.household_id"
    " WHERE h.tenant_id = %s",
    "SELECT c.id FROM cases c LEFT JOIN households h USING (tenant_id) WHERE c.tenant_id = %s AND"
    " h.tenant_id = %s",
    "SELECT (SELECT name FROM tenants WHERE id = c.tenant_id) FROM cases c WHERE c.tenant_id = %s",
    "WITH RECURSIVE up AS (SELECT id FROM cases WHERE tenant_id = %s) SELECT * FROM up",
    "WITH gone AS (DELETE FROM counters WHERE tenant_id = %s RETURNING id) SELECT count(*) FROM gone",
    "INSERT INTO counters (tenant_id, id) VALUES (%s, %s) ON CONFLICT (tenant_id, id) DO NOTHING",
    "INSERT INTO counters (tenant_id, id) SELECT c.tenant_id, c.id FROM cases c WHERE c.tenant_id = %s",
    "UPDATE cases SET state = %s WHERE (tenant_id, id) = (%s, %s)",
    "SELECT pg_advisory_xact_lock(4)",
    "SELECT id FROM cases WHERE false",
    "SELECT name FROM tenants",
    "SELECT id FROM landlords WHERE id = ANY(%s)",
]


@pytest.mark.parametrize("text", TAKEN)
def test_what_stays_on_one_shard_passes(text: str) -> None:
    assert [str(one) for one in statements.problems(text)] == []


#: A planted violation, and the rule that it breaks.
PLANTED = {
    "every kommun": ("SELECT count(*) FROM cases", "TENANT"),
    "one of two tables": (
        "SELECT c.id FROM cases c JOIN households h ON h.id = c.household_id WHERE c.tenant_id = %s",
        "TENANT",
    ),
    "by the setting alone": (
        "SELECT id FROM cases WHERE tenant_id = current_setting('hemvist.tenant_id')::uuid",
        "HANDED",
    ),
    "either or": ("SELECT id FROM cases WHERE tenant_id = %s OR state = 'open'", "TENANT"),
    "unequal": ("SELECT id FROM cases WHERE tenant_id <> %s", "TENANT"),
    "handed on by a CTE": (
        "WITH asking AS (SELECT %s::uuid AS tenant)"
        " SELECT c.id FROM asking, cases c WHERE c.tenant_id = asking.tenant",
        "HANDED",
    ),
    "handed on by the level above": (
        "SELECT id, (SELECT count(*) FROM decisions d WHERE d.tenant_id = c.tenant_id"
        " AND d.case_id = c.id) FROM cases c WHERE c.tenant_id = %s",
        "HANDED",
    ),
    "sub-select without": (
        "SELECT id FROM cases c WHERE tenant_id = %s"
        " AND EXISTS (SELECT FROM decisions d WHERE d.case_id = c.id)",
        "TENANT",
    ),
    "several kommuner": ("SELECT id FROM cases WHERE tenant_id = ANY(%s)", "LISTED"),
    "two kommuner": ("SELECT id FROM cases WHERE tenant_id IN (%s, %s)", "LISTED"),
    "locks everywhere": ("SELECT id FROM cases FOR UPDATE SKIP LOCKED", "LOCKED"),
    "recursive everywhere": (
        "WITH RECURSIVE up AS (SELECT id FROM cases) SELECT * FROM up",
        "RECURSIVE",
    ),
    "grouping sets everywhere": (
        "SELECT state, count(*) FROM cases GROUP BY ROLLUP (state)",
        "RECURSIVE",
    ),
    "changes in a CTE": (
        "WITH gone AS (DELETE FROM counters RETURNING id) SELECT * FROM gone",
        "MODIFYING",
    ),
    "written without": ("INSERT INTO counters (id) VALUES (%s)", "INSERT"),
    "written from elsewhere": (
        "INSERT INTO counters (tenant_id, id) SELECT gen_random_uuid(), c.id FROM cases c"
        " WHERE c.tenant_id = %s",
        "INSERT_SELECT",
    ),
    "moved": ("UPDATE cases SET tenant_id = %s WHERE tenant_id = %s", "MOVED"),
    "changed by chance": (
        "DELETE FROM counters WHERE tenant_id = %s AND random() < 0.5",
        "VOLATILE",
    ),
    "chosen by the clock": (
        "UPDATE cases SET closed_on = CASE WHEN state = 'x' THEN now() END WHERE tenant_id = %s",
        "MUTABLE",
    ),
    "clock where it collides": (
        "INSERT INTO counters (tenant_id, id) VALUES (%s, %s)"
        " ON CONFLICT (tenant_id, id) DO UPDATE SET value = extract(epoch FROM now())",
        "MUTABLE",
    ),
    "sets in the statement": (
        "SELECT set_config('hemvist.tenant_id', %s, true), id FROM cases WHERE tenant_id = %s",
        "SETTING",
    ),
    "a sequence": ("SELECT nextval('numbers')", "NODE"),
    "not to be read": ("SELECT FROM WHERE (", "READ"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_violation_is_found(planted: str) -> None:
    text, rule = PLANTED[planted]
    found = statements.problems(text)
    assert rule in {one.rule.name for one in found}, found
    told = next(str(one) for one in found if one.rule.name == rule)
    assert told.startswith(statements.shortened(text)) and "Citus " in told


def test_a_statement_that_is_not_declared_is_told_with_its_place() -> None:
    loose = Sent("hemvist_worker", "hemvist_workers.relay:send", "SELECT id FROM outbox_events")
    [problem] = of_sent([loose])
    assert problem.where.startswith("hemvist_worker at hemvist_workers.relay:send: SELECT id")
    assert "outbox_events is not compared" in problem.what


def test_a_statement_of_the_landlords_role_reads_views_alone() -> None:
    """What is declared is declared for views; their tables would be another crossing."""
    views = "SELECT id FROM lv_units u JOIN lv_offers o ON o.tenant_id = u.tenant_id AND o.unit_id = u.id"
    asked_first = (
        "SELECT id FROM lv_units WHERE tenant_id = (SELECT k.tenant_id FROM lv_kommuner k)"
    )
    apart = "SELECT u.id FROM lv_units u JOIN lv_offers o ON o.unit_id = u.id"
    table = "SELECT id FROM units"
    beside = (
        "SELECT u.id FROM lv_units u WHERE EXISTS (SELECT FROM lv_offers o WHERE o.unit_id = u.id)"
    )
    for text in (views, asked_first):
        assert list(of_sent([Sent("hemvist_landlord", "a:b", text)])) == []
    for text in (apart, beside, table):
        assert list(of_sent([Sent("hemvist_landlord", "a:b", text)])) != []


def test_settings_are_no_queries() -> None:
    sent = "BEGIN; SET LOCAL hemvist.tenant_id = 'x'; SELECT 1"
    assert queries(sent) == ["SELECT 1"]
