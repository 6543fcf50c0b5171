"""One server process of the campaign: the real one, with one thing broken where the test of the test asks for it.

python -m tests.faults.server [BROKEN]; where it listens and where its data stand is said by the environment.
"""

from __future__ import annotations

import sys

from agent_console.clock import SystemClock
from agent_console.server.ops.serving import serve
from agent_console.server.ops.settings import load_server_settings
from tests.faults import broken
from tests.faults.processes import end_with_parent


def main() -> None:
    """Serve until killed."""
    end_with_parent()
    for name in sys.argv[1:]:
        broken.BROKEN_SERVERS[name]()
    serve(load_server_settings(), SystemClock())


if __name__ == "__main__":
    main()
