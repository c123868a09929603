"""What we ask of rendered manifests beyond their schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chart_flows import policy_finds

from hemvist.settings.names import known

_SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|_KEY\b|_URL\b|_URL_")
#: Addresses without a password in them.
_PLAIN = frozenset({"HEMVIST_BASE_URL"})
#: Pods of no service: nobody waits for them.
_UNWATCHED = frozenset({"operator"})
WORKLOADS = ("Deployment", "Job")


def finds(documents: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What is wrong with the manifests of one rendering, a line each."""
    for one in documents:
        if one["kind"] in WORKLOADS:
            for find in _workload(one):
                yield f"{one['kind']} {one['metadata']['name']}: {find}"
        if one["kind"] == "ConfigMap" and "[pgbouncer]" in one["data"].get("server.ini", ""):
            yield "server.ini begins [pgbouncer] anew: the pooler forgets that it lends by transaction"
    yield from _budgets(documents)
    yield from _targets(documents)
    yield from policy_finds(documents)


def _workload(one: Mapping[str, Any]) -> Iterator[str]:
    pod = one["spec"]["template"]["spec"]
    security = pod.get("securityContext", {})
    if security.get("runAsNonRoot") is not True or not security.get("runAsUser"):
        yield "may run as root"
    if security.get("seccompProfile") != {"type": "RuntimeDefault"}:
        yield "has no seccomp profile"
    if pod.get("automountServiceAccountToken") is not False:
        yield "is given a token of the cluster's"
    if pod.get("enableServiceLinks") is not False:
        yield "is told of services by variables that look like settings"
    for shared in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(shared):
            yield f"shares {shared} with its node"
    declared = {volume["name"]: volume for volume in pod.get("volumes", ())}
    if any("hostPath" in volume for volume in declared.values()):
        yield "mounts a folder of its node"
    for container in (*pod["containers"], *pod.get("initContainers", ())):
        for find in _container(container, long=one["kind"] == "Deployment"):
            yield f"{container['name']}: {find}"
        for mount in container.get("volumeMounts", ()):
            if mount["name"] not in declared:
                yield f"{container['name']} mounts {mount['name']}, which is not there"
        yield from _given(container, declared)


def _container(container: Mapping[str, Any], *, long: bool) -> Iterator[str]:
    security = container.get("securityContext", {})
    if security.get("readOnlyRootFilesystem") is not True:
        yield "may write in its root file system"
    if security.get("allowPrivilegeEscalation") is not False or security.get("privileged"):
        yield "may gain privileges"
    if security.get("capabilities", {}).get("drop") != ["ALL"] or "add" in security["capabilities"]:
        yield "keeps capabilities"
    if security.get("runAsNonRoot") is not True:
        yield "may run as root"
    resources = container.get("resources", {})
    if not resources.get("limits", {}).get("memory") or not resources.get("requests"):
        yield "has no limit of its memory, or asks for nothing"
    if long and "livenessProbe" not in container:
        yield "has no liveness probe"
    if container.get("ports") and "readinessProbe" not in container:
        yield "has a port and no readiness probe"
    if not re.search(r"(@sha256:[0-9a-f]{64}|:[\w][\w.-]*)$", container["image"]):
        yield f"its image {container['image']} has neither tag nor digest"
    if container["image"].endswith(":latest"):
        yield f"its image {container['image']} is another one tomorrow"
    environment = {one["name"]: one.get("value") for one in container.get("env", ())}
    if len(environment) != len(container.get("env", ())):
        yield "is told one setting twice"
    yield from in_clear(environment)
    yield from unknown_settings(environment)


def _given(container: Mapping[str, Any], volumes: Mapping[str, Any]) -> Iterator[str]:
    """Each file that a setting names is one that is mounted."""
    files = {
        f"{mount['mountPath']}/{item['path']}"
        for mount in container.get("volumeMounts", ())
        for item in volumes.get(mount["name"], {}).get("secret", {}).get("items", ())
    }
    for one in container.get("env", ()):
        value = str(one.get("value", ""))
        secret = one["name"].endswith("_FILE") and value.startswith("/run/secrets/")
        if secret and value not in files:
            yield f"{one['name']} names {value}, which is not mounted"


def in_clear(environment: Mapping[str, Any]) -> Iterator[str]:
    """Secrets that stand in the environment, where every program and every description shows them."""
    for name, value in environment.items():
        if not name.endswith("_FILE") and name not in _PLAIN and _SECRET.search(name):
            yield f"{name} stands in the environment: give it as a file"
        if re.search(r"://[^/\s:]*:[^/\s@]+@", str(value)):
            yield f"{name} holds a password"


def unknown_settings(environment: Mapping[str, Any]) -> Iterator[str]:
    """``HEMVIST_`` names that no setting has: what is misspelt is silently not set."""
    for name in environment:
        if name.startswith("HEMVIST_") and name not in known():
            yield f"{name} is no setting"


def _budgets(documents: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    chosen = [
        one["spec"]["selector"]["matchLabels"]
        for one in documents
        if one["kind"] == "PodDisruptionBudget"
    ]
    for one in documents:
        if one["kind"] == "Deployment":
            labels = one["spec"]["template"]["metadata"]["labels"]
            component = labels["app.kubernetes.io/component"]
            if component not in _UNWATCHED and not any(
                wanted.items() <= labels.items() for wanted in chosen
            ):
                yield f"Deployment {one['metadata']['name']} has no PodDisruptionBudget"


def _targets(documents: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What is scaled and what is served is there; replicas are told by one of them only."""
    deployments = {one["metadata"]["name"]: one for one in documents if one["kind"] == "Deployment"}
    for one in documents:
        if one["kind"] in ("HorizontalPodAutoscaler", "ScaledObject"):
            target = one["spec"]["scaleTargetRef"]["name"]
            if target not in deployments:
                yield f"{one['kind']} scales {target}, which is not there"
            elif "replicas" in deployments[target]["spec"]:
                yield f"{target} says how many it is, and is scaled"
        if one["kind"] == "Service":
            served = [
                deployment
                for deployment in deployments.values()
                if one["spec"]["selector"].items()
                <= deployment["spec"]["template"]["metadata"]["labels"].items()
            ]
            ports = {
                port["name"]
                for deployment in served
                for container in deployment["spec"]["template"]["spec"]["containers"]
                for port in container.get("ports", ())
            }
            for port in one["spec"]["ports"]:
                if port["targetPort"] not in ports:
                    yield f"Service {one['metadata']['name']} leads nowhere"
