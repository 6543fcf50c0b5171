"""班长台: lists with their counts at the left, the open one beside them, alarms above, the rule or curve below."""

from __future__ import annotations

import asyncio
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Sparkline, Static

from agent_console.desk.monitor.lists import ORDERS
from agent_console.desk.monitor.seat_wall import LiveWall, LocalWall, SeatWall
from agent_console.desk.monitor.snapshot import Glance, glance, glance_at_seats
from agent_console.desk.opening import OpenDesk
from agent_console.domain.instants import SECOND, Instant
from agent_console.domain.oversight.alarms import Alarm
from agent_console.domain.oversight.hot_events import HotEvent
from agent_console.store.connection import ChangeWatch
from agent_console.texts import say
from screens.actions import MONITOR_ACTIONS
from screens.columns import wrapped
from screens.debounce import Debounce
from screens.desk_screen import DeskScreen
from screens.monitor import rows
from screens.monitor.detail import detail_of, hot_detail
from screens.monitor.pane import RowsPane
from screens.monitor.reading import LISTS, OF_SEATS, Shown, counts_of, read
from screens.monitor.rows import Line
from screens.timing import clock_time
from screens.widgets.banner import Banner
from screens.widgets.keys import KeyLine

if TYPE_CHECKING:
    from agent_console.sync.watching import SeatWatch
    from screens.seat import SeatScreen

_SHORT = 30
_EVERY: Instant = 5 * SECOND
"""How often it is read again where nobody has written; what was written is seen within a second."""
_LISTEN_SECONDS, _WAVE_SECONDS = 0.1, 0.5
"""How often it is seen whether something came in, and how far apart it is shown: many seats make one wave."""
_HANDS_REST_SECONDS, _KEY_SHOWN_SECONDS, _BEFORE_NEXT_SECONDS, _PATIENCE_SECONDS = 0.3, 0.015, 0.06, 0.25
"""While somebody presses keys a wave is shown after one of them stands there and before the next is due."""
_DETAIL_MS = 120


class MonitorScreen(DeskScreen):
    """Nothing is typed here, so letters act at once; everything is read on the desk's thread."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
        Binding("right,tab", "turn(1)", show=False, priority=True),
        Binding("left,shift+tab", "turn(-1)", show=False, priority=True),
        Binding("enter", "open", show=False, priority=True),
    ]

    def __init__(self, seat: SeatScreen) -> None:
        """Opened from the seat; nothing is read yet."""
        super().__init__("monitor")
        self.seat = seat
        self.list_name = LISTS[0]
        self.chosen: frozenset[str] = frozenset()
        self.seen: Glance | None = None
        self.shown = Shown("", ())
        self._wall: SeatWall | None = None
        self._stream: SeatWatch | None = None
        self._came_in = (0, 0)
        self._wave_at = self._key_at = 0.0
        self._heard: set[str] | None = None
        self._detailed = self._sought = ""
        self._told = ("", True)
        self._watch: ChangeWatch | None = None
        self._read_at: Instant = 0
        self._reading = False
        self._again = False
        self.bind_actions(seat.keymap, MONITOR_ACTIONS)

    def compose(self) -> ComposeResult:
        yield Static("", id="monitor-title", markup=False)
        yield Banner(self.seat.keymap)
        yield Static("", id="monitor-alarms", markup=False)
        with Horizontal(id="monitor-body"):
            lists = RowsPane("monitor-lists")
            lists.can_focus = False
            yield lists
            with Vertical(id="monitor-right"):
                yield RowsPane("monitor-rows")
                yield Static(say("monitor.reading"), id="monitor-detail", markup=False)
                yield Sparkline([0], id="monitor-curve", summary_function=max)
        yield KeyLine(self.seat.keymap, MONITOR_ACTIONS)

    def on_mount(self) -> None:
        self.detail_pause = Debounce(_DETAIL_MS, self._show_detail)
        self.query_one(KeyLine).show(in_call=False)
        self.query_one("#monitor-rows").focus()
        self._draw_lists(None)
        self.reload()
        self.set_interval(1.0, self._tick)
        self.set_interval(_LISTEN_SECONDS, self._listen)

    def on_unmount(self) -> None:
        if self._stream is not None and self.app.line is not None:
            self.app.line.look_away()

    def on_resize(self) -> None:
        self.set_class(self.size.height < _SHORT, "short")
        if self.seen is not None:
            self.call_after_refresh(self._draw)

    # reading

    def reload(self, _closed: object = None) -> None:
        """Read everything again; what is asked meanwhile is read once more afterwards."""
        self._again = self._reading
        if not self._reading:
            self.beside(partial(self._read, always=True), "glance")

    def _tick(self) -> None:
        if not self._reading and monotonic() - self._wave_at >= 1.0:
            self.beside(partial(self._read, always=False), "glance")

    def _listen(self) -> None:
        """Show what came in over the line at once, but in waves; from memory while nothing came."""
        line = self.app.line
        if line is None or not self.app.settings.server:
            return
        if self._stream is None:
            self._stream, self._wall = line.watch_seats(), None
        came_in = (line.changes, self._stream.changes)
        if came_in == self._came_in or self._reading or monotonic() - self._wave_at < _WAVE_SECONDS:
            return
        is_fresh = self.app.clock.now() - self._read_at < _EVERY
        of_seats = came_in[0] == self._came_in[0] and self.seen is not None and is_fresh
        self._came_in, self._wave_at, self._reading = came_in, monotonic(), True
        self.beside(partial(self._show_wave, of_seats), "glance")

    async def _show_wave(self, of_seats: bool) -> None:
        end = monotonic() + _PATIENCE_SECONDS
        while self._is_key_due() and not self._again and monotonic() < end:
            await asyncio.sleep(0.01)
        wanted, self._again = self._again, False
        await self._read(always=True, seats_only=of_seats and not wanted)

    def _is_key_due(self) -> bool:
        since = monotonic() - self._key_at
        return since < _HANDS_REST_SECONDS and not _KEY_SHOWN_SECONDS <= since <= _BEFORE_NEXT_SECONDS

    async def _read(self, *, always: bool, seats_only: bool = False) -> None:
        self._reading = True
        try:
            before = self.seen if seats_only else None
            found = await self.desk(partial(self._look, self.list_name, self.chosen, always, before))
        finally:
            self._reading = False
        if found is not None and self.is_attached:
            self.seen, shown = found
            self._hear(self.seen)
            if shown.name == self.list_name:
                self.shown = shown
            self._draw(detail=not seats_only)
        if self._again:
            self._again = False
            self.reload()

    def _look(
        self, name: str, chosen: frozenset[str], always: bool, before: Glance | None, opened: OpenDesk
    ) -> tuple[Glance, Shown] | None:
        if self._wall is None:
            local, settings = LocalWall(opened, self.app.settings), self.app.settings
            self._wall = LiveWall(local, self._stream, settings.wall_hours) if self._stream is not None else local
        if before is not None:
            seen = glance_at_seats(opened, self._wall, self.app.settings, before)
            return seen, read(opened, name, seen, chosen) if name in OF_SEATS else self.shown
        now = opened.desk.clock.now()
        if not (self._changed(opened) or always or now - self._read_at >= _EVERY):
            return None
        self._read_at = now
        seen = glance(opened, self._wall, self.app.settings)
        return seen, read(opened, name, seen, chosen)

    def _changed(self, opened: OpenDesk) -> bool:
        self._watch = self._watch or ChangeWatch(opened.store.connection)
        return self._watch.changed()

    def _hear(self, seen: Glance) -> None:
        """Ring and say what is new, whatever screen is on top; the focus stays where it is."""
        calling = {alarm.id: alarm for alarm in seen.alarms if not alarm.by}
        fresh = [alarm for id_, alarm in calling.items() if self._heard is not None and id_ not in self._heard]
        self._heard = set(calling)
        for alarm in fresh[:1]:
            if self.app.settings.alarm_bell:
                self.app.bell()
            self.tell(say("monitor.alarm_begins", alarm=self.told_alarm(alarm)), warning=True)

    # showing

    def _draw(self, *, detail: bool = True) -> None:
        seen = self.seen
        assert seen is not None
        self._draw_head(seen)
        self._draw_lists(seen)
        self._rows.show(self.shown.lines, say("monitor.no_phone" if self.list_name == "waiting" else "monitor.none"))
        if self._sought and self.shown.name == LISTS[0]:
            self._rows.seek(self._sought)
            self._sought = ""
        if detail:
            self.detail_pause.touch()

    def _draw_head(self, seen: Glance) -> None:
        alone = seen.source == "mirror" and not self.app.settings.server
        source = say("monitor.source.alone" if alone else f"monitor.source.{seen.source}")
        who, time = self.seat.abilities.shown or self.app.actor.name, clock_time(seen.now)
        title = say("monitor.title", source=source, seats=seen.present, who=who, time=time)
        if self.chosen:
            title = say("monitor.chosen", count=len(self.chosen)) + "  " + title
        self.query_one("#monitor-title", Static).update(Content(title), layout=False)
        calling = [alarm for alarm in seen.alarms if not alarm.by]
        line = self.query_one("#monitor-alarms", Static)
        line.set_class(bool(calling), "ringing")
        text = say("monitor.no_alarm")
        if calling:
            text = say("monitor.alarms", count=len(calling), first=self.told_alarm(calling[0]))
        line.update(Content(text), layout=False)

    def told_alarm(self, alarm: Alarm) -> str:
        """An alarm in words."""
        return rows.alarm_text(alarm, self.seen.now if self.seen is not None else alarm.since)

    def _draw_lists(self, seen: Glance | None) -> None:
        pane = self.query_one("#monitor-lists", RowsPane)
        counts = counts_of(seen) if seen is not None else {}
        pane.show([rows.named_list(name, counts.get(name, "")) for name in LISTS])
        if pane.index != (index := LISTS.index(self.list_name)):
            pane.go_to(index)

    @on(RowsPane.Marked, "#monitor-rows")
    def _marked(self) -> None:
        if self.marked is None or self.marked.id != self._detailed:
            self.detail_pause.touch()

    @on(RowsPane.Picked, "#monitor-rows")
    def _picked(self) -> None:
        self.open_marked()

    @on(RowsPane.Marked, "#monitor-lists")
    def _list_picked(self, event: RowsPane.Marked) -> None:
        if event.pane.marked is not None and event.pane.marked.id != self.list_name:
            self._turn_to(event.pane.marked.id)

    def _show_detail(self) -> None:
        self.beside(self._detail, "detail", exclusive=True)

    async def _detail(self) -> None:
        if self.seen is None or not self.is_attached:
            return
        self._detailed = self.marked.id if self.marked is not None else ""
        curve, title = self.seen.curve, ""
        text, order, event = "", self.marked_order, self.event
        if event is not None:
            text = hot_detail(event)
        elif order and self.list_name in ORDERS:
            name = self.list_name
            text = await self.desk(lambda opened: detail_of(opened, name, order)) or ""
        topic = self._index if self.list_name == "topics" else None
        if topic is not None and topic < len(self.shown.topics):
            found = self.shown.topics[topic]
            curve, title = found.curve, " ".join(filter(None, (found.district, found.name)))
        most = max(curve, default=0)
        told = say("monitor.curve_topic", name=title, most=most) if title else say("monitor.curve", most=most)
        width = max(20, self.query_one("#monitor-detail").size.width - 1)
        lines = [line for part in (text or told).split("\n") for line in wrapped(part, width)]
        if (told_now := ("\n".join(lines), not text)) != self._told:
            is_as_high = (len(lines), told_now[1]) == (self._told[0].count("\n") + 1, self._told[1])
            self._told = told_now
            self.query_one("#monitor-detail", Static).update(Content(told_now[0]), layout=not is_as_high)
            self.query_one("#monitor-curve").display = told_now[1]
        self.query_one("#monitor-curve", Sparkline).data = list(curve)

    # what is marked

    @property
    def _index(self) -> int | None:
        return self._rows.index

    @property
    def _rows(self) -> RowsPane:
        return self.query_one("#monitor-rows", RowsPane)

    @property
    def marked(self) -> Line | None:
        """The line under the cursor."""
        return self._rows.marked

    @property
    def marked_order(self) -> str:
        """Id of the order under the cursor, "" where the line is none."""
        return self.marked.order if self.marked is not None else ""

    @property
    def targets(self) -> tuple[str, ...]:
        """Orders an action is for: those chosen, else the one under the cursor."""
        known = tuple(line.order for line in self.shown.lines if line.order in self.chosen)
        return known or tuple(filter(None, (self.marked_order,)))

    @property
    def alarm(self) -> Alarm | None:
        """The alarm under the cursor, elsewhere the first that nobody takes care of."""
        known = self.seen.alarms if self.seen is not None else ()
        if self.list_name == "alarms":
            marked = self.marked.id if self.marked is not None else ""
            return next((alarm for alarm in known if alarm.id == marked), None)
        return next((alarm for alarm in known if not alarm.by), None)

    @property
    def event(self) -> HotEvent | None:
        """The hot event under the cursor."""
        if self.list_name != "hot" or self.marked is None or self.seen is None:
            return None
        return next((event for event in self.seen.hot if event.id == self.marked.id), None)

    # moving and doing

    def action_move(self, step: int) -> None:
        """Up and down the open list."""
        self._key_at = monotonic()
        self._rows.move(step)

    def action_turn(self, step: int) -> None:
        """To the next list, round and round."""
        self._turn_to(LISTS[(LISTS.index(self.list_name) + step) % len(LISTS)])

    def _turn_to(self, name: str) -> None:
        self._key_at = monotonic()
        self.list_name, self.chosen, self.shown = name, frozenset(), Shown("", ())
        self.query_one("#monitor-lists", RowsPane).go_to(LISTS.index(name))
        self.reload()

    def action_open(self) -> None:
        """Open the order of the line."""
        self.open_marked()

    def open_marked(self) -> None:
        """Open the order of the line, or the callers of an event; from an alarm of a seat go there on the wall."""
        if self.marked_order:
            self.open_order(self.marked_order)
        elif self.event is not None:
            self.action_do("callers")
        elif self.list_name == "alarms" and self.alarm is not None and self.seen is not None:
            seats = (one.device for one in self.seen.seats if self.alarm is not None and one.seat == self.alarm.seat)
            self._sought = next(seats, "")
            self._turn_to(LISTS[0])
        else:
            self.tell(say("monitor.no_order"))

    def open_order(self, order: str) -> None:
        """Open an order; everything is read again when it closes."""
        from screens.order_screen import OrderScreen

        self.app.push_screen(OrderScreen(self.seat, order), self.reload)

    def on_key(self, event: events.Key) -> None:
        meant = self.seat.keymap.lettered((event.character or "").lower(), MONITOR_ACTIONS)
        if meant:
            event.stop()
            self.action_do(meant)

    def action_leader(self) -> None:
        """Show every action of this screen with its letter."""
        self.act(self._lead)

    async def _lead(self) -> None:
        chosen = await self.chosen_in_menu(self.seat.keymap, MONITOR_ACTIONS)
        if chosen:
            await self.perform(chosen)

    def action_do(self, action_id: str) -> None:
        """Do one of the registered actions."""
        self.act(partial(self.perform, action_id))

    async def perform(self, action_id: str) -> None:
        """Do it, or say why not."""
        from screens.monitor.doing import MONITOR_DOING

        self.app.clear_notifications()
        await MONITOR_DOING[action_id](self)
