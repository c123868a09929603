"""Commissions to support providers (uppdrag till stödutförare) and their monthly reports."""

from hemvist.commissions import closing

__all__ = ["closing"]
