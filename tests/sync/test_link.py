from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from agent_console.settings import Settings
from agent_console.sync import link
from agent_console.sync.link import Link, probe

from ..support.clock import SettableClock

OURS = b'{"service": "agent-console", "version": "0.1.0"}'


@contextmanager
def answering(body: bytes, status: int = 200) -> Iterator[str]:
    """A server on this machine that answers so."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/v1/health" else 404)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def why(found: Link) -> str:
    assert found.state == "down"
    assert found.why is not None
    return found.why.key


def test_without_a_server_the_seat_is_alone(clock: SettableClock) -> None:
    assert probe(Settings(), clock) == Link("alone", clock.now())


@pytest.mark.parametrize("end", ["", "/"])
def test_our_own_service_is_up(clock: SettableClock, end: str) -> None:
    with answering(OURS) as server:
        assert probe(Settings(server=server + end), clock).state == "up"


@pytest.mark.parametrize(
    ("body", "status", "key"),
    [
        (b"<html>please sign in</html>", 200, "link.not_ours"),
        (b'{"service": "something-else"}', 200, "link.not_ours"),
        (b'["agent-console"]', 200, "link.not_ours"),
        (b"\xff", 200, "link.not_ours"),
        (OURS, 503, "link.status"),
        (OURS, 302, "link.status"),
    ],
)
def test_any_other_answer_is_none(body: bytes, status: int, key: str) -> None:
    with answering(body, status) as server:
        assert why(probe(Settings(server=server))) == key


@pytest.mark.parametrize(
    ("server", "key"),
    [
        ("http://127.0.0.1:9", "link.refused"),
        ("127.0.0.1:9", "link.address"),
        ("gopher://127.0.0.1", "link.address"),
        ("http://[", "link.plain"),
        ("http://127.0.0.1:99999", "link.refused"),
        ("http://user:word@127.0.0.1:9", "link.address"),
        ("http://192.0.2.1:9", "link.plain"),
        ("http://\u200b.example", "link.address"),
    ],
)
def test_nobody_there(server: str, key: str) -> None:
    assert why(probe(Settings(server=server))) == key


def test_a_proxy_of_the_desktop_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with answering(OURS) as server:
        assert probe(Settings(server=server)).state == "up"


def test_silence_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(link, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        assert why(probe(Settings(server=f"http://127.0.0.1:{mute.getsockname()[1]}"))) == "link.timeout"


def test_since_is_when_it_became_so() -> None:
    later: Callable[[str], Link] = lambda state: Link(state, 9)  # type: ignore[arg-type]  # noqa: E731
    assert later("up").after(Link("up", 1)).since == 1
    assert later("down").after(Link("up", 1)).since == 9
    assert later("up").after(None).since == 9
