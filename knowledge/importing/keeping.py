"""Import reports in the seat's home folder: what was doubtful or set aside can be looked up later."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from agent_console.domain.errors import BadInput
from agent_console.settings import home
from knowledge.importing.report import ImportReport

_FOLDER = "imports"


def report_file(doc: str) -> Path:
    """Where the report of a document's last import stands."""
    return home() / _FOLDER / f"{doc}.json"


def keep_report(report: ImportReport) -> None:
    """Write the report, readable by its owner only. Raises BadInput where the folder cannot be written."""
    path = report_file(report.doc)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
