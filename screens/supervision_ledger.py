"""督办台账: what waits for supervision and why, what is supervised and until when."""

from __future__ import annotations

from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders.worklists import Ledger, LedgerEntry, ledger
from agent_console.domain.instants import Instant, local, local_date
from agent_console.domain.work_order.clock_states import ClockState
from agent_console.texts import say
from agent_console.texts.wording import names_of
from screens.columns import columns
from screens.list_screen import ListScreen, Row
from screens.my_orders import number_at, words_of

_NARROW = 100


class LedgerScreen(ListScreen[Ledger]):
    """Enter opens the order, where supervision is written down."""

    def read(self, opened: OpenDesk) -> Ledger:
        """On the desk's thread."""
        return ledger(opened)

    def rows_of(self, found: Ledger) -> tuple[Row, ...]:
        """A line per order."""
        return tuple(_row(entry, found.now) for entry in found.entries)

    def title_of(self, found: Ledger) -> str:
        """How many wait, how many run, and as of when."""
        time = f"{local(found.now):%H:%M}"
        return say("ledger.title", waiting=found.count("waiting"), running=found.count("running"), time=time)


def _row(entry: LedgerEntry, now: Instant) -> Row:
    order = entry.order
    stage = say(f"ledger.{entry.stage}")
    until = say("ledger.rectify_by", day=entry.rectify_by) if entry.rectify_by else ""
    why = names_of("trigger", entry.triggers) or " ".join(filter(None, (entry.means, until)))

    def line(width: int) -> str:
        cells = [
            (number_at(order, width), 5 if width < _NARROW else 17),
            (stage, 6),
            (why, 30),
            (order.lead, 12),
            (order.details.title, 0),
        ]
        return columns(cells, width)

    return Row(order.id, line, words_of(order, stage, why), _state(entry, now))


def _state(entry: LedgerEntry, now: Instant) -> ClockState:
    if entry.stage == "waiting":
        return "near"
    late = entry.stage == "running" and entry.rectify_by and entry.rectify_by < local_date(now).isoformat()
    return "over" if late else "calm" if entry.stage == "running" else "closed"
