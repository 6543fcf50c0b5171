"""The log: one JSON object a line on standard error. Paths without queries, nothing of a body or a header."""

from __future__ import annotations

import logging
import sys
from typing import Any

import msgspec

from agent_console.clock import Clock
from agent_console.domain.instants import iso

LOGGER = "agent_console.server"
_FIELDS = ("method", "path", "status", "ms", "account", "device", "address", "count", "reason")
_MOST = 2000


class JsonLines(logging.Formatter):
    """A record as one line; only fields that are known not to be personal."""

    def __init__(self, clock: Clock) -> None:
        """Times are those of this clock."""
        super().__init__()
        self._clock = clock

    def format(self, record: logging.LogRecord) -> str:
        """The line. Of an exception its type and place, not its text: that may quote what somebody wrote."""
        line: dict[str, Any] = {
            "at": iso(self._clock.now()),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.msg if record.name == LOGGER else record.getMessage()[:_MOST],
        }
        line |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = type(record.exc_info[1]).__name__
            line["where"] = _places(record.exc_info[1])
        return msgspec.json.encode(line).decode()


def _places(error: BaseException) -> list[str]:
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames][-12:]


def write_logs(level: str, clock: Clock) -> None:
    """Have everything go to standard error as JSON lines; uvicorn's own access log, which has queries, is not used."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(clock))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "asyncio"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True


log = logging.getLogger(LOGGER)
"""What the server's own modules write to; the message is a stable word, everything else a field."""
