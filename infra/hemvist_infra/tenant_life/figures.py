"""What a kommun's file and guidelines come to, in figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hemvist.policy.pack import Pack
from hemvist_tenants import DepartmentKind, TenantConfig


@dataclass(frozen=True, slots=True)
class PackFigures:
    """How much one guideline says."""

    name: str
    version: str
    since: str
    status: str
    programmes: int
    rules: int
    facts: int
    params: int
    decisions: int
    #: Duties with a date: of its programmes, and times within which the kommun answers.
    deadlines: int


def figures_of(pack: Pack) -> PackFigures:
    """The figures of one version of a guideline."""
    programmes = tuple(pack.programmes.values())
    return PackFigures(
        name=pack.name,
        version=pack.version,
        since=pack.in_force.start.isoformat(),
        status=pack.status.kind,
        programmes=len(programmes),
        rules=len(pack.rules),
        facts=len(pack.facts),
        params=len(pack.params),
        decisions=sum(len(one.decisions) for one in programmes),
        deadlines=sum(len(one.obligations) for one in programmes) + len(pack.service_levels),
    )


def figure_lines(tenant: TenantConfig, packs: Iterable[Pack]) -> list[str]:
    """The kommun in figures, a line each."""
    rules = [rule for issuer in tenant.issuers for rule in issuer.rules]
    lines = [
        f"departments: {len(tenant.departments)}"
        f" ({len(tenant.departments_of(DepartmentKind.REFERRING))} referring,"
        f" {len(tenant.departments_of(DepartmentKind.PROPERTY))} property)",
        f"issuers: {len(tenant.issuers)};"
        f" {len({rule.value for rule in rules})} groups give {len({r.role for r in rules})} roles",
        f"delegation orders: {len(tenant.delegation)};"
        f" {sum(len(order.lines) for order in tenant.delegation)} lines",
        f"support providers: {len(tenant.support_providers)}",
        f"own texts in letters: {len(tenant.letters.texts)}",
    ]
    for pack in packs:
        one = figures_of(pack)
        lines.append(
            f"guideline {one.name} {one.version} from {one.since}: {one.programmes} programmes,"
            f" {one.rules} rules, {one.facts} questions, {one.params} values,"
            f" {one.decisions} decisions, {one.deadlines} deadlines"
        )
    return lines
