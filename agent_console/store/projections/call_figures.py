"""Figures of calls: one row per matter, open columns only; data of other lines beside them, marked by its source."""

from __future__ import annotations

from sqlite3 import Connection
from typing import TYPE_CHECKING

from agent_console.domain.instants import local_date
from agent_console.domain.intake.calls import Call
from agent_console.domain.intake.matters import Matter
from agent_console.domain.intake.outcomes import Refused, class_taken, name_of
from agent_console.domain.oversight.line_data import LineDataImported

if TYPE_CHECKING:
    from sqlite_utils import Database

_TEXT = ("stream", "matter", "day", "agent", "channel", "line", "outcome", "refusal", "kind", "district", "source")
_NUMBERS = ("taken_at", "concluded_at", "calls")
_SCREENED = ("proposed", "taken")
"""What the screening proposed, best first, and the class the outcome came to."""
_COLUMNS = (*_TEXT, *_NUMBERS, *_SCREENED)
_INSERT = f"INSERT OR REPLACE INTO call_figure ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
INVALID = "invalid"
"""Outcome of a call without a matter."""


def note_call(connection: Connection, stream: str, call: Call) -> None:
    """Write the matters of a call anew."""
    connection.execute("DELETE FROM call_figure WHERE stream = ?", (stream,))
    day = local_date(call.taken_at).isoformat()
    beside = (day, call.operator, call.channel, call.line)
    matters = [(matter.id, *beside, *_ending(matter), "", "", "", call.taken_at, matter.concluded_at, 1,
                " ".join(matter.proposed), class_taken(matter.outcome, matter.chosen))
               for matter in call.matters]  # fmt: skip
    if call.status == INVALID:
        matters = [("", *beside, INVALID, "", "", "", "", call.taken_at, call.closed_at, 1, "", "")]
    connection.executemany(_INSERT, [(stream, *row) for row in matters])


def _ending(matter: Matter) -> tuple[str, str]:
    if matter.outcome is None:
        return "", ""
    return name_of(matter.outcome), matter.outcome.clause if isinstance(matter.outcome, Refused) else ""


def note_import(connection: Connection, stream: str, imported: LineDataImported) -> None:
    """Write call data of another line, its name as the source."""
    name, at = imported.line, imported.occurred_at
    rows = [
        (
            stream,
            str(number),
            part.day,
            "",
            "",
            name,
            part.outcome,
            "",
            part.kind,
            part.district,
            name,
            at,
            0,
            part.count,
            "",
            "",
        )
        for number, part in enumerate(imported.calls, 1)
    ]
    connection.executemany(_INSERT, rows)


def drop_call(connection: Connection, stream: str) -> None:
    """Remove the rows of a call."""
    connection.execute("DELETE FROM call_figure WHERE stream = ?", (stream,))


def clear_calls(connection: Connection) -> None:
    """Empty the table."""
    connection.execute("DELETE FROM call_figure")


def make_call_figures(db: Database) -> None:
    """The table `call_figure`."""
    columns: dict[str, type] = {**dict.fromkeys(_TEXT, str), **dict.fromkeys(_NUMBERS, int)}
    table = db.table("call_figure")
    table.create(columns, pk=("stream", "matter"), not_null=set(columns), strict=True)
    table.create_index(["day"])


def add_screened(db: Database) -> None:
    """What the screening proposed for a matter, and what people made of it."""
    for column in _SCREENED:
        db.table("call_figure").add_column(column, str, not_null_default="")
