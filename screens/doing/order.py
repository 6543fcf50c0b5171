"""Taking a step of the order on its screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from agent_console.desk.leaving.seeing import Looked, look_at
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders import handling
from agent_console.desk.orders.step_commands import Values, command_for
from agent_console.desk.orders.steps import Asked, Offer, offer_of
from agent_console.domain.confidentiality.sight import GROUND_WANTING
from agent_console.domain.decisions import Blocked, Decision
from agent_console.domain.errors import ConsoleError
from agent_console.domain.work_order.order_corrections import AMENDABLE
from agent_console.domain.work_order.order_numbers import grouped
from agent_console.resources.rule_books import house
from agent_console.texts import say, sentence
from agent_console.texts.order_text import IDENTITY, facts_of
from agent_console.texts.wording import name_of
from screens.dialogs.ask import AskDialog
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.dialogs.help import HelpScreen
from screens.dialogs.step_form import StepForm
from screens.dialogs.why import WhyDialog
from screens.refusals import told

if TYPE_CHECKING:
    from screens.order_screen import OrderScreen


async def take_step(screen: OrderScreen, step: str) -> None:
    """Ask for what it needs and take it; a step that is blocked says by which clause, and what would unblock it."""
    offer = screen.offered(step)
    if offer is None:
        book = screen.sight.context.rule_book.short_title if screen.sight else ""
        screen.tell(say("error.step_unknown", book=book, name=name_of("step", step)), warning=True)
    elif not offer.possible:
        screen.tell(say("order_screen.why_blocked", name=offer.name, why=told(offer.decision)), warning=True)
    else:
        await _take(screen, offer)


async def _take(screen: OrderScreen, offer: Offer) -> None:
    assert screen.sight is not None
    order = screen.sight.order
    number = grouped(order.number)

    async def take(values: Values) -> str:
        really = say("order_screen.confirm", name=offer.name, number=number)
        if offer.confirm and not await screen.confirmed(really, urgent=True):
            return " "
        try:
            decision = await screen.app.desk_thread.run(lambda opened: _decided(opened, order.id, offer.id, values))
        except ConsoleError as error:
            return sentence(error.message)
        return told(decision)

    if offer.fields:
        taken = await screen.app.push_screen_wait(StepForm(offer, number, take, _units(screen)))
    else:
        refused = await take({})
        taken = not refused
        if refused.strip():
            screen.tell(refused, warning=True)
    if taken:
        await screen.reload()
        status = name_of("order_status", screen.sight.order.status)
        screen.tell(say("order_screen.taken", name=offer.name, number=number, status=status))


def _units(screen: OrderScreen) -> Sequence[str]:
    """The units of the directory, those every desk knows where none is loaded."""
    assert screen.sight is not None
    return tuple(screen.sight.context.directory.units) or house().units


def _decided(opened: OpenDesk, order_id: str, step: str, values: Values) -> Decision:
    if step == "merge":
        return handling.merge(opened.desk, order_id, opened.records.order(values.get("repeat_of", "")))
    return handling.take(opened.desk, order_id, command_for(step, values, opened.desk.order(order_id)))


async def why(screen: OrderScreen) -> None:
    """The days counted and skipped, clock by clock."""
    assert screen.sight is not None
    if screen.sight.clocks:
        order = screen.sight.order
        changes = await screen.desk(lambda opened: handling.clock_changes(opened.desk, order)) or ()
        await screen.app.push_screen_wait(WhyDialog(tuple(screen.sight.clocks.values()), changes))
    else:
        screen.tell(say("order_screen.no_clocks"))


async def unmask(screen: OrderScreen) -> None:
    """Show who the caller is, which is recorded; once more hides it again."""
    if screen.unmasked:
        screen.unmasked = False
        await screen.reload()
        return
    looked = await screen.desk(lambda opened: _asked_for(opened, screen.order_id, ""))
    if isinstance(looked, Blocked) and looked.message.key == GROUND_WANTING:
        ground = await screen.app.push_screen_wait(AskDialog(say("ask.unmask_ground"), may_be_empty=False))
        if not ground:
            return
        looked = await screen.desk(lambda opened: _asked_for(opened, screen.order_id, ground))
    if isinstance(looked, Blocked):
        screen.tell(told(looked), warning=True)
    elif looked is not None:
        screen.unmasked = True
        await screen.reload()
        screen.tell(say("order_screen.unmasked"))


def _asked_for(opened: OpenDesk, order_id: str, ground: str) -> Looked | Blocked:
    return look_at(opened.desk, opened.desk.order(order_id), unmask=True, ground=ground)


async def record(screen: OrderScreen) -> None:
    """Which record to write."""
    await _choose(screen, "record", say("order_screen.choose.record"), say("order_screen.no_record"))


async def flag(screen: OrderScreen) -> None:
    """Which flag to set or take off."""
    await _choose(screen, "flag", say("order_screen.choose.flag"), say("order_screen.no_flag"))


async def _choose(screen: OrderScreen, sort: str, title: str, none: str) -> None:
    assert screen.sight is not None
    offers = [offer for offer in screen.sight.offers if offer.sort == sort and offer.possible]
    if not offers:
        screen.tell(none, warning=True)
        return
    choices = [Choice(offer.id, offer.name, " ".join(offer.clauses)) for offer in offers]
    chosen = await screen.app.push_screen_wait(ChoiceDialog(title, choices))
    if chosen:
        await take_step(screen, chosen)


async def amend(screen: OrderScreen) -> None:
    """Which field of the form to correct, then its new value and the reason."""
    general = screen.offered("amend")
    if general is None or not general.possible or screen.sight is None:
        await take_step(screen, "amend")
        return
    sight = screen.sight
    shown = facts_of(sight.order, unmask=screen.unmasked, book=sight.context.rule_book)
    choices = [Choice(field, name_of("field", field), shown.get(field, "")) for field in AMENDABLE]
    chosen = await screen.app.push_screen_wait(ChoiceDialog(say("order_screen.choose.amend"), choices))
    if chosen:
        offer = offer_of(f"amend.{chosen}", sight.order, sight.context)
        if chosen in IDENTITY and not screen.unmasked:
            offer = msgspec.structs.replace(offer, fields=tuple(_blank(asked) for asked in offer.fields))
        await _take(screen, offer)


def _blank(asked: Asked) -> Asked:
    return msgspec.structs.replace(asked, default="")


async def back(screen: OrderScreen) -> None:
    """Back to where it was opened."""
    screen.dismiss(None)


async def take_call(screen: OrderScreen) -> None:
    """Back to the seat, and take the call."""
    screen.back_for_call()


async def help_(screen: OrderScreen) -> None:
    """Every action with its keys."""
    await screen.app.push_screen_wait(HelpScreen(screen.seat.keymap, screen.seat.book, screen.seat.abilities))


async def palette(screen: OrderScreen) -> None:
    """Type a command."""
    chosen = await screen.chosen_in_bar(screen.seat.keymap, screen.seat.abilities.order_actions)
    if chosen:
        await screen.perform(chosen)


ORDER_DOING: dict[str, Callable[[OrderScreen], Awaitable[None]]] = {
    "why": why,
    "unmask": unmask,
    "record": record,
    "flag": flag,
    "amend": amend,
    "back": back,
    "take": take_call,
    "help": help_,
    "palette": palette,
}
"""What is more than a step of the rule book; every other action is one."""
