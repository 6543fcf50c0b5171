"""What a monitor asks of the server besides listening: the seats once, one order, a message to the seats."""

from __future__ import annotations

import threading
from pathlib import Path

from agent_console.desk.monitor.seat_wall import LiveWall, LocalWall, SeatWall, ToldOnce
from agent_console.desk.opening import OpenDesk
from agent_console.desk.sync.side import Side
from agent_console.settings import Settings
from agent_console.sync.answers import NotServed
from agent_console.sync.client import ServerClient, client_for
from agent_console.sync.line import Line
from agent_console.sync.watching import ONCE
from agent_console.sync.wire import NewMessage, Placed, Seats, StreamHistory

_SECONDS = 5.0


def wall_once(opened: OpenDesk, home: Path, settings: Settings) -> SeatWall:
    """The seats as the server says now; those of this file where there is none, or it does not answer in seconds."""
    local = LocalWall(opened, settings)
    if not settings.server:
        return local
    try:
        client = client_for(settings)
    except NotServed:
        return local
    try:
        line = Line(Side(opened.desk, opened.store), client, home, settings, opened.desk.clock)
        told = client.get(ONCE, Seats, token=line.token(threading.Lock()), seconds=_SECONDS)
        return LiveWall(local, ToldOnce(told.seats), settings.wall_hours)
    except NotServed:
        return local
    finally:
        client.close()


def ask_history(stream: str, client: ServerClient, token: str) -> StreamHistory | None:
    """All events of a stream, as the server tells them to whoever asks; None for another's. Raises NotServed."""
    history = client.get(f"/v1/streams/{stream}", StreamHistory, token=token)
    return history if history.stream == stream else None


def send_message(text: str, device: str, client: ServerClient, token: str) -> None:
    """A lead's words to the seat of a device, "" for all seats. Raises NotServed."""
    client.post("/v1/messages", NewMessage(text, device), Placed, token=token)
