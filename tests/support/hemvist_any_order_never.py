"""Any order: what may never be found in a kommun's tables, whatever was done. Asked in SQL."""

from __future__ import annotations

from typing import Any

import psycopg

HOMES = {
    "two leases of one home on a day": """
        SELECT a.id, b.id FROM contracts a JOIN contracts b
          ON a.unit_id = b.unit_id AND a.id < b.id
         AND daterange(a.starts_on, greatest(a.ended_on, a.starts_on))
          && daterange(b.starts_on, greatest(b.ended_on, b.starts_on))""",
    "two days of letting of one level": """
        SELECT a.id, b.id FROM lettings a JOIN lettings b
          ON a.unit_id = b.unit_id AND a.level = b.level AND a.id < b.id
         AND daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)""",
    "a running lease of a home that is not let": """
        SELECT c.id, u.state FROM contracts c JOIN units u ON u.id = c.unit_id
         WHERE c.state = 'signed' AND c.follows_id IS NULL AND u.state <> 'let'""",
    "a home accepted twice": """
        SELECT o.unit_id FROM offers o LEFT JOIN contracts c ON c.offer_id = o.id
         WHERE o.state = 'accepted' AND (c.id IS NULL OR c.state = 'signed')
         GROUP BY o.unit_id HAVING count(DISTINCT o.id) > 1""",
    "a referral with two homes accepted": """
        SELECT o.referral_id FROM offers o LEFT JOIN contracts c ON c.offer_id = o.id
         WHERE o.state = 'accepted' AND (c.id IS NULL OR c.state = 'signed')
         GROUP BY o.referral_id HAVING count(DISTINCT o.id) > 1""",
    "a home reserved without an accepted offer": """
        SELECT u.id FROM units u WHERE u.state = 'reserved' AND NOT EXISTS (
            SELECT FROM offers o WHERE o.unit_id = u.id AND o.state = 'accepted')""",
    "an offered home without an offer": """
        SELECT u.id FROM units u WHERE u.state = 'offered' AND NOT EXISTS (
            SELECT FROM offers o WHERE o.unit_id = u.id AND o.state = 'made')""",
    "a takeover without its lease, or with a sublease that goes on": """
        SELECT t.id FROM takeovers t
          LEFT JOIN contracts lease ON lease.id = t.lease_id
          JOIN contracts sublease ON sublease.id = t.contract_id
         WHERE t.state = 'done' AND (lease.id IS NULL OR lease.kind <> 'first_hand'
            OR lease.starts_on <> t.taken_over_on OR lease.follows_id <> sublease.id
            OR sublease.state <> 'ended' OR sublease.end_reason <> 'taken_over'
            OR sublease.ended_on <> t.taken_over_on)
            OR t.state <> 'done' AND t.lease_id IS NOT NULL""",
    "a takeover before its day": """
        SELECT id FROM takeovers WHERE taken_over_on < eligible_on""",
}
DATES = {
    # JB 12:4, 12:5: three calendar months, then the month's end, unless the tenancy is forfeited
    # (12:42). The guideline's own time counts where it is better for the tenant (12:1), and a tenant
    # is free at the end of a fixed term. A landlord's notice of a fixed term is by 12:3.
    "a notice that ends on another day than the law's": """
        SELECT id, given_by, given_on, ends_on, law FROM (
            SELECT n.id, n.given_by, n.given_on, n.ground, n.stated_ends_on, n.ends_on,
                   CASE WHEN c.ends_on > n.given_on THEN c.ends_on END AS term,
                   (date_trunc('month', n.given_on + interval '3 months')
                    + interval '1 month - 1 day')::date AS law
              FROM contract_notices n JOIN contracts c ON c.id = n.contract_id) given
         WHERE (ground IS NULL OR ground NOT IN ('misconduct', 'especially_serious', 'arrears'))
           AND (given_by = 'tenant' OR term IS NULL)
           AND ends_on <> CASE given_by WHEN 'tenant' THEN least(law, stated_ends_on, term)
                                        ELSE greatest(law, stated_ends_on) END""",
    "a lawful end that is no month's end": """
        SELECT n.id, n.lawful_ends_on FROM contract_notices n
          JOIN contracts c ON c.id = n.contract_id
         WHERE extract(day FROM n.lawful_ends_on + 1) <> 1
           AND n.lawful_ends_on IS DISTINCT FROM c.ends_on""",
    "a lease that ended by a notice that had not run out": """
        SELECT id FROM contracts WHERE end_reason = 'notice'
           AND (notice_ends_on IS NULL OR ended_on < notice_ends_on)""",
    "a term that was over before its end": """
        SELECT id FROM contracts WHERE end_reason = 'term_over' AND ended_on < ends_on""",
    "an appeal's last day that is not three weeks after, or is a day of rest": """
        SELECT id, notified_on, appeal_until FROM decisions WHERE notified_on IS NOT NULL
           AND (appeal_until < notified_on + 21 OR appeal_until > notified_on + 28
            OR extract(isodow FROM appeal_until) > 5)""",
    "a guarantee whose days are not whole months": """
        SELECT id FROM guarantees WHERE months IS NOT NULL
           AND ends_on <> (starts_on + make_interval(months => months::int))::date""",
    "a guarantee that ended before the guarantor's notice had run out": """
        SELECT id FROM guarantees WHERE end_reason = 'notice' AND ended_on < notice_ends_on""",
}
MONEY = {
    "an entry that does not sum to nothing": """
        SELECT entry_id FROM guarantee_postings GROUP BY entry_id
        HAVING sum(amount_ore) <> 0 OR count(*) <> 2""",
    "a ledger that does not sum to nothing": """
        SELECT guarantee_id FROM guarantee_postings GROUP BY guarantee_id
        HAVING sum(amount_ore) <> 0""",
    "a bank side that is another": """
        SELECT g.id FROM guarantees g WHERE g.recovered_ore - g.paid_ore <> coalesce((
            SELECT sum(p.amount_ore) FROM guarantee_postings p
             WHERE p.guarantee_id = g.id AND p.account = 'bank'), 0)""",
    "payments that are not the claims'": """
        SELECT g.id FROM guarantees g WHERE (g.paid_ore, g.approved_ore) <> (
            SELECT coalesce(sum(c.paid_ore), 0), coalesce(sum(c.approved_ore), 0)
              FROM guarantee_claims c WHERE c.guarantee_id = g.id)""",
    "more than the cap": """
        SELECT id FROM guarantees WHERE NOT (0 <= paid_ore AND paid_ore <= approved_ore
          AND approved_ore <= cap_ore AND demanded_ore <= paid_ore
          AND recovered_ore + written_off_ore <= demanded_ore)""",
    "a claim decided, or a debt forgiven, by who asked for it": """
        SELECT id FROM guarantee_claims WHERE decided_by = registered_by
        UNION ALL SELECT id FROM guarantee_write_offs WHERE decided_by = proposed_by""",
}
CASES = {
    "a decision made by who proposed it": """
        SELECT id FROM decisions WHERE state = 'decided' AND decided_by = proposed_by""",
    "half of a pair decided": """
        SELECT together_id FROM decisions WHERE together_id IS NOT NULL
         GROUP BY together_id HAVING count(DISTINCT state) > 1""",
    "an appeal judged by who received it": """
        SELECT id FROM appeals WHERE judged_by = received_by""",
    "duties in a closed case": """
        SELECT o.id FROM obligations o JOIN cases c ON c.id = o.case_id
         WHERE c.state = 'closed' AND o.state = 'open'""",
}
NEVER = {**HOMES, **DATES, **MONEY, **CASES}

#: Written by reading too, or by nobody's act.
_NOT_COUNTED = {"idempotency_keys"}
_TABLES: list[str] = []


def found(database: psycopg.Connection) -> dict[str, list[Any]]:
    """What there is that may not be, by what is wrong with it."""
    # One question for all: what is wrong is asked for by itself only when there is something.
    exists = [f"SELECT {number}, EXISTS ({query})" for number, query in enumerate(NEVER.values())]
    rows = database.execute(" UNION ALL ".join(exists)).fetchall()  # type: ignore[arg-type]
    wrong = [list(NEVER)[number] for number, there in rows if there]
    return {name: database.execute(NEVER[name]).fetchall() for name in wrong}  # type: ignore[arg-type]


def contents(database: psycopg.Connection) -> dict[str, tuple[int, Any]]:
    """Rows of each table of the kommun: how many, and a sum of what stands in them."""
    parts = [
        f"SELECT '{table}', count(*), sum(hashtext(t::text)::bigint) FROM {table} t"
        for table in _tables(database)
    ]
    rows = database.execute(" UNION ALL ".join(parts))  # type: ignore[arg-type]
    return {name: (count, sum_) for name, count, sum_ in rows}


def _tables(database: psycopg.Connection) -> list[str]:
    """Every table that kommuner own rows in."""
    if not _TABLES:
        rows = database.execute(
            """SELECT DISTINCT c.table_name FROM information_schema.columns c
                 JOIN information_schema.tables t USING (table_schema, table_name)
                WHERE c.column_name = 'tenant_id' AND c.table_schema = 'public'
                  AND t.table_type = 'BASE TABLE'"""
        ).fetchall()
        _TABLES.extend(sorted({name for (name,) in rows} - _NOT_COUNTED))
    return _TABLES
