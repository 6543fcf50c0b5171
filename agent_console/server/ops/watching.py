"""Around every request: counted, timed, written into the log; what broke too. Pure ASGI."""

from __future__ import annotations

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent_console.server.ops.figures import Figures
from agent_console.server.ops.logs import log

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
_UNKNOWN = "unknown"
_BROKEN = 500
"""The application has said so already; with another status it broke in the middle of an answer."""


class Watched:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        """Count into these figures."""
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                had = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in _HEADERS if pair[0] not in had)]
            await send(message)

        self._figures.begun()
        try:
            await self._app(scope, receive, sent)
        except Exception:
            log.exception("broken", extra={"path": _path(scope)})
            if status != _BROKEN:
                raise
        finally:
            seconds = time.perf_counter() - began
            self._figures.ended(scope["method"], _path(scope), status, seconds)
            _write(scope, status, seconds)


def _write(scope: Scope, status: int, seconds: float) -> None:
    level = logging.WARNING if status >= 500 else logging.DEBUG if status < 400 else logging.INFO
    if not log.isEnabledFor(level):
        return
    address = scope["client"][0] if scope.get("client") else ""
    fields = {"method": scope["method"], "path": _path(scope), "status": status, "ms": round(seconds * 1000, 1)}
    log.log(level, "request", extra={**fields, "address": address})


def _path(scope: Scope) -> str:
    """The path as the schema has it: the names of streams and files that were asked for stay out of figures and log."""
    route = scope.get("route")
    return str(getattr(route, "path", _UNKNOWN))
