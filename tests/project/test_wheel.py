"""The wheel, installed alone beside its dependencies, away from the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pexpect
import pyte
import pytest

from tests.support.project import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]
SIZE = (40, 120)


def _environment(home: Path) -> dict[str, str]:
    """Nothing that leads back to the checkout."""
    leads_back = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "AGENT_CONSOLE_NOW")
    kept = {name: value for name, value in os.environ.items() if name not in leads_back}
    return {**kept, "AGENT_CONSOLE_HOME": str(home), "TERM": "xterm-256color", "PYTHONWARNINGS": "error"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the programs of an environment that has the wheel, and third-party packages by reference."""
    place = tmp_path_factory.mktemp("alone") / "env"
    venv.create(place, with_pip=False, system_site_packages=False)
    programs = place / "bin"
    own = Path(sysconfig.get_path("purelib", vars={"base": str(place), "platbase": str(place)}))
    pip = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "install", "--quiet", "--no-index"]
    done = subprocess.run([*pip, "--no-deps", str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (own / "third_party.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return programs


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Run a program of the environment in an empty folder."""

    def run_it(program: str, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(installed / program), *words],
            cwd=tmp_path,
            env=_environment(tmp_path / "home"),
            capture_output=True,
            text=True,
            check=False,
        )

    return run_it


def test_the_wheel_carries_its_data_and_nothing_of_the_workshop(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "agent_console/data/jurisdictions/house.toml",
        *(
            f"agent_console/data/jurisdictions/{code}/{part}.toml"
            for code in ("fujian", "zhijiang", "binzhou", "hebi", "fuzhou")
            for part in ("book", "limits", "refusals", "clauses")
        ),
        "knowledge/articles/emergencies.toml",
        "screens/__init__.py",
    ):
        assert needed in names, needed
    assert any(name.startswith("agent_console/keymaps/") for name in names)
    assert any(name.startswith("agent_console/data/repairs/") for name in names)
    packages = {name.partition("/")[0] for name in names}
    assert {name for name in packages if not name.endswith(".dist-info")} == {"agent_console", "knowledge", "screens"}
    assert not [name for name in names if "corpora" in name or name.endswith(".pyc")]


def test_what_runs_is_the_wheel_and_not_the_checkout(run: Run, installed: Path) -> None:
    where = run("python", "-c", "import agent_console, knowledge, screens; print(agent_console.__file__)")
    assert where.returncode == 0, where.stderr
    assert Path(where.stdout.strip()).is_relative_to(installed.parent)


@pytest.mark.clause("FJ-20.2a")
def test_the_wheel_alone_answers_when_something_is_due(run: Run) -> None:
    words = ("--jurisdiction", "FJ", "--limit", "handle", "--kind", "投诉", "--start-event", "signed")
    done = run("agent-console", "deadline", *words, "--start", "2026-03-02T10:00:00+08:00", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["due"], answer["clause"]) == ("2026-03-16T23:59:59+08:00", "FJ-20.2a")


def test_the_wheel_alone_reads_a_clause(run: Run) -> None:
    done = run("agent-console", "rules", "FJ-20.2a")
    assert done.returncode == 0, done.stderr
    assert "FJ-20.2a" in done.stdout


def test_the_wheel_alone_shows_the_demonstration(installed: Path, tmp_path: Path) -> None:
    screen = pyte.Screen(SIZE[1], SIZE[0])
    stream = pyte.Stream(screen)
    program = pexpect.spawn(
        str(installed / "agent-console"),
        ["demo"],
        cwd=str(tmp_path),
        env=_environment(tmp_path / "home"),
        dimensions=SIZE,
        encoding="utf-8",
        timeout=60,
    )
    try:
        while "F2" not in "\n".join(screen.display):
            stream.feed(program.read_nonblocking(65536, timeout=60))
        program.send("\x11")
        program.expect(pexpect.EOF)
        program.wait()
    finally:
        program.close(force=True)
    assert program.exitstatus == 0, "\n".join(screen.display)
    assert "Traceback" not in "\n".join(screen.display)
