"""What we ask of a Dockerfile beyond hadolint."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: An image by its short name and a tag: whose registry it comes from is the builder's setting.
_BASE = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)?:[\w.-]+")


def finds(text: str) -> Iterator[str]:
    """What is wrong with a Dockerfile, a line each."""
    lines = list(_instructions(text))
    stages = [rest.split()[0] for word, rest in lines if word == "FROM"]
    for base in stages:
        if not _BASE.fullmatch(base):
            yield f"the base {base} is not a short name with a tag"
        elif base.endswith(":latest"):
            yield f"the base {base} is another one tomorrow"
    last = max((at for at, (word, _) in enumerate(lines) if word == "FROM"), default=0)
    final = lines[last:]
    users = [rest for word, rest in final if word == "USER"]
    if not users:
        yield "runs as root: no USER in the last stage"
    elif not re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", users[-1]):
        yield f"USER {users[-1]} is not a fixed number with a group, which runAsNonRoot asks for"
    if not any(word == "HEALTHCHECK" and not rest.startswith("NONE") for word, rest in final):
        yield "has no HEALTHCHECK"
    if not any(word == "ENTRYPOINT" and rest.startswith("[") for word, rest in final):
        yield "has no ENTRYPOINT as a list: signals would reach a shell"
    for word, rest in lines:
        if word == "ADD":
            yield "uses ADD"
        if word == "RUN":
            yield from _installs(rest)
        if re.search(r"https?://|--(extra-)?index-url", rest) and word != "LABEL":
            yield f"{word} names a host"
        if word in ("ENV", "ARG") and re.search(r"(?i)(PASSWORD|SECRET|TOKEN|_KEY)\w*=", rest):
            yield f"{word} bakes a secret in"


def _installs(command: str) -> Iterator[str]:
    for part in re.split(r"&&|;", command):
        pip = re.search(r"\bpip\b.*\binstall\b", part)
        # Our own wheel, made beside it, has no hash to be held to.
        if pip and "--require-hashes" not in part and "--no-index" not in part:
            yield "installs a package without its hash"


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    """Each instruction in one line: its word, and the rest."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        if word:
            yield word.upper(), " ".join(rest.split())
