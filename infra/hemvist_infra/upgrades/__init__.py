"""Upgrades while people work: migrations that are linted, run with little patience, and measured."""

from hemvist_infra.upgrades.runner import Applied, Manner, run, told

__all__ = ["Applied", "Manner", "run", "told"]
