"""工单: facts, clocks, what is owed, what happened, and the steps that are allowed now with their keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from agent_console.desk.leaving import seeing
from agent_console.desk.orders.order_sight import OrderSight, look_at
from agent_console.desk.orders.steps import Offer
from agent_console.domain.decisions import Blocked, Done, Missing
from agent_console.domain.work_order.order_numbers import grouped
from agent_console.texts import say
from agent_console.texts.wording import name_of, names_of
from screens.desk_screen import DeskScreen
from screens.list_screen import back_to_seat
from screens.refusals import told
from screens.widgets.banner import Banner
from screens.widgets.clocks import ClockRow
from screens.widgets.keys import KeyLine
from screens.widgets.order_facts import OrderFacts
from screens.widgets.steps import StepList

if TYPE_CHECKING:
    from screens.seat import SeatScreen

_SHORT = 30


class OrderScreen(DeskScreen):
    """One order. Letters need no leader here, for nothing is written; digits write the records that are listed."""

    def __init__(self, seat: SeatScreen, order_id: str) -> None:
        """Opened from the seat or a list."""
        super().__init__("order")
        self.seat = seat
        self.order_id = order_id
        self.sight: OrderSight | None = None
        self.unmasked = False
        self.bind_actions(seat.keymap, seat.abilities.order_actions)

    def compose(self) -> ComposeResult:
        yield Static("", id="order-head", markup=False)
        yield Banner(self.seat.keymap)
        yield ClockRow()
        yield Static("", id="owed", markup=False)
        with Horizontal(id="order-body"):
            with VerticalScroll(id="order-left"):
                yield OrderFacts()
            with Vertical(id="order-right"):
                yield StepList(self.seat.keymap)
                yield Static("", id="step-why", markup=False)
        yield KeyLine(self.seat.keymap, self.seat.abilities.order_actions)

    def on_mount(self) -> None:
        self.query_one(KeyLine).show(in_call=False)
        self.query_one(StepList).focus()
        self.act(self._look)

    async def _look(self) -> None:
        """Write down that somebody looks, then show it; whoever may not see it is told by which clause."""
        from screens.fetching import is_here

        if not await is_here(self, self.order_id):
            self.dismiss(None)
            return
        looked = await self.desk(lambda opened: seeing.look_at(opened.desk, opened.desk.order(self.order_id)))
        if isinstance(looked, Blocked):
            self.tell(told(looked), warning=True)
        if isinstance(looked, seeing.Looked):
            await self.reload()
        else:
            self.dismiss(None)

    def on_resize(self) -> None:
        self.set_class(self.size.height < _SHORT, "short")
        if self.sight is not None:
            self.call_after_refresh(self._draw)

    # showing

    async def reload(self) -> None:
        """Read the order again and show it."""
        sight = await self.desk(lambda opened: look_at(opened, self.order_id, is_unmasked=self.unmasked))
        if sight is None:
            self.dismiss(None)
            return
        self.sight = sight
        self._draw()
        self.query_one(StepList).show(sight.offers)
        closed = {offer.id for offer in sight.offers if not offer.possible}
        actions = self.seat.abilities.order_actions
        self.query_one(KeyLine).offer(tuple(action for action in actions if action.id not in closed))

    def _draw(self) -> None:
        sight = self.sight
        assert sight is not None
        order = sight.order
        head = say(
            "order_screen.head",
            number=grouped(order.number),
            status=name_of("order_status", order.status),
            kind=order.details.kind,
            title=say("secret.title") if order.withheld else order.details.title,
        )
        line = self.query_one("#order-head", Static)
        line.update(Content(head))
        line.set_class(order.details.urgency == "urgent", "urgent")
        self.query_one(ClockRow).show(sight.clocks, sight.context)
        self._show_owed(sight)
        width = max(20, self.query_one("#order-left").size.width - 3)
        self.query_one(OrderFacts).show(sight, unmask=self.unmasked, width=width)

    def _show_owed(self, sight: OrderSight) -> None:
        records = sight.context.rule_book.life.records
        lines = [
            Content(say("order_screen.owed", record=records[duty.record].name, clause=duty.clause)).stylize(
                "$text-error bold" if duty.urgent else "$text-warning"
            )
            for duty in sight.owed
        ]
        pane = self.query_one("#owed", Static)
        pane.display = bool(lines)
        pane.update(Content("   ").join(lines))

    @on(OptionList.OptionHighlighted, "#steps")
    def _marked(self) -> None:
        offer = self.query_one(StepList).offers.get(self.query_one(StepList).marked)
        self.query_one("#step-why", Static).update(Content(_about(offer) if offer else ""))

    # doing

    def on_key(self, event: events.Key) -> None:
        character = (event.character or "").lower()
        record = self.query_one(StepList).digits.get(character)
        meant = record or self.seat.keymap.lettered(character, self.seat.abilities.order_actions)
        if character and meant:
            event.stop()
            self.action_do(meant)

    @on(OptionList.OptionSelected, "#steps")
    def _picked(self, event: OptionList.OptionSelected) -> None:
        if event.option_id:
            self.action_do(event.option_id)

    def action_leader(self) -> None:
        """Show every action of this screen with its letter."""
        self.act(self._lead)

    async def _lead(self) -> None:
        chosen = await self.chosen_in_menu(self.seat.keymap, self.seat.abilities.order_actions)
        if chosen:
            await self.perform(chosen)

    def action_do(self, action_id: str) -> None:
        """Do one of the registered actions, or write the record or set the flag of that id."""
        self.act(partial(self.perform, action_id))

    async def perform(self, action_id: str) -> None:
        """Do it, or say why not now."""
        from screens.doing.order import ORDER_DOING, take_step

        if self.sight is None:
            return
        self.app.clear_notifications()
        doing = ORDER_DOING.get(action_id)
        await (doing(self) if doing else take_step(self, action_id))

    def offered(self, step: str) -> Offer | None:
        """What the rule book says to a step now."""
        assert self.sight is not None
        return next((offer for offer in self.sight.offers if offer.id == step), None)

    def back_for_call(self) -> None:
        """Back to the seat, and take the call."""
        back_to_seat(self)
        self.seat.action_do("take")


def _about(offer: Offer) -> str:
    match offer.decision:
        case Done():
            return say("order_screen.free")
        case Missing():
            owed = [asked.field for asked in offer.fields if asked.is_owed({})]
            return say("order_screen.needs", fields=names_of("field", owed))
        case Blocked():
            return told(offer.decision)
        case _:
            return told(offer.decision)


async def open_order(seat: SeatScreen, order_id: str) -> None:
    """Open an order from the seat."""
    seat.app.push_screen(OrderScreen(seat, order_id), lambda _: seat.show_day())
