"""Rule books whose text changes while orders run: a copy of the data, one folder for each version."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agent_console.resources import jurisdictions
from agent_console.resources.paths import data_folder

_SHIPPED = data_folder("jurisdictions")


class ChangingBooks:
    """The books as they are shipped, until a line of one is changed."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._monkeypatch = monkeypatch
        self._edition = 0
        self._current = _SHIPPED

    def change(self, file: str, old: str, new: str) -> None:
        """From now on the first `old` in a file (`fujian/limits.toml`) is `new`; nothing else changes."""
        self._edition += 1
        folder = self._folder / f"edition-{self._edition}" / "jurisdictions"
        shutil.copytree(self._current, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} does not say: {old}"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        self._current = folder
        self._monkeypatch.setattr(jurisdictions, "data_folder", lambda name: folder.parent / name)
