"""The monitor in a browser: every page is a process of its own, which ends with the page.

Only whoever has the address that was printed gets in: its key is drawn anew at each start, becomes a cookie that no
other site can send along, and a page of another site is refused by its origin. Nothing is loaded from elsewhere. Where
the seat has a server, the reader of each page signs in there first.
"""

from __future__ import annotations

import secrets
import shlex
import sys
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from pathlib import Path

from agent_console.cli.output import tell
from agent_console.clock import clock_from_environment
from agent_console.domain.errors import BadInput, ConsoleError
from agent_console.settings import home, load_settings
from agent_console.texts import say

try:
    import aiohttp_jinja2
    from aiohttp import web
    from textual_serve.server import Server

    from agent_console.cli.monitor_sign_in import PageSignIn
except ImportError as error:
    raise ConsoleError("error.monitor_web_packages", "advice.monitor_web_packages", reason=str(error)) from error

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_COOKIE = "agent_console_monitor"
_KEY = "key"
_ONLY_HERE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'"
)
_OPEN_PAGES_SECONDS = 1.0
_PAGES = Path(__file__).parent / "pages"
_LOCAL = ("127.0.0.1", "::1", "localhost")


class MonitorServer(Server):
    """Serves the monitor to those who have the key."""

    def __init__(self, command: str, host: str, port: int, sign_in: PageSignIn) -> None:
        """Bind to `host`; `command` opens one monitor."""
        super().__init__(command, host, port, title=say("action.monitor"), templates_path=_PAGES)
        self._sign_in = sign_in
        self.key = secrets.token_urlsafe(24)

    @property
    def address(self) -> str:
        """What has to be opened."""
        return f"http://{self.host}:{self.port}/?{_KEY}={self.key}"

    def run(self) -> None:
        """Serve until Ctrl+C; nothing is logged, for addresses hold the key. Raises OSError for a port in use."""
        web.run_app(
            self._make_app(),
            host=self.host,
            port=self.port,
            access_log=None,
            print=self._say_where,
            shutdown_timeout=_OPEN_PAGES_SECONDS,
        )

    def _say_where(self, _text: str) -> None:
        """Once the port is open."""
        if self.host not in _LOCAL:
            tell(say("monitor.web_open", host=self.host))
        tell(say("monitor.web_at", url=self.address))

    async def on_startup(self, app: web.Application) -> None:
        """Nothing is said before the port is open."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        aiohttp_jinja2.get_env(app).globals["say"] = say
        app.middlewares.append(self._let_in)
        return app

    @web.middleware
    async def _let_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse whoever has neither key nor cookie, and pages of other sites."""
        brought = request.query.get(_KEY, "") or request.cookies.get(_COOKIE, "")
        origin = request.headers.get("Origin", "")
        if not compare_digest(brought.encode(), self.key.encode()) or (origin and origin != f"http://{request.host}"):
            return web.Response(status=403, text=say("monitor.web_refused"))
        # The page names its own address; behind a name or a tunnel that is not the one it is bound to.
        self.public_url = f"http://{request.host}"
        answer = await self._sign_in.instead(request) or await handler(request)
        if not answer.prepared:
            answer.headers["Content-Security-Policy"] = _ONLY_HERE
            answer.headers["Referrer-Policy"] = "same-origin"
            answer.headers["Cache-Control"] = "no-store"
            answer.set_cookie(_COOKIE, self.key, httponly=True, samesite="Strict")
        return answer


def serve(host: str, port: int, jurisdiction: str, acting: str) -> None:
    """Serve until Ctrl+C. Raises BadInput where the port cannot be had."""
    words = [sys.executable, "-m", "agent_console", "monitor"]
    words += ["--jurisdiction", jurisdiction] if jurisdiction else []
    words += ["--as", acting] if acting else []
    sign_in = PageSignIn(home(), load_settings(home()), clock_from_environment())
    try:
        MonitorServer(f"exec {shlex.join(words)}", host, port, sign_in).run()
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadInput("error.monitor_port", "advice.monitor_port", port=port, reason=reason) from error
