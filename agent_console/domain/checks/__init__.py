"""Whether a rule book holds together."""
