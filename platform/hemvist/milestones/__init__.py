"""Milestones of a case (händelser): what happens without a form of its own and a person records."""
