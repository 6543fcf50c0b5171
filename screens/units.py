"""Units by what fingers type: the name, a part of it, its pinyin initials, a wrong character."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SPLIT = re.compile(r"[、，,；; ]+")
_LEAST_SCORE = 60


def resolve_units(typed: str, units: Sequence[str]) -> tuple[str, ...]:
    """Each typed unit as the list writes it; one the list does not know stays as typed."""
    return tuple(dict.fromkeys(_resolve(part, units) for part in _SPLIT.split(typed.strip()) if part))


def _resolve(typed: str, units: Sequence[str]) -> str:
    if typed in units:
        return typed
    holding = [unit for unit in units if typed in unit]
    if len(holding) == 1:
        return holding[0]
    if typed.isascii() and typed.isalpha():
        return _by_initials(typed.lower(), units) or typed
    from rapidfuzz import process

    best = process.extractOne(typed, units, score_cutoff=_LEAST_SCORE) if len(typed) > 1 else None
    return best[0] if best else typed


def _by_initials(typed: str, units: Sequence[str]) -> str:
    from knowledge.search.sound import sounds

    initials = {unit: sounds(unit)[1] for unit in units}
    exact = [unit for unit, letters in initials.items() if letters == typed]
    begun = exact or [unit for unit, letters in initials.items() if letters.startswith(typed)]
    return begun[0] if begun else ""
