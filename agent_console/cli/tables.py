"""Rows for a person: a table where it fits, else a block for each row, so that an id or a number is never broken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.table import Table

from agent_console.cli.folding import folded
from agent_console.cli.output import console
from agent_console.texts import say

_GAP = 2
_LEAST_PROSE = 16
"""Cells that prose needs in a table; under them a block reads better."""


class Column(NamedTuple):
    """A column: its head; prose may be folded; figures stand to the right."""

    head: str
    prose: bool = False
    right: bool = False


def column(key: str, *, prose: bool = False, right: bool = False) -> Column:
    """The column whose head has this key among the texts."""
    return Column(say(key), prose, right)


def print_rows(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Print the rows, columns that are empty in all of them left out; says so where there is no row."""
    screen = console()
    if not rows:
        screen.print(say("cli.none"))
        return
    kept = [at for at, _ in enumerate(columns) if at == 0 or any(row[at] for row in rows)]
    heads, cells = [columns[at] for at in kept], [[row[at] for at in kept] for row in rows]
    if _least(heads, cells) <= screen.width:
        screen.print(_table(heads, cells))
    else:
        screen.print("\n\n".join("\n".join(_block(heads, row, screen.width)) for row in cells))


def _least(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> int:
    """Cells the table needs at least."""
    widths = []
    for at, one in enumerate(columns):
        widest = _widest([one.head, *(row[at] for row in rows)])
        widths.append(min(widest, _LEAST_PROSE) if one.prose else widest)
    return sum(widths) + _GAP * (len(widths) - 1)


def _widest(texts: Sequence[str]) -> int:
    return max((cell_len(line) for text in texts for line in text.splitlines()), default=0)


def _table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for one in columns:
        table.add_column(one.head, no_wrap=not one.prose, overflow="fold", justify="right" if one.right else "left")
    for row in rows:
        table.add_row(*row)
    return table


def _block(columns: Sequence[Column], row: Sequence[str], width: int) -> list[str]:
    head = max(cell_len(one.head) for one in columns) + _GAP
    told = [(one, text) for one, text in zip(columns, row, strict=True) if text]
    return [line for one, text in told for line in _told(one, text, head, width)]


def _told(one: Column, text: str, head: int, width: int) -> list[str]:
    if not one.prose and head + cell_len(text) > width:
        return [one.head, text]
    return folded(set_cell_size(one.head, head) + text, width, head)
