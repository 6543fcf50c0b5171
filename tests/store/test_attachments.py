"""Attached files stand sealed beside the seat's file, and say so when they are not what they were."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_console.domain.errors import BadInput
from agent_console.store.attachments import PIECE, AttachmentGone, pieces_of
from agent_console.store.media_types import suffix_of, type_of
from agent_console.store.seat_file import Store

from ..support.clock import SettableClock
from ..support.media import PHOTO, VIDEO, photo, video

ORDER = "order:1"
LARGE = 64 * PIECE


@pytest.fixture
def store(home: Path, clock: SettableClock) -> Iterator[Store]:
    with Store.open(home / "seat.db", clock) as opened:
        yield opened


def put(store: Store, path: Path, stream: str = ORDER) -> str:
    """Hash of what was put in."""
    return store.attachments.put(stream, pieces_of(path, LARGE)).sha256


def kept(home: Path) -> list[Path]:
    """Every file in the folder of attachments."""
    return sorted(path for path in (home / "attachments").rglob("*") if path.is_file())


@pytest.mark.parametrize("content", [PHOTO, VIDEO, b"x", b"y" * PIECE, b"z" * (2 * PIECE)])
def test_what_was_put_in_comes_out(store: Store, tmp_path: Path, content: bytes) -> None:
    name = put(store, photo(tmp_path, content=content))
    assert b"".join(store.attachments.pieces(ORDER, name)) == content
    assert store.attachments.state(ORDER, name, len(content)) == "there"


def test_nothing_of_it_stands_in_the_open_and_others_cannot_read_it(store: Store, tmp_path: Path, home: Path) -> None:
    name = put(store, photo(tmp_path))
    [path] = kept(home)
    assert (PHOTO[:32] in path.read_bytes(), path.stat().st_mode & 0o777) == (False, 0o600)
    assert (home / "attachments").stat().st_mode & 0o777 == 0o700
    assert name not in str(path)
    assert "order" not in path.parent.name


def test_the_same_file_on_two_orders_stands_there_twice_under_different_names(
    store: Store, tmp_path: Path, home: Path
) -> None:
    assert put(store, photo(tmp_path)) == put(store, photo(tmp_path), "order:2")
    first, second = kept(home)
    assert first.name != second.name
    assert first.read_bytes() != second.read_bytes()
    put(store, photo(tmp_path))
    assert len(kept(home)) == 2


def test_a_large_video_needs_little_memory(store: Store, tmp_path: Path) -> None:
    path = video(tmp_path, content=VIDEO[:32] + bytes(40 * PIECE))
    tracemalloc.start()
    name = put(store, path)
    for _ in store.attachments.pieces(ORDER, name):
        pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8 * PIECE


def test_a_file_beyond_the_limit_is_refused_and_leaves_nothing(store: Store, tmp_path: Path, home: Path) -> None:
    with pytest.raises(BadInput) as caught:
        store.attachments.put(ORDER, pieces_of(video(tmp_path), PIECE))
    assert caught.value.message.key == "error.attachment_size"
    assert kept(home) == []


@pytest.mark.parametrize(
    ("harm", "state"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), "damaged"),
        (lambda path: path.write_bytes(b""), "damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[: -(len(VIDEO) % PIECE) - 32]), "damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:-3] + b"abc"), "damaged"),
        (lambda path: path.write_bytes(b"x" * path.stat().st_size), "damaged"),
    ],
)
def test_a_missing_or_damaged_file_is_told(store: Store, tmp_path: Path, home: Path, harm: object, state: str) -> None:
    name = put(store, video(tmp_path))
    assert store.attachments.checked(ORDER, name) == "there"
    [path] = kept(home)
    assert callable(harm)
    harm(path)
    assert store.attachments.checked(ORDER, name) == state
    with pytest.raises(AttachmentGone):
        list(store.attachments.pieces(ORDER, name))


def test_the_file_of_another_attachment_in_its_place_is_noticed(store: Store, tmp_path: Path, home: Path) -> None:
    first = put(store, photo(tmp_path, content=PHOTO + b"1"))
    [kept_first] = kept(home)
    put(store, photo(tmp_path, content=PHOTO + b"2"))
    [other] = [path for path in kept(home) if path != kept_first]
    kept_first.write_bytes(other.read_bytes())
    assert store.attachments.checked(ORDER, first) == "damaged"


def test_erasing_an_order_takes_its_files_and_a_transaction_that_fails_leaves_them(
    store: Store, tmp_path: Path, home: Path
) -> None:
    put(store, photo(tmp_path))
    other = put(store, photo(tmp_path), "order:2")
    with pytest.raises(ZeroDivisionError):
        _erase_and_fail(store)
    assert len(kept(home)) == 2
    with store.transaction():
        store.erase(ORDER)
        assert len(kept(home)) == 2
    assert len(kept(home)) == 1
    assert store.attachments.checked("order:2", other) == "there"


def _erase_and_fail(store: Store) -> None:
    with store.transaction():
        store.erase(ORDER)
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("head", "found", "ending"),
    [
        (PHOTO, "image/jpeg", ".jpg"),
        (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic", ".heic"),
        (VIDEO, "video/mp4", ".mp4"),
        (b"\x00\x00\x00\x14ftypqt  ", "video/quicktime", ".mov"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "video/x-msvideo", ".avi"),
        (b"#!AMR\n", "audio/amr", ".amr"),
        (b"%PDF-1.7", "application/pdf", ".pdf"),
        (b"PK\x03\x04....word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
         ".docx"),
        (b"PK\x03\x04....OFD.xml", "application/ofd", ".ofd"),
        ("路灯已修好".encode()[:-1], "text/plain", ".txt"),
        ("路灯已修好".encode("gb18030"), "text/plain", ".txt"),
        (b"PK\x03\x04....evil.exe", "", ".bin"),
        (b"\x7fELF\x02\x01\x01\x00", "", ".bin"),
        (b"MZ\x90\x00\x03", "", ".bin"),
        (b"", "", ".bin"),
    ],
)  # fmt: skip
def test_the_type_is_found_from_the_content(head: bytes, found: str, ending: str) -> None:
    assert (type_of(head), suffix_of(found)) == (found, ending)
