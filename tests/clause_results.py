"""Writes down which clauses had a test that passed, for `agent-console rules --coverage`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

RESULTS = Path(__file__).parent / "clauses" / ".results.json"
_CLAUSE = "clause"


class ClauseResults:
    """Collects the clauses of passed and failed tests; in a parallel run only the controller writes."""

    def __init__(self) -> None:
        self._passed: dict[str, int] = {}
        self._failed: dict[str, int] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        counts = self._failed if report.failed else self._passed if report.when == "call" and report.passed else None
        if counts is None:
            return
        for name, value in report.user_properties:
            if name == _CLAUSE:
                counts[str(value)] = counts.get(str(value), 0) + 1

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workerinput") or not _is_whole(session.config):
            return
        RESULTS.parent.mkdir(exist_ok=True)
        found = {"passed": self._passed, "failed": self._failed}
        RESULTS.write_text(json.dumps(found, indent=1, sort_keys=True), encoding="utf-8")


def _is_whole(config: pytest.Config) -> bool:
    """Only a run of everything says which clauses have no test."""
    chosen = config.getoption("keyword") or config.getoption("markexpr") or config.getoption("lf", default=False)
    if config.getoption("collectonly"):
        return False
    return not chosen and config.args in ([], ["tests"], config.getini("testpaths"))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(ClauseResults(), "clause-results")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--clause", default="", help="only the tests of this clause")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("--clause")
    for item in items:
        for mark in item.iter_markers(_CLAUSE):
            item.user_properties.append((_CLAUSE, mark.args[0]))
    if wanted:
        kept = [item for item in items if (_CLAUSE, wanted) in item.user_properties]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept
