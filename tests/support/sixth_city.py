"""Where the book of the sixth city stands: an invented city with an invented measure, data only."""

from __future__ import annotations

from pathlib import Path

BOOK = Path(__file__).parent.parent / "resources" / "sixth_city" / "yunting"
