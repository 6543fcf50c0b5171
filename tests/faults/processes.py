"""The processes of the campaign: started, killed without warning, started again."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_UNLIMITED = resource.RLIM_INFINITY


class Program:
    """One process; what it says on its way goes to a file."""

    def __init__(self, words: tuple[str, ...], log: Path, environment: Mapping[str, str]) -> None:
        """`words` follow the interpreter."""
        self.log = log
        self._words = words
        self._environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(_ROOT), **environment}
        self._running: subprocess.Popen[bytes] | None = None

    def start(self, *more: str) -> None:
        """Start it, with these words at the end."""
        with self.log.open("ab") as log:
            command = [sys.executable, *self._words, *more]
            self._running = subprocess.Popen(command, cwd=_ROOT, env=self._environment, stdout=log, stderr=log)

    @property
    def is_running(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def kill(self) -> None:
        """SIGKILL: nothing of it runs any more when this returns."""
        if self._running is not None:
            self._running.send_signal(signal.SIGKILL)
            self._running.wait()
            self._running = None

    def ended(self, seconds: float) -> bool:
        """Whether it ends by itself within so many seconds."""
        assert self._running is not None
        try:
            return self._running.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            return False

    def limit_files(self, size: int = _UNLIMITED) -> None:
        """From now on no file of it grows beyond so many bytes: to the process the disk is full."""
        if self._running is not None:
            with suppress(ProcessLookupError):
                resource.prlimit(self._running.pid, resource.RLIMIT_FSIZE, (size, _UNLIMITED))


def end_with_parent() -> None:
    """From now on this process does not outlive the campaign that started it, even one that was killed itself."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
