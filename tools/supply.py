"""What we ship is what we think it is: hashes, licences, secrets, reasons, and the list of parts.

``make supply`` runs all of it and writes ``build/sbom.cdx.json`` (CycloneDX 1.6). ``make lint`` runs what is
quick (``supply.py quick``). Prints every find with its place and exits 1 when there is one.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata as metadata
import json
import re
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCKS = (
    *("requirements/run.txt", "requirements/dev.txt", "requirements/bench.txt"),
    *("requirements/build.txt", "requirements/charts.txt", "requirements/site.txt"),
)
SBOM = ROOT / "build" / "sbom.cdx.json"

#: Licences of what we import: they bind nobody who uses the platform, or only changes to the part itself.
ALLOWED = frozenset(
    {
        *("MIT", "MIT-0", "MIT License", "ISC", "ISC License (ISCL)", "0BSD", "Zlib", "CC0-1.0"),
        *("BSD-2-Clause", "BSD-3-Clause", "BSD License", "3-Clause BSD License"),
        *("Apache-2.0", "Apache Software License", "PSF-2.0", "Python Software Foundation License"),
        *("MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)"),
    }
)
#: Others, each with what it is and why it may be here.
EXCEPTIONS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("psycopg", "psycopg-binary", "psycopg-pool"),
        (
            "LGPL-3.0-only",
            "imported as it is, can be replaced by whoever runs it; nothing is linked in",
        ),
    ),
    "atheris": ("", "Apache-2.0 by the licence file; fuzzing in development, never shipped"),
    "axe-playwright-python": ("", "MIT by the licence file; tests, never shipped"),
}
#: Says that it is a licence, not which.
_NO_LICENCE = frozenset({"OSI Approved", "DFSG approved"})
#: Our own, and what every environment has before anything is installed.
_NOT_LOCKED = frozenset({"hemvist", "pip", "setuptools", "wheel"})


@dataclass(frozen=True, slots=True)
class Locked:
    """One line of a lock: a package, its version, its hashes."""

    name: str
    version: str
    hashes: tuple[str, ...]


def normal(name: str) -> str:
    """A package's name as names are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


def read_lock(text: str) -> tuple[list[Locked], list[str]]:
    """The packages of a lock, and what is wrong with it: unpinned, without a hash, with an address."""
    found: list[Locked] = []
    wrong: list[str] = []
    for block in re.split(r"\n(?=\S)", text):
        line = block.partition("\n")[0].strip()
        if not line or line.startswith("#"):
            continue
        pinned = _PINNED.match(line)
        hashes = tuple(_HASH.findall(block))
        if "://" in block or line.startswith("-"):
            wrong.append(f"names an address or an option: {line[:60]}")
        elif pinned is None:
            wrong.append(f"is not pinned: {line[:60]}")
        elif not hashes:
            wrong.append(f"has no hash: {line[:60]}")
        else:
            found.append(Locked(normal(pinned[1]), pinned[2], hashes))
    return found, wrong


def lock_problems() -> Iterator[str]:
    """Every lock that does not hold, and packages that two locks have in different versions."""
    versions: dict[str, set[str]] = {}
    for name in LOCKS[:2]:
        packages, _ = read_lock((ROOT / name).read_text())
        for one in packages:
            versions.setdefault(one.name, set()).add(one.version)
    for name in LOCKS:
        for told in read_lock((ROOT / name).read_text())[1]:
            yield f"{name} {told}"
    for package, found in versions.items():
        if len(found) > 1 and not _by_marker(package):
            yield f"{package} is locked as {' and '.join(sorted(found))}"


def _by_marker(package: str) -> bool:
    """Whether a lock itself has several versions of it, for different Pythons."""
    return any(
        sum(one.name == package for one in read_lock((ROOT / name).read_text())[0]) > 1
        for name in LOCKS[:2]
    )


def installed() -> list[metadata.Distribution]:
    """What is in this environment, by name."""
    return sorted(metadata.distributions(), key=lambda one: normal(one.name))


def environment_problems(
    locked: Iterable[Locked], distributions: Iterable[metadata.Distribution]
) -> Iterator[str]:
    """What is installed and not locked, or in another version."""
    known: dict[str, set[str]] = {}
    for one in locked:
        known.setdefault(one.name, set()).add(one.version)
    for dist in distributions:
        name = normal(dist.name)
        if name in _NOT_LOCKED:
            continue
        if name not in known:
            yield f"{name} is installed and not locked"
        elif dist.version not in known[name]:
            yield f"{name} is installed as {dist.version}, locked as {', '.join(known[name])}"


def changed_files(distributions: Iterable[metadata.Distribution]) -> Iterator[str]:
    """Files of packages that are not what was installed, by the hashes that came with them."""
    for dist in distributions:
        for file in dist.files or ():
            if file.hash is None or file.suffix == ".pyc":
                continue
            path = Path(str(file.locate()))
            try:
                made = hashlib.new(file.hash.mode, path.read_bytes()).digest()
            except OSError:
                yield f"{dist.name}: {file} is gone"
                continue
            if base64.urlsafe_b64encode(made).rstrip(b"=").decode() != file.hash.value:
                yield f"{dist.name}: {file} was changed after it was installed"


def licence_of(dist: metadata.Distribution) -> str:
    """What a package says of its licence: an SPDX expression, or its classifiers, or nothing."""
    said: Any = dist.metadata
    if said.get("License-Expression"):
        return str(said["License-Expression"])
    classified = [
        one.rpartition(" :: ")[2]
        for one in said.get_all("Classifier") or ()
        if one.startswith("License ::")
    ]
    named = " AND ".join(one for one in classified if one not in _NO_LICENCE)
    # An old field that may hold a whole licence: only its first line, and only where it is a name.
    return named or str(said.get("License") or "").partition("\n")[0][:60]


def is_allowed(licence: str) -> bool:
    """Whether a licence (an SPDX expression) may be taken: all of AND, one of OR."""
    plain = licence.strip()
    if plain in ALLOWED:
        return True
    for word, every in ((" AND ", all), (" OR ", any)):
        parts = _split(plain, word)
        if len(parts) > 1:
            return bool(every(is_allowed(part) for part in parts))
    if plain.startswith("(") and plain.endswith(")"):
        return is_allowed(plain[1:-1])
    return False


def _split(text: str, word: str) -> list[str]:
    """``text`` at ``word``, but not inside brackets."""
    parts, depth, begin, place = [], 0, 0, 0
    while place < len(text):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0 and text.startswith(word, place):
            parts.append(text[begin:place])
            place += len(word)
            begin = place
            continue
        place += 1
    return [*parts, text[begin:]]


def licence_problems(distributions: Iterable[metadata.Distribution]) -> Iterator[str]:
    """Packages whose licence is not allowed, or not what the exception says that it is."""
    for dist in distributions:
        name, licence = normal(dist.name), licence_of(dist)
        if name == "hemvist":
            continue
        if name in EXCEPTIONS:
            if EXCEPTIONS[name][0] != licence:
                yield f"{name} has the licence {licence!r}, and its exception is for another"
        elif not is_allowed(licence):
            yield f"{name} has the licence {licence or 'unknown'!r}"


#: What a secret looks like, and what it is called.
SECRETS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{32}"),
    "a key of a cloud": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of a forge": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20})\b"),
    "a token of a chat": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "a signed token": re.compile(r"\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,}"),
    "an address with a password": re.compile(
        r"\b[a-z][a-z+]{2,12}://[^\s:/@'\"{}]+:[^\s:/@'\"{}]{8,}@"
    ),
    "a value": re.compile(
        r"(?i)\b\w*(?:password|secret|api_?key|token|private_?key)\w*[\"']?\s*[:=]\s*"
        r"[\"']([A-Za-z0-9+/_=-]{24,})[\"']"
    ),
}
#: Who writes this beside such a value says that it is known to everybody, and why it stands there.
_KNOWN = "not-secret:"


def secret_problems(files: Iterable[Path]) -> Iterator[str]:
    """Lines of files that hold what looks like a secret."""
    for path in files:
        try:
            text = path.read_text("utf-8")
        except (UnicodeDecodeError, OSError):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if _KNOWN in line or len(line) > 5_000:
                continue
            for name, pattern in SECRETS.items():
                hit = pattern.search(line) or (
                    # A key's header stands on a line of its own.
                    pattern.search(text)
                    if name == "a private key" and "PRIVATE KEY" in line
                    else None
                )
                if hit and (name != "a value" or _random(hit[1])):
                    yield f"{_place(path)}:{number} holds {name}"


def _place(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def _random(value: str) -> bool:
    """Whether a text looks drawn by lot: letters and figures mixed, and few of them twice."""
    kinds = sum(any(test(one) for one in value) for test in (str.islower, str.isupper, str.isdigit))
    return kinds >= 2 and any(map(str.isdigit, value)) and len(set(value)) >= 12


_NOQA = re.compile(r"#\s*noqa(?::\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*)?(.*)$")


def noqa_problems(files: Iterable[Path]) -> Iterator[str]:
    """Checks that are switched off without a word why, or all at once."""
    for path in files:
        if path.suffix != ".py":
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            # What stands in a text is no switch.
            found = _NOQA.search(line)
            if found is None or "re.compile" in line:
                continue
            where = f"{_place(path)}:{number}"
            if not re.search(r"noqa:\s*[A-Z]+[0-9]+", line):
                yield f"{where} switches every check off"
            elif len(found[1].strip(" -#()")) < 5:
                yield f"{where} switches a check off and does not say why"


def sbom(locked: Iterable[Locked], distributions: Mapping[str, metadata.Distribution]) -> Any:
    """The parts of what we ship, as CycloneDX 1.6: the same lock gives the same list."""
    components, dependencies = [], []
    known = {}
    for one in sorted(locked, key=lambda part: (part.name, part.version)):
        known[one.name] = f"pkg:pypi/{one.name}@{one.version}"
        dist = distributions.get(one.name)
        licence = licence_of(dist) if dist is not None else ""
        components.append(
            {
                "type": "library",
                "bom-ref": known[one.name],
                "name": one.name,
                "version": one.version,
                "purl": known[one.name],
                **({"licenses": [_licence(licence)]} if licence else {}),
                "properties": [
                    {"name": "hemvist:sha256", "value": one_hash} for one_hash in one.hashes
                ],
            }
        )
    for name, ref in known.items():
        dist = distributions.get(name)
        needs = {
            normal(re.split(r"[\s;<>=!~\[(]", need, maxsplit=1)[0])
            for need in (dist.requires or () if dist is not None else ())
        }
        dependencies.append(
            {"ref": ref, "dependsOn": sorted(known[one] for one in needs & known.keys())}
        )
    version = metadata.version("hemvist")
    digest = hashlib.sha256(json.dumps(components, sort_keys=True).encode()).hexdigest()
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "hemvist",
                "name": "hemvist",
                "version": version,
            }
        },
        "components": components,
        "dependencies": [{"ref": "hemvist", "dependsOn": sorted(known.values())}, *dependencies],
    }


def _licence(said: str) -> dict[str, Any]:
    """A licence as the list has it: an expression, or the package's own word for it."""
    if re.fullmatch(r"[A-Za-z0-9.+-]*\d[A-Za-z0-9.+-]*|MIT|ISC|Zlib", said):
        return {"license": {"id": said}}
    if " AND " in said or " OR " in said:
        plain = {"MIT License", "BSD License", "Apache Software License"}
        if not any(one in said for one in plain):
            return {"expression": said}
    return {"license": {"name": said}}


def tracked() -> list[Path]:
    """Every file of the project's own."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - the git of whoever runs it
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [
        ROOT / name
        for name in listed.split("\0")
        if name and "/vendor/" not in name and (ROOT / name).is_file()
    ]


def main(how: str = "") -> int:
    """Look at everything, or with ``quick`` at what takes no time; the number of finds, at most 1."""
    files = tracked()
    own = [one for one in files if not one.is_relative_to(ROOT / "tests")]
    distributions = installed()
    locked = read_lock((ROOT / LOCKS[1]).read_text())[0]
    shipped = read_lock((ROOT / LOCKS[0]).read_text())[0]
    looks: dict[str, list[str]] = {
        "locks": list(lock_problems()),
        "environment": list(environment_problems(locked, distributions)),
        "licences": list(licence_problems(distributions)),
        "secrets": list(secret_problems(files)),
        "checks switched off": list(noqa_problems(own)),
    }
    if how != "quick":
        looks["files of packages"] = list(changed_files(distributions))
        SBOM.parent.mkdir(parents=True, exist_ok=True)
        by_name = {normal(one.name): one for one in distributions}
        SBOM.write_text(json.dumps(sbom(shipped, by_name), indent=1, sort_keys=True) + "\n")
        print(f"{SBOM.relative_to(ROOT)}: {len(shipped)} parts that are shipped")
        for licence, names in sorted(_by_licence(distributions).items()):
            print(f"  {licence}: {', '.join(names)}")
    finds = [f"{look}: {one}" for look, found in looks.items() for one in found]
    for one in finds:
        print(one)
    print(
        f"supply: {len(locked)} locked packages ({len(shipped)} shipped), {len(distributions)} installed,"
        f" {len(files)} files, {len(finds)} finds"
    )
    return 1 if finds else 0


def _by_licence(distributions: Iterable[metadata.Distribution]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for dist in distributions:
        found.setdefault(licence_of(dist) or "by its licence file", []).append(dist.name)
    return found


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
