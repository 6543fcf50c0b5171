"""What people do with reports: draw, export, fill in, send up; and taking over the call data of other lines."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date
from pathlib import Path

import msgspec

from agent_console.desk.desk import Desk
from agent_console.desk.leaving import exporting
from agent_console.desk.reports import report_files
from agent_console.desk.reports.figures import Period
from agent_console.desk.reports.statistics import Report, additions_stream, draw
from agent_console.domain.decisions import Blocked, Decision, Done
from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.oversight.line_data import ImportLineData, Imports, LineCalls, decide_import, evolve_imports
from agent_console.domain.oversight.report_filling import (
    Added,
    FillItem,
    SubmitReport,
    decide_filling,
    decide_submission,
    evolve_added,
)
from agent_console.domain.oversight.report_rules import ReportRule

FIGURES = "figures"
"""What the gate of exports is asked for."""


def rule_of(desk: Desk, name: str) -> ReportRule:
    """A report of the desk's rule book by name. Raises UnknownName listing those there are."""
    known = desk.rule_book.reports.reports
    if name not in known:
        raise UnknownName("error.report", "advice.report", name=name, known="、".join(known) or "-")
    return known[name]


def export(desk: Desk, report: Report, path: Path, *, approval: str = "", ground: str = "") -> Decision:
    """Write the report in the form of the file's suffix, through the gate of exports. Raises BadInput."""
    content = report_files.written(report, path.suffix)
    filters = {"report": report.name, "period": report.period.label, **report.filters}
    granted = exporting.allow(desk, FIGURES, approval=approval, ground=ground, filters=filters)
    if isinstance(granted, Blocked):
        return granted
    exporting.save(desk, granted, path, content, report_files.length(report))
    return Done((granted,))


def fill(desk: Desk, name: str, period: Period, line: str, item: str, value: str) -> Decision:
    """Write an item of the line that a person names as the first table shows it, `/` between its parts.

    Raises UnknownName where the report or the line is not there.
    """
    report = draw(desk, name, rule_of(desk, name), period)
    lines = {"/".join(each.key): each.id for each in report.tables[0].lines}
    if line not in lines:
        raise UnknownName("report.no_line", "report.line_advice", line=line, known=next(iter(lines), "-"))
    command = FillItem(name, lines[line], item, value)
    with desk.transaction():
        return desk.step(additions_stream(desk, name, period), Added(), evolve_added, decide_filling, command)


def submit(desk: Desk, name: str, period: Period) -> Decision:
    """Send the report of one's own unit to the tier above, its figures as they stand now."""
    report = draw(desk, name, rule_of(desk, name), period)
    digest = hashlib.sha256(msgspec.json.encode(report.tables)).hexdigest()
    with desk.transaction():
        stream = additions_stream(desk, name, period)
        return desk.step(stream, Added(), evolve_added, decide_submission, SubmitReport(name, digest))


def import_line_data(desk: Desk, line: str, content: bytes, path: str = "") -> tuple[Decision, int]:
    """Take over call data of the line `line` from a CSV file; how many rows. The same file twice changes nothing.

    Columns: day, count, kind, district, outcome; any other is refused, so that nothing personal slips in. Raises
    BadInput naming the row.
    """
    calls = tuple(_line_calls(content, path))
    digest = hashlib.sha256(line.encode() + b"\0" + content).hexdigest()
    command = ImportLineData(line, digest, calls)
    with desk.transaction():
        decision = desk.step(f"line_data:{digest}", Imports(), evolve_imports, decide_import, command)
    return decision, len(calls)


def _line_calls(content: bytes, path: str) -> list[LineCalls]:
    try:
        found = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput("error.line_data", "advice.line_data", path=path, line=1, reason=str(error)) from error
    read = []
    for number, row in enumerate(found, 2):
        try:
            told = {name: value for name, value in row.items() if value}
            calls = msgspec.convert(told, LineCalls, strict=False)
            date.fromisoformat(calls.day)
        except (msgspec.ValidationError, ValueError, TypeError) as error:
            raise BadInput("error.line_data", "advice.line_data", path=path, line=number, reason=str(error)) from error
        read.append(calls)
    return read
