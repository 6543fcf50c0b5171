"""`monitor --web` as somebody starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from .proc import running
from .project import ROOT

PATIENCE = 60.0


class Served:
    """The running command, and the address it printed."""

    def __init__(self, home: Path, port: int) -> None:
        """Start it on a port and wait for its address."""
        environment = {**os.environ, "AGENT_CONSOLE_HOME": str(home)}
        words = [sys.executable, "-m", "agent_console", "monitor", "--web", "--port", str(port)]
        self.process = subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr is not None
        line = self.process.stderr.readline()
        found = re.search(r"http://\S+", line)
        assert found is not None, line
        self.address = found[0]
        self.base, _, query = self.address.partition("/?")
        self.key = query.partition("=")[2]

    def monitors(self) -> list[int]:
        """Processes of monitors this server has started."""
        return [one.pid for one in running() if one.parent == self.process.pid]

    def end(self) -> None:
        """Stop it."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            if self.process.stderr is not None:
                self.process.stderr.close()
