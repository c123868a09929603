"""What simulations tell others."""

from __future__ import annotations

#: Somebody has asked for a simulation; the worker takes it up.
REQUESTED = "simulation_requested"
