"""班长台: lists with their counts at the left, the open one beside them, alarms above, the rule or curve below."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList, Sparkline, Static
from textual.widgets.option_list import Option

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
from screens.columns import columns, wrapped
from screens.debounce import Debounce
from screens.desk_screen import DeskScreen
from screens.monitor import rows
from screens.monitor.detail import detail_of, hot_detail
from screens.monitor.pane import RowsPane
from screens.monitor.reading import LISTS, OF_SEATS, Shown, count_of, read
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
_DETAIL_MS = 120
_LISTS_WIDTH = 17


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
        self._wave_at = 0.0
        self._heard: set[str] | None = None
        self._detailed = ""
        self._told = ("", True)
        self._watch: ChangeWatch | None = None
        self._read_at: Instant = 0
        self._reading = False
        self._again = False
        for action in MONITOR_ACTIONS:
            for key in seat.keymap.keys_of(action):
                self._bindings._add_binding(Binding(key, f"do('{action.id}')", show=False, priority=True))
        for key in seat.keymap.leader:
            self._bindings._add_binding(Binding(key, "leader", show=False, priority=True))

    def compose(self) -> ComposeResult:
        yield Static("", id="monitor-title", markup=False)
        yield Banner(self.seat.keymap)
        yield Static("", id="monitor-alarms", markup=False)
        with Horizontal(id="monitor-body"):
            lists = OptionList(id="monitor-lists", compact=True)
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
        if not self._reading:
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
        of_seats = came_in[0] == self._came_in[0] and self.seen is not None
        self._came_in, self._wave_at = came_in, monotonic()
        self.beside(partial(self._read, always=True, seats_only=of_seats), "glance")

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
            local = LocalWall(opened, self.app.settings)
            self._wall = LiveWall(local, self._stream) if self._stream is not None else local
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
        self.query_one(RowsPane).show(self.shown.lines, say("monitor.none"))
        if detail:
            self.detail_pause.touch()

    def _draw_head(self, seen: Glance) -> None:
        alone = seen.source == "mirror" and not self.app.settings.server
        source = say("monitor.source.alone" if alone else f"monitor.source.{seen.source}")
        who, time = self.seat.abilities.shown or self.app.actor.name, clock_time(seen.now)
        title = say("monitor.title", source=source, seats=len(seen.seats), who=who, time=time)
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

    def _draw_lists(self, seen: Glance) -> None:
        pane = self.query_one("#monitor-lists", OptionList)
        counts = ((name, count_of(name, seen)) for name in LISTS)
        told = ((name, say(f"monitor.list.{name}"), "" if count is None else str(count)) for name, count in counts)
        _fill(pane, [(name, Content(columns([(text, 0), (count, 4)], _LISTS_WIDTH))) for name, text, count in told])
        pane.highlighted = LISTS.index(self.list_name)

    @on(RowsPane.Marked)
    def _marked(self) -> None:
        if self.marked is None or self.marked.id != self._detailed:
            self.detail_pause.touch()

    @on(RowsPane.Picked)
    def _picked(self) -> None:
        self.open_marked()

    @on(OptionList.OptionSelected, "#monitor-lists")
    def _list_picked(self, event: OptionList.OptionSelected) -> None:
        self._turn_to(event.option_id or LISTS[0])

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
            self._told = told_now
            self.query_one("#monitor-detail", Static).update(Content(told_now[0]))
            self.query_one("#monitor-curve").display = told_now[1]
        self.query_one("#monitor-curve", Sparkline).data = list(curve)

    # what is marked

    @property
    def _index(self) -> int | None:
        return self.query_one(RowsPane).index

    @property
    def marked(self) -> Line | None:
        """The line under the cursor."""
        return self.query_one(RowsPane).marked

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
        self.query_one(RowsPane).move(step)

    def action_turn(self, step: int) -> None:
        """To the next list, round and round."""
        self._turn_to(LISTS[(LISTS.index(self.list_name) + step) % len(LISTS)])

    def _turn_to(self, name: str) -> None:
        self.list_name, self.chosen, self.shown = name, frozenset(), Shown("", ())
        self.query_one("#monitor-lists", OptionList).highlighted = LISTS.index(name)
        self.reload()

    def action_open(self) -> None:
        """Open the order of the line."""
        self.open_marked()

    def open_marked(self) -> None:
        """Open the order of the line; everything is read again when it closes."""
        from screens.order_screen import OrderScreen

        if self.marked_order:
            self.app.push_screen(OrderScreen(self.seat, self.marked_order), self.reload)
        elif self.event is not None:
            self.action_do("callers")
        else:
            self.tell(say("monitor.no_order"))

    def on_key(self, event: events.Key) -> None:
        character = (event.character or "").lower()
        action = next(
            (one for one in MONITOR_ACTIONS if character and self.seat.keymap.letter_of(one) == character), None
        )
        if action is not None:
            event.stop()
            self.action_do(action.id)

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


def _fill(pane: OptionList, lines: list[tuple[str, Content]]) -> None:
    """Show these lines; where they are the same ones, only their text is drawn anew."""
    known = [pane.get_option_at_index(index).id or "" for index in range(pane.option_count)]
    if known != [id_ for id_, _ in lines]:
        pane.clear_options()
        pane.add_options([Option(text, id=id_ or None, disabled=not id_) for id_, text in lines])
        return
    for index, (_, text) in enumerate(lines):
        if pane.get_option_at_index(index).prompt != text:
            pane.replace_option_prompt_at_index(index, text)
