"""Lines of a list cut to the width of the terminal, measured in cells: a Chinese character takes two."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

_GAP = "  "
_CUT = "…"


def fit(text: str, width: int) -> str:
    """The text in exactly so many cells; what does not fit is cut with a sign."""
    flat = text.replace("\n", " ")
    if cell_len(flat) <= width:
        return set_cell_size(flat, width)
    return set_cell_size(set_cell_size(flat, max(0, width - 1)).rstrip() + _CUT, width)


def columns(cells: Sequence[tuple[str, int]], width: int) -> str:
    """Cells side by side; the one of width 0 takes what the others leave of `width`."""
    taken = sum(own for _, own in cells) + len(_GAP) * (len(cells) - 1)
    rest = max(4, width - taken)
    return _GAP.join(fit(text, own or rest) for text, own in cells)


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """The text in lines of at most `width` cells, those after the first indented."""
    lines, line, used = [], "", 0
    for character in text.replace("\n", " "):
        cells = cell_len(character)
        if used + cells > width and line:
            lines.append(line)
            line, used = indent, cell_len(indent)
        line, used = line + character, used + cells
    return [*lines, line]
