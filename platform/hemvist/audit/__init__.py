"""The log of every read and write of personal data."""

from hemvist.audit.models import AuditEntry
from hemvist.audit.service import record

__all__ = ["AuditEntry", "record"]
