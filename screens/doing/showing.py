"""Looking at things: help, commands, today, why a date is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent_console.desk.listing import orders_of_day
from agent_console.desk.orders import handling
from agent_console.domain.instants import local
from agent_console.domain.work_order.orders import Order
from agent_console.texts import say
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.dialogs.help import HelpScreen
from screens.dialogs.why import WhyDialog
from screens.widgets.answers import Answers
from screens.widgets.day import DayPane
from screens.widgets.note import NoteArea

if TYPE_CHECKING:
    from screens.seat import SeatScreen


async def help_(seat: SeatScreen) -> None:
    """Every action with its keys."""
    await seat.app.push_screen_wait(HelpScreen(seat.keymap, seat.book, seat.abilities))


async def palette(seat: SeatScreen) -> None:
    """Type a command."""
    chosen = await seat.chosen_in_bar(seat.keymap, seat.abilities.actions, in_call=seat.in_call)
    if chosen:
        await seat.perform(chosen)


async def today(seat: SeatScreen) -> None:
    """Into the list of today, or out of it again."""
    if seat.in_call:
        seat.toggle_class("idle")
    seat.show_day()
    (seat.query_one(DayPane) if seat.has_class("idle") else seat.query_one(NoteArea)).focus()


async def search(seat: SeatScreen) -> None:
    """Into the search line."""
    seat.query_one(Answers).focus_search()


async def to_note(seat: SeatScreen) -> None:
    """Back to the note; an emergency that was shown is dismissed."""
    from screens.widgets.screening_line import ScreeningLine

    line = seat.query_one(ScreeningLine)
    if seat.query_one(NoteArea).has_focus:
        line.dismiss_alarm()
    seat.query_one(NoteArea).focus()


async def why(seat: SeatScreen) -> None:
    """Why an order of today is due when it is."""
    order = await _choose_order(seat, say("choose.why"))
    if order is None:
        return
    clocks = await seat.desk(lambda opened: handling.clocks(opened.desk, order.id))
    if clocks is not None:
        await seat.app.push_screen_wait(WhyDialog(tuple(clocks.values())))


async def pace(seat: SeatScreen) -> None:
    """The own pace of today beside the median of all."""
    from agent_console.desk.monitor.shift_figures import figures
    from screens.monitor.figures import FiguresDialog

    settings = seat.app.settings
    found = await seat.desk(lambda opened: figures(opened, settings))
    if found is not None:
        await seat.app.push_screen_wait(FiguresDialog(found, seat.book, of_line=False))


async def dispatch(seat: SeatScreen) -> None:
    """Hand an order to its units."""
    order = await _choose_order(seat, say("choose.dispatch"), status="raised")
    if order is None:
        return
    if await seat.command(lambda opened: handling.dispatch(opened.desk, order.id)):
        seat.tell(say("order.dispatched_to", unit=order.details.lead))
        seat.show_day()


async def _choose_order(seat: SeatScreen, title: str, status: str = "") -> Order | None:
    orders = await seat.desk(orders_of_day)
    fitting = [order for order in orders or () if not status or order.status == status]
    if not fitting:
        seat.tell(say("choose.no_order"))
        return None
    marked = seat.query_one(DayPane).highlighted_option if seat.query_one(DayPane).has_focus else None
    for order in fitting:
        if marked is not None and marked.id == f"order:{order.id}":
            return order
    choices = [
        Choice(order.id, f"{local(order.raised_at):%H:%M}  {order.details.title}", order.details.lead)
        for order in fitting[:20]
    ]
    picked = await seat.app.push_screen_wait(ChoiceDialog(title, choices))
    return next((order for order in fitting if order.id == picked), None)
