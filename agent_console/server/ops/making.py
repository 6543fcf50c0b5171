"""One server process put together: the application with its people, keys, figures and watch."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.types import ASGIApp

from agent_console.clock import Clock
from agent_console.server.ops.figures import Figures
from agent_console.server.ops.settings import ServerSettings
from agent_console.server.ops.watching import Watched
from agent_console.server.people.keys import Cabinet
from agent_console.server.people.sessions import Sessions
from agent_console.server.store.database import Database
from agent_console.server.web.app import create_app
from agent_console.server.web.identity import Door, Trail


def make_app(settings: ServerSettings, database: Database, clock: Clock, cabinet: Cabinet) -> tuple[Starlette, ASGIApp]:
    """The application, and the same watched, which is what is served."""
    sessions = Sessions(settings, database, clock, cabinet)
    app = create_app(settings, database, clock, bearer=Door(sessions), keys=cabinet, audit=Trail(database, clock))
    app.state.sessions = sessions
    app.state.figures = Figures()
    return app, Watched(app, app.state.figures)
