"""The same numbers as another solver: HiGHS, by ``scipy.optimize.milp``, level by level.

It is given the rules a second time, as rows of a matrix: a flat and a household once each, what a kommun
takes and sends within its limits, and each level fixed before the next is asked for.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from hemvist.clearing import (
    Instance,
    Municipality,
    Needs,
    Objective,
    Request,
    Vacancy,
    clear,
)
from hemvist_clearings import instances

Ban = tuple[str, str]
ANY = Needs(1, 2, False, frozenset())


def alike(of: Instance) -> Instance:
    """The same network where every household may have every flat: rooms alone tell plans apart."""
    requests = [
        replace(one, urgency=1, waiting_weeks=0, needs=ANY, forbidden=frozenset())
        for one in of.requests
    ]
    return Instance(of.municipalities, requests, of.vacancies)


def would_do(request: Request, vacancy: Vacancy, home: Municipality) -> bool:
    """Whether a household may move there: the rule "a move is allowed", in its own words."""
    assert request.needs is not None
    needs = request.needs
    return (
        vacancy.municipality not in {request.origin, *request.forbidden}
        and needs.min_rooms <= vacancy.rooms <= needs.min_rooms + needs.max_extra_rooms
        and vacancy.step_free >= needs.step_free
        and not needs.services - home.services
    )


def solved(of: Instance, bans: frozenset[Ban] = frozenset()) -> Objective:
    """The six numbers of the best plan, by HiGHS."""
    members = {one.id: one for one in of.municipalities}
    pairs = [
        (request, vacancy)
        for request in of.requests
        for vacancy in of.vacancies
        if would_do(request, vacancy, members[vacancy.municipality])
        and (request.id, vacancy.id) not in bans
    ]
    count, places = len(pairs), list(members)
    # A variable for each pair, then for each kommun what its balance is above and below nought.
    width = count + 2 * len(places)

    def row(*values: float, after: int = 0) -> np.ndarray:
        found = np.zeros(width)
        found[after : after + len(values)] = values
        return found

    rows, lowest, highest = [], [], []

    def bound(values: np.ndarray, least: float, most: float) -> None:
        rows.append(values)
        lowest.append(least)
        highest.append(most)

    for one in of.requests:
        bound(row(*(request is one for request, _ in pairs)), 0, 1)
    for flat in of.vacancies:
        bound(row(*(vacancy is flat for _, vacancy in pairs)), 0, 1)
    for place, name in enumerate(places):
        member = members[name]
        net = row(*((v.municipality == name) - (r.origin == name) for r, v in pairs))
        # Below nought only as far as the debt limit; an old debt may not grow.
        bound(net, min(0, -member.debt_limit - member.balance), member.take_cap)
        bound(net - row(1, -1, after=count + 2 * place), -member.balance, -member.balance)
    levels = [
        -row(*(request.urgency == 3 for request, _ in pairs)),
        -row(*(request.urgency == 2 for request, _ in pairs)),
        -row(*(1 for _ in pairs)),
        row(*(1 for _ in range(2 * len(places))), after=count),
        -row(*(request.waiting_weeks for request, _ in pairs)),
        row(*(v.rooms - r.needs.min_rooms for r, v in pairs if r.needs is not None)),
    ]
    reached = []
    for level in levels:
        answer = milp(
            level,
            constraints=LinearConstraint(np.array(rows), np.array(lowest), np.array(highest)),
            integrality=np.ones(width),
            bounds=Bounds(0, np.concatenate([np.ones(count), np.full(2 * len(places), np.inf)])),
        )
        assert answer.success, answer.message
        best = round(answer.fun)
        assert abs(answer.fun - best) < 1e-6
        bound(level, best, best)
        reached.append(best)
    acute, high, moves, imbalance, weeks, surplus = reached
    return Objective(-acute, -high, -moves, imbalance, -weeks, surplus)


@given(instances(most=12))
@settings(max_examples=60, deadline=None)
def test_another_solver_comes_to_the_same_numbers(of: Instance) -> None:
    assert clear(of, 1).objective == solved(of)


@given(instances(most=8), st.integers(0, 7))
@settings(max_examples=40, deadline=None)
def test_and_after_refusals_too(of: Instance, refused: int) -> None:
    plan = clear(of, 1)
    bans = frozenset((move.request, move.vacancy) for move in plan.moves[: refused + 1])
    assert clear(of, 1, bans=bans).objective == solved(of, bans)


@given(instances(most=8, balanced=True))
@settings(max_examples=30, deadline=None)
def test_and_where_nobody_has_credit(of: Instance) -> None:
    found = solved(of)
    assert clear(of, 1).objective == found
    assert found.imbalance == 0


@given(instances(most=8).map(alike))
@settings(max_examples=40, deadline=None)
def test_and_where_rooms_alone_tell_plans_apart(of: Instance) -> None:
    """The last level: in mixed networks it is rarely what decides."""
    assert clear(of, 1).objective == solved(of)
