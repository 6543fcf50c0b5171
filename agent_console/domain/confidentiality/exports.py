"""Leave to take data out of the seat's file, and what was taken: facts on a stream of each export."""

from __future__ import annotations

import msgspec

from agent_console.domain.context import Context
from agent_console.domain.decisions import Blocked, Decision, Done
from agent_console.domain.events import fact
from agent_console.domain.instants import Instant
from agent_console.domain.messages import message


@fact("export.granted", personal=("ground", "filters"))
class ExportGranted(msgspec.Struct, frozen=True):
    """An export was allowed.

    what: sort of data (`calls`, `orders`, `figures`, …). approval: reference of the approval; ground: why, in words.
    filters: what was asked for, by name of the option.
    """

    export: str
    what: str
    by: str
    role: str
    unit: str
    approval: str
    ground: str
    filters: dict[str, str]
    clause: str
    occurred_at: Instant


@fact("export.written")
class ExportWritten(msgspec.Struct, frozen=True):
    """It was carried out: number of entries and SHA-256 of the bytes that left, 64 hex digits."""

    export: str
    count: int
    sha256: str
    occurred_at: Instant


class Export(msgspec.Struct, frozen=True):
    """Folded state of one export; `written_at` 0: it was allowed and nothing left."""

    granted: ExportGranted | None = None
    count: int = 0
    sha256: str = ""
    written_at: Instant = 0


class AskExport(msgspec.Struct, frozen=True):
    """Ask for leave to export."""

    export: str
    what: str
    approval: str = ""
    ground: str = ""
    filters: dict[str, str] = {}


class WriteExport(msgspec.Struct, frozen=True):
    """Say what left."""

    count: int
    sha256: str


def decide(export: Export, command: AskExport | WriteExport, context: Context) -> Decision:
    """Whether the data may leave; every export needs what the rule book asks for."""
    if isinstance(command, WriteExport):
        assert export.granted is not None
        return Done((ExportWritten(export.granted.export, command.count, command.sha256, context.now),))
    rule = context.rule_book.confidentiality.exports
    told = {"approval": command.approval.strip(), "ground": command.ground.strip()}
    if rule is not None and rule.needs and not told[rule.needs]:
        return Blocked((rule.clause,), message(f"export.no_{rule.needs}"), message(f"export.name_{rule.needs}"))
    actor = context.actor
    granted = ExportGranted(
        export=command.export,
        what=command.what,
        by=actor.name,
        role=actor.role,
        unit=actor.unit,
        approval=told["approval"],
        ground=told["ground"],
        filters=command.filters,
        clause=rule.clause if rule is not None else "",
        occurred_at=context.now,
    )
    return Done((granted,))


def evolve(export: Export, happened: msgspec.Struct | None) -> Export:
    """State after a fact."""
    match happened:
        case ExportGranted():
            return msgspec.structs.replace(export, granted=happened)
        case ExportWritten():
            return msgspec.structs.replace(
                export, count=happened.count, sha256=happened.sha256, written_at=happened.occurred_at
            )
        case _:
            return export
