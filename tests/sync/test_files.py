"""Files of orders and imports of knowledge travel between seats, whatever the line does meanwhile."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from agent_console.desk.imports import Taken, take_in
from agent_console.desk.opening import OpenDesk
from agent_console.desk.orders import attaching
from agent_console.desk.orders.fetching import fetch_missing
from agent_console.domain.decisions import Done
from agent_console.domain.errors import ConsoleError
from agent_console.store.private_files import digest_of
from agent_console.sync import files
from agent_console.sync.backoff import Backoff
from agent_console.sync.client import client_for
from agent_console.sync.engine import Engine
from agent_console.sync.line import Line
from agent_console.sync.once import exchange_once
from knowledge.importing import kept_files
from knowledge.importing.documents import read_document
from knowledge.library import Library

from ..support.media import photo, video
from .conftest import CLOCK, Seat
from .program import LONGEST, WORD, Program

LIMIT = 200 << 20


@pytest.fixture
def lead(tmp_path: Path, program: Program) -> Seat:
    """The lead's seat, who sees every order of the line."""
    return seat_of("wang", "lead", program, tmp_path)


@pytest.fixture
def editor(tmp_path: Path, program: Program) -> Seat:
    """A seat of those who keep the knowledge base."""
    return seat_of("zhao", "knowledge_editor", program, tmp_path)


def seat_of(account: str, role: str, program: Program, folder: Path) -> Seat:
    program.do("user", "add", account, "--name", account, "--role", role, "-j", "fujian")
    seat = Seat(folder / account, program.address, "1")
    seat.sign_in(account, WORD)
    return seat


def order_with(seat: Seat, *paths: Path) -> str:
    """An order with these files; its id."""

    def attach(opened: OpenDesk, order: str) -> None:
        assert isinstance(attaching.attach(opened, order, paths, LIMIT), Done)

    return seat.raise_order(attach)


def content_at(seat: Seat, order_id: str) -> list[tuple[str, bytes]]:
    """The files of an order as they can be read at a seat, by name; empty bytes where they are not here."""
    opened = seat.desk()
    try:
        order = opened.desk.order(order_id)
        kept, stream = opened.store.attachments, f"order:{order_id}"
        return sorted(
            (one.name, b"".join(kept.pieces(stream, one.sha256)) if line.state == "there" else b"")
            for line in attaching.lines(opened, order)
            for one in [line.attachment]
        )
    finally:
        opened.close()


def fetch(seat: Seat, order_id: str) -> int:
    """Somebody looks at the files of an order."""
    opened = seat.desk()
    try:
        return fetch_missing(opened, opened.desk.order(order_id), seat.home, seat.settings, CLOCK)
    finally:
        opened.close()


def unsent_files(seat: Seat) -> int:
    side = seat.side()
    try:
        return side.store.linked_files.unsent_count()
    finally:
        side.close()


def test_what_was_put_to_an_order_is_read_at_another_seat_that_asks_for_it(
    here: Seat, lead: Seat, tmp_path: Path
) -> None:
    taken = [photo(tmp_path), video(tmp_path)]
    order = order_with(here, *taken)
    assert unsent_files(here) == 2
    done = here.exchange()
    assert (done.why, done.unsent_files) == (None, 0)
    assert lead.exchange().why is None
    assert content_at(lead, order) == sorted((path.name, b"") for path in taken)
    assert unsent_files(lead) == 0
    assert fetch(lead, order) == 2
    assert content_at(lead, order) == sorted((path.name, path.read_bytes()) for path in taken)
    assert fetch(lead, order) == 0
    clear = taken[0].read_bytes()[:64]
    assert not [path for path in lead.home.rglob("*") if path.is_file() and clear in path.read_bytes()]


def test_a_file_that_is_not_at_the_server_yet_is_said_to_be_so(here: Seat, lead: Seat, tmp_path: Path) -> None:
    order = order_with(here, photo(tmp_path))
    (here.home / "attachments").rename(here.home / "taken away")
    here.exchange()
    lead.exchange()
    with pytest.raises(ConsoleError, match="file_fetch"):
        fetch(lead, order)


def test_a_file_goes_on_where_the_line_broke(
    here: Seat, lead: Seat, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = order_with(here, video(tmp_path))
    monkeypatch.setattr(files, "PIECE", 150_000)
    client, side = client_for(here.settings), here.side()
    pieces: list[bytes] = []
    put = client.put

    def counted(path: str, piece: bytes, *words: Any, **more: Any) -> Any:
        if len(pieces) == 4:
            program.kill()
        pieces.append(piece)
        return put(path, piece, *words, **more)

    monkeypatch.setattr(client, "put", counted)
    line = Line(side, client, here.home, here.settings, CLOCK)
    done = exchange_once(line, Backoff(Random(1)), lambda *_: None, lambda _: program.start())
    side.close()
    client.close()
    content = video(tmp_path).read_bytes()
    assert (done.why, done.unsent_files) == (None, 0)
    assert sum(map(len, pieces)) == len(content) + len(pieces[4])
    lead.exchange()
    assert fetch(lead, order) == 1
    assert content_at(lead, order) == [("现场.mp4", content)]


def test_a_console_at_work_sends_its_files_by_itself(here: Seat, tmp_path: Path) -> None:
    order_with(here, photo(tmp_path))
    made = Engine(here.side, here.home, here.settings, CLOCK)
    made.start()
    end = time.monotonic() + LONGEST
    while unsent_files(here) and time.monotonic() < end:
        time.sleep(0.05)
    made.close()
    assert unsent_files(here) == 0


def test_bytes_that_are_not_what_was_named_are_not_kept(
    here: Seat, lead: Seat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = order_with(here, photo(tmp_path))
    here.exchange()
    lead.exchange()
    monkeypatch.setattr("agent_console.desk.orders.fetching.pieces_of", lambda *_: iter([b"something else"]))
    with pytest.raises(ConsoleError, match="attachment_damaged"):
        fetch(lead, order)
    assert content_at(lead, order) == [("现场.jpg", b"")]
    assert not [path for path in (lead.home / "attachments").rglob("*") if path.is_file()]


def imported(seat: Seat, path: Path) -> None:
    """Take a file into the knowledge base, as `kb import` does."""
    opened = seat.desk()
    with opened.desk.transaction():
        sha256 = digest_of(path)
        taken = take_in(opened, read_document(path, None), sha256)
        assert isinstance(taken, Taken), taken
        kept_files.keep(seat.home, path, sha256)
    opened.close()


def titles(seat: Seat, doc: str) -> list[str]:
    opened = seat.desk()
    try:
        return [entry.title for entry in Library(opened.store.connection).entries(doc)]
    finally:
        opened.close()


def test_a_file_taken_into_the_knowledge_base_stands_at_every_seat(here: Seat, editor: Seat, tmp_path: Path) -> None:
    path = tmp_path / "路灯.csv"
    path.write_text("标题,正文\n路灯报修,报杆号\n路灯补装,先看规划\n", "utf-8")
    imported(editor, path)
    here.exchange()
    assert editor.exchange().unsent_files == 0
    assert titles(here, "路灯") == []
    assert here.exchange().why is None
    assert titles(here, "路灯") == titles(editor, "路灯") == ["路灯报修", "路灯补装"]
    here.exchange()
    path.write_text("标题,正文\n路灯报修,报杆号和位置\n", "utf-8")
    imported(editor, path)
    editor.exchange()
    here.exchange()
    assert titles(here, "路灯") == ["路灯报修"]
