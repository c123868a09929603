"""Reads written by hand, each for a part of GraphQL or of the compiler, with who asks them.

A sequence: what is kept between requests is only met when the same document comes again with other
variables, other roles, another kommun or another day.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import exists, false, select

from hemvist.clock import today
from hemvist.identity import Actor
from hemvist.offers.models import Offer
from hemvist.settings import get_settings
from hemvist.units.models import Unit as UnitRow
from hemvist_graphql.cursors import encode_cursor
from hemvist_graphql.reading import readable
from hemvist_values import Known


@dataclass(frozen=True)
class Asked:
    """An operation and who asks; ``on`` another day, or with homes hidden or read unbound."""

    who: Actor
    document: str
    variables: dict[str, Any] = field(default_factory=dict)
    on: date | None = None
    units: str = ""
    name: str | None = None

    def __str__(self) -> str:
        roles = sorted(f"{one.role.value} {one.department}" for one in self.who.memberships)
        day = f" on {self.on}" if self.on else ""
        return f"{roles}{day}\n{self.document}\n{self.variables}"

    @contextmanager
    def circumstances(self, paths: ModuleType) -> Iterator[None]:
        """The day, and how homes are read."""
        with ExitStack() as stack:
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            if self.on is not None:
                patch.setattr(get_settings(), "today", self.on)
            if self.units:
                unit = readable("Unit")
                patch.setattr(unit, "reading", replace(unit.reading, visible=_UNITS[self.units]))
                # Plans know nothing of declarations that change.
                paths.forget()
                stack.callback(paths.forget)
            yield


_UNITS: dict[str, Any] = {
    "hidden": lambda _: false(),
    # Row security holds it to the kommun; the statement does not say so.
    "unbound": lambda _: exists(select(Offer.id).where(Offer.unit_id == UnitRow.id)),
}

LIST = """query List($first: Int, $after: String, $last: Int, $before: String, $filter: CaseFilter) {
  cases(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    totalCount __typename edges { __typename cursor node { id number openedOn state } }
    pageInfo { __typename hasNextPage hasPreviousPage startCursor endCursor } } }"""
DEEP = """query Deep($id: ID!) { case(id: $id) { __typename id number openedOn version
  household { __typename alias anyoneProtected members { __typename role since until
    person { id givenName familyName registeredKommun birthDate protection isProtected } } }
  handler { id name } timeline { kind occurredOn recordedAt actorName data }
  referrals { state draftedOn replaces { state } decision { kind }
    signatures { kind recordedAt person { id } principal { name } }
    offers { state madeOn unit { rentOre sizeM2 lift floor landlord { name } } } }
  decisions { kind state outcome motivation advice validUntil contract { startsOn } }
  contracts { startsOn } guarantees { issuedOn } disclosures { department }
  milestones { happenedOn } plans { agreedOn } followUps { heldOn } migrations { __typename }
  assessments { id concludedAt } offers { state } } }"""
MERGED = """query Merged($id: ID!) { b: case(id: $id) { household { alias } number
  household { ...H } again: number number referrals { offers { unit { floor } } }
  referrals { state offers { unit { area } madeOn } } ... on Node { id __typename } ... { openedOn }
  ... on Case { openedOn closedOn } } a: case(id: $id) { ...C } }
  fragment H on Household { members { role } alias members { person { id } } }
  fragment C on Case { z: number number a: openedOn }"""
KINDS = """query Kinds($id: ID!) { node(id: $id) { __typename id ...N ... on Case { number }
  ... on Household { alias anyoneProtected } ... on Person { givenName birthDate }
  ... on Unit { streetAddress sizeM2 rentOre } ... on Decision { motivation proposedOn }
  ... on Referral { draftedOn } ... on Offer { state madeOn } ... on Notice { kind createdAt } } }
  fragment N on Node { again: id ... on Case { openedOn } }"""
SHAPES = """query Shapes($id: ID!, $skip: Boolean!, $include: Boolean = true, $deep: Boolean = false) {
  case(id: $id) { gone: number @skip(if: $skip) here: version @include(if: $include)
    both: openedOn @skip(if: $skip) @include(if: $include)
    ... @skip(if: $skip) { department } ...Deep @include(if: $deep) ...Inner } }
  fragment Deep on Case { household { alias } }
  fragment Inner on Case { household { department @skip(if: $skip) version } }"""
STATES = """query States($decisions: [DecisionState!], $referrals: [ReferralState!]) {
  decisions(state: $decisions) { totalCount edges { node { state proposedOn } } }
  referrals(state: $referrals) { totalCount edges { node { state } } } }"""
ROOTS = """query Roots { z: households { totalCount } __typename a: cases { totalCount }
  m: notices(first: 2) { edges { cursor node { kind createdAt readAt } } pageInfo { endCursor } }
  again: cases(first: 1) { edges { node { number } } pageInfo { hasNextPage } } }"""
PEOPLE = """{ households { edges { node { alias registeredOn anyoneProtected
  members { role person { id givenName familyName registeredKommun protection } }
  cases { number handler { name } } } } } }"""
HOMES = """query Homes($rooms: Int) { units(minRooms: $rooms) { totalCount
  edges { node { sizeM2 rentOre rooms state landlord { name } offers { state } } } } }"""
ALL = "query All { cases { totalCount edges { node { id number } } } }"
ALSO_ALL = "query All { cases { edges { node { openedOn } } totalCount } }"
ONE = "query One($id: ID!) { case(id: $id) { number } }"
HOUSEHOLD = "query One($id: ID!) { household(id: $id) { alias } }"
LET = "query Let($id: ID!) { case(id: $id) { number contracts { unit { floor } } } }"
TIMELINE = "query Timeline($id: ID!) { case(id: $id) { timeline { kind data } } }"
TODAY = """query Today { today { overdue { kind dueOn case { number } } dueSoon { kind dueOn }
  toSign { subjectId dueOn } toDecide { subjectId } toRegister { subjectId } toAnswer { dueOn }
  drafts { subjectId } toContinue { number } notices { kind } toApprove { id } } }"""
COMPUTED = """query Computed($lang: String!, $state: [String!] = ["open"], $all: Boolean) {
  me { name tenant { name code slug departments { code kind name(lang: $lang) } }
    memberships { role department } may(action: "referral.draft") }
  cases(first: 3) { edges { node { number departmentName(lang: $lang) stage(lang: $lang) hasMilestones
    other: departmentName programmeLabel(lang: $lang) ownPackVersion { number } nextSteps { label ready }
    obligations(state: $state) { code dueOn overdue label agenda { code } byFollowUp followUp { heldOn } }
    all: obligations(state: ["done", "open"]) { state } questions(all: $all) { fact label relevant }
    timeline { label(lang: $lang) subjectId subjectType kind } legalFindings { __typename }
    household { alias members { person { personalNumber households { alias } } } }
    decisions { conditions { __typename } legalBasis { id cite } programmeLabel } } } } }"""
CHOSEN = """query Chosen($id: ID!, $a: [String!], $b: [String!] = ["open"]) { case(id: $id) {
  a: obligations(state: $a) { state dueOn followUp { heldOn } } b: obligations(state: $b) { code }
  c: obligations(state: ["cancelled", "open"]) { state dueOn } d: obligations { state } ...B
  household { members { person { households { alias } } } } } }
  fragment B on Case { inner: obligations(state: $a) { code ordinal } number }"""
TWICE = "query Twice($id: ID!) { a: case(id: $id) { number } b: node(id: $id) { id __typename } }"
USED = """query Used($id: ID!, $other: ID) { case(id: $id) { number }
  all: simulationChanges(simulationId: $other) { totalCount } }"""
SAME = "query Same($id: ID!) { case(id: $id) { number } simulationChanges(simulationId: $id) { totalCount } }"
SIDES = """query Sides($c: String, $d: String) { a: cases(after: $c, first: 2) { edges { cursor } }
  b: cases(before: $c, last: 1) { edges { cursor } } c: cases(after: $d) { totalCount edges { cursor } } }"""
SEARCH = """query Search($x: String!, $y: String!) {
  a: personByNumber(personalNumber: $x) { id givenName } b: personByNumber(personalNumber: $y) { id } }"""
PREVIEW = """query Preview($id: ID!, $to: String!) { case(id: $id) { number }
  caseMigrationPreview(caseIds: [$id], toVersion: $to) { case { number } } }"""
DEFAULTS = """query Defaults($l: String) {
  cases(first: 2) { edges { node { departmentName(lang: $l) } } } }"""
UNNAMED = "{ cases(first: 2) { edges { node { number } } } }"


def by_hand(world: Any, other: Any, filled: Any, known: Known) -> list[Asked]:
    """The reads; ``other`` and ``filled`` are further kommuner, the last with a made-up row of each."""
    people: dict[str, Actor] = dict(world.people)
    caseworker, manager = people["caseworker SOF-VUX"], people["manager SOF-VUX"]
    others = [manager, people["property"], people["caseworker AMF"], people["both"]]
    foreign, odd = other["caseworker SOF-VUX"], filled["odd"]
    case = known.ids["Case"][0]
    return [
        *_lists(caseworker, people["both"], known),
        *(Asked(who, ALL) for who in (caseworker, *others, people["nobody"], foreign, caseworker)),
        Asked(caseworker, ALSO_ALL),
        *(Asked(who, DEEP, {"id": one}) for who in (caseworker, *others) for one in _some(known)),
        *(Asked(who, PEOPLE) for who in (caseworker, *others, foreign)),
        *(Asked(caseworker, MERGED, {"id": case}) for _ in range(2)),
        *_nodes((caseworker, others[1]), known),
        *_shapes(caseworker, case),
        *_filters(caseworker, manager),
        *(Asked(who, ROOTS) for who in (caseworker, people["property"], people["nobody"])),
        *(Asked(people["property"], HOMES, {"rooms": rooms}) for rooms in (None, 1, 2, 9)),
        Asked(odd, HOMES),
        *(Asked(odd, TIMELINE, {"id": one}) for one in known.ids["Case"][-3:]),
        Asked(odd, PEOPLE),
        *(
            Asked(caseworker, ONE, {"id": one})
            for one in (case, known.ids["Household"][0], "x", "")
        ),
        *(Asked(foreign, ONE, {"id": one}) for one in known.ids["Case"][:2]),
        *(
            Asked(people["caseworker AMF"], HOUSEHOLD, {"id": one})
            for one in known.ids["Household"]
        ),
        Asked(caseworker, UNNAMED),
        *(
            Asked(caseworker, DEFAULTS, given)
            for given in ({"l": "en"}, {}, {"l": None}, {"l": "sv"}, {}, {"l": None})
        ),
        *(
            Asked(who, SEARCH, {"x": x, "y": y})
            for who in (caseworker, people["property"], people["nobody"])
            for x, y in itertools.permutations(known.words["personalNumber"][:4], 2)
        ),
        *_alike(caseworker, people["caseworker two"], known),
        *(
            Asked(manager, PREVIEW, {"id": one, "to": known.words["packVersion"][0]})
            for one in (*known.ids["Case"][:3], *known.ids["Case"][:2])
        ),
        *(Asked(who, ROOTS) for who in (caseworker, foreign, caseworker, foreign)),
        *(Asked(who, LIST, {"first": 1}) for who in (caseworker, foreign, caseworker, foreign)),
        *(Asked(caseworker, one) for one in (ALL, ALSO_ALL, ALL, ALSO_ALL)),
        *(
            Asked(caseworker, LET, {"id": one}, units=units)
            for one in known.ids["Case"][:2]
            for units in ("hidden", "", "unbound")
        ),
        *(Asked(who, COMPUTED, {"lang": "en"}) for who in (caseworker, *others, foreign)),
        *(
            Asked(who, CHOSEN, {"id": case, **states})
            for who in (caseworker, people["property"])
            for states in (
                {},
                {"a": ["open"], "b": ["done"]},
                {"a": ["done", "open"], "b": None},
                {"a": [], "b": ["open"]},
                {"a": None, "b": ["open", "done", "cancelled"]},
            )
        ),
        Asked(caseworker, COMPUTED, {"lang": "sv", "state": ["done"], "all": True}),
        Asked(caseworker, COMPUTED, {"lang": "sv", "state": None, "all": False}),
        *_days((caseworker, manager, people["property"])),
    ]


def _some(known: Known) -> list[str]:
    return list(known.ids["Case"][:4])


def _lists(caseworker: Actor, both: Actor, known: Known) -> Iterator[Asked]:
    cursors = known.cursors["cases"]
    first, last = {"first": 2}, {"last": 2}
    for who in (caseworker, both):
        for page in ({}, first, last, {"first": 0}, {"last": 0}, {"first": 100}, {"first": 1}):
            yield Asked(who, LIST, page)
        for cursor in cursors[:3]:
            for size in (first, last):
                yield Asked(who, LIST, {**size, "after": cursor})
                yield Asked(who, LIST, {**size, "before": cursor})
                yield Asked(who, LIST, {**size, "after": cursors[-1], "before": cursor})
    notices = "query N($after: String) { notices(after: $after, first: 2) {"
    notices += " edges { cursor node { createdAt } } pageInfo { endCursor hasPreviousPage } } }"
    for cursor in known.cursors.get("notices", ())[:3]:
        yield Asked(caseworker, notices, {"after": cursor})
    strange = encode_cursor(caseworker.tenant_id, "decisions", [today(), caseworker.tenant_id])
    for cursor in (strange, cursors[0][:-1] + "A", "", "x"):
        yield Asked(caseworker, LIST, {"after": cursor})


def _nodes(people: Sequence[Actor], known: Known) -> Iterator[Asked]:
    for who in people:
        for ids in known.ids.values():
            for one in ids[:2]:
                yield Asked(who, KINDS, {"id": one})


def _shapes(who: Actor, case: str) -> Iterator[Asked]:
    for skip in (True, False):
        for more in ({}, {"include": False}, {"deep": True}, {"include": False, "deep": True}):
            yield Asked(who, SHAPES, {"id": case, "skip": skip, **more})


def _filters(caseworker: Actor, manager: Actor) -> Iterator[Asked]:
    day = str(today() - timedelta(days=200))
    for who in (caseworker, manager):
        for wanted in (
            {"state": "open"},
            {"state": "closed"},
            {"mine": True},
            {"openedFrom": day, "openedTo": day},
            {"openedFrom": "2199-12-31"},
            None,
            {"department": "AMF", "state": None},
            {"number": "x"},
        ):
            yield Asked(who, LIST, {"filter": wanted})
        for decisions in (["decided"], ["proposed"], ["proposed", "decided"], [], None):
            yield Asked(who, STATES, {"decisions": decisions, "referrals": decisions and ["draft"]})


def _alike(one: Actor, two: Actor, known: Known) -> Iterator[Asked]:
    """Requests that differ in nothing but a value, or in who asks."""
    ids = [known.ids[name][0] for name in ("Case", "Household", "Simulation")]
    ids += [known.ids["Case"][1], known.ids["Simulation"][-1], "x"]
    for who in (one, two):
        for id_ in ids:
            yield Asked(who, TWICE, {"id": id_})
            yield Asked(who, SAME, {"id": id_})
            yield Asked(who, USED, {"id": id_, "other": id_})
            yield Asked(who, USED, {"id": ids[0], "other": id_})
        yield Asked(who, USED, {"id": ids[0], "other": None})
        yield Asked(who, USED, {"id": ids[0]})
        cursors = [*known.cursors["cases"][:3], None]
        for cursor in cursors:
            yield Asked(who, SIDES, {"c": cursor, "d": cursors[0]})
            yield Asked(who, SIDES, {"d": cursor})
    for wanted in ({"mine": True}, {"mine": False}, {"mine": None}):
        for who in (one, two, one):
            yield Asked(who, LIST, {"filter": wanted})
            yield Asked(who, TODAY)


def _days(people: Sequence[Actor]) -> Iterator[Asked]:
    for day in (None, today() + timedelta(days=4000), today() - timedelta(days=1000)):
        for who in people:
            yield Asked(who, TODAY, on=day)


@dataclass(frozen=True)
class Expected:
    """What the ordinary path makes of a read, and the sound compiler."""

    asked: Asked
    data: str
    logged: tuple[Any, ...] | None
    failed: bool
    by_plan: tuple[str, Any] | None
    #: Why no plan answers it; empty where one does.
    refused: str


def expected_of(asked: Asked, paths: ModuleType) -> Expected:
    """What to expect of a read."""
    with asked.circumstances(paths):
        told = paths.ordinary(asked.who, asked.document, asked.variables, asked.name)
        answer = paths.planned(asked.who, asked.document, asked.variables, asked.name)
    by_plan = (answer.data, answer.logged) if hasattr(answer, "data") else None
    refused = "" if by_plan else str(answer)
    return Expected(asked, told.data, told.logged, told.failed, by_plan, refused)


def difference(paths: ModuleType, expected: Expected) -> str | None:
    """How the plan made by the compiler under ``paths`` differs from what it should tell."""
    asked = expected.asked
    with asked.circumstances(paths):
        try:
            answer = paths.planned(asked.who, asked.document, asked.variables, asked.name)
        except Exception as error:
            # What it was planted for may also show as a crash; the compiler as it is has none.
            return f"{type(error).__name__}: {error}"
    refused = "" if hasattr(answer, "data") else str(answer)
    if refused != expected.refused:
        return f"{refused or 'planned'} instead of {expected.refused or 'planned'}"
    if not refused and answer.data != expected.data:
        return f"{answer.data}\n  instead of\n{expected.data}"
    if not refused and answer.logged != expected.logged:
        return f"logged {answer.logged} instead of {expected.logged}"
    return None
