"""Giving the matter its outcome: answered, ordered, transferred, followed up, interrupted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from agent_console.desk.calls import intake
from agent_console.desk.listing import order_of
from agent_console.domain.intake.outcomes import WAYS, Answered, FollowedUp, Interrupted, Outcome, Transferred
from agent_console.domain.units.directory import Directory
from agent_console.domain.work_order.order_numbers import grouped, plain
from agent_console.domain.work_order.order_records import OVER
from agent_console.domain.work_order.orders import RUNNING, Order
from agent_console.texts import say
from screens.dialogs.ask import AskDialog
from screens.dialogs.choice import Choice, ChoiceDialog
from screens.units import resolve_units
from screens.widgets.answers import Answers, titled

if TYPE_CHECKING:
    from knowledge.scripts.runner import Run
    from screens.seat import SeatScreen

_BY_HEART = "-"
_OTHER = "-"
_WAY = "way:"
_LINES = ("110", "119", "120", "122", "12348", "12368")


def owes_outcome(seat: SeatScreen) -> bool:
    """Whether a matter waits for its outcome; says so where none does."""
    if seat.view is not None and seat.view.matter is not None:
        return True
    seat.tell(say("matter.none_open", next=seat.keymap.shown("next_matter")), warning=True)
    return False


async def conclude(seat: SeatScreen, outcome: Outcome, words: str = "", chosen: str = "") -> bool:
    """Give the matter in hand its outcome; what the screening proposed is recorded beside it."""
    view = seat.view
    if view is None or view.call is None or view.matter is None:
        return False
    call_id, matter, telling = view.call.id, view.matter.id, seat.telling(words, chosen)
    done = await seat.command(lambda opened: intake.conclude(opened.desk, call_id, matter, outcome, telling))
    if done:
        seat.tell(say("outcome.recorded", next=seat.keymap.shown("next_matter"), finish=seat.keymap.shown("finish")))
    return done


async def answer(seat: SeatScreen) -> None:
    """Answered on the spot: from which entry, or by heart."""
    if not owes_outcome(seat):
        return
    pane = seat.query_one(Answers)
    found = sorted(pane.found[:8], key=lambda entry: entry != pane.marked)
    choices = [Choice(entry.id, titled(entry), entry.sources) for entry in found]
    choices.append(Choice(_BY_HEART, say("choose.by_heart")))
    others = () if found else seat.book.answer_ways
    choices += [Choice(_WAY + way.id, say("choose.no_article", way=way.name), way.clause) for way in others]
    picked = await seat.app.push_screen_wait(ChoiceDialog(say("choose.answer"), choices))
    if picked is None:
        return
    if picked.startswith(_WAY):
        target = await seat.app.push_screen_wait(AskDialog(say("ask.target"), may_be_empty=False))
        if target:
            await _hand_over(seat, target, picked.removeprefix(_WAY))
        return
    if picked == _BY_HEART:
        words = await seat.app.push_screen_wait(AskDialog(say("ask.answer"), may_be_empty=False))
        if words:
            await conclude(seat, Answered(), words, "accept")
        return
    entry = next(entry for entry in found if entry.id == picked)
    await conclude(seat, Answered(entry.id, entry.version), entry.title, "accept")


async def order(seat: SeatScreen) -> None:
    """Raise a work order; the form opens filled."""
    view = seat.view
    if not owes_outcome(seat) or view is None or view.call is None or view.matter is None:
        return
    from agent_console.desk.orders.routing import completed
    from screens.order_form import OrderForm

    await seat.save_now()
    if same := _same_orders(seat):
        seat.tell(say("alike.before_order", count=len(same), pressed=seat.keymap.shown("follow_up")), warning=True)
    proposed = seat.proposed_order()
    known = await seat.desk(lambda opened: (completed(opened.desk, proposed), opened.desk.directory()))
    details, directory = known or (proposed, Directory())
    form = OrderForm(seat, view.call.id, view.matter.id, details, directory)
    number = await seat.app.push_screen_wait(form)
    if number:
        await seat.refresh_view()
        seat.tell(say("order.raised_as", number=grouped(number)))


async def transfer(seat: SeatScreen) -> None:
    """Hand the caller over while they are on the line."""
    if not owes_outcome(seat):
        return
    directory = await seat.desk(lambda opened: opened.desk.directory()) or Directory()
    choices = _linked(seat, directory)
    choices.append(Choice(_OTHER, say("choose.other_target")))
    target = await seat.app.push_screen_wait(ChoiceDialog(say("choose.target"), choices))
    if target == _OTHER:
        typed = await seat.app.push_screen_wait(AskDialog(say("ask.target"), may_be_empty=False))
        target = next(iter(resolve_units(typed, tuple(directory.units))), typed) if typed else typed
    if not target:
        return
    ways = [Choice(way, say(f"way.{way}")) for way in WAYS]
    ways += [Choice(way.id, way.name) for way in seat.book.answer_ways if way.id not in WAYS]
    way = await seat.app.push_screen_wait(ChoiceDialog(say("choose.way", target=reached_at(target, directory)), ways))
    if way:
        await _hand_over(seat, target, way)


def _linked(seat: SeatScreen, directory: Directory) -> list[Choice]:
    """Bodies of the directory, each on its own key, then the numbers everybody knows."""
    sorts = seat.book.directory.links
    linked = sorted(directory.links.values(), key=lambda link: (link.key or "~", link.name))
    numbers = {link.number for link in linked}
    choices = [
        Choice(
            link.name, f"{link.name}　{link.number}", f"{sorts[link.sort].name}（{sorts[link.sort].clause}）", link.key
        )
        for link in linked
        if link.sort in sorts
    ]
    return choices + [Choice(line, say(f"line.{line}")) for line in _LINES if line not in numbers]


def reached_at(target: str, directory: Directory) -> str:
    """A unit with its number on duty, and whether it is answered day and night; anything else as it stands."""
    unit = directory.unit(target)
    if unit is None or not unit.duty_number:
        return target
    key = "units.duty_always" if unit.reachable_always else "units.duty"
    return say(key, unit=target, number=unit.duty_number)


async def _hand_over(seat: SeatScreen, target: str, way: str) -> None:
    """Conclude with what the rule book wants to know of a caller handed over this way."""
    told: dict[str, str] = {}
    for name in (need for known in seat.book.answer_ways if known.id == way for need in known.needs):
        title = say("ask.needed", field=say(f"field.{name}"))
        answer_given = await seat.app.push_screen_wait(AskDialog(title, may_be_empty=False))
        if not answer_given:
            return
        told[name] = answer_given
    await conclude(seat, Transferred(target, way, told=told))


def _running_orders(seat: SeatScreen) -> tuple[Order, ...]:
    """Orders the matter may belong to: those that tell of the same matter first, then those of the number."""
    same = _same_orders(seat)
    known = {order.id for order in same}
    return (*same, *(order for order in (seat.view.history.open_orders if seat.view else ()) if order.id not in known))


def _same_orders(seat: SeatScreen) -> tuple[Order, ...]:
    return tuple(order for order in (seat.earlier.orders if seat.earlier else ()) if order.status in RUNNING)


async def follow_up(seat: SeatScreen, led_by: Run | None = None) -> None:
    """Add the matter to an order that runs (A-09); a script that led here may mean one that was answered, too."""
    if not owes_outcome(seat):
        return
    orders = _running_orders(seat) if led_by is None else _told_before(seat)
    choices = [
        Choice(order.number, f"{grouped(order.number)}  {order.details.title}", say(f"order_status.{order.status}"))
        for order in orders[:8]
    ]
    choices.append(Choice(_OTHER, say("choose.other_order")))
    picked = await seat.app.push_screen_wait(ChoiceDialog(say("choose.order"), choices))
    if picked == _OTHER:
        typed = await seat.app.push_screen_wait(AskDialog(say("ask.order_number"), may_be_empty=False))
        found = await seat.desk(lambda opened: order_of(opened, plain(typed))) if typed else None
        orders = (found,) if found else ()
        picked = found.number if found else None
    followed = next((order for order in orders if order.number == picked), None)
    if followed is not None:
        await conclude(seat, _following(followed, led_by), chosen="in_progress_or_duplicate")


def _told_before(seat: SeatScreen) -> tuple[Order, ...]:
    running = _running_orders(seat)
    known = {order.id for order in running}
    return (*running, *(order for order in (seat.earlier.orders if seat.earlier else ()) if order.id not in known))


def _following(order: Order, led_by: Run | None) -> FollowedUp:
    # An order that is over takes no more callers; the call still says which one it belongs to.
    followed = FollowedUp(order.number, "" if order.status in OVER else order.id)
    return msgspec.structs.replace(followed, **led_by.record) if led_by else followed


async def hot(seat: SeatScreen) -> None:
    """Answer from the pinned event the note tells of; the event counts it."""
    view, event = seat.view, seat.hot
    if not owes_outcome(seat) or view is None or view.call is None or view.matter is None:
        return
    if event is None:
        seat.tell(say("hot.none"), warning=True)
        return
    # Late: nothing of the monitor is loaded before somebody uses it.
    from agent_console.desk.monitor.hot import answer as answer_from

    call, matter, telling = view.call, view.matter.id, seat.telling(chosen="accept")
    if await seat.command(lambda opened: answer_from(opened, event.id, call, matter, telling)):
        seat.tell(say("hot.recorded", title=event.words.title, finish=seat.keymap.shown("finish")))


async def interrupted(seat: SeatScreen) -> None:
    """The caller is gone: keep what there is and owe a call back."""
    if not owes_outcome(seat):
        return
    choices = [Choice("yes", say("choose.interrupted_yes")), Choice("no", say("choose.cancel"))]
    if await seat.app.push_screen_wait(ChoiceDialog(say("choose.interrupted"), choices)) == "yes":
        await conclude(seat, Interrupted())
