"""What a household needs of a home, and where for its safety it may not live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from hemvist.cases.access import case_for, open_matter
from hemvist.cases.checks import effective_day, raise_if, require_open
from hemvist.cases.journal import record
from hemvist.cases.models import Case
from hemvist.errors import Conflict, Problem, ValidationFailed, too_long
from hemvist.identity import Action, Actor
from hemvist.landlords.models import Landlord
from hemvist.landlords.service import check_organisation_number
from hemvist.offers.matching.models import EXCLUSIONS, HomeExclusion, HomeNeed
from hemvist.tenancy import TenantSession

MAX_ITEMS = 50
MAX_TEXT = 200
MAX_RENT_ORE = 10_000_000


def state_need(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    rooms_min: int,
    rooms_max: int,
    floor_max: int | None = None,
    lift: bool = False,
    step_free: bool = False,
    adapted: bool = False,
    rent_max_ore: int | None = None,
    unsuitable_areas: Sequence[str] = (),
    excluded_landlords: Sequence[str] = (),
    expected_version: int | None = None,
    on: date | None = None,
) -> HomeNeed:
    """State what home the household needs (bostadsbehov), or state it anew.

    ``floor_max`` is the highest floor without a lift, ``rent_max_ore`` öre a month,
    ``excluded_landlords`` are organisation numbers. A need that is there already is changed by
    whoever names its version. Raises ``ValidationFailed``, ``Conflict``, ``NotFound``, ``NotAllowed``.
    """
    case = case_for(session, actor, case_id, Action.HOME_NEED_STATE)
    require_open(case)
    day = effective_day(on, not_before=case.opened_on)
    problems = _check_numbers(rooms_min, rooms_max, floor_max, rent_max_ore)
    areas, wrong = _texts("unsuitableAreas", unsuitable_areas)
    landlords, unknown = _landlords(session, excluded_landlords)
    raise_if(problems + wrong + unknown)
    # Two may state the first need at once: the case's row is the lock.
    session.lock(case)
    need = session.scalar(select(HomeNeed).where(HomeNeed.case_id == case.id))
    values = {
        "rooms_min": rooms_min,
        "rooms_max": rooms_max,
        "floor_max": floor_max,
        "lift": lift,
        "step_free": step_free,
        "adapted": adapted,
        "rent_max_ore": rent_max_ore,
        "unsuitable_areas": areas,
        "excluded_landlords": landlords,
        "stated_on": day,
        "stated_by": actor.principal_id,
    }
    if need is None:
        if expected_version not in (None, 0):
            raise Conflict("stale_version", "no need has been stated", current=0)
        need = session.save(HomeNeed(case_id=case.id, version=1, **values))
    else:
        session.change(need, expected_version or 0)
        for name, value in values.items():
            setattr(need, name, value)
    session.flush()
    _record(session, actor, case, need, "home_need_stated", day)
    return need


def exclude(
    session: TenantSession,
    actor: Actor,
    *,
    case_id: UUID,
    kind: str,
    value: str,
    on: date | None = None,
) -> HomeExclusion:
    """For the household's safety no home in the area, postal code or of the landlord ``value``.

    The row is the department's own; whoever matches sees that a home is excluded, never by what.
    Raises ``ValidationFailed``, ``Conflict`` when it is excluded already, ``NotFound``.
    """
    case = case_for(session, actor, case_id, Action.HOME_NEED_STATE)
    require_open(case)
    day = effective_day(on, not_before=case.opened_on)
    raise_if(_check_exclusion(kind, value))
    written = "".join(value.split()) if kind == "postal_code" else value.strip()
    if kind == "landlord":
        number = check_organisation_number(value, "value")
        if isinstance(number, Problem):
            raise ValidationFailed([number])
        written = number
    session.lock(case)
    standing = session.scalars(
        select(HomeExclusion).where(
            HomeExclusion.case_id == case.id,
            HomeExclusion.kind == kind,
            HomeExclusion.lifted_on.is_(None),
        )
    )
    if any(one.value == written for one in standing):
        raise Conflict("excluded_already", "it is excluded already")
    exclusion = session.save(
        HomeExclusion(
            case_id=case.id,
            kind=kind,
            value=written,
            excluded_on=day,
            excluded_by=actor.principal_id,
            version=1,
        )
    )
    _record(session, actor, case, exclusion, "home_excluded", day)
    return exclusion


def lift(
    session: TenantSession,
    actor: Actor,
    *,
    exclusion_id: UUID,
    expected_version: int,
    on: date | None = None,
) -> HomeExclusion:
    """The exclusion is needed no more. It stays in the file with its last day."""
    exclusion, case = open_matter(
        session, actor, HomeExclusion, exclusion_id, Action.HOME_NEED_STATE
    )
    day = effective_day(on, not_before=exclusion.excluded_on)
    session.change(exclusion, expected_version)
    if exclusion.lifted_on is not None:
        raise Conflict("lifted_already", "it was lifted before")
    exclusion.lifted_on = day
    session.flush()
    _record(session, actor, case, exclusion, "home_exclusion_lifted", day)
    return exclusion


def _record(
    session: TenantSession,
    actor: Actor,
    case: Case,
    row: HomeNeed | HomeExclusion,
    kind: str,
    day: date,
) -> None:
    # No word of what is excluded: others than the department read the timeline too.
    record(
        session,
        actor,
        case,
        kind,
        day,
        action=Action.HOME_NEED_STATE,
        subject_type="home_need" if isinstance(row, HomeNeed) else "home_exclusion",
        subject_id=row.id,
    )


def _check_numbers(
    rooms_min: int, rooms_max: int, floor_max: int | None, rent_max_ore: int | None
) -> list[Problem]:
    problems: list[Problem] = []
    for field, value, low, high in (
        ("roomsMin", rooms_min, 1, 20),
        ("roomsMax", rooms_max, 1, 20),
        ("floorMax", floor_max, 0, 100),
        ("rentMaxOre", rent_max_ore, 0, MAX_RENT_ORE),
    ):
        if value is not None and not low <= value <= high:
            problems.append(
                Problem(field, "range", f"between {low} and {high}", {"min": low, "max": high})
            )
    if not problems and rooms_max < rooms_min:
        problems.append(
            Problem("roomsMax", "range", "not fewer than roomsMin", {"min": rooms_min, "max": 20})
        )
    return problems


def _texts(field: str, given: Sequence[str]) -> tuple[list[str], list[Problem]]:
    problems: list[Problem] = []
    if len(given) > MAX_ITEMS:
        problems.append(Problem(field, "count", f"at most {MAX_ITEMS}", {"limit": MAX_ITEMS}))
    problems += too_long(field, max(given, key=len, default=""), MAX_TEXT)
    return list(dict.fromkeys(one.strip() for one in given if one.strip())), problems


def _landlords(session: TenantSession, numbers: Sequence[str]) -> tuple[list[UUID], list[Problem]]:
    written, problems = _texts("excludedLandlords", numbers)
    if problems:
        return [], problems
    found: list[UUID] = []
    for number in written:
        checked = check_organisation_number(number, "excludedLandlords")
        if isinstance(checked, Problem):
            problems.append(checked)
            continue
        known = session.scalar(select(Landlord.id).where(Landlord.organisation_number == checked))
        if known is None:
            problems.append(
                Problem(
                    "excludedLandlords", "unknown_item", "not a landlord here", {"item": checked}
                )
            )
        else:
            found.append(known)
    return found, problems


def _check_exclusion(kind: str, value: str) -> list[Problem]:
    if kind not in EXCLUSIONS:
        return [Problem("kind", "unknown_choice", "not a kind", {"allowed": list(EXCLUSIONS)})]
    text = value.strip()
    if not text:
        return [Problem("value", "required", "must be filled in")]
    if problems := too_long("value", text, MAX_TEXT):
        return problems
    if kind == "postal_code":
        digits = "".join(text.split())
        if not (len(digits) == 5 and digits.isascii() and digits.isdigit()):
            return [Problem("value", "postal_code", "five digits")]
    return []
