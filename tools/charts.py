"""Images, compose file and chart are what we say they are, as far as that can be told without running them.

``make charts`` (and ``make lint``) runs hadolint, helm lint, the schemas of Kubernetes' own kinds over what
helm renders, the schema of compose files, yamllint, and our own rules: ``chart_rules``, ``compose_rules`` and
``image_rules``. The programs are those of ``.venv-charts``. Prints every find and exits 1 when there is one.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parent))

import chart_rules
import compose_rules
import image_rules

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ROOT / ".venv-charts" / "bin"
CHART = ROOT / "infra" / "helm" / "hemvist"
DOCKER = ROOT / "infra" / "docker"
#: Each is rendered: the least that an operator sets, and every switch the other way.
VALUES = ("plain", "everything")
#: The oldest Kubernetes that the chart says it is for, one in between, and the newest whose schemas are here.
KUBERNETES = ("1.25", "1.31", "1.37")
#: Kinds that are no Kubernetes' own, whose schemas are nowhere here: only our own rules look at them.
FOREIGN = ("keda.sh/",)


def run(program: str, *arguments: str) -> tuple[int, str]:
    """A judge's exit status and what it says."""
    ran = subprocess.run(  # noqa: S603 - programs of our own environment, as a list
        [str(PROGRAMS / program), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return ran.returncode, (ran.stdout + ran.stderr).strip()


def rendered(values: str, *more: str) -> str:
    """What helm makes of the chart with the values of ``ci/NAME.yaml``. Raises ``RuntimeError``."""
    file = str(CHART / "ci" / f"{values}.yaml")
    ran = subprocess.run(  # noqa: S603 - programs of our own environment, as a list
        [str(PROGRAMS / "helm"), "template", "hemvist", str(CHART), "-f", file, *more],
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(ran.stderr.strip())
    return ran.stdout


def documents(text: str) -> list[dict[str, Any]]:
    """The manifests in what helm rendered."""
    return [one for one in yaml.safe_load_all(text) if one]


def dockerfiles() -> list[Path]:
    """Every Dockerfile of the project."""
    return sorted(DOCKER.glob("*Dockerfile"))


def hadolint() -> Iterator[str]:
    """What hadolint says of the Dockerfiles."""
    status, said = run("hadolint", *(str(one.relative_to(ROOT)) for one in dockerfiles()))
    if status:
        yield from said.splitlines()


def yamllint() -> Iterator[str]:
    """What yamllint says of what is YAML (templates are not, until they are rendered)."""
    files = [
        *("infra/docker/compose.yaml", "infra/otel", "infra/helm/hemvist/Chart.yaml"),
        *("infra/helm/hemvist/values.yaml", "infra/helm/hemvist/ci"),
    ]
    status, said = run("yamllint", "-f", "parsable", "-c", ".yamllint.yaml", *files)
    if status:
        yield from said.splitlines()


def helm() -> Iterator[str]:
    """What helm lint says, for each set of values."""
    for values in VALUES:
        status, said = run(
            "helm", "lint", "--strict", "-f", f"{CHART}/ci/{values}.yaml", str(CHART)
        )
        if status:
            yield f"{values}: {said}"


def kubernetes() -> Iterator[str]:
    """What the schemas of several versions say of what is rendered."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor(2) as threads:
        jobs: list[tuple[str, ...]] = []
        for values in VALUES:
            file = Path(folder) / f"{values}.yaml"
            own = [one for one in documents(rendered(values)) if not _foreign(one)]
            file.write_text(yaml.safe_dump_all(own))
            jobs += [
                ("kubernetes-validate", "--strict", "--quiet", "-k", version, str(file))
                for version in KUBERNETES
            ]
        for job, (status, said) in zip(jobs, threads.map(lambda job: run(*job), jobs), strict=True):
            if status:
                yield f"Kubernetes {job[4]}, {Path(job[5]).stem}: {said}"


def _foreign(document: dict[str, Any]) -> bool:
    return str(document["apiVersion"]).startswith(FOREIGN)


def compose_schema() -> Iterator[str]:
    """What the schema of compose files says."""
    status, said = run(
        "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "infra/docker/compose.yaml"
    )
    if status:
        yield said


def own_rules() -> Iterator[str]:
    """What we ask besides."""
    for path in dockerfiles():
        for find in image_rules.finds(path.read_text()):
            yield f"{path.relative_to(ROOT)}: {find}"
    for find in compose_rules.finds(yaml.safe_load((DOCKER / "compose.yaml").read_text())):
        yield f"infra/docker/compose.yaml: {find}"
    for values in VALUES:
        for find in chart_rules.finds(documents(rendered(values))):
            yield f"chart ({values}): {find}"


def main() -> int:
    """Let every judge look; the number of finds, at most 1."""
    bad = 0
    for judge in (hadolint, yamllint, helm, kubernetes, compose_schema, own_rules):
        found = list(judge())
        for find in found:
            print(f"{judge.__name__}: {find}", file=sys.stderr)
        bad += len(found)
    if not bad:
        count = sum(len(documents(rendered(values))) for values in VALUES)
        print(
            f"{len(dockerfiles())} Dockerfiles, a compose file and {count} manifests"
            f" for Kubernetes {', '.join(KUBERNETES)}: nothing found"
        )
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
