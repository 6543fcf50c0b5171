"""The picture of the seat that the README shows: `python -m tests.screens.picture` draws it anew."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from unittest.mock import patch

from agent_console.desk.opening import open_desk
from agent_console.settings import Settings

from ..support.clock import SettableClock
from ..support.made_up_day import made_up_day
from .seating import seat_app, seated
from .snapshots import picture

TARGET = Path(__file__).parents[2] / "docs" / "images" / "seat.svg"
NOTE = "陈某某，问上次报的路灯什么时候修。正说着，路口出车祸，撞车了"


async def draw(home: Path) -> str:
    """The morning of a seat, and a call in hand that turns into an emergency."""
    clock = SettableClock()
    with patch("secrets.randbelow", return_value=1):
        desk = open_desk(home, Settings(jurisdiction="fujian", seat="12", operator="张三"), clock)
    try:
        made_up_day(desk, clock)
        async with seated(seat_app(home, clock), desk) as operator:
            await operator.take()
            clock.set("2026-03-02T10:01:26")
            await operator.write(NOTE)
            await operator.saved()
            operator.seat.tick()
            await operator.settle()
            return picture(operator.app, "agent-console")
    finally:
        desk.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        svg = asyncio.run(draw(Path(folder)))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
