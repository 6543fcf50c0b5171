"""One server process of the campaign: the real one, with one thing broken where the test of the test asks for it.

python -m tests.faults.server [BROKEN]; where it listens and where its data stand is said by the environment.
"""

from __future__ import annotations

import sys
from pathlib import Path

from agent_console.server.ops.serving import serve
from agent_console.server.ops.settings import load_server_settings
from agent_console.server.store import postgres
from agent_console.server.store.database import DatabaseAway
from tests.faults import broken
from tests.faults.clocks import CLOCK_OFF, UnsteadyClock
from tests.faults.processes import end_with_parent

_PATIENCE_SECONDS = 1.5


def main() -> None:
    """Serve until killed."""
    end_with_parent()
    for name in sys.argv[1:]:
        broken.BROKEN_SERVERS[name]()
    settings = load_server_settings()
    hurry()
    try:
        serve(settings, UnsteadyClock(Path(settings.folder) / CLOCK_OFF))
    except DatabaseAway:
        # As a service it would be started again until its database is there.
        sys.exit(1)


def hurry() -> None:
    """Give a database host that is frozen up so soon that a short storm sees it."""
    postgres._COMMAND_SECONDS = _PATIENCE_SECONDS
    postgres._CONNECT_SECONDS = _PATIENCE_SECONDS


if __name__ == "__main__":
    main()
