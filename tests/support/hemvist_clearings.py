"""Small networks of kommuner that are made up, with debts, caps, exclusions and many ties."""

from __future__ import annotations

from hypothesis import strategies as st

from hemvist.clearing import Instance, Municipality, Needs, Request, Vacancy

MEMBERS = ("A", "B", "C", "D")
SERVICES = ("school", "care")
some_services = st.sets(st.sampled_from(SERVICES), max_size=1).map(frozenset)


@st.composite
def instances(draw: st.DrawFn, most: int = 6, balanced: bool = False) -> Instance:
    """Small networks with debts, caps, exclusions and many ties."""
    zero = st.just(0)
    members = [
        Municipality(
            id,
            balance=draw(zero if balanced else st.integers(-2, 2)),
            debt_limit=draw(zero if balanced else st.integers(0, 2)),
            take_cap=draw(zero if balanced else st.integers(0, 2)),
            services=draw(st.sets(st.sampled_from(SERVICES)).map(frozenset)),
        )
        for id in MEMBERS
    ]
    requests = [
        Request(
            f"H{number}",
            draw(st.sampled_from(MEMBERS)),
            draw(st.sampled_from((1, 1, 2, 3))),
            draw(st.integers(0, 3)),
            Needs(
                draw(st.integers(1, 2)),
                draw(st.integers(0, 1)),
                draw(st.booleans()) and draw(st.booleans()),
                draw(some_services) if draw(st.booleans()) else frozenset(),
            ),
            draw(st.sets(st.sampled_from(MEMBERS), max_size=1).map(frozenset)),
        )
        for number in range(draw(st.integers(0, most)))
    ]
    vacancies = [
        Vacancy(
            f"V{number}",
            draw(st.sampled_from(MEMBERS)),
            draw(st.integers(1, 3)),
            draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, most)))
    ]
    return Instance(members, requests, vacancies)
