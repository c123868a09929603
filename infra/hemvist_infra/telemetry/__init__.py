"""Traces, metrics and logs with tenant and operation, and never anybody's data.

Spans and metrics are made by hand: what is exported is what is written here, and nothing that a
library thinks helpful (statement texts, addresses with their queries, messages of exceptions).
"""

from hemvist_infra.telemetry.setup import Telemetry, start

__all__ = ["Telemetry", "start"]
