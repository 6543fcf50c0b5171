"""The one HTTP client of a seat; everything that goes over the line goes through here.

HTTP/1.1, one client kept open, no proxies or certificates of the desktop, no redirects. Plain HTTP only to this
machine, unless the settings say otherwise. Thread-safe.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec

from agent_console.domain.errors import BadInput
from agent_console.domain.messages import message
from agent_console.settings import Settings
from agent_console.sync.answers import BYTES, NotServed, judge, judge_part, kind_of

AnswerT = TypeVar("AnswerT")

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 20.0
LONGEST_ANSWER = 32 << 20
"""Bytes; no answer of our server is longer."""
_EVENTS = "text/event-stream"
_EVENT_END, _DATA = b"\n\n", b"data: "


class ServerClient:
    """A connection to one server."""

    def __init__(self, address: str, *, ca_file: str = "", plain_http: bool = False) -> None:
        """Connect when first asked. Raises NotServed for an address that is wrong or unsafe, BadInput for `ca_file`."""
        self.address = address.rstrip("/")
        url = _checked(self.address, plain_http=plain_http)
        self._sockets: list[socket.socket] = []
        self._client = httpx.Client(
            base_url=url, trust_env=False, follow_redirects=False, verify=_trust(ca_file), timeout=ANSWER_SECONDS
        )

    def get(
        self,
        path: str,
        expected: type[AnswerT],
        *,
        token: str = "",
        parameters: Mapping[str, str | int] | None = None,
        seconds: float = ANSWER_SECONDS,
    ) -> AnswerT:
        """Ask; the answer within `seconds`. Raises NotServed."""
        request = self._client.build_request("GET", path, params=parameters, headers=_headers(token))
        return self._ask(request, expected, seconds)

    def post(
        self,
        path: str,
        body: msgspec.Struct | None,
        expected: type[AnswerT],
        *,
        token: str = "",
        seconds: float = ANSWER_SECONDS,
    ) -> AnswerT:
        """Send and wait for the answer at most `seconds`. Raises NotServed: whether it arrived is not known then."""
        content = msgspec.json.encode(body if body is not None else {})
        headers = {**_headers(token), "content-type": "application/json"}
        return self._ask(self._client.build_request("POST", path, content=content, headers=headers), expected, seconds)

    def put(
        self,
        path: str,
        piece: bytes,
        expected: type[AnswerT],
        *,
        token: str,
        parameters: Mapping[str, str | int],
        content_range: str,
    ) -> AnswerT:
        """Send a piece of a file. Raises NotServed: whether it arrived is not known then."""
        headers = {**_headers(token), "content-type": BYTES, "content-range": content_range}
        request = self._client.build_request("PUT", path, params=parameters, content=piece, headers=headers)
        return self._ask(request, expected, ANSWER_SECONDS)

    def part(self, path: str, first: int, *, token: str, parameters: Mapping[str, str | int]) -> tuple[bytes, int]:
        """Bytes of a file from `first` on, as many as the server gives at once, and its size. Raises NotServed."""
        headers = {**_headers(token), "accept": BYTES, "range": f"bytes={first}-"}
        request = self._client.build_request("GET", path, params=parameters, headers=headers)
        response, body = self._answered(request, ANSWER_SECONDS)
        return judge_part(response, body, first)

    def listen(self, path: str, expected: type[AnswerT], *, token: str, silence: float) -> Iterator[AnswerT | None]:
        """A live stream: each event as it comes, None for a sign of life; the end where the server ends it.

        silence: seconds without any sign after which the line counts as dead. Raises NotServed.
        """
        headers = {**_headers(token), "accept": _EVENTS}
        request = self._client.build_request("GET", path, headers=headers)
        request.extensions |= {"timeout": _timeouts(silence), "trace": self._trace}
        with _told():
            response = self._client.send(request, stream=True)
            try:
                if response.status_code != 200 or kind_of(response) != _EVENTS:
                    judge(response, self._read(response, ANSWER_SECONDS), expected)
                    raise NotServed("down", message("link.not_ours"))
                for data in _events(response.iter_bytes()):
                    yield msgspec.json.decode(data, type=expected) if data else None
            except msgspec.DecodeError as error:
                raise NotServed("down", message("link.not_ours")) from error
            finally:
                response.close()

    def close(self) -> None:
        """Give the connection back."""
        self._client.close()

    def interrupt(self) -> None:
        """From another thread: end what is under way, as if the line were cut."""
        for connected in self._sockets:
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)

    def _trace(self, event: str, told: dict[str, Any]) -> None:
        """Keep the sockets that were opened, so that a question that waits can be cut short."""
        if event == "connection.connect_tcp.complete":
            opened = told["return_value"].get_extra_info("socket")
            self._sockets = [known for known in self._sockets if known.fileno() >= 0]
            self._sockets.append(opened)

    def _ask(self, request: httpx.Request, expected: type[AnswerT], seconds: float) -> AnswerT:
        response, body = self._answered(request, seconds)
        return judge(response, body, expected)

    def _answered(self, request: httpx.Request, seconds: float) -> tuple[httpx.Response, bytes]:
        request.extensions |= {"timeout": _timeouts(seconds), "trace": self._trace}
        with _told():
            response = self._client.send(request, stream=True)
            try:
                return response, self._read(response, seconds)
            finally:
                response.close()

    @staticmethod
    def _read(response: httpx.Response, seconds: float) -> bytes:
        """The whole body; an answer that trickles or does not end is none."""
        end = time.monotonic() + seconds
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > LONGEST_ANSWER:
                raise NotServed("down", message("link.not_ours"))
            if time.monotonic() > end:
                raise NotServed("down", message("link.timeout"))
        return bytes(body)


def client_for(settings: Settings) -> ServerClient:
    """The client of a seat with a server. Raises NotServed, BadInput."""
    return ServerClient(settings.server, ca_file=settings.ca_file, plain_http=settings.plain_http)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name or address; a name that needs looking up is not."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _checked(address: str, *, plain_http: bool) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise NotServed("down", message("link.address")) from error
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise NotServed("down", message("link.address"))
    if url.scheme == "http" and not plain_http and not is_loopback(url.host):
        raise NotServed("down", message("link.plain"))
    return url


def _trust(ca_file: str) -> ssl.SSLContext | bool:
    """The pinned authority alone where one is named, else the known public ones."""
    if not ca_file:
        return True
    try:
        return ssl.create_default_context(cafile=str(Path(ca_file).expanduser()))
    except (OSError, ssl.SSLError) as error:
        raise BadInput("error.ca_file", "advice.ca_file", path=ca_file, reason=str(error)) from error


def _events(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The data of each event of a stream; b"" for a comment. A long one is put together once, when its end is here."""
    parts, size, edge = list[bytes](), 0, b""
    for chunk in filter(None, chunks):
        whole: list[bytes] = []
        parts.append(chunk)
        size += len(chunk)
        if _EVENT_END in edge + chunk:
            *whole, kept = b"".join(parts).split(_EVENT_END)
            parts, size = [kept], len(kept)
        edge = parts[-1][-1:]
        if size > LONGEST_ANSWER:
            raise NotServed("down", message("link.not_ours"))
        for event in whole:
            yield b"\n".join(line[len(_DATA) :] for line in event.split(b"\n") if line.startswith(_DATA))


def _headers(token: str) -> dict[str, str]:
    headers = {"accept": "application/json"}
    return {**headers, "authorization": f"Bearer {token}"} if token else headers


def _timeouts(seconds: float) -> dict[str, Any]:
    return httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)).as_dict()


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the line does into NotServed."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise NotServed("down", message("link.timeout")) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
        raise NotServed("down", message("link.address")) from error
    except httpx.ConnectError as error:
        raise NotServed("down", message("link.certificate" if _is_certificate(error) else "link.refused")) from error
    except httpx.HTTPError as error:
        raise NotServed("down", message("link.refused")) from error


def _is_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False
