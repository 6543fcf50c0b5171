"""Writing something down at the line that belongs to no single order."""

from __future__ import annotations

from agent_console.desk.desk import Desk, new_id
from agent_console.domain.decisions import Decision
from agent_console.domain.oversight.line_records import LineEntry, WriteAtLine, decide_entry, evolve_entry


def write(desk: Desk, record: str, fields: dict[str, str]) -> Decision:
    """Write a record the rule book knows, with its fields; a stream of its own, so that it can be erased alone."""
    with desk.transaction():
        return desk.step(f"entry:{new_id()}", LineEntry(), evolve_entry, decide_entry, WriteAtLine(record, fields))
