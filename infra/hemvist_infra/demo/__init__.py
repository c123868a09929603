"""Demo kommuner with a synthetic population, for development and tests only.

``seed`` is what ``make run`` and ``make demo-data`` call.
"""

from hemvist_infra.demo.seeding import seed

__all__ = ["seed"]
