"""Faults planted in a copy of some modules: one text of one module's source replaced.

The modules are imported anew with the fault and put back as they were afterwards; nothing on disk
is touched.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType

_ENGINE = ("hemvist.policy", "hemvist_policy_")
_COMPILER = ("hemvist_graphql.compiled", "hemvist_paths")
_AUDITOR = ("hemvist.audit.verifying", "hemvist.audit.verifying")


@dataclass(frozen=True, slots=True)
class Fault:
    """``old`` in the source of ``module`` (under ``package``), which stands there once, as ``new``."""

    module: str
    old: str
    new: str
    package: str = "hemvist.policy"

    def __str__(self) -> str:
        old, new = (" ".join(text.split())[:60] for text in (self.old, self.new))
        return f"{self.module}: {old} -> {new or 'nothing'}"


class _Finder:
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.name = f"{fault.package}.{fault.module}"

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self.name:
            return None
        spec = PathFinder.find_spec(name, path, target)
        assert spec is not None and spec.origin is not None
        spec.loader = _Loader(name, spec.origin, self.fault)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, fault: Fault) -> None:
        super().__init__(name, path)
        self.fault = fault

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_data(self.path).decode()
        count = source.count(self.fault.old)
        assert count == 1, f"{self.fault.old!r} stands {count} times in {self.path}"
        return compile(source.replace(self.fault.old, self.fault.new), self.path, "exec")


@contextmanager
def planted(fault: Fault) -> Iterator[ModuleType]:
    """The module ``hemvist_policy_agreement`` over an engine with the fault."""
    with _anew(fault, _ENGINE, "hemvist_policy_agreement") as agreement:
        yield agreement


@contextmanager
def planted_in_compiler(fault: Fault | None) -> Iterator[ModuleType]:
    """The module ``hemvist_paths`` over a compiler of reads with the fault, or a fresh sound one."""
    with _anew(fault, _COMPILER, "hemvist_paths") as paths:
        yield paths


@contextmanager
def planted_in_auditor(fault: Fault) -> Iterator[ModuleType]:
    """The module ``hemvist.audit.verifying`` with the fault."""
    with _anew(fault, _AUDITOR[:1], _AUDITOR[1]) as verifying:
        yield verifying


@contextmanager
def _anew(fault: Fault | None, prefixes: tuple[str, ...], wanted: str) -> Iterator[ModuleType]:
    names = [name for name in sys.modules if name.startswith(prefixes)]
    kept = {name: sys.modules.pop(name) for name in names}
    finders = [] if fault is None else [_Finder(fault)]
    sys.meta_path[:0] = finders
    try:
        yield import_module(wanted)
    finally:
        for finder in finders:
            sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.startswith(prefixes)]:
            del sys.modules[name]
        sys.modules.update(kept)
        # A package also knows its parts by name.
        for name, module in kept.items():
            parent, _, own = name.rpartition(".")
            if parent in sys.modules:
                setattr(sys.modules[parent], own, module)
