"""What Citus asks of tables and statements, and where that is written.

Documentation means the pages of the Citus project of that name (version 13); source means its public
source code, by file, where the documentation is silent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

_DDL = "documentation, Creating and Modifying Distributed Tables (DDL)"
_SQL = "documentation, SQL Support and Workarounds"
_DML = "documentation, Ingesting, Modifying Data (DML)"
_PROCESSING = "documentation, Query Processing"
_PROPAGATION = "documentation, Manual Query Propagation"
_SETTINGS = "documentation, Configuration Reference"
_FUNCTIONS = "documentation, Citus Utility Functions"


class Rule(Enum):
    """A rule: what it asks, and where Citus says so."""

    PLACED = ("every table is distributed, a reference table or local, with a reason", _DDL)
    KEY = (
        "primary keys and unique indexes hold the distribution column",
        f"{_DDL}, Adding/Removing Constraints",
    )
    COLUMN = (
        "the distribution column is uuid, never null and not generated",
        f"{_DDL}, Modifying Tables",
    )
    EXCLUSION = (
        "exclusion constraints compare the distribution column for equality",
        f"{_DDL}, Adding/Removing Constraints",
    )
    COLOCATED = (
        "foreign keys between distributed tables carry the distribution column on both sides",
        f"{_DDL}, Adding/Removing Constraints",
    )
    TO_REFERENCE = (
        "a foreign key leads from distributed to reference tables, never back, and to no local one",
        f"{_DDL}, Adding/Removing Constraints",
    )
    KEY_ACTION = (
        "a foreign key with the distribution column sets nothing null or to its default",
        "source, foreign_constraint.c",
    )
    NUMBERED = (
        "no sequence, serial or identity numbers rows: ids are made by the platform",
        f"{_FUNCTIONS}, create_distributed_table",
    )
    TYPE = (
        "types that columns or functions need can be made on every node",
        "source, dependency.c (types that are propagated)",
    )
    INHERITED = ("no inheritance, rules or unlogged tables", _DDL)
    POLICY = ("policies hold no sub-select", "source, policy.c (ErrorIfUnsupportedPolicyExpr)")
    TRIGGER_ROW = (
        "triggers of a distributed table act row by row",
        "source, pull request 5705 (unsafe triggers)",
    )
    TRIGGER_REFERENCE = (
        "a reference table has no trigger: it would act once on every node",
        "source, trigger.c",
    )
    ROUTINE = (
        "a function that acts on a shard stays with the row's tenant",
        "source, pull requests 5602 and 5705 (no remote execution from a shard)",
    )
    VIEW = (
        "a view joins distributed tables by the distribution column",
        f"{_SQL}, Limitations for Cross-Node SQL Queries",
    )

    TENANT = (
        "every distributed table of a statement is compared with its tenant",
        f"{_PROCESSING}, and {_SQL}",
    )
    HANDED = (
        "the tenant is a value of the statement, not handed on by another level or a CTE",
        f"{_PROCESSING} (router queries are found by a constant)",
    )
    LISTED = ("a list of tenants fans out: such a statement is declared", _PROCESSING)
    INSERT = ("an INSERT names the tenant", f"{_DML}, Inserting Data")
    INSERT_SELECT = (
        "INSERT … SELECT takes the tenant from a colocated table or a value",
        f"{_DML}, INSERT … SELECT",
    )
    MOVED = ("no UPDATE changes the distribution column", f"{_DML}, Updates and Deletion")
    LOCKED = ("FOR UPDATE stays on one shard", f"{_SQL}, Limitations for Cross-Node SQL Queries")
    RECURSIVE = (
        "recursive CTEs, TABLESAMPLE and grouping sets stay on one shard",
        f"{_SQL}, Limitations for Cross-Node SQL Queries",
    )
    MODIFYING = ("a CTE that changes rows stays on one shard", _SQL)
    VOLATILE = (
        "what changes rows calls no volatile function beside its values",
        "source, multi_router_planner.c",
    )
    MUTABLE = (
        "no function that is not immutable in CASE, COALESCE or DO UPDATE of what changes rows",
        "source, multi_router_planner.c",
    )
    SETTING = (
        "settings are set by SET LOCAL: set_config reaches no other node",
        f"{_SETTINGS}, citus.propagate_set_commands",
    )
    NODE = (
        "nothing of one node: advisory locks in functions, NOTIFY, nextval, temporary tables",
        f"{_PROPAGATION}; {_SQL}",
    )
    READ = ("the check can read it", "our own: what cannot be read is not passed")

    @property
    def asks(self) -> str:
        """The rule in words."""
        return self.value[0]

    @property
    def source(self) -> str:
        """Where Citus says so."""
        return self.value[1]


@dataclass(frozen=True, order=True)
class Problem:
    """One breach of a rule: where (table, function or statement), and what is wrong there."""

    where: str
    what: str
    rule: Rule = field(compare=False)

    def __str__(self) -> str:
        rule = f"{self.rule.name}: {self.rule.asks}; Citus {self.rule.source}"
        return f"{self.where}: {self.what} [{rule}]"
