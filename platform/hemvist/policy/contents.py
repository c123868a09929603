"""What a referral or a plan still lacks, item by item with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from hemvist.policy.errors import PolicyError
from hemvist.policy.evaluation import environment
from hemvist.policy.facts import FactDef, FactType, check_answer
from hemvist.policy.labels import Label
from hemvist.policy.leaf import Env
from hemvist.policy.pack import Pack
from hemvist.policy.programmes import Commission, ContentItem, Plan, Programme, Referral, Report

#: What a guideline says the contents of.
Document = Referral | Plan | Commission | Report

MAX_TEXT = 20_000
MAX_LINES = 200

_MISSING = Label("Saknas", "Missing")
_UNDETERMINED = Label(
    "Det går inte att avgöra om uppgiften behövs", "It is not known whether this is needed"
)
_INVALID = Label("Ogiltigt värde", "Not a valid value")
_MUST_BE = Label("Måste vara uppfyllt", "Must be fulfilled")
_EMPTY: tuple[object, ...] = ("", [], ())


@dataclass(frozen=True, slots=True)
class MissingItem:
    """An item that is ``missing``, ``invalid``, or ``undetermined``: whether it is needed depends
    on the facts in ``ask``."""

    item: ContentItem
    reason: str
    message: Label
    ask: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The item's id."""
        return self.item.id

    @property
    def label(self) -> Label:
        """The item's label."""
        return self.item.label

    @property
    def cite(self) -> tuple[str, ...]:
        """The item's source."""
        return self.item.cite


def missing_contents(
    pack: Pack,
    programme: str,
    content: Mapping[str, object],
    facts: Mapping[str, object],
    on: date,
    *,
    of: str = "referral",
) -> tuple[MissingItem, ...]:
    """What the referral (or, with ``of``, the plan, commission or report) lacks, in the pack's order.

    Raises ``PolicyError`` when the programme has no such document, on content that no item asks
    for, and as ``evaluate`` does for facts and dates.
    """
    required, optional = _document(pack, programme, of)
    known = {item.id for item in (*required, *optional)}
    for id in content:
        if id not in known:
            raise PolicyError(f"{of} has no item {id[:60]!r}", rule="unknown_item", fact=id)
    env = environment(pack, facts, on)
    found = [_judge(item, content.get(item.id), True, ()) for item in required]
    for item in optional:
        needed, ask = _needed(item, env)
        found.append(_judge(item, content.get(item.id), needed, ask))
    return tuple(problem for problem in found if problem is not None)


def documents(programme: Programme) -> Mapping[str, Document | None]:
    """What the programme has somebody write, by name; None where it says nothing of it."""
    commission = programme.commission
    return {
        "referral": programme.referral,
        "plan": programme.plan,
        "commission": commission,
        "report": None if commission is None else commission.report,
    }


def _document(
    pack: Pack, programme: str, of: str
) -> tuple[tuple[ContentItem, ...], tuple[ContentItem, ...]]:
    definition = pack.programme(programme)
    document = documents(definition).get(of)
    if document is None:
        raise PolicyError(f"{programme} has no {of[:60]}", rule="unknown_document")
    return document.requires, document.optional


def _needed(item: ContentItem, env: Env) -> tuple[bool | None, tuple[str, ...]]:
    """Whether an optional item is needed; ``None`` when facts are missing, with which."""
    if item.when is None:
        return False, ()
    return item.when.value(env), item.when.ask(env)


def _judge(
    item: ContentItem, raw: object, needed: bool | None, ask: tuple[str, ...]
) -> MissingItem | None:
    blank = raw is None or raw in _EMPTY or (isinstance(raw, str) and not raw.strip())
    if not blank:
        return _check(item, raw)
    if needed is None:
        return MissingItem(item, "undetermined", _UNDETERMINED, ask)
    return MissingItem(item, "missing", _MISSING) if needed else None


def _check(item: ContentItem, raw: object) -> MissingItem | None:
    """``None`` when the value holds."""
    if item.must_be is not None and raw is (not item.must_be):
        return MissingItem(item, "invalid", _MUST_BE)
    return None if fits(item, raw) else MissingItem(item, "invalid", _INVALID)


def fits(item: ContentItem, raw: object) -> bool:
    """Whether ``raw`` is a value of the item's kind, whatever the guideline wants it to be."""
    if item.kind in ("text", "long_text"):
        return isinstance(raw, str) and len(raw) <= MAX_TEXT
    if item.kind == "text_list":
        return _is_lines(raw)
    try:
        check_answer(_as_fact(item), raw)
    except PolicyError:
        return False
    return True


def _is_lines(raw: object) -> bool:
    return (
        isinstance(raw, list | tuple)
        and len(raw) <= MAX_LINES
        and all(isinstance(line, str) and line.strip() and len(line) <= MAX_TEXT for line in raw)
    )


def _as_fact(item: ContentItem) -> FactDef:
    return FactDef(item.id, FactType(item.kind), item.label, options=item.options or {})
