"""Opening the other screens from the seat; the note of a call in hand is saved before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_console.desk.orders.elsewhere import Elsewhere, look_up, outline_lines
from agent_console.desk.orders.order_sight import find
from agent_console.domain.errors import UnknownName
from agent_console.domain.work_order.order_numbers import plain
from agent_console.texts import say
from screens.dialogs.ask import AskDialog
from screens.dialogs.outline import OutlineDialog

if TYPE_CHECKING:
    from agent_console.desk.opening import OpenDesk
    from screens.desk_screen import DeskScreen
    from screens.seat import SeatScreen


async def my_orders(seat: SeatScreen) -> None:
    """What is in hand, the most pressing first."""
    from screens.my_orders import MyOrdersScreen

    await _open(seat, MyOrdersScreen(seat))


async def callbacks(seat: SeatScreen) -> None:
    """Whom to call back."""
    from screens.callback_queue import CallbackScreen

    await _open(seat, CallbackScreen(seat))


async def ledger(seat: SeatScreen) -> None:
    """What waits for supervision, and what is supervised."""
    from screens.supervision_ledger import LedgerScreen

    await _open(seat, LedgerScreen(seat))


async def watch(seat: SeatScreen) -> None:
    """What those who lead the line keep an eye on."""
    from screens.watch import WatchScreen

    await _open(seat, WatchScreen(seat))


async def monitor(seat: SeatScreen) -> None:
    """The team lead's monitor."""
    from screens.monitor.screen import MonitorScreen

    await _open(seat, MonitorScreen(seat))


async def tray(seat: SeatScreen) -> None:
    """What took no effect at the server, or could not be sent."""
    from screens.tray import TrayScreen

    await _open(seat, TrayScreen(seat))


async def rules(seat: SeatScreen) -> None:
    """The rule book, clause by clause."""
    from screens.rule_viewer import RuleViewer

    await _open(seat, RuleViewer(seat))


async def knowledge(seat: SeatScreen) -> None:
    """Every entry of the knowledge base, to leaf through."""
    from screens.knowledge_screen import KnowledgeScreen

    await _open(seat, KnowledgeScreen(seat))


async def open_order(seat: SeatScreen) -> None:
    """One order by its number."""
    from screens.order_screen import open_order as show

    await seat.save_now()
    typed = await seat.app.push_screen_wait(AskDialog(say("ask.order_number"), may_be_empty=False))
    if not typed:
        return
    number = plain(typed)
    found = await seat.desk(lambda opened: _here_or_elsewhere(opened, number))
    if isinstance(found, Elsewhere):
        await seat.app.push_screen_wait(OutlineDialog(outline_lines(found)))
    elif found:
        await show(seat, found)


def _here_or_elsewhere(opened: OpenDesk, number: str) -> str | Elsewhere:
    try:
        return find(opened, number)
    except UnknownName:
        if known := look_up(opened, number):
            return known
        raise


async def _open(seat: SeatScreen, screen: DeskScreen) -> None:
    await seat.save_now()
    seat.app.push_screen(screen, lambda _: seat.show_day())
