"""The house has its floors, and nobody looks up the stairs."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import ROOT

FLOORS = (
    "agent_console.cli",
    "screens",
    "agent_console.desk",
    "knowledge",
    "agent_console.store",
    "agent_console.resources",
    "agent_console.domain",
)


@pytest.fixture(scope="module")
def contracts() -> list[dict[str, Any]]:
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = configured["tool"]["importlinter"]["contracts"]
    return found


def test_every_contract_is_kept() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_floors_are_those_of_the_design_top_down(contracts: list[dict[str, Any]]) -> None:
    [house] = [contract for contract in contracts if contract["type"] == "layers"]
    floor_of = {name.strip(" ()"): number for number, floor in enumerate(house["layers"]) for name in floor.split("|")}
    assert [floor_of[name] for name in FLOORS] == sorted({floor_of[name] for name in FLOORS})
    beside_knowledge = floor_of["knowledge"]
    assert floor_of["agent_console.sync"] == floor_of["agent_console.phone"] == beside_knowledge
    assert not house.get("ignore_imports")


def test_the_contract_of_the_domain_names_every_framework(contracts: list[dict[str, Any]]) -> None:
    [pure] = [contract for contract in contracts if contract["type"] == "forbidden"]
    assert pure["source_modules"] == ["agent_console.domain"]
    owners_six = {"textual", "rich", "httpx", "sqlite_utils", "rapidfuzz", "typer"}
    assert owners_six <= set(pure["forbidden_modules"])
    assert not pure.get("ignore_imports")
