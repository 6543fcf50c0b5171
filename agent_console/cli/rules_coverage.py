"""Which acting clauses have a test that passed in the last whole run, per jurisdiction."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from agent_console.cli.output import print_json
from agent_console.domain.errors import BadInput
from agent_console.resources.paths import checkout
from agent_console.resources.rule_books import jurisdiction_code, jurisdiction_codes, load_book, load_clauses
from agent_console.texts import say

_RESULTS = Path("tests") / "clauses" / ".results.json"


class _Results(msgspec.Struct):
    passed: dict[str, int]
    failed: dict[str, int]


class Coverage(msgspec.Struct, frozen=True):
    """Clauses of one book: how many act, which of them no passing test names, which have one that failed."""

    jurisdiction: str
    acting: int
    covered: int
    missing: tuple[str, ...]
    failed: tuple[str, ...]


def show_coverage(jurisdiction: str, *, as_json: bool) -> int:
    """Print the coverage; 1 where a clause has no test that passed. Raises BadInput outside a checkout."""
    results = _read()
    codes = (jurisdiction_code(jurisdiction),) if jurisdiction else jurisdiction_codes()
    found = [_coverage(code, results) for code in codes]
    if as_json:
        print_json(found)
    else:
        for book in found:
            _print(book)
    return int(any(book.missing or book.failed for book in found))


def _read() -> _Results:
    root = checkout()
    if root is None:
        raise BadInput("error.no_checkout", "advice.no_checkout")
    path = root / _RESULTS
    if not path.exists():
        raise BadInput("error.no_results", "advice.no_results", path=str(path))
    return msgspec.json.decode(path.read_bytes(), type=_Results)


def _coverage(code: str, results: _Results) -> Coverage:
    acting = [clause.id for clause in load_clauses(code) if clause.status == "acts"]
    failed = tuple(clause for clause in acting if clause in results.failed)
    missing = tuple(clause for clause in acting if clause not in results.passed)
    return Coverage(code, len(acting), len(acting) - len(missing), missing, failed)


def _print(book: Coverage) -> None:
    name = load_book(book.jurisdiction).short_title
    lines = [say("coverage.line", name=name, covered=book.covered, acting=book.acting)]
    if book.missing:
        lines.append(say("coverage.missing", clauses="、".join(book.missing)))
    if book.failed:
        lines.append(say("coverage.failed", clauses="、".join(book.failed)))
    sys.stdout.write("\n".join(lines) + "\n")
