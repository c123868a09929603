"""The names that begin with ``HEMVIST_``: those we know, those mistyped, and those that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from hemvist.settings.faults import Fault
from hemvist.settings.fields import PREFIX, variable
from hemvist.settings.files import SUFFIX, by_file
from hemvist.settings.model import Settings

#: Variables of tests, measurements and examples. The product reads none of them.
OF_TESTS: dict[str, str] = {
    "HEMVIST_ANSWERS": "how many answers the long test of both policy back ends compares (1 000 000)",
    "HEMVIST_ANY_ORDER": "orders of acts that the long test tries in each kommun",
    "HEMVIST_ATTACK": "`whole` attacks everything, as `make attack` does; else every fifth",
    "HEMVIST_CHROMIUM": "the browser for the tests, if it is not found by itself",
    "HEMVIST_CLOCK_FILE": "how far the clock of a run with faults is set",
    "HEMVIST_EXAMPLES": "how many examples property tests try",
    "HEMVIST_FUZZ_CASES": "made-up requests of `make fuzz-api`",
    "HEMVIST_FUZZ_MINUTES": "how long it sends them at most",
    "HEMVIST_FUZZ_ONLY": "the one field or page that it sends them to",
    "HEMVIST_FUZZ_REPLAY": "the file of finds that it sends again",
    "HEMVIST_FUZZ_SEED": "what they are made up from",
    "HEMVIST_PGBOUNCER": "the PgBouncer for the test of [pooling](pooling.md), if not the system's",
    "HEMVIST_PROMTOOL": "the promtool that alerts are tested with, if not the system's",
    "HEMVIST_SHOTS": "the folder for pictures of the pages that browser tests see",
    "HEMVIST_STATEMENTS": "the file in which statements of a run of tests are kept, to be looked at",
    "HEMVIST_TELEMETRY_STORE": "where the collector of infra/otel sends traces: read by the collector",
    "HEMVIST_TEST_OPERATIONS": "operations of the long tests of the read path",
    "HEMVIST_TEST_POOLED_READS": "the reads that the test of pooling compares",
    "HEMVIST_TEST_SEED": "what the operations are made up from",
    "HEMVIST_TEST_TIMES": "how often they are made up",
    "HEMVIST_URL": "where the example client of the landlords' API finds the platform",
    "HEMVIST_VERAPDF": "the veraPDF that letters are checked with, if there is one",
    "HEMVIST_WRITE_GOLDEN": "writes anew what the test of the distribution's script compares",
}

#: How like a known name an unknown one is that must be a slip of the pen.
_SLIP = 0.85
#: How like it is when it is worth naming.
_LIKE = 0.65


def known() -> set[str]:
    """Every variable that something reads."""
    fields = set(map(variable, Settings.model_fields))
    return fields | {variable(name) + SUFFIX for name in by_file(Settings)} | set(OF_TESTS)


def mistyped(environment: Mapping[str, str]) -> Iterator[Fault]:
    """Unknown names that one known name explains: what was meant is not set, so they are refused."""
    for name, like, ratio in _unknown(environment):
        if ratio >= _SLIP:
            yield Fault(frozenset(), f"{name} is no setting: {like} is meant?")


def strange(environment: Mapping[str, str]) -> Iterator[str]:
    """Lines about other unknown names: a version before or after this one may read them."""
    for name, like, ratio in _unknown(environment):
        if ratio < _SLIP:
            hint = f" (the nearest is {like})" if ratio >= _LIKE else ""
            yield f"{name} is read by nothing here{hint}"


def _unknown(environment: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    names = known()
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in names:
            ratio, like = max((_alike(name, other), other) for other in names - set(OF_TESTS))
            yield name, like, ratio


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.removeprefix(PREFIX), other.removeprefix(PREFIX)).ratio()
