"""`python -m benchmarks [NAME …]`: all benchmarks, or those that are named."""

from __future__ import annotations

import sys
from importlib import import_module

BENCHMARKS = (
    "terminal",
    "search",
    "screening",
    "orders",
    "monitor",
    "server_ingest",
    "server_drain",
    "server_live",
    "server_growth",
    "fresh_seat",
)
"""Each is a module of this package with a `main` that reads the command line."""


def main(names: list[str]) -> int:
    """Run them one after the other, each with its own defaults."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        print(f"== {name}", flush=True)
        sys.argv[1:] = []
        import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
