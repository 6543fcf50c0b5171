"""A small server of the line for the client's tests: it keeps the protocol strictly, and misbehaves when told to.

It knows people, devices, running numbers and a feed of rows a test writes. It decides nothing: that is the real
server's, with which the exchange as a whole is tested.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from agent_console.sync.wire import (
    MOST_BYTES,
    MOST_ENTRIES,
    Entry,
    FeedPage,
    FeedRow,
    Health,
    Heard,
    Push,
    PushAnswer,
    Reason,
    Refresh,
    SeatNow,
    Session,
    SignIn,
    Trouble,
    TroubleAnswer,
    Verdict,
)

PASSWORD = "一二三四五六七八"
_HOUR = 3_600_000_000


class Wrong(msgspec.Struct):
    """An answer out of turn. cut: bytes of the body that are left out; late: the work is done before it is given."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: dict[str, str] = {}
    cut: int = 0
    late: bool = False


class Device(msgspec.Struct):
    """What the server knows of a device."""

    key: str
    last_n: int = 0
    entries: dict[str, Entry] = {}


class LineServer:
    """State of the server, and what it has heard."""

    def __init__(self) -> None:
        self.address = ""
        self.epoch = "first"
        self.clock_ahead = 0
        self.protocol = (1, 1)
        self.people = {"zhang": Session("", "", 0, "张三", "operator", "", unlock_days=3, number_key="")}
        self.devices: dict[str, Device] = {}
        self.tokens: dict[str, str] = {}
        self.refreshes: dict[str, str] = {}
        self.rows: list[FeedRow] = []
        self.page_rows = 10_000
        self.rejecting: set[str] = set()
        self.poison: set[str] = set()
        self.smallest_too_large = MOST_BYTES + 1
        self.wrong: dict[str, deque[Wrong]] = defaultdict(deque)
        self.asked: list[str] = []
        self.pushes: list[Push] = []
        self.states: list[SeatNow] = []
        self.lock = threading.RLock()

    def then(self, path: str, *wrong: Wrong) -> None:
        """Answer the next questions at a path so."""
        self.wrong[path].extend(wrong)

    @property
    def now(self) -> int:
        return time.time_ns() // 1000 + self.clock_ahead

    def received(self, device: str) -> list[Entry]:
        """Entries that took effect or were refused, in the order in which they came."""
        return list(self.devices[device].entries.values())

    def expire_tokens(self) -> None:
        self.tokens.clear()

    # what is asked

    def health(self) -> Health:
        return Health("agent-console", "0", self.protocol, self.now, self.epoch)

    def sign_in(self, asked: SignIn) -> Session | Trouble:
        known = self.people.get(asked.account)
        if known is None or asked.password != PASSWORD:
            return Trouble("credentials", "trouble.credentials")
        fresh = "" if asked.device in self.devices else f"key of {asked.device} at {self.address}"
        device = self.devices.setdefault(asked.device, Device(fresh))
        return self._session(asked.account, device, fresh)

    def refresh(self, asked: Refresh) -> Session | Trouble:
        account = self.refreshes.pop(asked.refresh, "")
        if not account:
            return Trouble("session", "trouble.session")
        return self._session(account, self.devices[asked.device], "")

    def _session(self, account: str, device: Device, key: str) -> Session:
        number = len(self.refreshes) + len(self.asked)
        token, refresh = f"token-{number}", f"refresh-{number}"
        self.tokens[token], self.refreshes[refresh] = account, account
        return msgspec.structs.replace(
            self.people[account],
            token=token,
            refresh=refresh,
            expires_at=self.now + _HOUR,
            epoch=self.epoch,
            device_key=key,
            last_n=device.last_n,
        )

    def push(self, push: Push) -> PushAnswer | Trouble:
        device = self.devices[push.device]
        assert push.device_key == device.key, "the key of another enrolment"
        assert len(push.entries) <= MOST_ENTRIES
        self.pushes.append(push)
        if push.epoch != self.epoch:
            return PushAnswer(self.epoch, device.last_n, self.now, ())
        if any(entry.id in self.poison for entry in push.entries):
            return Trouble("internal", "trouble.internal")
        verdicts = []
        for entry in push.entries:
            verdicts.append(self._verdict(device, entry))
            if verdicts[-1].status == "gap":
                break
        return PushAnswer(self.epoch, device.last_n, self.now, tuple(verdicts))

    def _verdict(self, device: Device, entry: Entry) -> Verdict:
        if entry.id in device.entries:
            return Verdict(entry.n, entry.id, "duplicate")
        if entry.n != device.last_n + 1:
            return Verdict(entry.n, entry.id, "gap", want=device.last_n + 1)
        device.last_n = entry.n
        device.entries[entry.id] = entry
        if any(step.command in self.rejecting for step in entry.steps):
            return Verdict(entry.n, entry.id, "rejected", reason=Reason("stream.read_only"))
        return Verdict(entry.n, entry.id, "applied", seq=len(device.entries))

    def feed(self, after: int) -> FeedPage:
        waiting = [row for row in self.rows if row.seq > after]
        rows = tuple(waiting[: self.page_rows])
        end = max([after, *(row.seq for row in rows)])
        return FeedPage(self.epoch, rows, end, self.now, more=len(rows) < len(waiting))


_STATUS = {"credentials": 401, "session": 401, "internal": 500, "token": 401, "too_large": 413}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def setup(self) -> None:
        super().setup()
        self.server.open.append(self.connection)

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("content-length", "0"))))

    def _serve(self, body: bytes) -> None:
        line = self.server.line
        asked = urlsplit(self.path)
        with line.lock:
            line.asked.append(asked.path)
            wrong = line.wrong[asked.path].popleft() if line.wrong[asked.path] else None
            if wrong is not None and not wrong.late:
                self._say_wrong(wrong)
                return
            said = self._answer(asked.path, parse_qs(asked.query), body)
            if wrong is not None:
                self._say_wrong(wrong)
                return
        self._say(said)

    def _answer(self, path: str, query: dict[str, list[str]], body: bytes) -> Any:
        line = self.server.line
        if path == "/v1/health":
            return line.health()
        if path == "/v1/sign-in":
            return line.sign_in(msgspec.json.decode(body, type=SignIn))
        if path == "/v1/refresh":
            return line.refresh(msgspec.json.decode(body, type=Refresh))
        if self.headers.get("authorization", "").removeprefix("Bearer ") not in line.tokens:
            return Trouble("token", "trouble.token")
        return self._answer_person(path, query, body)

    def _answer_person(self, path: str, query: dict[str, list[str]], body: bytes) -> Any:
        line = self.server.line
        match path:
            case "/v1/push" if len(body) >= line.smallest_too_large:
                return Trouble("too_large", "trouble.too_large")
            case "/v1/push":
                return line.push(msgspec.json.decode(body, type=Push))
            case "/v1/feed":
                return line.feed(int(query["after"][0]))
            case "/v1/seat-state":
                line.states.append(msgspec.json.decode(body, type=SeatNow))
        return Heard(heard=True)

    def _say(self, said: Any) -> None:
        status = _STATUS[said.code] if isinstance(said, Trouble) else 200
        answer = TroubleAnswer(said) if isinstance(said, Trouble) else said
        self._send(status, msgspec.json.encode(answer), "application/json", {})

    def _say_wrong(self, wrong: Wrong) -> None:
        self._send(wrong.status, wrong.body, wrong.kind, wrong.headers, wrong.cut)

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str], cut: int = 0) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) - cut])
        self.close_connection = self.close_connection or bool(cut)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Http(ThreadingHTTPServer):
    line: LineServer
    open: list[socket.socket]
    daemon_threads = True
    block_on_close = False


@contextmanager
def line_server(line: LineServer | None = None, port: int = 0) -> Iterator[LineServer]:
    """A server on this machine; on the port it had before, where one is given."""
    line = line or LineServer()
    http = _Http(("127.0.0.1", port), _Handler)
    http.line, http.open = line, []
    line.address = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield line
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
        for connection in http.open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
