"""Follow-ups and home visits (uppföljningar, hembesök)."""

from hemvist.follow_ups import facts

__all__ = ["facts"]
