"""Takeovers (överlåtelser): the way from the kommun's sublease to a first-hand lease."""

from hemvist.takeovers import facts

__all__ = ["facts"]
