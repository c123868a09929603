"""What the chart's network policies let through, and what they should: nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_COMPONENT = "app.kubernetes.io/component"
_WORKERS = "worker-"

#: Who may reach what, on which ports. A pod of ours by its component, others by ``_place``.
WANTED: Mapping[str, frozenset[tuple[str, int]]] = {
    "web": frozenset(
        {
            ("pgbouncer", 6432),
            ("broker", 6379),
            ("outside", 443),
            ("names", 53),
            ("telemetry", 4318),
        }
    ),
    "worker": frozenset(
        {
            *(("pgbouncer", 6432), ("broker", 6379), ("outside", 443), ("names", 53)),
            *(("telemetry", 4318), ("mail", 587)),
        }
    ),
    "beat": frozenset({("broker", 6379), ("names", 53), ("telemetry", 4318)}),
    "watch": frozenset(
        {
            ("pgbouncer", 6432),
            ("broker", 6379),
            ("outside", 443),
            ("names", 53),
            ("telemetry", 4318),
        }
    ),
    "pgbouncer": frozenset({("postgres", 5432), ("names", 53)}),
    "migrate": frozenset({("postgres", 5432), ("names", 53)}),
    "operator": frozenset(
        {
            *(("pgbouncer", 6432), ("postgres", 5432), ("broker", 6379)),
            *(("outside", 443), ("names", 53)),
        }
    ),
}
#: What an installation may do without.
OPTIONAL = frozenset({("telemetry", 4318), ("mail", 587)})
WANTED_IN: Mapping[str, frozenset[tuple[str, int]]] = {
    "web": frozenset({("people", 8000)}),
    "pgbouncer": frozenset({("web", 6432), ("worker", 6432), ("operator", 6432), ("watch", 6432)}),
}
#: The places of others, by the port that they are reached at.
_PLACES = {5432: "postgres", 6379: "broker", 443: "outside", 53: "names", 4318: "telemetry"}
_PLACES |= {587: "mail", 8000: "people"}


def policy_finds(documents: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Where what the policies let through differs from what is wanted, a line each."""
    policies = [one for one in documents if one["kind"] == "NetworkPolicy"]
    pods = [_labels(one) for one in documents if one["kind"] in ("Deployment", "Job")]
    for policy in policies:
        for way in ("ingress", "egress"):
            for rule in policy["spec"].get(way) or ():
                if not rule.get("from" if way == "ingress" else "to"):
                    yield f"NetworkPolicy {_name(policy)} lets everybody through"
                if not rule.get("ports"):
                    yield f"NetworkPolicy {_name(policy)} lets every port through"
    for labels in pods:
        own = [one for one in policies if _chosen(one["spec"]["podSelector"], labels)]
        component = labels[_COMPONENT]
        for way, wanted in (("Egress", WANTED), ("Ingress", WANTED_IN)):
            if not any(way in one["spec"]["policyTypes"] for one in own):
                yield f"no NetworkPolicy holds {component}'s {way}"
                continue
            found = set(_through(own, way.lower(), pods))
            asked = wanted.get(_kind(component), frozenset())
            for place, port in sorted(found - asked):
                yield f"{component} may {_way(way)} {place}:{port}, which it has no need of"
            missing = asked - OPTIONAL - found
            # A pod that is switched off reaches nobody.
            there = {_kind(one[_COMPONENT]) for one in pods}
            for place, port in sorted(missing):
                if way == "Egress" or place == "people" or place in there:
                    yield f"{component} may not {_way(way)} {place}:{port}"


def _through(
    policies: Sequence[Mapping[str, Any]], way: str, pods: Sequence[Mapping[str, str]]
) -> Iterator[tuple[str, int]]:
    for policy in policies:
        for rule in policy["spec"].get(way) or ():
            for peer in rule.get("from" if way == "ingress" else "to") or ({},):
                for port in rule.get("ports") or ({"port": 0},):
                    number = int(port["port"])
                    if set(peer) == {"podSelector"}:
                        for labels in pods:
                            if _chosen(peer["podSelector"], labels):
                                yield _kind(labels[_COMPONENT]), number
                    else:
                        yield _PLACES.get(number, "anybody"), number


def _chosen(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a selector takes a pod. Raises ``ValueError`` for an operator that we do not use."""
    if not selector.get("matchLabels", {}).items() <= labels.items():
        return False
    for expression in selector.get("matchExpressions", ()):
        if expression["operator"] != "In":
            raise ValueError(f"{expression['operator']} is not read here")
        if labels.get(expression["key"]) not in expression["values"]:
            return False
    return True


def _kind(component: str) -> str:
    return "worker" if component.startswith(_WORKERS) else component


def _labels(workload: Mapping[str, Any]) -> Mapping[str, str]:
    found: Mapping[str, str] = workload["spec"]["template"]["metadata"]["labels"]
    return found


def _name(document: Mapping[str, Any]) -> str:
    return str(document["metadata"]["name"])


def _way(way: str) -> str:
    return "reach" if way == "Egress" else "be reached by"
