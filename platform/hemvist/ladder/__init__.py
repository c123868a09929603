"""The ladder of a tenancy in trouble: from a talk to a demand, a meeting, a notice and a move-out."""
