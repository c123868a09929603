"""The development issuer: OpenID Connect for demo people. Never part of a production run."""

from hemvist_infra.dev_issuer.app import MOUNT_PATH, dev_issuer_app
from hemvist_infra.dev_issuer.people import DemoLogin, demo_logins

__all__ = ["MOUNT_PATH", "DemoLogin", "demo_logins", "dev_issuer_app"]
