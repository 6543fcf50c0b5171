"""Files of an order that are not on this seat, fetched from the server when somebody looks at them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent_console.clock import Clock
from agent_console.desk.desk import order_stream
from agent_console.desk.opening import OpenDesk
from agent_console.desk.sync import files
from agent_console.desk.sync.side import Side
from agent_console.domain.errors import ConsoleError
from agent_console.domain.work_order.attachments import counting
from agent_console.domain.work_order.orders import Order
from agent_console.settings import Settings
from agent_console.store.link_state import new_holder
from agent_console.sync.answers import NotServed
from agent_console.sync.client import client_for
from agent_console.sync.files import pieces_of
from agent_console.sync.line import Line
from agent_console.sync.ports import LinkedFile
from agent_console.texts.wording import told


def fetch_missing(opened: OpenDesk, order: Order, home: Path, settings: Settings, clock: Clock) -> int:
    """Fetch the files of an order that count and are not here; how many came. None where the seat has no server.

    Takes as long as the line does, so never on the way of a key. Raises ConsoleError where one could not be had.
    """
    stream, kept = order_stream(order.id), opened.store.attachments
    missing = [one for one in counting(order) if kept.state(stream, one.sha256, one.size) != "there"]
    if not missing or not settings.server:
        return 0
    try:
        with _line(opened, home, settings, clock) as (line, token):
            for one in missing:
                file = LinkedFile("", stream, one.sha256, one.size)
                files.take_attached(opened.store, file, pieces_of(line, token, file))
    except NotServed as error:
        raise ConsoleError("error.file_fetch", "advice.file_fetch", why=told(error.why)) from error
    return len(missing)


@contextmanager
def _line(opened: OpenDesk, home: Path, settings: Settings, clock: Clock) -> Iterator[tuple[Line, str]]:
    """The line of this seat with a token that counts. Raises NotServed."""
    client = client_for(settings)
    try:
        line = Line(Side(opened.desk, opened.store), client, home, settings, clock)
        yield line, _token(line)
    finally:
        client.close()


def _token(line: Line) -> str:
    """A console at work keeps the token fresh; only where none is may this process ask for another."""
    holder = new_holder()
    if line.state.take_lease(holder):
        try:
            return line.token(threading.Lock())
        finally:
            line.state.give_back(holder)
    signed = line.people.current()
    return signed.token if signed is not None else line.token(threading.Lock())
