"""Events that are not lost and commands that are not done twice."""

from hemvist.outbox.models import CommandReceipt, EventTrouble, InboxReceipt, OutboxEvent
from hemvist.outbox.service import (
    earlier_and,
    earlier_answer,
    earlier_answer_and,
    emit,
    keep_answer,
    request_hash,
    take,
)

__all__ = [
    "CommandReceipt",
    "EventTrouble",
    "InboxReceipt",
    "OutboxEvent",
    "earlier_and",
    "earlier_answer",
    "earlier_answer_and",
    "emit",
    "keep_answer",
    "request_hash",
    "take",
]
