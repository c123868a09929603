"""What a new version of a pack says, beside the version before it, as one report.

Pure: texts in, JSON data out. Run as a program it reads the texts from standard input, under limits
of its own, so that an uploaded pack can neither hold up nor bring down who asks (``python -m
hemvist.policy.review``).
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from hemvist.policy.dead_ends import dead_ends
from hemvist.policy.errors import PackError, PolicyError
from hemvist.policy.legal import contradictions, law_pack
from hemvist.policy.loading import load_pack
from hemvist.policy.loading.parts import read_parts
from hemvist.policy.months import FIRST_DAY
from hemvist.policy.pack import Pack, Period
from hemvist.policy.sentences import CASES, Sentence, read_sentences
from hemvist.policy.texts import TextFolder, bare

#: Limits of the program: seconds of CPU and bytes of memory.
MAX_CPU = 20
MAX_MEMORY = 2_000_000_000
#: How many problems, changes and notes a report holds, and how long each text is.
MAX_LINES = 300
MAX_WORDS = 1_000


_CURES = {
    "case_failed": "change the rule, or what the case expects",
    "case_changed": "if the change is meant, write what the case expects now",
    "case_before_in_force": "give the case a day on which the version is in force",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at one place of a file. ``severity`` is "error" or "warning"."""

    severity: str
    code: str
    file: str
    line: int
    column: int
    message: str
    cure: str = ""
    #: The name of the case that failed, for a case.
    case: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A case to which the new version answers otherwise than the old one, on the same day."""

    case: str
    about: str
    on: str | None
    before: str
    after: str


@dataclass(slots=True)
class Report:
    """What the check found. Passed when there is no error."""

    problems: list[Fault] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    name: str = ""
    version: str = ""
    in_force_from: str | None = None
    in_force_to: str | None = None

    @property
    def passed(self) -> bool:
        """Whether there is no error; warnings stop nothing."""
        return not any(fault.severity == "error" for fault in self.problems)

    def as_json(self) -> dict[str, Any]:
        """The report as JSON data, cut where it would grow without end."""
        found = asdict(self)
        for key in ("problems", "changes", "notes"):
            found[f"more_{key}"] = max(0, len(found[key]) - MAX_LINES)
            found[key] = [_cut(line) for line in found[key][:MAX_LINES]]
        return {**found, "passed": self.passed}


def review(files: Mapping[str, str], base: Mapping[str, str] | None = None) -> Report:
    """Load the pack of ``files``, judge its cases, compare its answers with those of ``base``.

    Every case that is written for this version must hold. One that was taken over as it stood from
    the version before and fails is a warning: it shows what the new version changes. So is one of a day
    before the version is in force, judged as if it held then too, since nobody is judged by it then.
    """
    report = Report()
    try:
        pack = load_pack(TextFolder(files))
    except PackError as error:
        report.problems.append(fault_of(error))
        return report
    report.name, report.version = pack.name, pack.version
    report.in_force_from = pack.in_force.start.isoformat()
    report.in_force_to = pack.in_force.end.isoformat() if pack.in_force.end else None
    report.counts = {
        "rules": len(pack.rules),
        "facts": len(pack.facts),
        "parameters": len(pack.params),
    }
    old = _loaded(base)
    try:
        sentences = _judge(pack, files, _inherited(old, base), report)
        if old is not None and base is not None:
            report.changes.extend(_changes(pack, old, files, base))
    except PackError as error:
        report.problems.append(fault_of(error))
        return report
    report.problems.extend(_against_the_law(pack, files))
    _notes(pack, sentences, report)
    return report


def _against_the_law(pack: Pack, files: Mapping[str, str]) -> Iterable[Fault]:
    """What the guideline states against the law without saying so."""
    for one in contradictions(pack, read_parts(TextFolder(files)), law_pack()):
        severity = "error" if one.severity == "error" else "warning"
        place = one.place
        yield Fault(
            severity,
            "against_the_law",
            bare(place.file),
            place.line,
            place.column,
            f"{one.message} ({one.flag})",
            one.cure,
        )


def fault_of(error: PackError) -> Fault:
    """A fault of the loader, its cure apart where the message has one."""
    message, _, cure = error.message.partition("; ")
    cure = getattr(error, "cure", None) or cure
    return Fault("error", "pack", bare(error.file), error.line, error.column, message, cure)


def _loaded(base: Mapping[str, str] | None) -> Pack | None:
    if base is None:
        return None
    try:
        return load_pack(TextFolder(base))
    except PackError:
        # An earlier version that this platform can no longer read is nothing to compare with.
        return None


def _inherited(old: Pack | None, base: Mapping[str, str] | None) -> set[tuple[str, str]]:
    """The cases of the version before: what each asks, and as it is written."""
    if old is None or base is None:
        return set()
    try:
        found = read_sentences(old, TextFolder(base))
    except PackError:
        return set()
    return {(sentence.question, sentence.written) for sentence in found}


def _judge(
    pack: Pack,
    files: Mapping[str, str],
    inherited: set[tuple[str, str]],
    report: Report,
) -> tuple[Sentence, ...]:
    start = pack.in_force.start
    # What was said of earlier days can still be asked: parameters keep their earlier values.
    ever = replace(pack, in_force=Period(min(start, FIRST_DAY), pack.in_force.end))
    sentences = read_sentences(ever, TextFolder(files))
    failed = early = 0
    for sentence in sentences:
        before = sentence.on is not None and sentence.on < start
        early += before
        problem = sentence.judge()
        if problem is None:
            continue
        taken_over = (sentence.question, sentence.written) in inherited
        code = "case_failed"
        if taken_over or before:
            code = "case_changed" if taken_over else "case_before_in_force"
        failed += code == "case_failed"
        place = sentence.place
        report.problems.append(
            Fault(
                "error" if code == "case_failed" else "warning",
                code,
                bare(place.file),
                place.line,
                place.column,
                problem,
                _CURES[code],
                sentence.name,
            )
        )
    report.counts |= {"cases": len(sentences), "failed": failed, "before_in_force": early}
    if not sentences:
        report.problems.append(
            Fault("error", "no_cases", CASES, 1, 1, f"the pack has no {CASES}", "write cases")
        )
    return sentences


def _changes(
    pack: Pack, old: Pack, files: Mapping[str, str], base: Mapping[str, str]
) -> Iterable[Change]:
    """What the versions answer differently, asked on the new one's first day or later."""
    start = pack.in_force.start
    new = read_sentences(pack, TextFolder(files), not_before=start)
    try:
        before = read_sentences(old, TextFolder(files), not_before=start)
    except PackError:
        # The new cases speak of what the old version does not know.
        before = read_sentences(old, TextFolder(base), not_before=start)
    answers = {sentence.question: sentence.outcome() for sentence in before}
    for sentence in new:
        if sentence.question in answers:
            was, now = answers[sentence.question], sentence.outcome()
            if was != now:
                day = sentence.on.isoformat() if sentence.on else None
                yield Change(sentence.name, sentence.tests, day, was, now)


def _notes(pack: Pack, sentences: Iterable[Sentence], report: Report) -> None:
    tested = {sentence.tests for sentence in sentences}
    for id, rule in pack.rules.items():
        if rule.active and f"rule:{id}" not in tested:
            report.notes.append(f"no case judges the rule {id}")
    try:
        for end in dead_ends(pack):
            report.notes.append(
                f"{end.rule} can stay unknown for want of {end.fact}, "
                f"which is asked only when {end.ask_when}"
            )
    except PolicyError as error:
        report.notes.append(str(error))


def _cut(line: Any) -> Any:
    if isinstance(line, str):
        return line[:MAX_WORDS]
    if isinstance(line, dict):
        return {key: _cut(value) for key, value in line.items()}
    return line


def main() -> None:
    """Read ``{"files", "base"}`` from standard input, write the report to standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU, MAX_CPU + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    given = json.load(sys.stdin)
    json.dump(review(given["files"], given["base"]).as_json(), sys.stdout)


if __name__ == "__main__":
    main()
