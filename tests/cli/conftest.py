from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from agent_console.cli.main import run


class Answer(NamedTuple):
    """What a call of the program came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Ask = Callable[..., Answer]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Calls the program through its entry point, in this process."""
    monkeypatch.setenv("COLUMNS", "160")

    def call(*words: str) -> Answer:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            run(words or ("--version",))
        told = capsys.readouterr()
        code = ended.value.code
        return Answer(code if isinstance(code, int) else int(bool(code)), told.out, told.err)

    return call


FORM = (
    "--jurisdiction=FJ",
    "--kind=投诉",
    "--title=一号路路灯不亮",
    "--content=三天不亮",
    "--caller-type=citizen",
    "--caller-name=示例甲",
    "--caller-number=13800000001",
    "--district=示例区",
    "--lead=城市管理局",
)
CLERK = "--as=unit_clerk:城市管理局:示例乙"


@pytest.fixture
def order(ask: Ask) -> str:
    """Number of an order that was just raised."""
    return str(ask("order", "raise", *FORM, "--json").json["number"])
