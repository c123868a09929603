"""Webhooks: a landlord's own system is told of what happens (koppling till hyresvärdens system)."""
