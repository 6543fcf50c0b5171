"""`agent-console deadline`, as scripts and people call it."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from agent_console.cli import calendar, deadline
from agent_console.domain.errors import ConsoleError
from agent_console.domain.time_limits.limits import LIMIT_NAMES, START_EVENTS
from agent_console.texts import sentence

KEYS = {"id", "due", "due_date", "decision", "immediate", "provisional", "clause", "why"}


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AGENT_CONSOLE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AGENT_CONSOLE_NOW", "2024-03-11T10:00:00+08:00")
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path / "home"


def call(*words: str, given: str = "") -> Result:
    app = typer.Typer()
    deadline.register(app)
    calendar.register(app)
    return CliRunner().invoke(app, words, input=given)


def failure(*words: str, given: str = "") -> str:
    error = call(*words, given=given).exception
    assert isinstance(error, ConsoleError), error
    assert error.exit_code == 1
    return "\n".join(sentence(part) for part in (error.message, error.advice) if part)


def batch(*requests: dict[str, Any]) -> list[dict[str, Any]]:
    result = call("deadline", "--batch", "-", given="\n".join(json.dumps(line) for line in requests))
    assert result.exit_code == 0, result.exception
    return [json.loads(line) for line in result.stdout.splitlines()]


def request(limit: str = "handle", code: str = "FJ", event: str = "signed", **situation: Any) -> dict[str, Any]:
    return {
        "id": "a-1",
        "jurisdiction": code,
        "limit": limit,
        "situation": situation,
        "start": "2024-03-11T10:00:00+08:00",
        "start_event": event,
    }


def test_the_due_time_is_shown_with_clause_and_days() -> None:
    shown = call(
        *("deadline", "--jurisdiction", "FJ", "--limit", "handle", "--kind", "投诉"),
        *("--start", "2024-03-29T10:00", "--start-event", "signed"),
    ).stdout
    for part in ("福建省办法", "2024-04-15（周一）24:00", "FJ-20.2a", "清明调休上班", "清明放假"):
        assert part in shown.replace("\n", "").replace("      ", "")


def test_one_object_with_json() -> None:
    shown = call("deadline", "-j", "fujian", "--limit", "sign", "--json").stdout
    assert json.loads(shown).keys() == KEYS - {"id"}


def test_all_options_reach_the_rule() -> None:
    shown = call(
        *("deadline", "-j", "hb", "--limit", "extension_new_due", "--kind", "投诉", "--joint"),
        *("--channel", "12345_hotline", "--complexity", "especially_complex", "--start", "2024-03-11T10:00"),
        *("--start-event", "lead_designated", "--extension-days", "8", "--applied-at", "2024-03-28T10:00"),
        *("--consent", "city_government", "--json"),
    ).stdout
    answered = json.loads(shown)
    assert (answered["decision"], answered["due_date"]) == ("grant", "2024-04-12")


@pytest.mark.parametrize("name", ["FJ", "fj", "fujian", "Fujian"])
def test_a_jurisdiction_is_named_by_code_or_prefix_in_any_case(name: str) -> None:
    assert batch(request(code=name, kind="咨询"))[0]["due_date"] == "2024-03-13"


def test_a_batch_answers_in_order_with_the_ids_and_keys_of_the_contract() -> None:
    asked = [{**request(kind="咨询"), "id": number} for number in (3, "b", None)]
    answered = batch(*asked)
    assert [line["id"] for line in answered] == [3, "b", None]
    assert all(line.keys() == KEYS for line in answered)


def test_a_batch_file_and_empty_lines(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text("\n" + json.dumps(request(kind="咨询")) + "\n\n", encoding="utf-8-sig")
    assert len(call("deadline", "--batch", str(file)).stdout.splitlines()) == 1


def test_times_are_given_with_the_offset_of_shanghai_whatever_offset_came_in() -> None:
    asked = {**request(kind="咨询"), "start": "2024-03-11T17:00:00+00:00"}
    assert batch(asked)[0]["due"] == "2024-03-14T23:59:59+08:00"


def test_a_limit_the_book_does_not_know_has_no_due_time() -> None:
    answered = batch(request("daily_login"))[0]
    assert (answered["due"], answered["due_date"], answered["decision"], answered["immediate"]) == (
        None,
        None,
        None,
        False,
    )


def test_a_fact_that_matters_nowhere_in_the_book_is_named() -> None:
    answered = batch(request(kind="咨询", statutory_limit={"n": 30, "unit": "natural_day"}, colour="红"))[0]
    assert [name for name in ("statutory_limit", "colour") if any(name in why for why in answered["why"])] == [
        "statutory_limit",
        "colour",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"jurisdiction": "QQ"}, "binzhou（BZ）、fujian（FJ）"),
        ({"jurisdiction": None}, "jurisdiction"),
        ({"limit": "handel"}, "dispatch、sign、return"),
        ({"start": "yesterday"}, "yesterday"),
        ({"start": "0001-01-01"}, "1950"),
        ({"start": "9999-12-31T23:59:59"}, "1950"),
        ({"start": None}, "start"),
        ({"situation": {"departments": "two"}}, "departments"),
        ({"situation": {"urgent": "yes"}}, "urgent"),
        ({"situation": {"complexity": "hard"}}, "especially_complex"),
        ({"situation": {"form": "sung"}}, "oral、written"),
        ({"situation": {"statutory_limit": {"n": 0, "unit": "working_day"}}}, "statutory_limit.n"),
        ({"situation": {"statutory_limit": {"n": 10**12, "unit": "working_day"}}}, "statutory_limit.n"),
        ({"situation": {"statutory_limit": {"n": 3, "unit": "month"}}}, "natural_day"),
        ({"situation": {"superior_due": "soon"}}, "soon"),
        ({"situation": {"extension": {"requested_days": 0}}}, "requested_days"),
        ({"situation": {"extension": {"requested_days": 2, "centre_approved": "yes"}}}, "centre_approved"),
        ({"situation": {"other": {"a": 1}}}, "other"),
    ],
)
def test_a_bad_value_is_named_with_its_line(change: dict[str, Any], said: str) -> None:
    given = "\n".join(json.dumps(line) for line in (request(kind="咨询"), {**request(), **change}))
    told = failure("deadline", "--batch", "-", given=given)
    assert "第 2 行" in told
    assert said in told


@pytest.mark.parametrize("line", ["{", "[1]", "null", "\x00", '{"a":' * 50_000, '{"id": "\\ud800"}'])
def test_what_is_no_json_object_is_named_with_its_line(line: str) -> None:
    assert "第 1 行" in failure("deadline", "--batch", "-", given=line)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "nowhere" in failure("deadline", "--batch", str(tmp_path / "nowhere"))
    assert str(tmp_path) in failure("deadline", "--batch", str(tmp_path))


def test_a_reader_that_goes_away_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

        def fileno(self) -> int:
            return spare

    import os

    spare = os.open(os.devnull, os.O_WRONLY)
    monkeypatch.setattr("sys.stdout", Gone())
    from agent_console.cli.output import print_line

    with pytest.raises(SystemExit) as ended:
        print_line({})
    assert ended.value.code == 0


def test_without_jurisdiction_the_call_is_wrong() -> None:
    assert call("deadline").exit_code == 2
    assert call("deadline", "--batch", "-", "-j", "FJ").exit_code == 2


def test_no_combination_of_facts_brings_it_down() -> None:
    pick = random.Random(12345)
    extension = {"requested_days": 3, "applied_at": "2024-03-12T10:00", "unit_leader_approved": True}
    choices: dict[str, list[Any]] = {
        "kind": [None, "咨询", "投诉", "建议", "求助", "举报", "表扬", "其他", "？"],
        "urgent": [None, False, True],
        "simple": [None, True],
        "listed_service_item": [None, True],
        "complexity": [None, "general", "complex", "especially_complex"],
        "channel": [None, "online_platform", "12345_hotline", "service_hall", "phone"],
        "form": [None, "oral", "written"],
        "departments": [None, 0, 1, 2, ["甲", "乙"]],
        "joint": [None, False, True],
        "unclear": [None, True],
        "answerable_on_spot": [None, False, True],
        "statutory_limit": [None, {"n": 20, "unit": "natural_day"}, {"n": 3, "unit": "working_day"}],
        "superior_due": [None, "2024-03-20", "2024-03-20T12:00:00+08:00"],
        "qc_failed_at": [None, "2024-03-12T10:00:00+08:00"],
        "extension": [None, {}, extension, {**extension, "prior_extensions": 1, "prior_days": 2}],
    }
    asked = [
        {
            **request(pick.choice(LIMIT_NAMES), pick.choice(["FJ", "ZJ", "BZ", "HB", "FZ"])),
            "situation": {name: pick.choice(values) for name, values in choices.items()},
            "start": pick.choice(["2024-03-11T10:00", "2024-02-10T03:00", "2026-12-31T17:31", "2031-01-01"]),
            "start_event": pick.choice([None, *START_EVENTS]),
        }
        for _ in range(3000)
    ]
    answered = batch(*asked)
    assert len(answered) == len(asked)
    assert all(line["why"] and (line["due"] is None) == (line["due_date"] is None) for line in answered)
    decided = {"grant", "refuse", "override_required", None}
    assert all(line["decision"] in decided for line in answered)
