"""The packs that a kommun can be judged by: the installed ones and its own approved versions.

Every reader asks here, inside the kommun's session, so that row security keeps one kommun's
versions from another.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select

from hemvist.pack_versions.models import BINDING, PackVersion, PackVersionFile
from hemvist.policy import Pack, Period, PolicyError, Registry, load_pack
from hemvist.policy.texts import TextFolder, content_hash
from hemvist.tenancy import TenantSession
from hemvist.tenancy.statements import Ask, of_tenant

#: Loaded packs of kommuner that a process keeps, by the hash of their files.
KEPT = 64
_APPROVED = Ask(
    select(
        PackVersion.id,
        PackVersion.pack,
        PackVersion.number,
        PackVersion.state,
        PackVersion.in_force_from,
        PackVersion.in_force_to,
        PackVersion.content_hash,
    ).where(PackVersion.tenant_id == of_tenant(), PackVersion.approved_at.is_not(None))
)
_kept: OrderedDict[str, Pack] = OrderedDict()
_lock = threading.Lock()
_INFO = "hemvist.packs"


@lru_cache(maxsize=1)
def installed() -> Registry:
    """Every installed pack, loaded and checked once per process."""
    return Registry.discover()


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """A version that cases may be pinned to. ``row_id`` is None for an installed one."""

    name: str
    number: str
    in_force: Period
    state: str
    row_id: UUID | None = None
    content_hash: str = ""

    @property
    def own(self) -> bool:
        """Whether the kommun has made it itself."""
        return self.row_id is not None

    @property
    def binding(self) -> bool:
        """Whether a new case may be pinned to it, from its day on."""
        return not self.own or self.state in BINDING

    @property
    def order(self) -> tuple[bool, date, tuple[int, ...]]:
        """Of several in force the greatest holds: the kommun's own, the latest to begin, the highest.

        A newer installed version never replaces what the kommun has decided itself.
        """
        return (self.own, self.in_force.start, number_key(self.number))


def number_key(number: str) -> tuple[int, ...]:
    """A version as numbers, for ordering."""
    return tuple(int(part) for part in number.split("."))


def packs_of(session: TenantSession) -> PackLibrary:
    """The packs of the session's kommun; what is approved is read once per session."""
    library: PackLibrary | None = session.info.get(_INFO)
    if library is None:
        library = session.info[_INFO] = PackLibrary(lambda: session)
    return library


class PackLibrary:
    """Packs by name and version, as one kommun has them.

    ``session`` gives the kommun's session, when one is needed. ``own`` is what the kommun has made
    and approved, where that has been read already.
    """

    def __init__(
        self,
        session: Callable[[], TenantSession],
        own: Iterable[KnownVersion] | None = None,
    ) -> None:
        self._session = session
        self._own = None if own is None else tuple(own)
        self._got: dict[tuple[str, str], Pack] = {}

    def get(self, name: str, version: str | None = None) -> Pack:
        """A version that cases may be pinned to, frozen and withdrawn ones too; the highest when
        none is named. Raises ``PolicyError`` when there is none.

        The kommun's own comes before an installed one of the same number: what a case was pinned
        to does not change when the platform is upgraded.
        """
        found = self._got.get((name, version or ""))
        if found is None:
            found = self._got[name, version or ""] = self._find(name, version)
        return found

    def _find(self, name: str, version: str | None) -> Pack:
        own = [one for one in self.own(name) if version is None or one.number == version]
        if own:
            best = max(own, key=lambda one: number_key(one.number))
            if version is not None or number_key(best.number) >= self._highest_installed(name):
                return self._load(best)
        return installed().get(name, version)

    def in_force(self, name: str, on: date) -> Pack:
        """The version by which a case opened on a day is judged. Raises ``PolicyError``."""
        found = [one for one in self.versions(name) if one.binding and one.in_force.holds(on)]
        if not found:
            return installed().in_force(name, on)
        best = max(found, key=lambda one: one.order)
        return self._load(best) if best.own else installed().get(name, best.number)

    def versions(self, name: str) -> tuple[KnownVersion, ...]:
        """Every version that cases are or may be pinned to, the lowest number first."""
        own = self.own(name)
        taken = {one.number for one in own}
        there = [
            KnownVersion(pack.name, pack.version, pack.in_force, "installed")
            for pack in installed().packs()
            if pack.name == name and pack.version not in taken
        ]
        return tuple(sorted((*there, *own), key=lambda one: number_key(one.number)))

    def own(self, name: str) -> tuple[KnownVersion, ...]:
        """The versions of ``name`` that the kommun has made and approved."""
        if self._own is None:
            session = self._session()
            rows = _APPROVED.rows(session)
            self._own = tuple(
                KnownVersion(pack, number, Period(start, end), state, id, hash_)
                for id, pack, number, state, start, end, hash_ in rows
            )
        return tuple(one for one in self._own if one.name == name)

    def stored(self, row_id: UUID) -> Pack:
        """A version by its row, whatever its state: asked for explicitly, as a simulation does.

        Raises ``NotFound``, and ``PolicyError`` for content that has not passed the check.
        """
        row = self._session().find(PackVersion, row_id)
        if row.checked_hash != row.content_hash or not (row.check_result or {}).get("passed"):
            raise PolicyError(f"{row.pack} {row.number} has not been checked", rule="not_checked")
        return self._read(row.id, row.content_hash)

    def learn(self, own: Iterable[KnownVersion]) -> None:
        """Take over what has just been read of the versions that the kommun has approved."""
        self._own = tuple(own)

    def forget(self) -> None:
        """A version was approved, frozen or withdrawn in this session: read again."""
        self._own = None
        self._got.clear()

    def _highest_installed(self, name: str) -> tuple[int, ...]:
        return max((p.version_key for p in installed().packs() if p.name == name), default=())

    def _load(self, known: KnownVersion) -> Pack:
        assert known.row_id is not None
        return self._read(known.row_id, known.content_hash)

    def _read(self, row_id: UUID, expected: str) -> Pack:
        with _lock:
            if expected in _kept:
                _kept.move_to_end(expected)
                return _kept[expected]
        pack = load_text(files_of(self._session(), row_id), expected)
        with _lock:
            _kept[expected] = pack
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return pack


def files_of(session: TenantSession, row_id: UUID) -> dict[str, str]:
    """The files of a stored version by name."""
    rows = session.execute(
        select(PackVersionFile.name, PackVersionFile.content)
        .where(
            PackVersionFile.tenant_id == session.tenant_id,
            PackVersionFile.pack_version_id == row_id,
        )
        .order_by(PackVersionFile.name)
    )
    return {row.name: row.content for row in rows}


def load_text(files: Mapping[str, str], expected: str | None = None) -> Pack:
    """The pack of files in memory. Raises ``PackError``.

    ``expected`` is the hash that the files must have; ``PolicyError`` when they have another: then
    somebody has changed the store behind the platform's back.
    """
    if expected is not None and content_hash(files) != expected:
        raise PolicyError("the stored files are not those that were approved", rule="changed_files")
    return load_pack(TextFolder(files))
