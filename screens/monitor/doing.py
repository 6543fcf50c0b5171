"""What each action of the monitor does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from agent_console.desk.monitor import alarms, deciding, hot
from agent_console.desk.monitor.deciding import Governed
from agent_console.desk.monitor.shift_figures import figures as figures_now
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders.step_commands import Values
from agent_console.desk.orders.steps import Asked, Offer
from agent_console.desk.sync.tray import do_again, drop
from agent_console.desk.units.directory import known_units
from agent_console.domain.decisions import Blocked, Decision, Done
from agent_console.domain.errors import ConsoleError, UnknownName
from agent_console.domain.oversight.hot_events import HotWords
from agent_console.domain.work_order.order_numbers import grouped, plain
from agent_console.texts import say, sentence
from screens.actions import MONITOR_ACTIONS
from screens.dialogs.ask import AskDialog
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.dialogs.help import HelpScreen
from screens.dialogs.step_form import StepForm
from screens.monitor import ruling
from screens.monitor.figures import FiguresDialog
from screens.refusals import told

if TYPE_CHECKING:
    from screens.monitor.screen import MonitorScreen

_LIST_SIGN = "、"
_ALL = "all"
_MESSAGE_SECONDS = 10.0


async def decide(screen: MonitorScreen) -> None:
    """Decide what the open list waits for."""
    if screen.list_name == "conflicts":
        await _settle(screen)
        return
    name, first = screen.list_name, next(iter(screen.targets), "")
    step = await screen.desk(lambda opened: deciding.step_on(opened.desk, name, first)) if first else ""
    if step:
        await take(screen, step, "decide")
    else:
        screen.tell(say("monitor.nothing_to_decide"), warning=True)


async def _settle(screen: MonitorScreen) -> None:
    """Do again what took no effect, on what holds now, or let what was there first stand."""
    entry = screen.marked.id if screen.marked is not None else ""
    if not entry:
        screen.tell(say("monitor.nothing_to_decide"), warning=True)
        return
    choices = [Choice("again", say("conflict.again"), say("conflict.again_rule")), Choice("drop", say("conflict.drop"))]
    chosen = await screen.app.push_screen_wait(ChoiceDialog(say("conflict.title"), choices))
    if chosen == "again":
        await _decided(screen, lambda opened: do_again(opened.desk, opened.store, entry), say("conflict.done_again"))
    elif chosen == "drop":
        ground = await screen.app.push_screen_wait(AskDialog(say("conflict.ground"), may_be_empty=False))
        if ground:
            await _decided(screen, partial(_dropped, entry, ground), say("conflict.dropped"))


def _dropped(entry: str, ground: str, opened: OpenDesk) -> Decision:
    drop(opened.desk, opened.store, entry, ground)
    return Done(())


async def take(screen: MonitorScreen, step: str, action: str) -> None:
    """Show the rule, ask for what it needs, and take the step on what is chosen."""
    orders = screen.targets
    if not orders:
        screen.tell(say("monitor.no_order"), warning=True)
        return
    found = await screen.desk(lambda opened: [deciding.governed(opened.desk, order, step) for order in orders])
    several = [one for one in found or () if one is not None]
    possible = [one for one in several if one.offer.possible]
    if possible:
        await _ask(screen, step, possible, [one for one in several if not one.offer.possible])
    elif several:
        screen.tell("\n".join(ruling.ruling(several[0])), warning=True)
    elif found:
        book, name = screen.seat.book.short_title, say(f"watching.{action}")
        screen.tell(say("error.step_unknown", book=book, name=name), warning=True)


async def _ask(screen: MonitorScreen, step: str, possible: list[Governed], left_out: list[Governed]) -> None:
    name, number = possible[0].offer.name, _named(possible)
    fields, above = deciding.asked_of(possible), ruling.above(possible, left_out)
    done: list[str] = []

    async def take_it(values: Values) -> str:
        return await _take(screen, step, name, [one.order.id for one in possible], values, done)

    if fields:
        offer = Offer(step, possible[0].offer.sort, name, possible[0].offer.decision, fields)
        units = await screen.desk(lambda opened: known_units(opened.desk)) or ()
        await screen.app.push_screen_wait(StepForm(offer, number, take_it, units, above))
    else:
        title = f"{say('decide.confirm', name=name, number=number)}\n{above}"
        if await screen.confirmed(title) and (refused := await take_it({})):
            screen.tell(refused, warning=True)
    for text in done:
        screen.tell(text)
    if done:
        screen.chosen = frozenset()
        screen.reload()


def _named(several: Sequence[Governed]) -> str:
    if len(several) == 1:
        return grouped(several[0].order.number)
    return say("decide.title_several", count=len(several))


async def _take(
    screen: MonitorScreen, step: str, name: str, orders: Sequence[str], values: Values, done: list[str]
) -> str:
    """Why nothing was taken; "" where some of it was, with what to tell in `done`."""
    try:
        outcomes = await screen.app.desk_thread.run(lambda opened: deciding.decide(opened.desk, orders, step, values))
    except ConsoleError as error:
        return sentence(error.message)
    refused = [one for one in outcomes if not isinstance(one.decision, Done)]
    if len(refused) == len(outcomes):
        return told(refused[0].decision)
    count = len(outcomes) - len(refused)
    if refused:
        why = told(refused[0].decision)
        done.append(say("decide.partly", name=name, count=count, left=len(refused), why=why))
    else:
        done.append(say("decide.done", name=name, count=count))
    return ""


async def find(screen: MonitorScreen) -> None:
    """Open any order by its number."""
    number = await screen.app.push_screen_wait(AskDialog(say("monitor.find"), may_be_empty=False))
    order = await screen.desk(lambda opened: _order_of(opened, number)) if number else None
    if order:
        screen.open_order(order)


def _order_of(opened: OpenDesk, number: str) -> str:
    """Id of the order of that number, be it here in full or known by its outline. Raises UnknownName, BadInput."""
    try:
        return opened.records.order(number).id
    except UnknownName:
        known = opened.records.outlines(number)
        if len(known) != 1:
            raise
        return known[0].stream.removeprefix("order:")


async def choose(screen: MonitorScreen) -> None:
    """Choose the marked order, or leave it out again."""
    if not screen.marked_order:
        screen.tell(say("monitor.no_order"), warning=True)
        return
    screen.chosen ^= {screen.marked_order}
    screen.action_move(1)
    screen.reload()


async def take_alarm(screen: MonitorScreen) -> None:
    """Take care of the marked alarm, of the first that nobody has elsewhere; once more leaves it again."""
    alarm = screen.alarm
    if alarm is None:
        screen.tell(say("monitor.no_alarm_here"), warning=True)
        return
    mine = alarm.by == screen.app.actor.name
    work = alarms.release if mine else alarms.take
    key = "monitor.alarm_released" if mine else "monitor.alarm_taken"
    await _decided(screen, lambda opened: work(opened.desk, alarm.id), say(key, alarm=screen.told_alarm(alarm)))


async def _decided(screen: MonitorScreen, work: Callable[[OpenDesk], Decision], text: str) -> bool:
    decision = await screen.desk(work)
    if decision is None:
        return False
    if not isinstance(decision, Done):
        screen.tell(told(decision), warning=True)
        return False
    screen.tell(text)
    screen.reload()
    return True


async def pin(screen: MonitorScreen) -> None:
    """Pin an event, as the marked order suggests it, or change the marked one."""
    event = screen.event
    words = event.words if event is not None else HotWords("", "")
    order = screen.marked_order if event is None else ""
    if order:
        suggested = await screen.desk(lambda opened: hot.words_of(opened.desk.order(order)))
        words = suggested or words
    offer = Offer("hot", "step", say("hot.form"), Done(()), _fields(words))

    async def take_it(values: Values) -> str:
        try:
            return await screen.app.desk_thread.run(partial(_pinned, event.id if event is not None else "", values))
        except ConsoleError as error:
            return sentence(error.message)

    if await screen.app.push_screen_wait(StepForm(offer, say("hot.form_number"), take_it, ())):
        screen.tell(say("hot.pinned", title=words.title))
        screen.reload()


def _fields(words: HotWords) -> tuple[Asked, ...]:
    told_words = {
        "title": words.title,
        "answer": words.answer,
        "places": _LIST_SIGN.join(words.places),
        "topics": _LIST_SIGN.join(words.topics),
        "master_number": words.number,
    }
    return tuple(Asked(name, owed=name in ("title", "answer"), default=text) for name, text in told_words.items())


def _pinned(event: str, values: Values, opened: OpenDesk) -> str:
    places, topics = (_split(values.get(name, "")) for name in ("places", "topics"))
    words = HotWords(values.get("title", ""), values.get("answer", ""), places, topics)
    whole = hot.with_order(opened, words, plain(values.get("master_number", "")))
    if isinstance(whole, Blocked):
        return told(whole)
    decision = hot.change(opened.desk, event, whole) if event else hot.pin(opened.desk, whole)[0]
    return told(decision)


def _split(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("，", _LIST_SIGN).split(_LIST_SIGN) if word.strip())


async def unpin(screen: MonitorScreen) -> None:
    """The marked event is over."""
    event = screen.event
    if event is None:
        screen.tell(say("monitor.no_event_here"), warning=True)
        return
    if await screen.confirmed(say("decide.confirm", name=say("watching.unpin"), number=event.words.title)):
        text = say("hot.unpinned", title=event.words.title)
        await _decided(screen, lambda opened: hot.unpin(opened.desk, event.id), text)


async def callers(screen: MonitorScreen) -> None:
    """Who was answered from the marked event."""
    from screens.monitor.callers import CallersScreen

    event = screen.event
    if event is None:
        screen.tell(say("monitor.no_event_here"), warning=True)
        return
    await screen.app.push_screen_wait(CallersScreen(screen.seat, event))


async def unmask(screen: MonitorScreen) -> None:
    """Names stand in the list of callers and in the order, each with a key of its own to see them."""
    if screen.event is not None:
        await callers(screen)
    else:
        screen.open_marked()


async def figures(screen: MonitorScreen) -> None:
    """The figures of the shift."""
    settings = screen.app.settings
    found = await screen.desk(lambda opened: figures_now(opened, settings))
    if found is not None:
        await screen.app.push_screen_wait(FiguresDialog(found, screen.seat.book, of_line=True))


async def message(screen: MonitorScreen) -> None:
    """Tell the seat under the cursor something, or all of them."""
    line = screen.app.line
    if line is None or not screen.app.settings.server:
        screen.tell(say("monitor.message_alone"), warning=True)
        return
    device, who = await _addressee(screen)
    text = await screen.app.push_screen_wait(AskDialog(say("monitor.message_text", who=who))) if who else ""
    if not text or not text.strip():
        return
    from agent_console.desk.monitor.asking import send_message
    from agent_console.sync.answers import NotServed

    try:
        async with asyncio.timeout(_MESSAGE_SECONDS):
            await asyncio.wrap_future(line.ask(partial(send_message, text.strip(), device)))
    except NotServed as error:
        screen.tell(say("monitor.message_failed", why=sentence(error.why)), warning=True)
    except TimeoutError:
        screen.tell(say("monitor.message_failed", why=say("link.timeout")), warning=True)
    else:
        screen.tell(say("monitor.message_sent", who=who))


async def _addressee(screen: MonitorScreen) -> tuple[str, str]:
    """Device and name of whom a message is for, no device for all; no name where nobody was chosen."""
    everybody, device = say("monitor.message_all"), screen.marked.id if screen.marked is not None else ""
    seats = screen.seen.seats if screen.seen is not None and screen.list_name == "seats" else ()
    seat = next((one for one in seats if one.device == device), None)
    if seat is None:
        return "", everybody
    one = say("monitor.message_one", seat=seat.seat, operator=seat.operator)
    choices = [Choice(device, one), Choice(_ALL, everybody)]
    chosen = await screen.app.push_screen_wait(ChoiceDialog(say("monitor.message_to"), choices))
    return {device: (device, one), _ALL: ("", everybody)}.get(chosen or "", ("", ""))


async def refresh(screen: MonitorScreen) -> None:
    """Read everything again."""
    screen.reload()


async def back(screen: MonitorScreen) -> None:
    """Back to the seat."""
    screen.dismiss(None)


async def help_(screen: MonitorScreen) -> None:
    """Every action with its keys."""
    seat = screen.seat
    await screen.app.push_screen_wait(HelpScreen(seat.keymap, seat.book, seat.abilities, MONITOR_ACTIONS))


async def palette(screen: MonitorScreen) -> None:
    """Type a command."""
    chosen = await screen.chosen_in_bar(screen.seat.keymap, MONITOR_ACTIONS)
    if chosen:
        await screen.perform(chosen)


MONITOR_DOING: dict[str, Callable[[MonitorScreen], Awaitable[None]]] = {
    "decide": decide,
    "urge": lambda screen: take(screen, deciding.URGE, "urge"),
    "supervise": lambda screen: take(screen, deciding.SUPERVISE, "supervise"),
    "reassign": lambda screen: take(screen, deciding.REASSIGN, "reassign"),
    "find": find,
    "choose": choose,
    "take_alarm": take_alarm,
    "pin": pin,
    "unpin": unpin,
    "callers": callers,
    "unmask": unmask,
    "figures": figures,
    "message": message,
    "refresh": refresh,
    "back": back,
    "help": help_,
    "palette": palette,
}
"""By action id; a test holds it against the registry."""
