"""Who imports what: a pure domain, a light command line, each of the owner's packages in its place."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.support.project import imported, imports, is_inside, loaded_by, modules

WHERE = {
    "textual": ("screens",),
    "rich": ("screens", "agent_console.cli"),
    "typer": ("agent_console.cli",),
    "httpx": ("agent_console.sync",),
    "sqlite_utils": ("agent_console.store", "knowledge"),
    "rapidfuzz": ("knowledge", "screens"),
    "numpy": ("knowledge",),
    "pypinyin": ("knowledge",),
    "chinese_calendar": ("agent_console.resources",),
    "cryptography": ("agent_console.store",),
    "platformdirs": ("agent_console.settings",),
    "openpyxl": ("agent_console.desk", "knowledge.exporting", "knowledge.importing"),
    "plotext": ("agent_console.cli",),
}
AT_WORK = ("textual", "rich", "typer", "sqlite_utils", "rapidfuzz")
"""Of the owner's six, those this state of the product needs; httpx has its place kept."""

IMPURE = {"os", "io", "pathlib", "time", "random", "secrets", "socket", "sqlite3", "subprocess", "threading", "asyncio"}
HEAVY = {
    "textual",
    "httpx",
    "sqlite_utils",
    "rapidfuzz",
    "numpy",
    "pypinyin",
    "chinese_calendar",
    "cryptography",
    "openpyxl",
    "plotext",
}


@pytest.mark.parametrize("package", WHERE)
def test_a_package_is_imported_only_where_it_has_its_job(package: str) -> None:
    elsewhere = [
        dotted
        for dotted, names in imports().items()
        if any(is_inside(name, (package,)) for name in names) and not is_inside(dotted, WHERE[package])
    ]
    assert elsewhere == []


@pytest.mark.parametrize("package", AT_WORK)
def test_each_of_the_owners_packages_does_its_job(package: str) -> None:
    assert any(is_inside(name, (package,)) for names in imports().values() for name in names)


def test_the_domain_loads_the_standard_library_and_msgspec_and_nothing_else() -> None:
    walk = (
        "import importlib, pkgutil, agent_console.domain as domain\n"
        "for found in pkgutil.walk_packages(domain.__path__, 'agent_console.domain.'):\n"
        "    importlib.import_module(found.name)"
    )
    foreign = loaded_by(walk) - loaded_by("import msgspec") - set(sys.stdlib_module_names)
    assert {name for name in foreign if not name.startswith("_")} == {"agent_console"}


def test_the_domain_reaches_for_no_file_clock_or_chance() -> None:
    domain = [(dotted, tree) for dotted, tree in modules() if is_inside(dotted, ("agent_console.domain",))]
    reaching = {dotted: found for dotted, tree in domain if (found := imported(tree) & IMPURE)}
    assert reaching == {}
    for dotted, tree in domain:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("open", "print", "input"), dotted
                assert not called.endswith((".now", ".today", ".utcnow")), dotted


def test_the_domain_knows_nobody_above_it() -> None:
    for dotted, names in imports().items():
        if is_inside(dotted, ("agent_console.domain",)):
            own = {name for name in names if name.startswith(("agent_console", "knowledge", "screens"))}
            assert all(is_inside(name, ("agent_console.domain",)) for name in own), dotted


def test_the_command_line_starts_light() -> None:
    assert loaded_by("import agent_console.cli.main") & HEAVY == set()


def test_no_file_is_near_five_hundred_lines_and_none_of_the_domain_near_four_hundred() -> None:
    lines = {dotted: tree.body[-1].end_lineno or 0 for dotted, tree in modules() if tree.body}
    domain = {dotted: count for dotted, count in lines.items() if is_inside(dotted, ("agent_console.domain",))}
    assert {dotted: count for dotted, count in lines.items() if count > 450} == {}
    assert {dotted: count for dotted, count in domain.items() if count > 390} == {}
