from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from screens import seat

from ..conftest import Office
from ..support.clock import SettableClock
from .seating import WIDE, Operator, seat_app, seated

Sit = Callable[..., AbstractAsyncContextManager[Operator]]


@pytest.fixture
def sit(home: Path, clock: SettableClock, office: Office, monkeypatch: pytest.MonkeyPatch) -> Sit:
    """Sits an operator down at the seat; sitting down again goes on where the seat was left."""
    monkeypatch.setattr(seat, "_LOOKUPS_LATER", 0)

    def sit_down(jurisdiction: str = "fujian", size: tuple[int, int] = WIDE) -> AbstractAsyncContextManager[Operator]:
        return seated(seat_app(home, clock, jurisdiction), office(jurisdiction), size)

    return sit_down
