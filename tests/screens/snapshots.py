"""Pictures of the screen as text, to compare with those that are stored.

`AGENT_CONSOLE_SNAPSHOTS=write python -m pytest tests/screens/test_looks.py` stores them anew: look at them first.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from textual.app import App

WRITE_VARIABLE = "AGENT_CONSOLE_SNAPSHOTS"
_STORED = Path(__file__).parent / "snapshots"
_TERMINAL_ID = re.compile(r"terminal-\d+")
_LINE_END = re.compile(r"(?m)[ \t]+$")


def picture(app: App[int], title: str) -> str:
    """The screen as SVG, without what changes from one run to the next."""
    svg = app.export_screenshot(title=title)
    return _LINE_END.sub("", _TERMINAL_ID.sub("terminal", svg)).strip() + "\n"


def check(app: App[int], name: str, new: Path) -> None:
    """Hold the screen against the stored picture `name`; one that differs is written into the folder `new`."""
    path, svg = _STORED / f"{name}.svg", picture(app, name)
    if os.environ.get(WRITE_VARIABLE) == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(svg, encoding="utf-8")
        return
    if not path.exists() or path.read_text(encoding="utf-8") != svg:
        differs = new / path.name
        differs.write_text(svg, encoding="utf-8")
        raise AssertionError(f"{path.name} looks different: see {differs}")
