"""The screens of the seat."""

TEXTS: dict[str, str] = {}
