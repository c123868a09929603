"""What the current piece of work is, gathered while it goes on: tenant and operation."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Operation:
    """Filled in by whoever learns it. One object, so that a worker thread's knowledge comes back."""

    tenant_id: str | None = None
    name: str | None = None
    #: Goes through every kommun, so that none of them is the one it is about.
    across_tenants: bool = False
    #: Whose it is was said when it began: a statement for another kommun, to which something is
    #: carried, changes nothing of that.
    settled: bool = False


current: ContextVar[Operation | None] = ContextVar("hemvist_operation", default=None)


def attributes(operation: Operation) -> dict[str, str]:
    """What spans and metrics say of ``operation``."""
    said: dict[str, str] = {}
    if operation.tenant_id:
        said["hemvist.tenant_id"] = operation.tenant_id
    if operation.name:
        said["hemvist.operation"] = operation.name
    return said
