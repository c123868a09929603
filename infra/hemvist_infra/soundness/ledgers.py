"""Ledgers balance: guarantees' money, and the moves that kommuner owe one another."""

from __future__ import annotations

from datetime import datetime

from hemvist.guarantees.ledger_models import KINDS
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import answered
from hemvist_infra.soundness.report import Report

_ENTRIES = "SELECT count(*) FROM guarantee_entries WHERE tenant_id = %(tenant)s"
_PAIRS = """
SELECT e.id, e.kind, count(p.id) FROM guarantee_entries e
  JOIN unnest(%(kinds)s::text[], %(debits)s::text[], %(credits)s::text[]) AS k (kind, debit, credit)
    ON k.kind = e.kind
  LEFT JOIN guarantee_postings p ON p.tenant_id = e.tenant_id AND p.entry_id = e.id
 WHERE e.tenant_id = %(tenant)s
 GROUP BY e.id, e.kind, k.debit, k.credit, e.amount_ore, e.guarantee_id
HAVING count(p.id) <> 2 OR COALESCE(sum(p.amount_ore), 0) <> 0
    OR count(*) FILTER (WHERE p.account = k.debit AND p.amount_ore = e.amount_ore) <> 1
    OR count(*) FILTER (WHERE p.account = k.credit AND p.amount_ore = -e.amount_ore) <> 1
    OR bool_or(p.guarantee_id <> e.guarantee_id)
 ORDER BY e.id
"""
_ALONE = """
SELECT p.id FROM guarantee_postings p WHERE p.tenant_id = %(tenant)s
   AND NOT EXISTS (SELECT FROM guarantee_entries e WHERE e.tenant_id = p.tenant_id AND e.id = p.entry_id)
 ORDER BY p.id
"""
_TOTALS = """
SELECT g.id FROM guarantees g
  LEFT JOIN guarantee_entries e ON e.tenant_id = g.tenant_id AND e.guarantee_id = g.id
 WHERE g.tenant_id = %(tenant)s GROUP BY g.tenant_id, g.id
HAVING g.approved_ore <> COALESCE(sum(e.amount_ore) FILTER (WHERE e.kind = 'approval'), 0)
    OR g.paid_ore <> COALESCE(sum(e.amount_ore) FILTER (WHERE e.kind = 'payment'), 0)
    OR g.demanded_ore <> COALESCE(sum(e.amount_ore) FILTER (WHERE e.kind = 'demand'), 0)
    OR g.recovered_ore <> COALESCE(sum(e.amount_ore) FILTER (WHERE e.kind = 'recovery'), 0)
    OR g.written_off_ore <> COALESCE(sum(e.amount_ore) FILTER (WHERE e.kind = 'write_off'), 0)
    OR g.approved_ore > g.cap_ore
 ORDER BY g.id
"""
_CLAIMS = """
SELECT c.id FROM guarantee_claims c
  LEFT JOIN guarantee_entries e ON e.tenant_id = c.tenant_id AND e.claim_id = c.id
 WHERE c.tenant_id = %(tenant)s GROUP BY c.tenant_id, c.id
HAVING c.approved_ore <> COALESCE(sum(e.amount_ore) FILTER (WHERE e.kind = 'approval'), 0)
    OR c.paid_ore <> COALESCE(sum(e.amount_ore) FILTER (WHERE e.kind = 'payment'), 0)
 ORDER BY c.id
"""
_RECOURSES = """
SELECT r.id FROM guarantee_recourses r
  LEFT JOIN guarantee_entries e ON e.tenant_id = r.tenant_id AND e.recourse_id = r.id
 WHERE r.tenant_id = %(tenant)s GROUP BY r.tenant_id, r.id
HAVING r.paid_ore <> COALESCE(sum(e.amount_ore) FILTER (WHERE e.kind = 'recovery'), 0)
    OR r.written_off_ore <> COALESCE(sum(e.amount_ore) FILTER (WHERE e.kind = 'write_off'), 0)
 ORDER BY r.id
"""
_REVERSALS = """
SELECT r.id FROM guarantee_entries r
  LEFT JOIN guarantee_entries e ON e.tenant_id = r.tenant_id AND e.id = r.reverses_id
 WHERE r.tenant_id = %(tenant)s AND r.reverses_id IS NOT NULL
   AND (e.id IS NULL OR e.kind <> r.kind OR e.amount_ore <> -r.amount_ore
        OR e.guarantee_id <> r.guarantee_id)
 ORDER BY r.id
"""
_MOVES = """
SELECT move_id, kind, count(*) FROM transfer_ledger_entries WHERE tenant_id = %(tenant)s
 GROUP BY move_id, kind HAVING count(*) <> 2 OR sum(amount) <> 0 ORDER BY move_id, kind
"""
_SETTLED = """
SELECT s.id, s.kind FROM transfer_ledger_entries s
  LEFT JOIN transfer_ledger_entries o ON o.tenant_id = s.tenant_id AND o.id = s.settles_id
 WHERE s.tenant_id = %(tenant)s AND s.kind <> 'reserved'
   AND (o.id IS NULL OR o.move_id <> s.move_id OR o.member_id <> s.member_id
        OR o.kind <> CASE s.kind WHEN 'reversed' THEN 'booked' ELSE 'reserved' END
        OR o.amount <> CASE s.kind WHEN 'reversed' THEN -s.amount ELSE s.amount END)
 ORDER BY s.id
"""
_LINES = "SELECT count(*) FROM transfer_ledger_entries WHERE tenant_id = %(tenant)s"


def check_guarantees(session: TenantSession, report: Report, at: datetime) -> None:
    """Two lines to each entry that come to nothing; every sum is what its entries come to."""
    ((counted,),) = answered(session, _ENTRIES, {})
    report.count("ledger entries", counted)
    kinds = {
        "kinds": list(KINDS),
        "debits": [debit for debit, _ in KINDS.values()],
        "credits": [credit for _, credit in KINDS.values()],
    }
    for row_id, kind, lines in answered(session, _PAIRS, kinds):
        report.find(
            "ledger", row_id, f"{kind} has {lines} lines, which do not balance as it should"
        )
    for statement, told in (
        (_ALONE, "a line without its entry"),
        (_TOTALS, "the guarantee's sums are not what its entries come to"),
        (_CLAIMS, "the claim's sums are not what its entries come to"),
        (_RECOURSES, "the recourse's sums are not what its entries come to"),
        (_REVERSALS, "does not take back what it says"),
    ):
        for (row_id,) in answered(session, statement, {}):
            report.find("ledger", row_id, told)


def check_moves(session: TenantSession, report: Report, at: datetime) -> None:
    """A move is booked on both its sides; what settles a line is its opposite."""
    ((counted,),) = answered(session, _LINES, {})
    report.count("ledger entries", counted)
    for move_id, kind, lines in answered(session, _MOVES, {}):
        report.find("ledger", move_id, f"the move is {kind} with {lines} lines, not on both sides")
    for row_id, kind in answered(session, _SETTLED, {}):
        report.find("ledger", row_id, f"{kind}, and settles no line of its own")
