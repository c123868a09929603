"""The kommuner of the demo: how large each is, and what its households and flats are like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Makeup:
    """What households of a department are like: its share, the applicant's age, who lives along."""

    share: float
    youngest: int
    oldest: int
    partner: float
    children: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class DemoKommun:
    """One kommun: households of the whole population, and what is told apart from the others'.

    ``birth_numbers`` are those of its people, so that nobody lives in two kommuner, and
    ``first_landlord`` numbers its companies. ``spare_homes`` stand vacant when every case has what
    it needs.
    """

    code: str
    city: str
    postal: int
    size: int
    spare_homes: int
    birth_numbers: range
    first_landlord: int
    makeups: Mapping[str, Makeup]


_MIXED = Makeup(1.0, 20, 66, 0.22, (0.62, 0.18, 0.14, 0.06))
_ALONE = Makeup(1.0, 22, 68, 0.06, (0.92, 0.06, 0.02))

KOMMUNER: Mapping[str, DemoKommun] = {
    "helsingborg": DemoKommun(
        *("1283", "Helsingborg", 252, 1_700, 28, range(980, 995), 100),
        {
            "SOF-VUX": Makeup(0.35, 21, 64, 0.08, (0.93, 0.05, 0.02)),
            "SOF-BUF": Makeup(0.25, 23, 47, 0.35, (0.0, 0.42, 0.36, 0.16, 0.06)),
            "AMF": Makeup(0.25, 20, 60, 0.25, (0.60, 0.18, 0.15, 0.07)),
            "VOF": Makeup(0.15, 30, 84, 0.20, (0.95, 0.05)),
        },
    ),
    "karlstad": DemoKommun(
        *("1780", "Karlstad", 652, 200, 12, range(996, 997), 200), {"ASF": _MIXED}
    ),
    "goteborg": DemoKommun(
        *("1480", "Göteborg", 411, 60, 8, range(997, 998), 300),
        {code: replace(_ALONE, share=0.25) for code in ("SF-C", "SF-H", "SF-NO", "SF-SV")},
    ),
    "stockholm": DemoKommun(
        *("0180", "Stockholm", 118, 40, 6, range(998, 999), 400), {"SDN-BIST": _ALONE}
    ),
    "norrkoping": DemoKommun(
        *("0581", "Norrköping", 602, 40, 6, range(999, 1000), 500), {"SOC": _MIXED}
    ),
    "vasteras": DemoKommun(
        *("1980", "Västerås", 722, 40, 6, range(995, 996), 600),
        {"SKV": replace(_MIXED, share=0.8), "INT": replace(_MIXED, share=0.2)},
    ),
}
