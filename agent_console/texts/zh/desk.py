"""The steps of calls and orders."""

TEXTS: dict[str, str] = {}
