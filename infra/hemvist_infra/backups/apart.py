"""This process pointed at a restored instance, and at nothing else, for as long as a block lasts."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from hemvist.db import dispose_engines
from hemvist.settings import get_settings
from hemvist.tenancy.keys import forget_keys

#: What leads out of the instance: brokers, mail, telemetry, pools, and the source's own addresses.
_OUTWARD = (
    "REDIS_URL",
    "SMTP_HOST",
    "OTLP_ENDPOINT",
    "DATABASE_POOLED",
    "AUDIT_ANCHOR_FILE",
    *(
        f"DATABASE_URL_{who}"
        for who in ("STAFF", "LANDLORD", "WORKER", "EXCHANGE", "OPERATOR", "THINNING")
    ),
)


@contextmanager
def pointed_at(url: str) -> Iterator[None]:
    """Hemvist works on the database at ``url`` inside, with passwords that hold nowhere else.

    The keys stay those of this process: a restored instance without them is worth nothing, and says so.
    """
    names = [f"HEMVIST_{name}" for name in (*_OUTWARD, "DATABASE_URL", "SECRET_KEY", "LOCAL_DIR")]
    before = {name: os.environ.get(name) for name in names}
    for name in names:
        os.environ.pop(name, None)
    os.environ["HEMVIST_DATABASE_URL"] = url
    os.environ["HEMVIST_SECRET_KEY"] = secrets.token_hex(32)
    # Where an application that is no production keeps its issuer's keys.
    local = tempfile.mkdtemp(prefix="hemvist-drill-")
    os.environ["HEMVIST_LOCAL_DIR"] = local
    _anew()
    try:
        yield
    finally:
        shutil.rmtree(local, ignore_errors=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        _anew()


def _anew() -> None:
    dispose_engines()
    get_settings.cache_clear()
    forget_keys()
