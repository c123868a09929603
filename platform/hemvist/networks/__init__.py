"""Networks for protected moves (skyddad flytt): who is in one, and by which rules, day by day."""

from hemvist.networks.models import Network
from hemvist.networks.rules import Member, NetworkRulesError, Rules, Terms

__all__ = ["Member", "Network", "NetworkRulesError", "Rules", "Terms"]
