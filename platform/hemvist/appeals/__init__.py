"""Appeals (överklaganden) of decisions."""

from hemvist.appeals import closing

__all__ = ["closing"]
