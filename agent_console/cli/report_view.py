"""Reports as a person reads them in a terminal."""

from __future__ import annotations

import sys
from typing import Any

from rich.table import Table as RichTable

from agent_console.cli.output import console
from agent_console.cli.tables import Column, print_rows
from agent_console.desk.reports.report_files import heading
from agent_console.desk.reports.statistics import Cell, Line, Report, Table
from agent_console.domain.instants import iso
from agent_console.texts import say
from agent_console.texts.wording import name_of

_MOST_BARS = 20
_WIDTH = 80
_ANY_WIDTH = 10_000


def form_of(report: Report) -> dict[str, Any]:
    """The report for programs; a rate has `count`, `of` and `percent`."""
    return {
        "name": report.name,
        "title": report.title,
        "clause": report.clause,
        "basis": report.basis,
        "period": report.period.label,
        "first": report.period.first.isoformat(),
        "last": report.period.last.isoformat(),
        "audience": report.audience,
        "filters": report.filters,
        "submitted": report.submitted,
        "drawn_at": iso(report.drawn_at),
        "tables": [_table_form(table) for table in report.tables],
    }


def _table_form(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "by": table.by,
        "measures": table.measures,
        "lines": [
            {"key": line.key, **_cells(line.cells), **({"filled": line.filled} if table.filled_in else {})}
            for line in table.lines
        ],
        "total": _cells(table.total),
    }


def _cells(cells: dict[str, Cell]) -> dict[str, Any]:
    return {
        name: cell.count if cell.of is None else {"count": cell.count, "of": cell.of, "percent": cell.percent}
        for name, cell in cells.items()
    }


def print_report(report: Report) -> None:
    """Its tables, one under the other."""
    out = console()
    for line in heading(report):
        out.print(line)
    for table in report.tables:
        drawn = _drawn(table)
        if out.measure(drawn, options=out.options.update(width=_ANY_WIDTH)).maximum <= out.width:
            out.print(drawn)
        else:
            _print_blocks(table)


def _print_blocks(table: Table) -> None:
    """A block for each line, where the table is wider than the screen."""
    groups = (name_of("by", group) if group else "" for group in table.by or ("",))
    heads = (*groups, *(name_of("measure", one) for one in table.measures), *table.filled_in)
    rows = [
        (*(line.key or (say("report.total"),)), *_told_cells(table, line.cells), *_filled(table, line))
        for line in table.lines
    ]
    if table.by:
        total = (say("report.total"), *("" for _ in table.by[1:]), *_told_cells(table, table.total))
        rows.append((*total, *("" for _ in table.filled_in)))
    if table.title:
        console().print(table.title)
    print_rows([Column(head, right=at >= len(table.by or ("",))) for at, head in enumerate(heads)], rows)


def _told_cells(table: Table, cells: dict[str, Cell]) -> tuple[str, ...]:
    return tuple(_told(cells[measure]) for measure in table.measures)


def _filled(table: Table, line: Line) -> tuple[str, ...]:
    return tuple(line.filled.get(item, "") for item in table.filled_in)


def _drawn(table: Table) -> RichTable:
    drawn = RichTable(title=table.title or None, title_justify="left", show_footer=bool(table.by))
    for place, group in enumerate(table.by or ("",)):
        drawn.add_column(name_of("by", group) if group else "", footer="" if place else say("report.total"))
    for measure in table.measures:
        drawn.add_column(name_of("measure", measure), justify="right", footer=_told(table.total[measure]))
    for item in table.filled_in:
        drawn.add_column(item)
    for line in table.lines:
        drawn.add_row(*(line.key or (say("report.total"),)), *_told_cells(table, line.cells), *_filled(table, line))
    return drawn


def _told(cell: Cell) -> str:
    if cell.of is None:
        return str(cell.count)
    if cell.percent is None:
        return say("report.no_rate", count=cell.count, of=cell.of)
    return say("report.rate", count=cell.count, of=cell.of, percent=str(cell.percent))


def print_chart(report: Report, measure: str) -> None:
    """Bars of one measure for every table that has it; percent where it is a rate."""
    for line in heading(report):
        console().print(line)
    for table in report.tables:
        if measure in table.measures and table.lines:
            sys.stdout.write(_chart(table, measure) + "\n")


def _chart(table: Table, measure: str) -> str:
    import plotext

    lines = table.lines[:_MOST_BARS][::-1]
    figure = plotext.figure
    figure.clear()
    figure.plot_size(_WIDTH, 2 * len(lines) + 5)
    names = ["/".join(line.key) or say("report.total") for line in lines]
    heights = [_height(line.cells[measure]) for line in lines]
    figure.draw(figure.bar(names, heights, orientation="horizontal", width=0.6, marker="█"))
    figure.ruler("x").lim(0, max(*heights, 1.0))
    figure.title(" ".join(filter(None, (table.title, name_of("measure", measure)))))
    return str(plotext.uncolorize(figure.build()))


def _height(cell: Cell) -> float:
    return cell.percent or 0.0 if cell.of is not None else float(cell.count)
