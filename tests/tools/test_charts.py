"""The rules of `make charts` find what is planted, one fault at a time."""

from __future__ import annotations

import copy
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
#: Of names that no setting has, which are written nowhere else.
PREFIX = "HEMVIST_"
DOCKER = ROOT / "infra" / "docker"
IMAGE = (DOCKER / "Dockerfile").read_text()


@pytest.fixture(scope="module", autouse=True)
def tools() -> Iterator[None]:
    """The tools are programs beside the product, and import each other by name."""
    before = set(sys.modules)
    sys.path.insert(0, str(ROOT / "tools"))
    yield
    sys.path.remove(str(ROOT / "tools"))
    for name in set(sys.modules) - before:
        if name.startswith(("chart", "compose_rules", "image_rules")):
            del sys.modules[name]


def module(name: str) -> Any:
    """One of the tools."""
    return importlib.import_module(name)


@pytest.fixture(scope="module")
def manifests() -> list[dict[str, Any]]:
    """The chart with every switch on, as helm renders it."""
    if not (ROOT / ".venv-charts" / "bin" / "helm").exists():
        pytest.skip("no helm: make charts installs it")
    charts = module("charts")
    found: list[dict[str, Any]] = charts.documents(charts.rendered("everything"))
    return found


def one(documents: list[dict[str, Any]], kind: str, name: str) -> dict[str, Any]:
    """A manifest by kind and name."""
    return next(
        found
        for found in documents
        if found["kind"] == kind and found["metadata"]["name"] == f"hemvist-{name}"
    )


def pod(documents: list[dict[str, Any]], name: str) -> Any:
    """The pod of a deployment."""
    return one(documents, "Deployment", name)["spec"]["template"]["spec"]


def container(documents: list[dict[str, Any]], name: str) -> Any:
    """Its container."""
    return pod(documents, name)["containers"][0]


def without(documents: list[dict[str, Any]], kind: str, name: str) -> None:
    """Take a manifest away."""
    documents.remove(one(documents, kind, name))


Fault = Callable[[list[dict[str, Any]]], object]
CHART_FAULTS: dict[str, tuple[Fault, str]] = {
    "root": (lambda all_: pod(all_, "web")["securityContext"].pop("runAsNonRoot"), "as root"),
    "root file system": (
        lambda all_: container(all_, "beat")["securityContext"].update(
            readOnlyRootFilesystem=False
        ),
        "may write",
    ),
    "capabilities": (
        lambda all_: container(all_, "web")["securityContext"]["capabilities"].update(
            add=["NET_ADMIN"]
        ),
        "keeps capabilities",
    ),
    "seccomp": (
        lambda all_: pod(all_, "worker-long")["securityContext"].pop("seccompProfile"),
        "no seccomp",
    ),
    "token": (lambda all_: pod(all_, "web").pop("automountServiceAccountToken"), "a token"),
    "liveness": (lambda all_: container(all_, "worker-events").pop("livenessProbe"), "no liveness"),
    "readiness": (lambda all_: container(all_, "web").pop("readinessProbe"), "no readiness"),
    "memory": (lambda all_: container(all_, "web")["resources"].pop("limits"), "no limit"),
    "latest": (
        lambda all_: container(all_, "web").update(image="images.example/hemvist:latest"),
        "another one tomorrow",
    ),
    "secret in clear": (
        lambda all_: container(all_, "web")["env"].append(
            {"name": "HEMVIST_SECRET_KEY", "value": "x"}
        ),
        "give it as a file",
    ),
    "password in an address": (
        lambda all_: container(all_, "web")["env"].append(
            {"name": PREFIX + "OTLP_ENDPOINT2", "value": "http://a:b@c"}
        ),
        "holds a password",
    ),
    "misspelt setting": (
        lambda all_: container(all_, "web")["env"].append(
            {"name": PREFIX + "LOG_LEVLE", "value": "INFO"}
        ),
        "is no setting",
    ),
    "file that is not mounted": (
        lambda all_: container(all_, "beat")["env"].append(
            {
                "name": "HEMVIST_DATABASE_URL_STAFF_FILE",
                "value": "/run/secrets/hemvist/database-url-staff",
            }
        ),
        "which is not mounted",
    ),
    "budget": (
        lambda all_: without(all_, "PodDisruptionBudget", "web"),
        "no PodDisruptionBudget",
    ),
    "nothing is denied": (
        lambda all_: without(all_, "NetworkPolicy", "nothing"),
        "no NetworkPolicy holds worker-events's Ingress",
    ),
    "no way to the pooler": (
        lambda all_: without(all_, "NetworkPolicy", "to-pooler"),
        "web may not reach pgbouncer:6432",
    ),
    "an empty list of peers": (
        lambda all_: one(all_, "NetworkPolicy", "to-postgres")["spec"]["egress"][0].update(to=[]),
        "lets everybody through",
    ),
    "web past the pooler": (
        lambda all_: one(all_, "NetworkPolicy", "to-postgres")["spec"]["podSelector"][
            "matchExpressions"
        ][0]["values"].append("web"),
        "web may reach postgres:5432",
    ),
    "people at the workers": (
        lambda all_: one(all_, "NetworkPolicy", "people")["spec"]["podSelector"].update(
            matchLabels={"app.kubernetes.io/name": "hemvist"}
        ),
        "worker-events may be reached by people:8000",
    ),
    "the pooler's section begun anew": (
        lambda all_: one(all_, "ConfigMap", "pgbouncer")["data"].update(
            {"server.ini": "[pgbouncer]\nserver_tls_sslmode = require"}
        ),
        "lends by transaction",
    ),
    "scales what is not there": (
        lambda all_: one(all_, "ScaledObject", "worker-long")["spec"]["scaleTargetRef"].update(
            name="x"
        ),
        "which is not there",
    ),
    "serves nobody": (
        lambda all_: one(all_, "Service", "web")["spec"]["selector"].update(a="b"),
        "leads nowhere",
    ),
}


def test_the_chart_holds(manifests: list[dict[str, Any]]) -> None:
    assert list(module("chart_rules").finds(manifests)) == []
    assert {found["kind"] for found in manifests} >= {
        *("Deployment", "Job", "NetworkPolicy", "PodDisruptionBudget", "ScaledObject", "Ingress")
    }


@pytest.mark.parametrize("name", CHART_FAULTS)
def test_a_fault_in_the_chart_is_found(manifests: list[dict[str, Any]], name: str) -> None:
    plant, told = CHART_FAULTS[name]
    faulty = copy.deepcopy(manifests)
    plant(faulty)
    found = list(module("chart_rules").finds(faulty))
    assert any(told in line for line in found), found


@pytest.mark.parametrize(
    "given",
    [
        "baseUrl=http://hemvist.example",
        "image.tag=latest,image.digest=",
        "web.forwardedAllowIps=*",
        "network.postgres=null",
        "web.replicsa=3",
        "settings.HEMVIST_SECRET_KEY=x",
        "beat.replicas=0",
    ],
)
def test_wrong_values_are_refused_by_their_schema(
    manifests: list[dict[str, Any]], given: str
) -> None:
    with pytest.raises(RuntimeError, match="values don't meet the specifications"):
        module("charts").rendered("everything", "--set", given)


Compose = dict[str, Any]
COMPOSE_FAULTS: dict[str, tuple[Callable[[Compose], object], str]] = {
    "root file system": (lambda all_: all_["web"].pop("read_only"), "web: may write"),
    "capabilities": (lambda all_: all_["beat"].update(cap_drop=[]), "beat: keeps capabilities"),
    "privileges": (lambda all_: all_["worker"].pop("security_opt"), "worker: may gain"),
    "root": (lambda all_: all_["valkey"].pop("user"), "valkey: runs as root"),
    "health": (lambda all_: all_["postgres"].pop("healthcheck"), "postgres: has no check"),
    "open port": (lambda all_: all_["web"].update(ports=["8000:8000"]), "is open"),
    "order": (
        lambda all_: all_["web"]["depends_on"]["migrate"].update(condition="service_started"),
        "does not wait for migrate",
    ),
    "secret in clear": (
        lambda all_: all_["postgres"]["environment"].update(POSTGRES_PASSWORD="x"),
        "give it as a file",
    ),
    "a file that is not given": (
        lambda all_: all_["beat"].update(secrets=["redis-url"]),
        "which it is not given",
    ),
    "misspelt setting": (
        lambda all_: all_["web"]["environment"].update({PREFIX + "BASE_ULR": "https://x"}),
        "is no setting",
    ),
}


@pytest.mark.parametrize("name", COMPOSE_FAULTS)
def test_a_fault_in_the_compose_file_is_found(name: str) -> None:
    plant, told = COMPOSE_FAULTS[name]
    compose = yaml.safe_load((DOCKER / "compose.yaml").read_text())
    rules = module("compose_rules")
    assert list(rules.finds(compose)) == []
    # What services share by an anchor would be changed for all of them.
    faulty = {**compose, "services": {k: copy.deepcopy(v) for k, v in compose["services"].items()}}
    plant(faulty["services"])
    found = list(rules.finds(faulty))
    assert any(told in line for line in found), found


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("USER 10001:10001\n", "", "runs as root"),
        ("USER 10001:10001", "USER hemvist", "not a fixed number"),
        ("HEALTHCHECK", "LABEL", "no HEALTHCHECK"),
        ("--require-hashes -r requirements/run.txt", "-r requirements/run.txt", "without its hash"),
        ('ENTRYPOINT ["hemvist"]', "ENTRYPOINT hemvist", "signals"),
        ("FROM python:3.11-slim-bookworm\n\n", "FROM host.example/python\n\n", "no short name"),
        ("PYTHONUNBUFFERED=1", "HEMVIST_SECRET_KEY=x", "bakes a secret in"),
    ],
)
def test_a_fault_in_the_image_is_found(old: str, new: str, told: str) -> None:
    rules = module("image_rules")
    assert list(rules.finds(IMAGE)) == []
    assert old in IMAGE
    found = list(rules.finds(IMAGE.replace(old, new)))
    assert any(told.replace("no short", "not a short") in line for line in found), found
