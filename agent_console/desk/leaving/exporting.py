"""The one gate through which data leaves the seat's file: leave first, then the file, and both are on record.

granted = allow(desk, "orders", approval="…", ground="…", filters={"from": "2026-01-01"})
if isinstance(granted, Blocked): …            # the clause and what would unblock it
save(desk, granted, path, content, count)     # or `written`, where the bytes go elsewhere
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from agent_console.desk.desk import Desk, new_id
from agent_console.domain.confidentiality import exports
from agent_console.domain.confidentiality.exports import AskExport, Export, ExportGranted, WriteExport
from agent_console.domain.decisions import Blocked, Done
from agent_console.domain.errors import BadInput
from agent_console.store.private_files import digest_of


def export_stream(export_id: str) -> str:
    """Stream of an export."""
    return f"export:{export_id}"


def allow(
    desk: Desk, what: str, *, approval: str = "", ground: str = "", filters: dict[str, str] | None = None
) -> ExportGranted | Blocked:
    """Ask for leave to export `what` (calls, orders, figures, …); leave that is given is on record at once.

    approval: reference under which the competent office approved it; ground: why, in words. Blocked where the rule
    book asks for the one that is missing (ZJ-26, HB-11.1).
    """
    export_id = new_id()
    command = AskExport(export_id, what, approval, ground, filters or {})
    with desk.transaction():
        decision = desk.step(export_stream(export_id), Export(), exports.evolve, exports.decide, command)
    if isinstance(decision, Done):
        [granted] = decision.facts
        assert isinstance(granted, ExportGranted)
        return granted
    assert isinstance(decision, Blocked)
    return decision


def written(desk: Desk, granted: ExportGranted, content: bytes, count: int) -> None:
    """Put on record what left: `count` entries, and the hash of the bytes."""
    _record(desk, granted, WriteExport(count, hashlib.sha256(content).hexdigest()))


def written_file(desk: Desk, granted: ExportGranted, path: Path, count: int) -> None:
    """The same for a file that is too large to hold."""
    _record(desk, granted, WriteExport(count, digest_of(path)))


def _record(desk: Desk, granted: ExportGranted, command: WriteExport) -> None:
    with desk.transaction():
        desk.step(export_stream(granted.export), Export(), exports.evolve, exports.decide, command)


def save(desk: Desk, granted: ExportGranted, path: Path, content: bytes, count: int) -> None:
    """Write the file, readable by its owner only, and put it on record. Raises BadInput where it cannot be written."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
    written(desk, granted, content, count)
