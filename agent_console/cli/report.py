"""`agent-console report`: figures and exports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from agent_console.cli.acting import desk_of, insist
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.options import FirstDay, InPeriod, LastDay, pairs
from agent_console.cli.output import print_json, tell
from agent_console.cli.report_screening import screening
from agent_console.cli.report_view import form_of, print_chart, print_report
from agent_console.desk.desk import Desk
from agent_console.desk.reports import reporting
from agent_console.desk.reports.figures import Period, bring_up_to_date
from agent_console.desk.reports.periods import asked_for
from agent_console.desk.reports.statistics import BY, HOUSE, Report, draw, house_report, refused
from agent_console.domain.errors import BadInput
from agent_console.domain.instants import local_date
from agent_console.domain.oversight.report_rules import ReportRule
from agent_console.resources.rule_books import load_book
from agent_console.store.tallies import GROUPS, MEASURES
from agent_console.texts import say
from agent_console.texts.wording import name_of

_Name = Annotated[str, typer.Argument(metavar="[NAME]", help=say("help.report_name"))]
_By = Annotated[list[str] | None, typer.Option("--by", help=say("help.report_by", known="、".join(BY)))]
_Measure = Annotated[
    list[str] | None, typer.Option("--measure", help=say("help.report_measure", known="、".join(MEASURES)))
]
_Where = Annotated[list[str] | None, typer.Option("--where", metavar="NAME=VALUE", help=say("help.report_where"))]


class Asked(msgspec.Struct, frozen=True):
    """Which report is asked for, over which time, of which orders."""

    name: str
    period: str = ""
    first: str = ""
    last: str = ""
    by: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    where: dict[str, str] = {}


def register(app: typer.Typer) -> None:
    """Add `report` to the command line."""
    group = typer.Typer(help=say("help.report"), no_args_is_help=True)
    for command in (list_, show, export, fill, submit, import_, screening):
        name = command.__name__.rstrip("_")
        group.command(name, help=say(f"help.report_{name}"))(command)
    app.add_typer(group, name="report")


def list_(as_json: Json = False, acting: As = "", jurisdiction: Jurisdiction = "") -> None:
    """The reports the rule book asks for."""
    with desk_of(jurisdiction, acting) as opened:
        book = opened.desk.rule_book
    rules = book.reports
    taken = {name.removeprefix("reports.") for name in rules.inherited}
    if as_json:
        print_json([_listed(name, rule, inherited=name in taken) for name, rule in rules.reports.items()])
        return
    above = say("report.inherited", book=load_book(book.parent).short_title) if taken else ""
    for name, rule in rules.reports.items():
        told = {"period": name_of("span", rule.period), "inherited": above if name in taken else ""}
        sys.stdout.write(say("report.listed", name=name, title=rule.title, clause=rule.clause, **told) + "\n")
    if not rules.reports:
        tell(say("report.none"))


def _listed(name: str, rule: ReportRule, *, inherited: bool) -> dict[str, Any]:
    return {
        "name": name,
        "title": rule.title,
        "clause": rule.clause,
        "basis": rule.basis,
        "period": rule.period,
        "audience": rule.audience,
        "inherited": inherited,
    }


def show(
    name: _Name = HOUSE,
    period: InPeriod = "",
    first: FirstDay = "",
    last: LastDay = "",
    by: _By = None,
    measures: _Measure = None,
    where: _Where = None,
    chart: Annotated[str, typer.Option("--chart", metavar="MEASURE", help=say("help.report_chart"))] = "",
    as_json: Json = False,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """A report as tables in the terminal, or as a chart of one measure."""
    asked = Asked(name, period, first, last, tuple(by or ()), tuple(measures or ()), pairs(where))
    _known(chart, MEASURES, "measure")
    with desk_of(jurisdiction, acting) as opened:
        report = _drawn(opened.desk, asked)
    if as_json:
        print_json(form_of(report))
    elif chart:
        print_chart(report, chart)
    else:
        print_report(report)


def export(
    name: _Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("help.report_file"))],
    period: InPeriod = "",
    first: FirstDay = "",
    last: LastDay = "",
    by: _By = None,
    measures: _Measure = None,
    where: _Where = None,
    approval: Annotated[str, typer.Option("--approval", help=say("help.report_approval"))] = "",
    ground: Annotated[str, typer.Option("--ground", help=say("help.report_ground"))] = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """A report as a file: CSV, XLSX or a page to print."""
    asked = Asked(name, period, first, last, tuple(by or ()), tuple(measures or ()), pairs(where))
    with desk_of(jurisdiction, acting) as opened:
        report = _drawn(opened.desk, asked)
        insist(reporting.export(opened.desk, report, file, approval=approval, ground=ground))
    lines = sum(len(table.lines) for table in report.tables)
    sys.stdout.write(say("report.exported", path=str(file), count=lines) + "\n")


def fill(
    name: _Name,
    line: Annotated[str, typer.Argument(metavar="LINE", help=say("help.report_line"))],
    item: Annotated[str, typer.Argument(metavar="ITEM", help=say("help.report_item"))],
    value: Annotated[str, typer.Argument(metavar="VALUE", help=say("help.report_value"))],
    period: InPeriod = "",
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """Write an item that nobody counts."""
    with desk_of(jurisdiction, acting) as opened:
        span = _period(opened.desk, Asked(name, period), reporting.rule_of(opened.desk, name))
        insist(reporting.fill(opened.desk, name, span, line, item, value))
    sys.stdout.write(say("report.filled", line=line, item=item) + "\n")


def submit(name: _Name, period: InPeriod = "", acting: As = "", jurisdiction: Jurisdiction = "") -> None:
    """Send the report of one's own unit to the tier above."""
    with desk_of(jurisdiction, acting) as opened:
        rule = reporting.rule_of(opened.desk, name)
        span = _period(opened.desk, Asked(name, period), rule)
        insist(reporting.submit(opened.desk, name, span))
    sys.stdout.write(say("report.sent", title=rule.title, period=span.label) + "\n")


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("help.report_file"))],
    line: Annotated[str, typer.Option("--line", help=say("help.report_source"))],
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """Take over the call data of another line."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(file), reason=error.strerror or "") from error
    with desk_of(jurisdiction, acting) as opened:
        decision, count = reporting.import_line_data(opened.desk, line, content, str(file))
        facts = insist(decision).facts
    told = say("report.imported", line=line, count=count) if facts else say("report.imported_before")
    sys.stdout.write(told + "\n")


def _drawn(desk: Desk, asked: Asked) -> Report:
    for name in asked.where:
        _known(name, GROUPS, "where")
    house = asked.name == HOUSE
    rule = house_report(asked.by, asked.measures) if house else reporting.rule_of(desk, asked.name)
    decision = refused(desk, rule)
    if decision is not None:
        insist(decision)
    bring_up_to_date(desk, _progress)
    return draw(desk, asked.name, rule, _period(desk, asked, rule), asked.where)


def _known(value: str, known: tuple[str, ...] | dict[str, Any], name: str) -> None:
    if value and value not in known:
        raise BadInput("error.choice", "advice.choice", name=name, value=value, known="、".join(known))


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(say("report.recomputed", done=done, all=total) + ("\n" if done == total else ""))


def _period(desk: Desk, asked: Asked, rule: ReportRule) -> Period:
    return asked_for(asked.period, asked.first, asked.last, rule.period, local_date(desk.context().now))
