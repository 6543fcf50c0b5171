"""What those who run the server ask it: whether it can serve, and its figures."""

from __future__ import annotations

import asyncio
import hmac

import msgspec
from starlette.responses import Response

from agent_console.server.ops.figures import MEDIA_TYPE, Figures
from agent_console.server.ops.settings import is_loopback
from agent_console.server.store.database import DatabaseAway
from agent_console.server.web.endpoints import Asked, Endpoint
from agent_console.server.web.identity import token_of
from agent_console.server.web.trouble import Refused

_PATIENCE_SECONDS = 3.0


class Ready(msgspec.Struct, frozen=True):
    """The database answers."""

    ready: bool


async def ready(asked: Asked) -> Ready:
    """Whether requests can be served. Raises Refused (503)."""
    figures: Figures = asked.request.app.state.figures
    question = asyncio.ensure_future(asked.services.database.fetch("SELECT 1 FROM meta WHERE name = 'epoch'"))
    done, _ = await asyncio.wait({question}, timeout=_PATIENCE_SECONDS)
    answered = bool(done) and not isinstance(question.exception(), DatabaseAway)
    figures.ready(answered)
    if not answered:
        raise Refused(503, "away", retry_after=2)
    return Ready(ready=bool(question.result()))


async def metrics(asked: Asked) -> Response:
    """The figures, for callers on this machine or with the token of the settings. Raises Refused (401)."""
    request, wanted = asked.request, asked.services.settings.metrics_token
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    direct = request.client is not None and is_loopback(request.client.host)
    near = direct and not forwarded and not asked.services.settings.behind_proxy
    if wanted or not near:
        given = token_of(request)
        if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
            raise Refused(401, "unknown_token")
    figures: Figures = request.app.state.figures
    return Response(figures.text(), media_type=MEDIA_TYPE)


OPS_ENDPOINTS = (
    Endpoint("GET", "/v1/ready", "ready", "Whether it can serve", ready, gives=Ready, needs_token=False),
    Endpoint(
        "GET", "/metrics", "metrics", "Figures for Prometheus", metrics, media="text/plain",
        needs_token=False, refuses=(401,),
    ),
)  # fmt: skip
