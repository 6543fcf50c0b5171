"""What is loaded when the first frame stands: `python -m benchmarks.first_frame seat|bare`, one module a line.

A driver without a terminal that ends the program when the first frame would be written.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from subprocess import run

from textual.drivers.headless_driver import HeadlessDriver

_DRIVER = "benchmarks.first_frame:FirstFrameDriver"
_ROOT = Path(__file__).resolve().parent.parent


class FirstFrameDriver(HeadlessDriver):
    """Prints the names of the loaded modules at the first frame, and ends."""

    @property
    def is_headless(self) -> bool:
        """False: a program that knew would not write its frames."""
        return False

    def write(self, data: str) -> None:
        """Let the switching of the terminal pass, which is plain ASCII; a frame has borders or Chinese in it."""
        if not data.isascii():
            os.write(1, "\n".join(sorted(sys.modules)).encode())
            os._exit(0)


def modules_at_first_frame(program: str, home: Path) -> set[str]:
    """Names of the modules that `seat` or `bare` has loaded by then; `home` is the console's folder."""
    environment = {**os.environ, "AGENT_CONSOLE_HOME": str(home), "TEXTUAL_DRIVER": _DRIVER}
    command = [sys.executable, "-m", "benchmarks.first_frame", program]
    done = run(command, cwd=_ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def _show(program: str) -> None:
    if program == "bare":
        from benchmarks.bare_app import BareApp

        BareApp().run()
        return
    import agent_console.cli.main  # noqa: F401  # the way of every start
    from agent_console.cli.console import run_screens
    from agent_console.clock import clock_from_environment
    from agent_console.settings import home, load_settings

    run_screens(home(), load_settings(home()), clock_from_environment())


if __name__ == "__main__":
    _show(sys.argv[1])
