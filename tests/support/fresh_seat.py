"""The file of a seat that was just made, copied instead of made anew for each test that begins with one."""

from __future__ import annotations

import shutil
from functools import cached_property
from pathlib import Path

from agent_console.desk.opening import SEAT_FILE, seat_projectors
from agent_console.store.seat_file import Store

from .clock import SettableClock


class FreshSeats:
    """What the first start leaves in a home, with and without the shipped articles."""

    def __init__(self, folder: Path) -> None:
        """Nothing is made yet; what is made is kept in `folder`."""
        self._folder = folder

    def begin(self, home: Path) -> None:
        """An empty home gets a seat's file without an event and without a name."""
        _copy(self._empty, home)

    def begin_at_screen(self, home: Path) -> None:
        """An empty home gets what the screen has made once it looked something up."""
        _copy(self._looked_up, home)

    @cached_property
    def _empty(self) -> Path:
        home = self._folder / "empty"
        _open(home).close()
        _forget_identity(home)
        return home

    @cached_property
    def _looked_up(self) -> Path:
        from screens.lookups import Lookups

        home = self._folder / "looked up"
        _copy(self._empty, home)
        Lookups(home, "fujian", SettableClock()).close()
        _forget_identity(home)
        return home


def _open(home: Path) -> Store:
    return Store.open(home / SEAT_FILE, SettableClock(), seat_projectors())


def _forget_identity(home: Path) -> None:
    """Each copy draws who it is by itself."""
    with _open(home) as store, store.transaction():
        store.connection.execute("DELETE FROM device")


def _copy(made: Path, home: Path) -> None:
    if not (home / SEAT_FILE).exists():
        shutil.copytree(made, home, dirs_exist_ok=True)
