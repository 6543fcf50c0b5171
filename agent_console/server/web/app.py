"""The server as an ASGI application: routes made of `ENDPOINTS`, one way to say no, nothing that cancels a commit."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from agent_console import __version__
from agent_console.clock import Clock
from agent_console.domain.errors import BadInput, UnknownName
from agent_console.server.ops.routes import OPS_ENDPOINTS
from agent_console.server.ops.settings import ServerSettings
from agent_console.server.people.routes import PEOPLE_ENDPOINTS
from agent_console.server.store.database import Database, DatabaseAway
from agent_console.server.web.endpoints import Asked, Endpoint, json_answer
from agent_console.server.web.openapi import schema_of
from agent_console.server.web.ports import Audit, Bearer, Keys
from agent_console.server.web.routes import SYNC_ENDPOINTS
from agent_console.server.web.services import Services
from agent_console.server.web.trouble import Refused
from agent_console.sync.wire import Health

SERVICE = "agent-console"
_AWAY_SECONDS = 2
_BY_STATUS = {400: "malformed", 404: "not_found", 405: "method", 413: "too_large"}


async def health(asked: Asked) -> Health:
    """What the server says of itself, to anybody."""
    services = asked.services
    return Health(SERVICE, __version__, time=services.clock.now(), epoch=await services.epoch())


async def schema(asked: Asked) -> Response:
    """The published schema."""
    return json_answer(asked.request.app.state.schema)


OWN_ENDPOINTS = (
    Endpoint("GET", "/v1/health", "health", "What the server is", health, gives=Health, needs_token=False),
    Endpoint("GET", "/v1/openapi.json", "schema", "This schema", schema, media="application/json", needs_token=False),
)


def every_endpoint() -> tuple[Endpoint, ...]:
    """Everything the server can be asked."""
    return (*OWN_ENDPOINTS, *SYNC_ENDPOINTS, *OPS_ENDPOINTS, *PEOPLE_ENDPOINTS)


def create_app(
    settings: ServerSettings,
    database: Database,
    clock: Clock,
    *,
    bearer: Bearer,
    keys: Keys,
    audit: Audit,
) -> Starlette:
    """The application on a database that is open and migrated; closing that is the caller's.

    bearer: says whom a token stands for. keys: the keys of a line. audit: writes down who looked at what.
    """
    services = Services(settings, database, clock, bearer=bearer, keys=keys, audit=audit)

    @contextlib.asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        async with services.running():
            yield

    endpoints = every_endpoint()
    app = Starlette(
        routes=_routes(endpoints),
        exception_handlers={HTTPException: _not_routed, Exception: _broken},
        lifespan=running,
    )
    app.router.redirect_slashes = False
    app.state.services = services
    app.state.schema = schema_of(endpoints)
    return app


def _routes(endpoints: Sequence[Endpoint]) -> list[Route]:
    by_path: dict[str, dict[str, Endpoint]] = {}
    for endpoint in endpoints:
        by_path.setdefault(endpoint.path, {})[endpoint.method] = endpoint
    return [
        Route(path.replace("{stream}", "{stream:path}"), _served(methods), methods=list(methods))
        for path, methods in by_path.items()
    ]


def _served(methods: dict[str, Endpoint]) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        try:
            method = "GET" if request.method == "HEAD" and "GET" in methods else request.method
            return await methods[method].answer(request)
        except Refused as refused:
            return trouble_answer(refused)
        except DatabaseAway:
            return trouble_answer(Refused(503, "away", retry_after=_AWAY_SECONDS))
        except ClientDisconnect:
            return trouble_answer(Refused(408, "cut_off"))
        except UnknownName:
            return trouble_answer(Refused(404, "not_found"))
        except BadInput:
            return trouble_answer(Refused(400, "malformed"))

    return serve


async def _not_routed(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    answer = trouble_answer(Refused(status, _BY_STATUS.get(status, "refused")))
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(error.headers)
    return answer


async def _broken(_: Request, __: Exception) -> Response:
    return trouble_answer(Refused(500, "broken"))


def trouble_answer(refused: Refused) -> Response:
    """What is said where a request is not served."""
    answer = json_answer(refused.answer, refused.status)
    if refused.status == 401:
        answer.headers["www-authenticate"] = "Bearer"
    if refused.retry_after:
        answer.headers["retry-after"] = str(refused.retry_after)
    return answer
