"""Long ids by a part that a person copies from a list: their beginning, or their end."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from agent_console.domain.errors import BadInput, UnknownName

SHORTEST = 6
"""Characters of an id that name it, where no other begins or ends with them."""
_OFFERED = 5


def whole_id(text: str, known: Iterable[str], unknown: Callable[[], UnknownName]) -> str:
    """The id that is meant: itself, or the only one that begins or ends with at least SHORTEST of its characters.

    Raises BadInput naming the candidates where several fit, what `unknown` makes where none does.
    """
    wanted, ids = text.strip().casefold(), list(known)
    found = [one for one in ids if one.casefold() == wanted] or [one for one in ids if _is_part(wanted, one)]
    if not found:
        raise unknown()
    if len(found) > 1:
        shown = "、".join(_told_apart(found)[:_OFFERED])
        raise BadInput("error.ambiguous_id", "advice.ambiguous_id", text=text, count=len(found), known=shown)
    return found[0]


def _told_apart(ids: list[str]) -> list[str]:
    """The shortest beginnings of the same length by which these ids differ."""
    lengths = range(SHORTEST, max(map(len, ids)) + 1)
    least = next(length for length in lengths if len({one[:length] for one in ids}) == len(ids))
    return [one[:least] for one in ids]


def _is_part(wanted: str, whole: str) -> bool:
    folded = whole.casefold()
    return len(wanted) >= SHORTEST and (folded.startswith(wanted) or folded.endswith(wanted))
