"""The quotas of a draft: putting one in, taking one out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from hemvist.agreements.models import AgreementVersion
from hemvist.agreements.quota_models import (
    COUNTS,
    DELIVERED_IN,
    KINDS,
    NUMBERS,
    ROUNDINGS,
    QuotaTerm,
)
from hemvist.agreements.service import MAX_TEXT, MAX_TITLE, log
from hemvist.agreements.versions import draft
from hemvist.cases.checks import raise_if, required_text
from hemvist.errors import NotFound, Problem, too_long
from hemvist.identity import Action, Actor
from hemvist.pack_versions import packs_of
from hemvist.pack_versions.adoptions import adopted_packs
from hemvist.policy.quotas import KINDS as FORCES
from hemvist.policy.quotas import PERIODS
from hemvist.tenancy import TenantSession

MAX_QUOTAS = 30
MAX_LISTED = 50
MOST_HOMES = 100_000
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_CHOICES = {
    "kind": KINDS,
    "force": FORCES,
    "per": PERIODS,
    "rounding": ROUNDINGS,
    "counts": COUNTS,
    "deliveredIn": DELIVERED_IN,
}


def add_quota(
    session: TenantSession,
    actor: Actor,
    *,
    version_id: UUID,
    code: str,
    label: str,
    kind: str,
    force: str = "binding",
    per: str,
    homes: int | None = None,
    share_bp: int | None = None,
    rounding: str = "nearest",
    counts: str = "let",
    delivered_in: str = "any",
    excluded_areas: Sequence[str] = (),
    properties: Sequence[str] = (),
    within_code: str | None = None,
    pack: str | None = None,
    pack_quota: str | None = None,
    groups: str = "",
    expected_version: int,
) -> AgreementVersion:
    """Put a quota (kvot) in a draft; one of the same ``code`` is put in the place of the former.

    A number takes ``homes``, a share ``share_bp`` in hundredths of a percent; a share of the market
    may do without: it is then the landlord's own part of all stock. ``within_code`` names a quota of
    the same version that its homes count towards as well. Homes that became vacant and homes of a
    land deal are counted over a time, so their shares cannot be standing. Raises
    ``ValidationFailed``, ``Conflict`` (``version_state``), ``NotFound``, ``NotAllowed``.
    """
    version, _ = draft(session, actor, version_id, expected_version)
    others = session.scalars(
        select(QuotaTerm).where(QuotaTerm.version_id == version.id, QuotaTerm.code != code)
    ).all()
    chosen = {
        "kind": kind,
        "force": force,
        "per": per,
        "rounding": rounding,
        "counts": counts,
        "deliveredIn": delivered_in,
    }
    problems = [
        Problem(field, "unknown_choice", "no such choice", {"allowed": _CHOICES[field]})
        for field, value in chosen.items()
        if value not in _CHOICES[field]
    ]
    if not _CODE.fullmatch(code):
        problems.append(Problem("code", "code_form", "small letters, digits and _, at most 60"))
    problems += required_text("label", label, MAX_TITLE) + too_long("groups", groups, MAX_TEXT)
    problems += _check_figure(kind, per, homes, share_bp)
    problems += _check_listed("excludedAreas", excluded_areas)
    problems += _check_listed("properties", properties)
    if delivered_in != "any" and not [one for one in properties if one.strip()]:
        problems.append(
            Problem("properties", "properties_needed", "name the new houses' properties")
        )
    problems += _check_within(code, within_code, others)
    if len(others) >= MAX_QUOTAS:
        problems.append(Problem("code", "count", f"at most {MAX_QUOTAS}", {"limit": MAX_QUOTAS}))
    problems += _check_pack(session, version, pack, pack_quota)
    raise_if(problems)
    known = session.scalar(
        select(QuotaTerm).where(QuotaTerm.version_id == version.id, QuotaTerm.code == code)
    )
    last = session.scalar(
        select(func.coalesce(func.max(QuotaTerm.position), 0)).where(
            QuotaTerm.version_id == version.id
        )
    )
    position = known.position if known is not None else (last or 0) + 1
    session.execute(
        delete(QuotaTerm).where(QuotaTerm.version_id == version.id, QuotaTerm.code == code)
    )
    session.save(
        QuotaTerm(
            agreement_id=version.agreement_id,
            version_id=version.id,
            position=position,
            code=code,
            label=label.strip(),
            kind=kind,
            force=force,
            per=per,
            homes=homes,
            share_bp=share_bp,
            rounding=rounding,
            counts=counts,
            delivered_in=delivered_in,
            excluded_areas=_listed(excluded_areas),
            properties=_listed(properties),
            within_code=within_code or None,
            pack=pack,
            pack_quota=pack_quota,
            groups=groups.strip(),
        )
    )
    log(session, actor, Action.AGREEMENT_MANAGE, version.agreement_id)
    return version


def remove_quota(
    session: TenantSession, actor: Actor, *, version_id: UUID, code: str, expected_version: int
) -> AgreementVersion:
    """Take a quota out of a draft. Raises ``NotFound``, ``Conflict``, ``ValidationFailed``."""
    version, _ = draft(session, actor, version_id, expected_version)
    rows = session.scalars(select(QuotaTerm).where(QuotaTerm.version_id == version.id)).all()
    if code not in {one.code for one in rows}:
        raise NotFound("QuotaTerm")
    raise_if(
        [
            Problem("code", "quota_within", f"{one.label} counts within it", {"quota": one.label})
            for one in rows
            if one.within_code == code
        ]
    )
    session.execute(
        delete(QuotaTerm).where(QuotaTerm.version_id == version.id, QuotaTerm.code == code)
    )
    log(session, actor, Action.AGREEMENT_MANAGE, version.agreement_id)
    return version


def _check_figure(kind: str, per: str, homes: int | None, share_bp: int | None) -> list[Problem]:
    problems: list[Problem] = []
    number = kind in NUMBERS
    if number and homes is None:
        problems.append(Problem("homes", "required", "say how many homes"))
    if not number and homes is not None:
        problems.append(Problem("homes", "not_for_kind", "a share has no number of homes"))
    if homes is not None and not 0 <= homes <= MOST_HOMES:
        problems.append(Problem("homes", "range", "out of bounds", {"min": 0, "max": MOST_HOMES}))
    if not number and kind != "market_share" and share_bp is None:
        problems.append(Problem("shareBp", "required", "say which share"))
    if number and share_bp is not None:
        problems.append(Problem("shareBp", "not_for_kind", "a number of homes has no share"))
    if share_bp is not None and not 1 <= share_bp <= 10_000:
        problems.append(Problem("shareBp", "range", "out of bounds", {"min": 1, "max": 10_000}))
    if kind in ("vacated_share", "production_share") and per == "standing":
        problems.append(Problem("per", "not_standing", "it is counted over a time"))
    return problems


def _check_listed(field: str, values: Sequence[str]) -> list[Problem]:
    problems: list[Problem] = []
    if len(values) > MAX_LISTED:
        problems.append(Problem(field, "count", f"at most {MAX_LISTED}", {"limit": MAX_LISTED}))
    for one in values:
        problems += too_long(field, one, MAX_TITLE)
    return problems


def _listed(values: Sequence[str]) -> list[str]:
    """Each once, in the order given."""
    return list(dict.fromkeys(one.strip() for one in values if one.strip()))


def _check_within(code: str, within: str | None, others: Sequence[QuotaTerm]) -> list[Problem]:
    if not within:
        return []
    parents = {one.code: one.within_code for one in others}
    parents[code] = within
    if within not in parents or within == code:
        return [Problem("withinCode", "unknown_quota", "no such quota in this version")]
    at: str | None = within
    while at is not None:
        if at == code:
            return [Problem("withinCode", "circular", "the two would lie within each other")]
        at = parents.get(at)
    return []


def _check_pack(
    session: TenantSession, version: AgreementVersion, pack: str | None, quota: str | None
) -> list[Problem]:
    """The guideline's quota that it carries out, out of a guideline that the kommun works by."""
    if pack is None and quota is None:
        return []
    if pack is None or quota is None:
        return [Problem("packQuota", "required", "guideline and quota go together")]
    if quota not in {one.id for one in guideline_quotas(session, version, pack)}:
        return [Problem("packQuota", "unknown_choice", "no such quota in the guideline")]
    return []


def guideline_quotas(session: TenantSession, version: AgreementVersion, pack: str) -> Sequence[Any]:
    """The quotas of a guideline as it stood on the version's day; none where it was not adopted."""
    if pack not in adopted_packs(session, version.holds_from):
        return ()
    return packs_of(session).in_force(pack, version.holds_from).quotas
