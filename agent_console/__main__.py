"""`python -m agent_console`."""

from agent_console.cli.main import run

run()
