from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import cache
from pathlib import Path

import pytest

from agent_console.domain.people import Actor
from knowledge import library
from knowledge.stock import read_stock
from screens import note_screen

from ..conftest import Office
from ..support.clock import SettableClock
from ..support.fresh_seat import FreshSeats
from .seating import WIDE, Operator, seat_app, seated

Sit = Callable[..., AbstractAsyncContextManager[Operator]]
_stock = cache(read_stock)


@pytest.fixture
def sit(
    home: Path, clock: SettableClock, office: Office, fresh_seats: FreshSeats, monkeypatch: pytest.MonkeyPatch
) -> Sit:
    """Sits an operator down at the seat; sitting down again goes on where the seat was left."""
    monkeypatch.setattr(note_screen, "_LOOKUPS_LATER", 0)
    monkeypatch.setattr(library, "read_stock", _stock)

    def sit_down(
        jurisdiction: str = "fujian",
        size: tuple[int, int] = WIDE,
        actor: Actor | None = None,
        *,
        at_home: bool = False,
        watching: bool = False,
    ) -> AbstractAsyncContextManager[Operator]:
        fresh_seats.begin_at_screen(home)
        app = seat_app(home, clock, jurisdiction, actor=actor, watching=watching)
        return seated(app, office(jurisdiction), size, at_home=at_home)

    return sit_down
