"""Matching a statement against the refusals of a rule book and the emergencies."""
