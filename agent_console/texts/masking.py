"""Names and numbers as they stand in lists: enough to recognise, not enough to know."""

from __future__ import annotations

_HIDDEN = "****"
_HEAD, _TAIL = 3, 4


def masked_number(number: str) -> str:
    """138****0000; a short number is hidden but for its last two digits."""
    text = number.strip()
    if len(text) <= _HEAD + _TAIL:
        return _HIDDEN + text[-2:] if text else ""
    return text[:_HEAD] + _HIDDEN + text[-_TAIL:]


def masked_name(name: str) -> str:
    """张*: the first character, then one sign for all others."""
    text = name.strip()
    return text[:1] + "*" if text else ""
