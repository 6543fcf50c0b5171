"""Changes each acting value of the rule books in turn and lists those that no test of their clause notices.

    python -m tests.mutate [JURISDICTION …] [--part limits|orders|…] [--clause FJ-20.2a]

Works on copies of the checkout, one for each core, so the tree itself is never touched. The program is imported once;
each change is tried in a fork of it, by the tests that are marked with its clause. Prints one line per value that
stays green.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest
import tomli_w

from tests.mutations import Mutation, mutations

ROOT = Path(__file__).resolve().parent.parent
_DISPLAYED = ("clauses", "places")
"""Data files whose values decide nothing about an order: they are read, or searched in."""
_COPIED = (
    "agent_console",
    "benchmarks",
    "knowledge",
    "screens",
    "keymaps",
    "data",
    "tests",
    "pyproject.toml",
    "README.md",
    "docs",
)
_PACKAGE = "tests/project/"
"""Tests that build and install the whole program: one for each change would take hours."""
_GREEN, _NO_TEST = 0, 5
_BROKEN = -1
_WHY = {_GREEN: "stays green", _NO_TEST: "no test", _BROKEN: "its tests fail unchanged"}


class _Marked:
    """Notes, of everything that was collected, the files with a test of each clause."""

    def __init__(self) -> None:
        self.files: dict[str, dict[str, None]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            place = str(item.path.relative_to(ROOT))
            for mark in item.iter_markers("clause") if not place.startswith(_PACKAGE) else ():
                self.files.setdefault(str(mark.args[0]), {})[place] = None


@cache
def _files() -> dict[str, tuple[str, ...]]:
    """Test files with a test of each clause, relative to the checkout; collected in a process of its own."""

    def collect() -> int:
        marked = _Marked()
        _silent()
        code = pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", "tests"], plugins=[marked])
        told.write_text(json.dumps({clause: list(files) for clause, files in marked.files.items()}), encoding="utf-8")
        return int(code)

    with tempfile.TemporaryDirectory(prefix="agent-console-mutate-") as folder:
        told = Path(folder) / "files.json"
        os.waitpid(_forked(collect), 0)
        return {clause: tuple(files) for clause, files in json.loads(told.read_text(encoding="utf-8")).items()}


def _settle(folder: str) -> None:
    """Give this process a copy of the checkout to work in, and load the program from there."""
    checkout = Path(tempfile.mkdtemp(dir=folder))
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, checkout / name, ignore=shutil.ignore_patterns("__pycache__", "corpora"))
        elif source.exists():
            shutil.copy2(source, checkout / name)
    os.chdir(checkout)
    sys.dont_write_bytecode = False
    sys.path[:] = [str(checkout), *(place for place in sys.path if Path(place or ".").resolve() != ROOT)]
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    _load_program()


def _load_program() -> None:
    import agent_console.cli.main
    import screens.app  # noqa: F401

    agent_console.cli.main.build()


def _try(mutation: Mutation) -> int:
    """What pytest said to the change."""
    files = _files().get(mutation.clause, ())
    if not files:
        return _NO_TEST
    if not _is_sound(mutation.clause):
        return _BROKEN
    place = Path.cwd() / mutation.file.relative_to(ROOT)
    before = place.read_bytes()
    place.write_text(tomli_w.dumps(mutation.content), encoding="utf-8")
    try:
        return _in_fork(mutation.clause, files)
    finally:
        place.write_bytes(before)


@cache
def _is_sound(clause: str) -> bool:
    """Whether the tests of the clause pass on the rule books as they are."""
    return _in_fork(clause, _files()[clause]) == _GREEN


def _in_fork(clause: str, files: tuple[str, ...]) -> int:
    def run() -> int:
        _silent()
        return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "--clause", clause, *files]))

    return os.waitstatus_to_exitcode(os.waitpid(_forked(run), 0)[1])


def _silent() -> None:
    """What pytest prints of a change tells nobody anything."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _work(chosen: list[Mutation], folder: str, told: Path) -> int:
    """Try these changes in a copy of their own; a line in `told` for each that no test noticed."""
    _settle(folder)
    with told.open("w", encoding="utf-8", buffering=1) as lines:
        for mutation in chosen:
            code = _try(mutation)
            if code in _WHY:
                place = f"{mutation.file.parent.name}/{mutation.file.name}"
                lines.write(f"{mutation.clause}  {place}  {mutation.what}  ({_WHY[code]})\n")
            sys.stderr.write(".")
            sys.stderr.flush()
    return 0


def survivors(chosen: list[Mutation]) -> list[str]:
    """A line for each change that no test noticed; every core takes its share."""
    share = os.cpu_count() or 1
    _files()
    with tempfile.TemporaryDirectory(prefix="agent-console-mutate-") as folder:
        told = [Path(folder) / f"told-{number}" for number in range(share)]
        workers = [_forked(partial(_work, chosen[n::share], folder, told[n])) for n in range(share)]
        for worker in workers:
            os.waitpid(worker, 0)
        sys.stderr.write("\n")
        return sorted(line for file in told for line in file.read_text(encoding="utf-8").splitlines())


def _forked(work: Callable[[], int]) -> int:
    """Process id of a copy of this process that does the work and ends."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            code = work()
        finally:
            os._exit(code)
    return child


def _chosen(asked: argparse.Namespace) -> list[Mutation]:
    files = sorted((ROOT / "data" / "jurisdictions").glob("*/*.toml"))
    return [
        mutation
        for path in files
        if not asked.jurisdiction or path.parent.name in asked.jurisdiction
        if path.stem not in _DISPLAYED and (not asked.part or path.stem in asked.part)
        for mutation in mutations(path)
        if asked.clause in ("", mutation.clause)
    ]


def main() -> int:
    """Print the survivors; 1 where there is one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("jurisdiction", nargs="*")
    parser.add_argument("--part", action="append", default=[])
    parser.add_argument("--clause", default="")
    chosen = _chosen(parser.parse_args())
    lines = survivors(chosen)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.write(f"{len(chosen)} values changed, {len(lines)} not noticed\n")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
