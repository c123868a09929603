"""The log of every read and write of personal data."""

from hemvist.audit.models import AuditAnchor, AuditEntry, AuditLink
from hemvist.audit.service import record

__all__ = ["AuditAnchor", "AuditEntry", "AuditLink", "record"]
