"""Pages of the feed on their way in: kept in parts, gone on with where the line broke."""

from __future__ import annotations

import msgspec

from agent_console.sync.pulling import AT_ONCE, PAGE_ROWS, portions
from agent_console.sync.wire import FeedPage, FeedRow, Outline

from ..support.line_server import LineServer, Wrong
from .conftest import Seat


def outline(seq: int, number: int = 0) -> FeedRow:
    name = f"order:{number or seq}"
    return FeedRow(seq, "outline", name, outline=Outline(name, f"20260302{number or seq:08d}", "raised", "投诉"))


def page(*places: int) -> FeedPage:
    rows = tuple(outline(seq, number) for number, seq in enumerate(places, 1))
    return FeedPage("first", rows, places[-1] if places else 0, 0, more=False)


def cursor_and_outlines(seat: Seat) -> tuple[int, int]:
    side = seat.side()
    try:
        [(known,)] = side.store.connection.execute("SELECT count(*) FROM order_outline").fetchall()
        return side.cursor, known
    finally:
        side.close()


def test_the_parts_of_a_page_are_the_page_and_rows_of_one_place_stay_together() -> None:
    whole = page(1, 2, 2, 2, 3, 4, 5)
    parts = list(portions(whole, 2))
    assert [[row.seq for row in part.rows] for part in parts] == [[1, 2, 2, 2], [3, 4], [5]]
    assert [(part.next, part.more) for part in parts] == [(2, True), (4, True), (5, False)]
    assert tuple(row for part in parts for row in part.rows) == whole.rows
    empty = FeedPage("first", (), 7, 0, more=True)
    assert list(portions(empty, 2)) == [empty]


def test_where_the_log_becomes_another_one_within_a_page_nothing_of_it_is_passed_over(
    seat: Seat, line: LineServer
) -> None:
    line.rows = [outline(seq) for seq in range(1, 4)]
    seat.exchange()
    line.rows = [outline(seq) for seq in range(1, 2 * AT_ONCE + 50)]
    line.epoch = "second"
    seat.exchange()
    assert cursor_and_outlines(seat) == (len(line.rows), len(line.rows))


def test_reading_a_long_past_goes_on_where_the_line_broke(seat: Seat, line: LineServer) -> None:
    line.page_rows = PAGE_ROWS
    line.rows = [outline(seq) for seq in range(1, 3 * PAGE_ROWS)]
    line.then(
        "/v1/feed", Wrong(late=False, status=200, body=msgspec.json.encode(line.feed(0)), kind="application/json")
    )
    line.then("/v1/feed", *[Wrong(status=503, body=b"") for _ in range(12)])
    assert seat.exchange().why is not None
    assert cursor_and_outlines(seat) == (PAGE_ROWS, PAGE_ROWS)
    line.wrong.clear()
    done = seat.exchange()
    assert (done.why, done.taken) == (None, len(line.rows) - PAGE_ROWS)
    assert cursor_and_outlines(seat) == (len(line.rows), len(line.rows))
