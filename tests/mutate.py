"""Changes each acting value of the rule books in turn and lists those that no test of their clause notices.

    python -m tests.mutate [JURISDICTION …] [--part limits|orders|book|refusals]

Works on a copy of the checkout, so the tree itself is never touched. Prints one line per value that stays green.
"""

from __future__ import annotations

import argparse
import copy
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import tomli_w

ROOT = Path(__file__).resolve().parent.parent
_FILES = ("book", "limits", "orders", "refusals")
_COPIED = ("agent_console", "knowledge", "screens", "keymaps", "data", "tests", "pyproject.toml", "README.md", "docs")
_NUMBERS = ("amount", "cap", "times", "most", "attempts", "days", "supervise_from")
_PEOPLE = ("roles", "decided_by")
_LISTS = ("requires", "needs", "values", "causes", "before", "sets", "archives", "when_states")
_SWITCHES = ("only_before_signing", "keeps_content", "after_due", "before_archive")


class Mutation(NamedTuple):
    """One changed value: where, what, the clause whose tests have to notice, and the whole changed file."""

    file: Path
    what: str
    clause: str
    content: dict[str, Any]


def mutations(path: Path) -> Iterator[Mutation]:
    """Every single change of one data file."""
    original = tomllib.loads(path.read_text(encoding="utf-8"))
    for steps, table in _tables(original, ()):
        clause = str(table.get("clause", ""))
        if not clause:
            continue
        for what, key, value in _changes(table):
            changed = copy.deepcopy(original)
            _at(changed, steps)[key] = value
            yield Mutation(path, f"{'.'.join(map(str, steps))}: {what}", clause, changed)


def _tables(value: Any, steps: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    if isinstance(value, dict):
        yield steps, value
        for key, inner in value.items():
            yield from _tables(inner, (*steps, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _tables(inner, (*steps, index))


def _at(content: Any, steps: tuple[str | int, ...]) -> Any:
    for step in steps:
        content = content[step]
    return content


def _changes(table: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for key in _NUMBERS:
        if isinstance(table.get(key), int):
            yield f"{key} {table[key]} + 1", key, table[key] + 1
            if table[key] > 1:
                yield f"{key} {table[key]} - 1", key, table[key] - 1
    for key in _PEOPLE:
        if table.get(key):
            yield f"{key} nobody", key, ["nobody"]
    for key in _LISTS:
        for index, item in enumerate(table.get(key) or []):
            shorter = [other for place, other in enumerate(table[key]) if place != index]
            yield f"{key} without {item}", key, shorter
    for key in _SWITCHES:
        if key in table:
            yield f"{key} turned", key, not table[key]


def _copy(target: Path) -> None:
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", "corpora"))
        elif source.exists():
            shutil.copy2(source, target / name)


def _tests_fail(checkout: Path, clause: str) -> bool | None:
    """Whether a test of the clause fails; None where it has none."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--clause", clause, "tests/clauses", "tests/domain"]
    done = subprocess.run(
        command,
        cwd=checkout,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    return None if done.returncode == 5 else done.returncode != 0


def survivors(chosen: list[Mutation], checkout: Path) -> Iterator[str]:
    """A line for each change that stays green."""
    for number, mutation in enumerate(chosen, 1):
        place = checkout / mutation.file.relative_to(ROOT)
        before = place.read_bytes()
        place.write_text(tomli_w.dumps(mutation.content), encoding="utf-8")
        noticed = _tests_fail(checkout, mutation.clause)
        place.write_bytes(before)
        sys.stderr.write(f"\r{number}/{len(chosen)}")
        if not noticed:
            why = "no test" if noticed is None else "stays green"
            yield f"{mutation.clause}  {mutation.file.parent.name}/{mutation.file.name}  {mutation.what}  ({why})"
    sys.stderr.write("\n")


def main() -> int:
    """Print the survivors; 1 where there is one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("jurisdiction", nargs="*")
    parser.add_argument("--part", choices=_FILES, action="append")
    asked = parser.parse_args()
    folders = sorted(path.parent for path in (ROOT / "data" / "jurisdictions").glob("*/book.toml"))
    files = [
        folder / f"{part}.toml"
        for folder in folders
        if not asked.jurisdiction or folder.name in asked.jurisdiction
        for part in asked.part or _FILES
    ]
    chosen = [mutation for path in files if path.exists() for mutation in mutations(path)]
    with tempfile.TemporaryDirectory(prefix="agent-console-mutate-") as folder:
        checkout = Path(folder)
        _copy(checkout)
        lines = list(survivors(chosen, checkout))
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.write(f"{len(chosen)} values changed, {len(lines)} not noticed\n")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
