"""An order whose history is not in this file is fetched from the server, for whoever has it in sight there."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from agent_console.desk.desk import order_stream
from agent_console.desk.opening import OpenDesk
from agent_console.texts import say, sentence

if TYPE_CHECKING:
    from agent_console.sync.wire import StreamHistory
    from screens.desk_screen import DeskScreen

FETCH_SECONDS = 10.0
_NOT_FOUND = "not_found"


async def is_here(screen: DeskScreen, order: str) -> bool:
    """Whether the order can be opened, fetching it where it is not here; why it cannot is told."""
    stream = order_stream(order)
    known = await screen.desk(lambda opened: bool(opened.store.log.version(stream)))
    if known or known is None:
        return bool(known)
    line = screen.app.line
    if line is None or not screen.app.settings.server:
        screen.tell(say("order_screen.not_here"), warning=True)
        return False
    screen.tell(say("order_screen.fetching"))
    history = await _asked(screen, stream)
    if history is None:
        return False
    return bool(await screen.desk(partial(_taken_in, history)))


async def _asked(screen: DeskScreen, stream: str) -> StreamHistory | None:
    from agent_console.desk.monitor.asking import ask_history
    from agent_console.sync.answers import NotServed

    line = screen.app.line
    assert line is not None
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            return await asyncio.wrap_future(line.ask(partial(ask_history, stream)))
    except NotServed as error:
        is_none = error.code == _NOT_FOUND
        why = say("order_screen.not_there") if is_none else sentence(error.why)
        screen.tell(say("order_screen.not_fetched", why=why), warning=True)
    except TimeoutError:
        screen.tell(say("order_screen.not_fetched", why=say("link.timeout")), warning=True)
    return None


def _taken_in(history: StreamHistory, opened: OpenDesk) -> bool:
    from agent_console.desk.sync.taking import take_stream

    take_stream(opened.desk, opened.store, history)
    return bool(opened.store.log.version(history.stream))
