"""``outcomes.lock``: what a pack's sentences gave when its version was locked.

A published version never answers otherwise. Whoever changes an outcome raises the version, even
when ``cases.yaml`` was changed along with the rule.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from hemvist.policy.errors import PackError, PolicyError
from hemvist.policy.pack import Pack
from hemvist.policy.sentences import Sentence

LOCK = "outcomes.lock"


@dataclass(frozen=True, slots=True)
class Lock:
    """The record of one version: ``outcomes`` by the question's hash, and the hash of the files."""

    version: str
    content_hash: str
    outcomes: Mapping[str, str]

    @property
    def version_key(self) -> tuple[int, ...]:
        """The version as numbers, for ordering."""
        return tuple(int(part) for part in self.version.split("."))

    def text(self) -> str:
        """The file, with one outcome a line so that a change is read line by line."""
        record = {
            "version": self.version,
            "content_hash": self.content_hash,
            "outcomes": dict(sorted(self.outcomes.items())),
        }
        return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def lock_of(pack: Pack, sentences: Iterable[Sentence]) -> Lock:
    """What the sentences give now."""
    outcomes = {sentence.question: sentence.outcome() for sentence in sentences}
    return Lock(pack.version, pack.content_hash, outcomes)


def read_lock(folder: Path | Traversable) -> Lock | None:
    """The record beside a pack, or ``None``. Raises ``PackError`` when it is none."""
    entry = folder.joinpath(LOCK)
    if not entry.is_file():
        return None
    try:
        found = json.loads(entry.read_text("utf-8"))
        lock = Lock(
            str(found["version"]),
            str(found["content_hash"]),
            {str(question): str(outcome) for question, outcome in found["outcomes"].items()},
        )
        lock.version_key  # noqa: B018 - three numbers, or it is no lock
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise PackError(f"{folder}/{LOCK}", 1, 1, "is not a record of outcomes") from None
    return lock


def broken(lock: Lock, pack: Pack, sentences: Iterable[Sentence]) -> tuple[str, ...]:
    """Why the pack may not keep its version; nothing when it may, or when it has a new one."""
    if lock.version != pack.version:
        if lock.version_key > pack.version_key:
            return (f"version {pack.version} is lower than the locked {lock.version}",)
        return ()
    named = {sentence.question: sentence for sentence in sentences}
    problems = [
        f"{named[question].name}: was {locked!r} when {lock.version} was locked, "
        f"now {now!r}; raise the version"
        for question, locked in lock.outcomes.items()
        if question in named and (now := named[question].outcome()) != locked
    ]
    gone = len(lock.outcomes.keys() - named.keys())
    if gone:
        problems.append(
            f"{gone} of the cases locked with {lock.version} are gone or ask something else; "
            "keep them or raise the version"
        )
    return tuple(problems)


def write_lock(folder: Path, pack: Pack, sentences: Iterable[Sentence], *, force: bool) -> bool:
    """Record what the sentences give; whether anything was written.

    A locked version is not recorded anew unless ``force``, which is for versions that nobody has
    decided by yet. Raises ``PolicyError`` when a case fails or the version was not raised.
    """
    known = tuple(sentences)
    for sentence in known:
        problem = sentence.judge()
        if problem is not None:
            raise PolicyError(f"{sentence.name}: {problem}", rule="case_failed")
    old, new = read_lock(folder), lock_of(pack, known)
    if old == new:
        return False
    if old is not None and old.version_key >= pack.version_key and not force:
        raise PolicyError(
            f"{pack.name} {old.version} is locked; raise the version, or use --force "
            "when it was never published",
            rule="locked",
        )
    folder.joinpath(LOCK).write_text(new.text(), "utf-8")
    return True
