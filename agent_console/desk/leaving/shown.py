"""What a line of a list is made of."""

from __future__ import annotations

Row = dict[str, str | int | None]
"""Names of columns with their values; instants in ISO with offset, None where there is none."""
