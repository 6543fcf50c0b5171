"""`agent-console report screening`: where people and the screening differ."""

from __future__ import annotations

from typing import Any

from agent_console.cli.acting import desk_of, insist
from agent_console.cli.common_options import As, Json, Jurisdiction
from agent_console.cli.options import FirstDay, InPeriod, LastDay
from agent_console.cli.output import console, print_json
from agent_console.desk.reports.periods import asked_for
from agent_console.desk.reports.screening_report import Comparison, compare, refused
from agent_console.domain.instants import local_date
from agent_console.texts import say

_ID_SHOWN = 8
_CALLS_SHOWN = 3


def screening(
    period: InPeriod = "",
    first: FirstDay = "",
    last: LastDay = "",
    as_json: Json = False,
    acting: As = "",
    jurisdiction: Jurisdiction = "",
) -> None:
    """What was proposed and what was taken, by default in the month that runs."""
    with desk_of(jurisdiction, acting) as opened:
        if decision := refused(opened):
            insist(decision)
        today = local_date(opened.desk.context().now)
        found = compare(opened, asked_for(period, first, last, "month", today))
    if as_json:
        print_json(_form(found))
    else:
        _print(found)


def _form(found: Comparison) -> dict[str, Any]:
    return {
        "first": found.period.first.isoformat(),
        "last": found.period.last.isoformat(),
        "total": found.total,
        "agreed": found.agreed,
        "named": found.named,
        "agent": found.agent,
        "differences": [
            {"proposed": one.proposed, "taken": one.taken, "count": one.count, "of": one.of, "calls": one.calls}
            for one in found.differences
        ],
    }


def _print(found: Comparison) -> None:
    from agent_console.cli.tables import column, print_rows

    who = found.agent or say("report.screening.everybody")
    days = {"first": found.period.first.isoformat(), "last": found.period.last.isoformat(), "who": who}
    if not found.total:
        console().print(say("report.screening.none", **days))
        return
    console().print(say("report.screening", agreed=found.agreed, named=found.named, total=found.total, **days))
    rows = []
    for one in found.differences:
        names = [say(f"class.{name}") for name in (one.proposed, one.taken)]
        calls = "、".join(call[:_ID_SHOWN] for call in one.calls[:_CALLS_SHOWN])
        rows.append((*names, str(one.count), str(one.of), calls))
    heads = ("proposed", "taken", "count", "of", "calls")
    if rows:
        print_rows([column(f"report.screening.{head}", right=head in ("count", "of")) for head in heads], rows)
