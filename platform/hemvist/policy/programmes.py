"""Programmes: what a kommun's guideline says about one form of support, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from hemvist.policy.clauses import Clause, StatedTime
from hemvist.policy.errors import PolicyError
from hemvist.policy.events import EVENTS, MILESTONES
from hemvist.policy.items import ContentItem, Item, Notice, Signature
from hemvist.policy.labels import Label
from hemvist.policy.ladder import Ladder
from hemvist.policy.landlord import LandlordTold
from hemvist.policy.matching import Matching
from hemvist.policy.params import Num, Span
from hemvist.policy.rules import LegalFlag
from hemvist.policy.support import Commission, Phase, Plan, Report
from hemvist.policy.takeover import Milestone, Takeover

__all__ = [
    "EVENTS",
    "LAST_STEPS",
    "MILESTONES",
    "PARTIES",
    "STEPS",
    "Commission",
    "ContentItem",
    "Contract",
    "DecisionDef",
    "DeclineReason",
    "EndOfFollowUp",
    "Exit",
    "Extension",
    "Guarantee",
    "Item",
    "LegalBasis",
    "Length",
    "Matching",
    "Milestone",
    "Notice",
    "Obligation",
    "Offers",
    "Phase",
    "Plan",
    "Programme",
    "Referral",
    "Report",
    "Signature",
    "Stages",
    "Takeover",
    "Term",
    "Transition",
]

#: Steps of the core that a programme puts in order, besides its own decisions.
STEPS = ("assessment", "referral", "offer", "viewing", "contract", "guarantee", "move_in")
LAST_STEPS = ("follow_up",)
#: Who does something.
PARTIES = (
    *("referring", "property", "landlord", "resident", "manager", "caseworker"),
    *("support_worker", "cooperation_group", "coordinator", "economic_assistance"),
    "social_board",
)


@dataclass(frozen=True, slots=True)
class Extension:
    """How long and how often a referral's validity may be extended."""

    months: Num
    times: Num
    cite: tuple[str, ...]
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Referral:
    """Remiss: what it holds, who signs it, how long it is valid."""

    cite: tuple[str, ...]
    requires: tuple[ContentItem, ...]
    optional: tuple[ContentItem, ...]
    signatures: tuple[Signature, ...]
    notices: tuple[Notice, ...]
    valid: Num | None
    extend: Extension | None


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A provision that a decision rests on, while it is in force (``end`` inclusive)."""

    id: str
    label: Label
    cite: tuple[str, ...]
    start: date
    end: date | None

    def valid_on(self, day: date) -> bool:
        """Whether the provision is in force on ``day``."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class DecisionDef(Item):
    """A decision of the programme: its legal bases and the events it gives."""

    legal_bases: tuple[str, ...] = ()
    grants: str = "decision_granted"
    refuses: str | None = None
    by: str = "referring"
    rule: str | None = None
    #: Another decision of the programme that is granted in the same act.
    decided_with: str | None = None


@dataclass(frozen=True, slots=True)
class DeclineReason(Item):
    """Why an offer may be declined, by whom, and what follows."""

    by: tuple[str, ...] = ()
    consequence: str = "offer_again"


@dataclass(frozen=True, slots=True)
class Offers:
    """How flats are offered; with ``several``, ``count`` of them may be open at a time."""

    mode: str
    cite: tuple[str, ...]
    covers: tuple[str, ...]
    respond_within: Span | None
    decline_reasons: tuple[DeclineReason, ...]
    count: Num | None = None
    #: Who answers, one after the other: the department, and where the source says so the resident.
    answers: tuple[str, ...] = ("referring",)
    #: The landlord chooses among households presented without names, at most so many.
    landlord_picks: Num | None = None


@dataclass(frozen=True, slots=True)
class Term(Item):
    """A term of the contract, with the values it can have."""

    type: str = "text"
    required: bool = False
    must_be: bool | None = None
    options: Mapping[str, Label] | None = None
    minimum: int | None = None
    maximum: int | None = None
    legal: LegalFlag | None = None


@dataclass(frozen=True, slots=True)
class Length(Item):
    """A length a contract can have; open = until further notice."""

    months: Num | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class NoticeAnswers:
    """Questions that a landlord's notice answers when it is registered (uppsägning): that notice was
    given, and by which landlord (organisation number)."""

    given: str
    landlord: str | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """The contract form of the programme."""

    form: str
    label: Label
    kind: str
    cite: tuple[str, ...]
    covers: tuple[str, ...]
    signed_by: tuple[str, ...]
    lengths: tuple[Length, ...]
    terms: tuple[Term, ...]
    notice: StatedTime | None = None
    tenure_waiver: StatedTime | None = None
    clauses: tuple[Clause, ...] = ()
    notice_answers: NoticeAnswers | None = None


@dataclass(frozen=True, slots=True)
class Guarantee:
    """Hyresgaranti: periods to choose from, what it covers, when it is reassessed."""

    cite: tuple[str, ...]
    covers: tuple[str, ...]
    label: Label | None
    periods: str
    scope: tuple[Item, ...]
    start: str
    reassess: Span | None
    ends_when: str | None
    notices: tuple[Notice, ...]
    #: ``hyresgaranti``, or ``borgen`` (surety).
    kind: str = "hyresgaranti"
    #: Months of rent that it covers, where the source says.
    rent_months: Num | None = None


#: What a pause does to a duty: what falls into it is left out, it is put off by as long, or nothing.
PAUSED = ("skip", "extend", "never")


@dataclass(frozen=True, slots=True)
class WhenMissed(Item):
    """What follows when a duty was not carried out on its day: the parties that are told."""

    tell: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Obligation(Item):
    """A duty with a date: once ``within`` a span of the anchor, ``every`` span, or continuous.

    The first of the events ``ends`` to happen ends it; ``until`` is the first as written. With
    ``departments`` it binds only in the cases of those; empty means in every case. ``checklist`` is
    a form that is filled in when it is carried out; a duty that ``sends`` another's form is carried
    out by sending it.
    """

    anchor: str = "decision_granted"
    within: Span | None = None
    every: Span | None = None
    first_after: Span | None = None
    continuous: bool = False
    until: str | None = None
    times: Num | None = None
    by: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    agenda: tuple[Item, ...] = ()
    creates: str | None = None
    departments: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    checklist: tuple[ContentItem, ...] = ()
    sends: str | None = None
    when_missed: WhenMissed | None = None
    pause: str | None = None

    @property
    def paused(self) -> str:
        """What a pause does to it: what recurs is left out while nobody is at home, and what is to be
        done once goes on, where the pack does not say otherwise."""
        return self.pause or ("never" if self.every is None else "skip")


@dataclass(frozen=True, slots=True)
class Reopening(Item):
    """How an ended follow-up is taken up again: the rule, and the facts that the acts on the way to it
    answer (that support is needed again, that the departments have talked, that the tenant accepts)."""

    rule: str = ""
    needed: str | None = None
    talked: str | None = None
    accepted: str | None = None
    #: Who takes part in the talk.
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EndOfFollowUp:
    """When the referring department's duty to follow up may end, and who decides it together."""

    rule: str
    label: Label
    cite: tuple[str, ...]
    covers: tuple[str, ...]
    by: tuple[str, ...]
    after: Span | None
    reopen: Reopening | None = None


@dataclass(frozen=True, slots=True)
class Exit(Item):
    """A way out of the programme; ``to`` is the programme it leads to."""

    rule: str | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """From a stage, on an event, to a stage; only when the guard rule is true."""

    source: str
    event: str
    target: str
    guard: str | None
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stages:
    """The programme's stages as a plain table."""

    initial: str
    states: Mapping[str, Label]
    transitions: tuple[Transition, ...]
    #: Where an event leads to from a state: the transitions, to be looked up.
    moves: Mapping[tuple[str, str], str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        moves = {(move.source, move.event): move.target for move in self.transitions}
        object.__setattr__(self, "moves", moves)


@dataclass(frozen=True, slots=True)
class Programme:
    """One programme of a pack."""

    id: str
    label: Label
    cite: tuple[str, ...]
    covers: tuple[str, ...]
    help: Label | None
    entry: str
    referral: Referral | None
    decisions: tuple[DecisionDef, ...]
    order: tuple[str, ...]
    offers: Offers | None
    contract: Contract | None
    guarantee: Guarantee | None
    obligations: tuple[Obligation, ...]
    plan: Plan | None
    end_of_follow_up: EndOfFollowUp | None
    exits: tuple[Exit, ...]
    stages: Stages | None
    standing: tuple[Item, ...]
    takeover: Takeover | None = None
    milestones: tuple[Milestone, ...] = ()
    matching: Matching | None = None
    ladder: Ladder | None = None
    commission: Commission | None = None
    phases: tuple[Phase, ...] = ()
    landlord: LandlordTold | None = None

    def comes_before(self, first: str, second: str) -> bool:
        """Whether step ``first`` comes before ``second``; not so where one of them is no step of the
        programme (a place under a roof has no contract, and nothing comes before it)."""
        if first not in self.order or second not in self.order:
            return False
        return self.order.index(first) < self.order.index(second)

    def decision(self, id: str) -> DecisionDef:
        """A decision by its id. Raises ``PolicyError`` when there is none."""
        for decision in self.decisions:
            if decision.id == id:
                return decision
        raise PolicyError(f"{self.id} has no decision {id}", rule="unknown_decision")

    def obligation(self, id: str) -> Obligation:
        """An obligation by its id. Raises ``PolicyError`` when there is none."""
        for obligation in self.obligations:
            if obligation.id == id:
                return obligation
        raise PolicyError(f"{self.id} has no obligation {id}", rule="unknown_obligation")

    def milestone(self, id: str) -> Milestone:
        """A milestone by its id. Raises ``PolicyError`` when there is none."""
        for milestone in self.milestones:
            if milestone.id == id:
                return milestone
        raise PolicyError(f"{self.id} has no milestone {id}", rule="unknown_milestone")
