"""Chinese and Latin text on lines of a terminal: a word or a number stays whole, no line begins with a full stop."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells

_ATOM = re.compile(r"\s+|[（“《「【]*(?:[!-~]+|[^\s])[，。、；：！？）”》」】…]*")


def folded(text: str, width: int, indent: int = 0) -> list[str]:
    """The text on lines of at most `width` cells; from the second line on `indent` cells further in."""
    return [line for part in text.splitlines() or [""] for line in _folded(part, width, indent)]


def _folded(text: str, width: int, indent: int) -> list[str]:
    lines, line = [], ""
    for atom in _atoms(text, max(width - indent, 1)):
        if cell_len(line) + cell_len(atom.rstrip()) > width and line.strip():
            lines.append(line.rstrip())
            line = " " * indent + atom.lstrip()
        else:
            line += atom
    return [*lines, line.rstrip()]


def _atoms(text: str, width: int) -> Iterator[str]:
    """Pieces between which a line may end, none wider than a line."""
    for atom in _ATOM.findall(text):
        yield from [atom] if cell_len(atom) <= width else chop_cells(atom, width)
