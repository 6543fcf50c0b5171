"""Ends a PostgreSQL when whoever uses it has ended, in whatever way: `python postgres_end.py FOLDER`.

Its input is a pipe that nobody writes to: the end of it is the end of the process at the other side.
"""

from __future__ import annotations

import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

_LONGEST = 60.0
"""Seconds: one that was still being made ends by itself within a minute of the loss of its folder."""
_LOOK_SECONDS = 0.2


def main(folder: Path) -> None:
    """Wait for the end of the input, then stop the server and take its folder away."""
    sys.stdin.buffer.read()
    end = time.monotonic() + _LONGEST
    while folder.exists() and time.monotonic() < end:
        _stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            time.sleep(_LOOK_SECONDS)


def _stop(folder: Path) -> None:
    with suppress(OSError, ValueError, IndexError, psutil.Error):
        first = psutil.Process(int((folder / "postmaster.pid").read_text("utf-8").splitlines()[0]))
        if Path(first.cwd()) == folder:
            first.send_signal(signal.SIGQUIT)
            # One that was frozen hears of its end only once it goes on.
            first.resume()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
