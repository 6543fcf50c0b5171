"""A look at what a unit writes to the caller."""

from __future__ import annotations

import re

_PART = re.compile(r"[，,；;。！!？?\n]+")
_NUMERAL = r"[零〇一二三四五六七八九十百\d]+"
_CITES = re.compile(rf"《[^》]*》|第{_NUMERAL}[条款项]|[（(]{_NUMERAL}[）)]项?|之规定")


def is_mostly_citations(text: str) -> bool:
    """Whether more than half of it names laws and their articles instead of saying what was done (推定)."""
    parts = [part.strip() for part in _PART.split(text) if part.strip()]
    cited = sum(len(part) for part in parts if _CITES.search(part))
    return cited * 2 > sum(map(len, parts))
