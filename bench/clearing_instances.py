"""Made-up networks to measure a clearing with, the same on every machine for a seed."""

from __future__ import annotations

import random

from hemvist.clearing import Instance, Municipality, Needs, Request, Vacancy

SERVICES = ("school", "care", "psychiatry", "addiction", "routine")


def made_up(
    members: int, requests: int, flats: int, *, credit: int, seed: int = 20261122
) -> Instance:
    """A country of regions.

    ``credit``: how far a kommun may go below zero, and how much it takes net; at 0 all balances are zero
    and only closed rings of moves are possible. A third of the households keep away from one
    region or two, which is most of what makes an instance hard: their rings have to go far.
    """
    chance = random.Random(seed)
    region = [number % 21 for number in range(members)]
    ids = [f"K{number:03}" for number in range(members)]
    return Instance(
        [
            Municipality(
                id,
                balance=chance.randint(-1, 1) if credit else 0,
                debt_limit=chance.randint(0, credit),
                take_cap=chance.randint(0, credit) if credit else 0,
                services=frozenset(one for one in SERVICES if chance.random() < 0.55),
                region=f"R{region[place]:02}",
            )
            for place, id in enumerate(ids)
        ],
        [_request(chance, f"H{number:05}", ids, region) for number in range(requests)],
        [
            Vacancy(
                f"V{number:05}",
                chance.choice(ids),
                chance.choices((1, 2, 3, 4, 5), (15, 35, 30, 15, 5))[0],
                chance.random() < 0.3,
            )
            for number in range(flats)
        ],
    )


def _request(chance: random.Random, id: str, ids: list[str], region: list[int]) -> Request:
    origin = chance.randrange(len(ids))
    away = {region[origin]} if chance.random() < 0.5 else set[int]()
    if chance.random() < 0.35:
        away |= {chance.randrange(21) for _ in range(chance.randint(1, 2))}
    return Request(
        id,
        ids[origin],
        chance.choices((3, 2, 1), (12, 28, 60))[0],
        chance.randint(0, 60),
        Needs(
            chance.choices((1, 2, 3, 4, 5), (20, 40, 24, 12, 4))[0],
            1,
            chance.random() < 0.08,
            frozenset(one for one in SERVICES if chance.random() < 0.07),
        ),
        frozenset(one for place, one in enumerate(ids) if region[place] in away),
    )
