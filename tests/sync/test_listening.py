"""A live stream comes in pieces that end anywhere."""

from __future__ import annotations

import pytest

from agent_console.sync import client
from agent_console.sync.answers import NotServed

TOLD = b": hello\n\nevent: seats\ndata: first\n\n: ping\n\nevent: seats\ndata: second\ndata: line\n\n"
HEARD = [b"", b"first", b"", b"second\nline"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, len(TOLD)])
def test_every_event_is_heard_once_wherever_the_pieces_end(size: int) -> None:
    pieces = [TOLD[start : start + size] for start in range(0, len(TOLD), size)]
    assert list(client._events(iter([b"", *pieces]))) == HEARD


def test_an_event_without_an_end_is_no_answer_of_our_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LONGEST_ANSWER", 10)
    heard = client._events(iter([b": hi\n\ndata: ", b"x" * 10]))
    assert next(heard) == b""
    with pytest.raises(NotServed):
        next(heard)
