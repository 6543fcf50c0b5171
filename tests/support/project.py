"""The project seen as files: its sources, what they import, what a fresh interpreter loads."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("agent_console", "knowledge", "screens")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Dotted name and parsed source of every module of the product."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield dotted, ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def imports() -> Mapping[str, set[str]]:
    """Dotted name of every module of the product, and what it imports; read once."""
    return {dotted: imported(tree) for dotted, tree in modules()}


def imported(tree: ast.AST) -> set[str]:
    """Dotted names of everything a source imports, late imports and those for types only included."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return names


def is_inside(dotted: str, packages: tuple[str, ...]) -> bool:
    """Whether a module is one of these packages or inside one."""
    return any(dotted == package or dotted.startswith(f"{package}.") for package in packages)


def loaded_by(code: str) -> set[str]:
    """Top-level names of all modules a fresh interpreter has loaded after running `code` and not before."""
    program = f"import sys; before = set(sys.modules)\n{code}\nprint(*(set(sys.modules) - before), sep='\\n')"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stdout.split()}
