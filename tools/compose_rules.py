"""What we ask of the compose file beyond its schema."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chart_rules import in_clear, unknown_settings

#: Images that we build say themselves who runs and whether it is well.
OURS = re.compile(r"hemvist(-pgbouncer)?:")
#: Services that need no check of their health, and why.
UNCHECKED = {"migrate": "ends", "collector": "has no shell in it"}


def finds(compose: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a compose file, a line each."""
    services: Mapping[str, Any] = compose["services"]
    for name, service in services.items():
        for find in _service(name, service):
            yield f"{name}: {find}"
        for secret in service.get("secrets", ()):
            source = secret if isinstance(secret, str) else secret["source"]
            if source not in compose.get("secrets", {}):
                yield f"{name}: the secret {source} is declared nowhere"
        for other in service.get("depends_on", {}):
            if other not in services:
                yield f"{name}: depends on {other}, which is not there"
    for name, secret in compose.get("secrets", {}).items():
        if not str(secret.get("file", "")).startswith("./secrets/"):
            yield f"the secret {name} is no file in secrets/"


def _service(name: str, service: Mapping[str, Any]) -> Iterator[str]:
    ours = OURS.search(str(service.get("image"))) is not None
    if service.get("read_only") is not True:
        yield "may write in its root file system"
    if service.get("cap_drop") != ["ALL"] or service.get("cap_add"):
        yield "keeps capabilities"
    if service.get("security_opt") != ["no-new-privileges:true"]:
        yield "may gain privileges"
    if service.get("privileged") or service.get("network_mode") or service.get("pid"):
        yield "shares what is the host's"
    if not ours and str(service.get("user", "root")).split(":")[0] in ("root", "0"):
        yield "runs as root"
    if ours and service.get("user"):
        yield "runs as somebody else than its image says"
    if not service.get("networks"):
        yield "is in no network of its own"
    checked = service.get("healthcheck", {"test": "the image's"} if ours else {})
    if name not in UNCHECKED and (not checked.get("test") or checked.get("disable")):
        yield "has no check of its health"
    for port in service.get("ports", ()):
        if not str(port).startswith("127.0.0.1:"):
            yield f"port {port} is open to the network"
    depends = service.get("depends_on", {})
    if isinstance(depends, list):
        yield "waits for others to have begun, not to be ready"
    else:
        for other, how in depends.items():
            if how.get("condition") not in ("service_healthy", "service_completed_successfully"):
                yield f"does not wait for {other} to be ready"
    environment = service.get("environment", {})
    yield from in_clear(environment)
    if ours:
        yield from unknown_settings(environment)
    for variable, value in environment.items():
        # Where a secret is said to be, there it is.
        place, _, secret = str(value).rpartition("/")
        named = str(variable).endswith("_FILE") and place == "/run/secrets"
        if named and secret not in service.get("secrets", ()):
            yield f"{variable} names {value}, which it is not given"
