"""Orders go from one desk to another as a file, with their history and what is attached to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from ..support.media import PHOTO, photo, video
from ..support.project import ROOT
from .conftest import CLERK, FORM, Ask

FJ = "--jurisdiction=FJ"
Move = Callable[[str], None]


@pytest.fixture
def at_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Move:
    """Goes to another seat, with a file of its own."""
    return lambda name: monkeypatch.setenv("AGENT_CONSOLE_HOME", str(tmp_path / name))


@pytest.fixture
def signed(ask: Ask, order: str, tmp_path: Path) -> str:
    """Number of an order that was signed for and has a photo and a video."""
    for words in (("dispatch", order), ("sign", order, "--department=市政科", "--officer=王经办", CLERK)):
        assert ask("order", *words, FJ).code == 0
    assert ask("order", "attach", order, str(photo(tmp_path)), str(video(tmp_path)), CLERK, FJ).code == 0
    return order


def export(ask: Ask, path: Path, *words: str) -> Any:
    """Everything into a file; what the program says of it."""
    answer = ask("order", "export", "--output", str(path), *(words or ("--all",)), FJ, "--json")
    assert answer.code == 0, answer.err
    return answer.json


def taken(ask: Ask, path: Path, *words: str) -> Any:
    """What became of a file that is imported."""
    answer = ask("order", "import", str(path), FJ, "--json", *words)
    assert answer.code == 0, answer.err
    return answer.json


def counts(answer: Any) -> tuple[int, int, int, int]:
    """New, extended, known, left."""
    return answer["new"], answer["extended"], answer["known"], answer["left"]


def changed(path: Path, change: Callable[[Any], object]) -> Path:
    """A copy of a document in which something else stands."""
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    copy = path.with_name("changed.json")
    copy.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return copy


def _but_for_the_mark(form: Any) -> Any:
    """What is shown of an order, without who looked at the caller and what came by a file."""
    kept = [line for line in form["history"] if line["type"] != "identity.unmasked"]
    return {**form, "history": [{**line, "imported": None} for line in kept]}


@pytest.mark.parametrize("name", ["orders.zip", "orders.json"])
@pytest.mark.clause("FJ-3.3")
def test_an_order_comes_to_another_desk_with_its_history_its_clocks_and_its_files(
    ask: Ask, signed: str, at_desk: Move, tmp_path: Path, name: str
) -> None:
    before = ask("order", "show", signed, FJ, "--unmask", "--json").json
    export(ask, tmp_path / name, "--all", "--unmask")
    at_desk("another")
    answer = taken(ask, tmp_path / name)
    assert (counts(answer), answer["attachments"], answer["changed"]) == ((1, 0, 0, 0), 2, True)
    after = ask("order", "show", signed, FJ, "--unmask", "--json").json
    assert all(line["imported"] for line in after["history"][:5])
    assert _but_for_the_mark(after) == _but_for_the_mark(before)
    assert after["caller_number"] == "13800000001"
    files = ask("order", "attachments", signed, "--check", FJ, "--json").json
    assert [one["state"] for one in files] == ["there", "there"]
    assert ask("order", "list", FJ, "--json").json[0]["clocks"] == before["clocks"]


@pytest.mark.clause("FJ-3.3")
def test_the_same_file_twice_changes_nothing_and_says_so(
    ask: Ask, signed: str, at_desk: Move, tmp_path: Path, home: Path
) -> None:
    path = tmp_path / "orders.zip"
    export(ask, path)
    assert taken(ask, path)["changed"] is False
    at_desk("another")
    taken(ask, path)
    seat = tmp_path / "another" / "seat.db"
    first = ask("order", "show", signed, FJ, "--json").json["history"]
    again = taken(ask, path)
    assert (counts(again), again["changed"], again["attachments"]) == ((0, 0, 1, 0), False, 0)
    assert "没有变化" in ask("order", "import", str(path), FJ).out
    assert ask("order", "show", signed, FJ, "--json").json["history"] == first
    assert seat.exists()


@pytest.mark.clause("FJ-3.3")
def test_an_order_that_went_on_elsewhere_is_extended_and_an_older_file_takes_nothing_back(
    ask: Ask, signed: str, at_desk: Move, tmp_path: Path, home: Path
) -> None:
    older, newer = tmp_path / "older.json", tmp_path / "newer.json"
    export(ask, older)
    assert ask("order", "add", signed, "又来电催问", FJ).code == 0
    export(ask, newer)
    at_desk("another")
    taken(ask, older)
    assert counts(taken(ask, newer)) == (0, 1, 0, 0)
    assert counts(taken(ask, older)) == (0, 0, 1, 0)
    history = ask("order", "show", signed, FJ, "--json").json["history"]
    assert history[-1]["type"] == "order.supplemented"


@pytest.mark.clause("FJ-3.3")
def test_a_history_that_contradicts_is_listed_with_its_place_and_left(
    ask: Ask, signed: str, at_desk: Move, tmp_path: Path
) -> None:
    ours, theirs = tmp_path / "ours.json", tmp_path / "theirs.json"
    export(ask, ours, "--all", "--unmask")
    at_desk("another")
    taken(ask, ours)
    assert ask("order", "add", signed, "另一坐席补充", FJ).code == 0
    export(ask, theirs, "--all", "--unmask")
    at_desk("home")
    assert ask("order", "add", signed, "本坐席补充", FJ).code == 0
    before = ask("order", "show", signed, FJ, "--json").json
    answer = taken(ask, theirs)
    [problem] = answer["problems"]
    assert (counts(answer), problem["place"], problem["number"]) == ((0, 0, 0, 1), "orders[0].history[6]", signed)
    assert ask("order", "show", signed, FJ, "--json").json == before

    def rewritten(document: Any) -> None:
        document["orders"][0]["history"][0]["fact"]["details"]["content"] = "改写的内容"

    assert taken(ask, changed(ours, rewritten))["problems"][0]["place"] == "orders[0].history[0]"


@pytest.mark.clause("FJ-3.3")
@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda order: order.pop("id"), "orders[1]"),
        (lambda order: order.update(id="../../x"), "orders[1].id"),
        (lambda order: order.update(history=[]), "orders[1].history[0]"),
        (lambda order: order["history"].pop(0), "orders[1].history[0]"),
        (lambda order: order["history"].append(order["history"][0]), "orders[1].history[1]"),
        (lambda order: order["history"][0].update(type="order.melted"), "orders[1].history[0].type"),
        (lambda order: order["history"][0].update(type="seat.signed_in"), "orders[1].history[0].type"),
        (lambda order: order["history"][0].update(n=2**70), "orders[1].history[0].n"),
        (lambda order: order["history"][0].update(occurred_at="gestern"), "orders[1].history[0].occurred_at"),
        (lambda order: order["history"][0].update(occurred_at="2026-03-02"), "orders[1].history[0].occurred_at"),
        (lambda order: order["history"][0].update(occurred_at="2026-03-02T10:00:00"),
         "orders[1].history[0].occurred_at"),
        (lambda order: order["history"][0]["fact"].update(details=7), "orders[1].history[0].fact"),
        (lambda order: order["history"][0]["fact"].update(order="other"), "orders[1].history[0]"),
        (lambda order: order.update(jurisdiction="atlantis"), "orders[1].jurisdiction"),
        (lambda order: order.update(jurisdiction="zhijiang"), "orders[1].jurisdiction"),
    ],
)  # fmt: skip
def test_a_broken_entry_is_listed_with_its_place_and_the_rest_is_taken(
    ask: Ask, at_desk: Move, tmp_path: Path, change: Callable[[Any], object], place: str
) -> None:
    for _ in range(3):
        assert ask("order", "raise", *FORM).code == 0
    path = tmp_path / "orders.json"
    export(ask, path)
    at_desk("another")
    answer = taken(ask, changed(path, lambda document: change(document["orders"][1])))
    assert (counts(answer), [one["place"] for one in answer["problems"]]) == ((2, 0, 0, 1), [place])
    assert answer["problems"][0]["reason"]
    assert counts(taken(ask, path)) == (1, 0, 2, 0)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": "x", "version": 1, "orders": []}', "PK\x03\x04"])
def test_a_file_of_another_sort_is_refused(ask: Ask, tmp_path: Path, text: str) -> None:
    path = tmp_path / "orders.json"
    path.write_text(text, encoding="utf-8")
    answer = ask("order", "import", str(path), FJ)
    assert (answer.code, "orders.json" in answer.err, "Traceback" in answer.err) == (1, True, False)
    assert ask("order", "import", str(tmp_path / "gone.json"), FJ).code == 1


@pytest.mark.clause("FJ-3.3")
def test_a_dry_run_says_what_would_be_taken_and_takes_nothing(
    ask: Ask, signed: str, at_desk: Move, tmp_path: Path
) -> None:
    path = tmp_path / "orders.zip"
    export(ask, path)
    at_desk("another")
    answer = taken(ask, path, "--dry-run")
    assert (counts(answer), answer["dry_run"]) == ((1, 0, 0, 0), True)
    assert ask("order", "list", FJ, "--json").json == []
    assert not (tmp_path / "another" / "attachments").exists()


def test_callers_are_masked_wherever_they_stand_unless_they_are_asked_for_and_that_is_on_record(
    ask: Ask, tmp_path: Path
) -> None:
    words = [word for word in FORM if not word.startswith("--content")]
    told = "--content=示例甲（13800000001）反映三天不亮"
    number = str(ask("order", "raise", *words, told, "--json").json["number"])
    assert ask("order", "amend", number, "caller_name", "示例乙", "--reason=听错", FJ).code == 0
    path = tmp_path / "orders.json"
    assert export(ask, path)["masked"] is True
    text = path.read_text(encoding="utf-8")
    for person in ("示例甲", "示例乙", "13800000001"):
        assert person not in text
    assert ("示*" in text, "138****0001" in text) == (True, True)
    assert path.stat().st_mode & 0o777 == 0o600
    export(ask, path, number, "--unmask")
    assert "13800000001" in path.read_text(encoding="utf-8")
    [seen] = [line for line in ask("order", "seen", number, FJ, "--json").json if not line["masked"]]
    assert seen["order"] == number


def test_from_whom_the_caller_is_kept_gets_a_file_without_any_trace_of_them(ask: Ask, tmp_path: Path) -> None:
    words = [word for word in FORM if "--content" not in word]
    number = str(ask("order", "raise", *words, "--content=示例甲来电", "--json").json["number"])
    assert ask("order", "dispatch", number, FJ).code == 0
    assert ask("order", "attach", number, str(photo(tmp_path)), FJ).code == 0
    path = tmp_path / "orders.zip"
    assert ask("order", "export", number, "--output", str(path), CLERK, FJ).code == 0
    with ZipFile(path) as packed:
        text = packed.read("orders.json").decode()
    assert [trace for trace in ("示例甲", "示*", "13800000001", "138*") if trace in text] == []
    refused = ask("order", "export", number, "--output", str(path), "--unmask", CLERK, FJ)
    assert (refused.code, "FJ-6.2" in refused.err) == (3, True)


def test_a_unit_exports_its_own_orders_only_and_takes_none_in(ask: Ask, order: str, tmp_path: Path) -> None:
    assert ask("order", "dispatch", order, FJ).code == 0
    path = tmp_path / "orders.json"
    stranger = "--as=unit_clerk:水利局"
    assert ask("order", "export", order, "--output", str(path), stranger, FJ).code == 3
    assert not path.exists()
    answer = ask("order", "export", "--all", "--output", str(path), stranger, FJ, "--json")
    assert (answer.code, answer.json["orders"]) == (0, 0)
    assert ask("order", "import", str(path), CLERK, FJ).code == 3


def test_an_export_needs_the_approval_the_book_demands_and_is_on_record(ask: Ask, order: str, tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    refused = ask("order", "export", "--all", "--output", str(path), "-j", "ZJ")
    assert (refused.code, "ZJ-26" in refused.err, path.exists()) == (3, True, False)
    approval = "--approval=枝热办〔2026〕1号"
    allowed = ask("order", "export", "--all", "--output", str(path), approval, "-j", "ZJ", "--json")
    assert (allowed.code, allowed.json["orders"]) == (0, 0)
    [line] = [one for one in ask("export", "log", "-j", "ZJ", "--json").json if one["what"] == "orders"]
    assert (line["approval"], line["count"], len(line["sha256"])) == ("枝热办〔2026〕1号", 0, 64)
    mine = ask("order", "export", order, "--output", str(path), "--approval=x", "-j", "ZJ")
    assert (mine.code, order in mine.err) == (1, True)


def test_days_of_raising_choose_what_goes_and_nothing_chosen_is_refused(
    ask: Ask, order: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "orders.json"
    today = ask("order", "show", order, FJ, "--json").json["raised_at"][:10]
    assert export(ask, path, f"--from={today}", f"--to={today}")["orders"] == 1
    assert export(ask, path, "--to=2001-01-01")["orders"] == 0
    for words in ((), ("--all", "--from=2026-01-01"), (order, "--all")):
        assert ask("order", "export", "--output", str(path), *words, FJ).code == 1
    assert ask("order", "export", "--all", FJ).code == 1


def test_a_file_that_is_missing_or_was_changed_is_told_and_comes_later(
    ask: Ask, signed: str, at_desk: Move, tmp_path: Path
) -> None:
    path = tmp_path / "orders.json"
    export(ask, path)
    folder = tmp_path / "orders.json.files"
    [small, large] = sorted(folder.iterdir(), key=lambda one: one.stat().st_size)
    small.write_bytes(PHOTO + b"?")
    large.unlink()
    at_desk("another")
    answer = taken(ask, path)
    assert (counts(answer), len(answer["missing_attachments"])) == ((1, 0, 0, 0), 2)
    assert {one["state"] for one in ask("order", "attachments", signed, FJ, "--json").json} == {"missing"}
    small.write_bytes(PHOTO)
    later = taken(ask, path)
    assert (counts(later), later["attachments"], len(later["missing_attachments"])) == ((0, 0, 1, 0), 1, 1)


def test_the_documented_form_is_the_one_the_program_writes(ask: Ask) -> None:
    printed = ask("order", "export", "--schema").json
    assert printed == json.loads((ROOT / "docs" / "exchange.schema.json").read_text(encoding="utf-8"))
    text = (ROOT / "docs" / "exchange.md").read_text(encoding="utf-8")
    for name in ("ExchangedOrders", "ExchangedOrder", "ExchangedEvent", "ExchangedClock", "ExchangedFile"):
        missing = [field for field in printed["$defs"][name]["properties"] if f"`{field}`" not in text]
        assert missing == [], f"docs/exchange.md does not explain {name}: {missing}"
