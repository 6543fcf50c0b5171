"""A report as a file: CSV, a workbook, or a page to print. Figures only; a rate has its numerator and denominator."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from html import escape

from agent_console.desk.reports.statistics import Cell, Line, Report, Table
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import local
from agent_console.texts import say
from agent_console.texts.wording import name_of

Value = str | int | float
_STYLE = (
    "body{font-family:serif;margin:2em}table{border-collapse:collapse;margin:1em 0;width:100%}"
    "th,td{border:1px solid #888;padding:.2em .5em;text-align:right}th:first-child,td:first-child{text-align:left}"
    "@media print{body{margin:0}table{page-break-inside:avoid}}"
)


def written(report: Report, suffix: str) -> bytes:
    """The report in the form of that suffix. Raises BadInput for another than .csv, .xlsx, .html."""
    write = _FORMS.get(suffix.lower())
    if write is None:
        raise BadInput("error.report_file", "advice.report_file", suffix=suffix or "?")
    return write(report)


def length(report: Report) -> int:
    """Number of lines of all its tables."""
    return sum(len(table.lines) for table in report.tables)


def heading(report: Report) -> list[str]:
    """What stands above the tables: title, period, clause or house, filters, when it was drawn."""
    filters = (say("report.filter", name=name_of("by", name), value=told) for name, told in report.filters.items())
    lines = [
        say("report.head", title=report.title, period=report.period.label),
        say("report.rests_on", clause=report.clause) if report.clause else say("report.rests_on_house"),
        say("report.filtered", filters=say("sign.list").join(filters)) if report.filters else "",
        say("report.submitted", units=say("sign.list").join(report.submitted)) if report.submitted else "",
        say("report.drawn_at", at=f"{local(report.drawn_at):%Y-%m-%d %H:%M}"),
    ]
    return [line for line in lines if line]


def columns(table: Table) -> list[str]:
    """Headings of a table; a rate has three: counted, of how many, percent."""
    names = [name_of("by", group) for group in table.by] or [""]
    for measure in table.measures:
        name = name_of("measure", measure)
        names.append(name)
        if table.total[measure].of is not None:
            names += [say("report.rate_of", name=name), say("report.rate_percent", name=name)]
    return [*names, *table.filled_in]


def body(table: Table) -> Iterator[list[Value]]:
    """Lines of a table under `columns`, the total last."""
    for line in table.lines:
        yield [*(line.key or (say("report.total"),)), *_values(line.cells, table), *_filled(line, table)]
    if table.by:
        empty = [""] * (len(table.by) - 1)
        yield [say("report.total"), *empty, *_values(table.total, table), *([""] * len(table.filled_in))]


def _filled(line: Line, table: Table) -> list[str]:
    return [line.filled.get(item, "") for item in table.filled_in]


def _values(cells: dict[str, Cell], table: Table) -> Iterator[Value]:
    for measure in table.measures:
        cell = cells[measure]
        yield cell.count
        if cell.of is not None:
            yield cell.of
            yield "" if cell.percent is None else cell.percent


def _csv(report: Report) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([line] for line in heading(report))
    for table in report.tables:
        writer.writerow([])
        if table.title:
            writer.writerow([table.title])
        writer.writerow(columns(table))
        writer.writerows([_harmless(value) for value in line] for line in body(table))
    # With the mark, a spreadsheet reads it as UTF-8.
    return text.getvalue().encode("utf-8-sig")


def _harmless(value: Value) -> Value:
    """Text that a spreadsheet would take for a formula, as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value


def _xlsx(report: Report) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for number, table in enumerate(report.tables, 1):
        title = table.title or f"{report.title[:20]}{number if len(report.tables) > 1 else ''}"
        sheet = book.active if number == 1 and book.active is not None else book.create_sheet()
        sheet.title = "".join(sign for sign in title if sign not in "[]:*?/\\")[:31]
        for line in heading(report):
            sheet.append([line])
        sheet.append([])
        sheet.append(columns(table))
        for values in body(table):
            sheet.append([_harmless(value) for value in values])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _html(report: Report) -> bytes:
    title, *about = heading(report)
    parts = [
        f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>',
        f"<h1>{escape(title)}</h1>",
        *(f"<p>{escape(line)}</p>" for line in about),
        *map(_html_table, report.tables),
        "</html>\n",
    ]
    return "\n".join(parts).encode()


def _html_table(table: Table) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in columns(table))
    lines = ("".join(f"<td>{escape(str(value))}</td>" for value in line) for line in body(table))
    title = f"<h2>{escape(table.title)}</h2>" if table.title else ""
    return f"{title}<table><tr>{head}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


_FORMS: dict[str, Callable[[Report], bytes]] = {".csv": _csv, ".xlsx": _xlsx, ".html": _html}
