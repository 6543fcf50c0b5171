"""A city nobody has heard of, written as data only, through everything the console does, by the command line only."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ..cli.conftest import Ask
from .conftest import At, Seat

CLERK = "--as=unit_clerk:航道局:王经办"
LEADER = "--as=unit_leader:航道局:李局长"
MASTER = "--as=harbour_master"
RESULT = ("--field=result=已加固", "--field=answered_at=2026-03-04T09:00+08:00")
WHO = ("--caller-type=boatman", "--caller-name=陈某", "--caller-number=13800000001")
FORM = ("--title=栈桥断裂", "--content=上洲东栈桥断了", *WHO)


def raised(seat: Seat, *form: str, kind: str = "报修", channel: str = "ferry") -> None:
    words = (*FORM, f"--kind={kind}", f"--channel={channel}", "--lead=航道局", "--point=上洲东", *form)
    told = seat.json("order", "raise", *words)
    assert isinstance(told, dict)
    seat.number = told["number"]


def signed(seat: Seat, *form: str, kind: str = "报修", channel: str = "ferry") -> None:
    raised(seat, *form, kind=kind, channel=channel)
    assert seat.step("dispatch")[0] == 0
    assert seat.step("sign", CLERK, "--officer=王经办")[0] == 0


def completed(seat: Seat) -> None:
    signed(seat)
    assert seat.step("record", "contact", CLERK, "--field=at=2026-03-03T16:00", "--field=means=渡船")[0] == 0
    assert seat.step("complete", CLERK, *RESULT)[0] == 0


def refused(told: tuple[int, str], clause: str, sentence: str = "") -> bool:
    return told[0] == 3 and clause in told[1] and sentence in told[1]


def test_its_clauses_are_listed_and_the_book_holds_together(seat: Seat, ask: Ask) -> None:
    assert "云汀市接诉办理规程" in ask("rules", "-j", "yunting").out
    assert ask("rules", "YT-9.2", "--json").json[0]["summary"] == "自助机报修和复杂报修三个半工作日。"
    assert ask("rules", "--check", "YT", "--json").json[0]["faults"] == []


def test_the_form_asks_for_what_the_book_asks_for(seat: Seat) -> None:
    words = ("order", "raise", *FORM, "--channel=kiosk", "--lead=航道局", "--district=上洲")
    assert refused(seat(*words, "--kind=报修"), "YT-4", "点")
    assert refused(seat(*words, "--kind=投诉", "--point=上洲东"), "YT-2", "投诉")
    urgent = ("--kind=报修", "--point=上洲东", "--urgency=urgent")
    assert refused(seat(*words, *urgent, "--urgent-cause=停电"), "YT-4", "水情")
    assert seat(*words, *urgent, "--urgent-cause=水情")[0] == 0


def test_the_window_is_open_when_the_book_says_so(seat: Seat, at: At) -> None:
    words = ("order", "raise", *FORM, "--kind=报修", "--point=上洲东", "--channel=window", "--lead=航道局")
    at("2026-03-03T12:00")
    assert refused(seat(*words), "YT-1.1")
    at("2026-03-03T13:00")
    assert seat(*words)[0] == 0


def test_what_the_list_names_is_not_taken_and_is_screened(seat: Seat, ask: Ask) -> None:
    screened = ask("screen", "我已经向法院起诉了渔权纠纷", "-j", "YT", "--json").json
    assert (screened["predicted"][0], screened["clause"]) == ("litigation", "YT-13.1")
    log = ("call", "log", "--note=已起诉", "--words=已起诉", "--reason=已起诉", "--channel=kiosk", "--refused=YT-13.1")
    assert refused(seat(*log, "--field=officer=王"), "YT-13")
    told = (*log, "--guided", "--field=officer=王")
    assert refused(seat(*told), "YT-13.1")
    assert refused(seat(*told, "--field=institution=省法院"), "YT-13.1", "海事法院、县法院")
    assert seat(*told, "--field=institution=海事法院")[0] == 0


@pytest.mark.parametrize(
    ("kind", "channel", "more", "due", "clause"),
    [
        ("报修", "ferry", (), "2026-03-09T11:30", "YT-9.2"),
        ("报修", "window", (), "2026-03-05T16:00", "YT-9.3"),
        ("报修", "window", ("--complexity=complex",), "2026-03-09T11:30", "YT-9.2"),
        ("申诉", "ferry", (), "2026-03-12T17:00", "YT-9.1"),
        ("夜噪", "window", (), "2026-03-12T17:00", "YT-9.1"),
        ("问询", "ferry", (), "2026-03-03T23:59", "YT-9.4"),
        ("申诉", "ferry", ("--urgency=urgent", "--urgent-cause=水情"), "2026-03-03T23:59", "YT-9.4"),
    ],
)
def test_units_of_time_no_shipped_book_uses(
    seat: Seat, at: At, kind: str, channel: str, more: tuple[str, ...], due: str, clause: str
) -> None:
    at("2026-03-03T15:00" if channel == "window" else "2026-03-03T16:00")
    raised(seat, *more, kind=kind, channel=channel)
    at("2026-03-03T16:00")
    assert seat.step("dispatch")[0] == 0
    assert seat.step("sign", CLERK, "--officer=王经办")[0] == 0
    assert seat.due("handle") == (due, clause)
    assert seat.due("contact") == ("2026-03-03T22:00", "YT-10")


def test_the_line_and_the_unit_have_their_own_clocks_with_reasons(seat: Seat) -> None:
    raised(seat)
    assert seat.due("dispatch") == ("2026-03-04T09:30", "YT-5.1")
    assert seat.step("dispatch")[0] == 0
    assert seat.due("sign") == ("2026-03-04T11:30", "YT-6")
    assert seat.due("return") == ("2026-03-03T19:00", "YT-7.3")
    told = seat("order", "show", seat.number, "--as=centre")[1]
    assert "YT-9.2：自签收（2026-03-03 16:00）起3.5个工作日" in told


def test_a_return_is_decided_by_the_one_the_book_names(seat: Seat, at: At) -> None:
    raised(seat)
    assert seat.step("dispatch")[0] == 0
    assert refused(seat.step("return", CLERK, "--reason=不归我"), "YT-7.1")
    assert seat.step("return", CLERK, "--reason=不归我", "--field=tide_table=三月")[0] == 0
    assert refused(seat.step("decide-return", "--as=lead", "--grant"), "YT-7.2", "港务总监")
    assert seat.step("decide-return", MASTER, "--refuse", "--reason=归你")[0] == 0
    at("2026-03-03T19:01")
    assert refused(seat.step("return", CLERK, "--reason=不归我", "--field=tide_table=三月"), "YT-7.2")


def test_the_same_length_again_counts_in_the_unit_of_the_limit(seat: Seat) -> None:
    signed(seat)
    assert refused(seat.step("extend", CLERK, "--reason=备件"), "YT-8")
    assert seat.step("extend", LEADER, "--reason=备件")[0] == 0
    assert refused(seat.step("decide-extension", "--as=lead", "--grant"), "YT-8.2", "港务总监")
    assert seat.step("decide-extension", MASTER, "--grant")[0] == 0
    assert seat.due("handle")[0] == "2026-03-12T16:00"
    assert refused(seat.step("extend", LEADER, "--reason=备件"), "YT-8.4")


def test_an_appeal_is_extended_by_days_of_the_calendar_up_to_six_in_two_steps(seat: Seat, at: At) -> None:
    signed(seat, kind="申诉")
    assert refused(seat.step("extend", LEADER, "--reason=取证", "--days=7"), "YT-8.1")
    for days, due in (("2", "2026-03-16T17:00"), ("3", "2026-03-17T17:00")):
        assert seat.step("extend", LEADER, "--reason=取证", f"--days={days}")[0] == 0
        assert seat.step("decide-extension", MASTER, "--grant")[0] == 0
        assert seat.due("handle")[0] == due
    assert refused(seat.step("extend", LEADER, "--reason=取证", "--days=1"), "YT-8.1")


def test_an_extension_is_asked_for_four_hours_before_the_end(seat: Seat, at: At) -> None:
    signed(seat, kind="申诉")
    assert seat.due("extension_apply_by") == ("2026-03-12T13:00", "YT-8.3")
    at("2026-03-12T13:01")
    assert refused(seat.step("extend", LEADER, "--reason=取证", "--days=1"), "YT-8.3")


def test_a_flag_makes_a_duty(seat: Seat) -> None:
    signed(seat)
    assert refused(seat.step("flag", "flood", "--as=lead"), "YT-14")
    assert seat.step("flag", "flood", "--as=lead", "--cause=堤岸")[0] == 0
    assert seat.step("record", "contact", CLERK, "--field=at=2026-03-03T16:00", "--field=means=渡船")[0] == 0
    assert refused(seat.step("complete", CLERK, *RESULT), "YT-14", "先行防护")
    measure = ("--field=measure=封桥", "--field=taken_on=2026-03-03")
    assert seat.step("record", "safety_measure", CLERK, *measure)[0] == 0
    assert seat.step("complete", CLERK, *RESULT)[0] == 0


def test_redo_callback_and_archive_follow_the_book(seat: Seat) -> None:
    completed(seat)
    assert refused(seat.step("redo", "--as=centre"), "YT-15.2")
    assert seat.step("rate", "dissatisfied")[0] == 0
    assert refused(seat.step("redo", "--as=centre"), "YT-15.2")
    assert seat.step("record", "verification", "--as=centre", "--field=finding=unit_responsible")[0] == 0
    assert refused(seat.step("redo", "--as=lead"), "YT-15.2")
    assert seat.step("redo", "--as=centre")[0] == 0
    assert seat.due("handle") == ("2026-03-04T14:00", "YT-11")
    assert seat.step("record", "contact", CLERK, "--field=at=2026-03-03T17:00", "--field=means=电话")[0] == 0
    assert seat.step("complete", CLERK, *RESULT)[0] == 0
    assert seat.step("rate", "dissatisfied")[0] == 0
    assert refused(seat.step("redo", "--as=centre"), "YT-15.3")
    assert seat.number in str(seat.json("order", "callbacks", "--as=callback_agent"))
    assert refused(seat.step("archive", "--as=lead", "--class=结清"), "YT-16")
    reached = ("--as=callback_agent", "--field=reached=yes", "--field=satisfaction=satisfied")
    assert seat.step("record", "callback", *reached)[0] == 0
    assert refused(seat.step("archive", "--as=lead", "--class=完结"), "YT-17.1")
    assert refused(seat.step("archive", "--as=operator", "--class=结清"), "YT-17")
    assert seat.step("archive", "--as=lead", "--class=存疑")[0] == 0


def test_the_unit_is_not_told_who_appeals(seat: Seat) -> None:
    signed(seat, kind="申诉")
    shown = str(seat.json("order", "show", seat.number, CLERK))
    assert "陈" not in shown
    assert "13800000001" not in shown
    assert refused(seat("order", "show", seat.number, CLERK, "--unmask"), "YT-19.3")


def test_its_reports_and_lists(seat: Seat, at: At) -> None:
    signed(seat, kind="申诉")
    at("2026-03-13T09:00")
    assert refused(seat("report", "show", "tide", "--as=operator"), "YT-22")
    assert "潮报" in seat("report", "show", "tide", "--as=lead", "--period=2026-W10")[1]
    assert refused(seat("order", "lists", "stranded", "--as=operator"), "YT-23")
    stranded = seat.json("order", "lists", "stranded", "--as=lead")
    assert isinstance(stranded, dict)
    assert [(row["lead"], row["due"][:16]) for row in stranded["rows"]] == [("航道局", "2026-03-12T17:00")]


def test_its_directory(seat: Seat) -> None:
    river = ("unit", "add", "航道局", "--unit-class=bureau", "--tier=river")
    assert refused(seat(*river, "--as=operator"), "YT-20")
    assert seat(*river, "--as=lead")[0] == 0
    assert refused(seat("unit", "add", "上洲段", "--unit-class=quay", "--tier=river", "--as=lead"), "YT-20")
    assert seat("unit", "add", "上洲段", "--unit-class=quay", "--tier=quay", "--parent=航道局", "--as=lead")[0] == 0
    assert "YT-20.1" in seat("unit", "check")[1]
    raised(seat)
    assert refused(seat.step("dispatch", "--lead=上洲段"), "YT-5.6")
    assert refused(seat.step("dispatch", "--lead=水利局"), "")


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("orders.toml", 'clause = "YT-16"', 'clause = "YT-99"', ("orders.toml", "callback", "YT-99")),
        ("orders.toml", 'roles = ["callback_agent"]', 'roles = ["caller_back"]', ("records.callback", "caller_back")),
        ("orders.toml", 'sets = ["supervised"]', 'sets = ["watched"]', ("records.supervision", "watched")),
        ("orders.toml", 'needs = ["contact"]', 'needs = ["visit"]', ("archive", "visit")),
        ("orders.toml", '"flag.flood" = true', '"flag.fire" = true', ("duties.safety_measure", "flag.fire")),
        ("orders.toml", "[amendments.point]", "[amendments.pier]", ("amendments", "pier")),
        ("orders.toml", 'finding = "unit_responsible"', "", ()),
        ("limits.toml", '{ kind = "申诉" }', '{ kind = "上诉" }', ("limits.handle.YT-9.1", "上诉")),
        ("limits.toml", '{ kind = "申诉" }', '{ weather = "fog" }', ("limits.handle.YT-9.1", "weather")),
        ("limits.toml", 'tier = "listed"\n', "", ("limits.handle.YT-9.2", "永远轮不到")),
        ("limits.toml", "[[limits.contact]]", "[[limits.visit]]", ("limits.visit", "程序不会用到")),
        ("limits.toml", 'start = ["policy_published"]', 'start = ["full_moon"]', ("knowledge_update", "full_moon")),
        ("limits.toml", 'unit = "clock_hour"', 'unit = "lunar_month"', ("limits.toml", "lunar_month")),
        ("book.toml", "decision_clause", "decided_clause", ("book.toml", "decided_clause")),
        ("book.toml", 'field = "point"', 'field = "pier"', ("book.toml", "required.pier")),
        ("refusals.toml", '["litigation"]', '["lawsuit"]', ("refusals.toml", "lawsuit")),
        ("directory.toml", 'under = ["river"]', 'under = ["sea"]', ("directory.toml", "tiers.quay", "sea")),
        ("lists.toml", "contact = {}", "visit = {}", ("lists.toml", "ferries", "visit")),
        ("roles.toml", 'flags = ["flood"]', 'flags = ["fire"]', ("roles.toml", "observer", "fire")),
        ("clauses.toml", 'id = "YT-25"', 'id = "XX-25"', ("clauses.toml", "XX-25", "YT-25")),
    ],
)
def test_a_slip_is_named_with_file_and_key(
    ask: Ask, home: Path, yunting: Path, file: str, old: str, new: str, told: tuple[str, ...]
) -> None:
    path = yunting / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    answer = ask("rules", "--check", "yunting", "--json")
    faults = [" ".join(fault.values()) for fault in answer.json[0]["faults"]]
    assert (answer.code, bool(faults)) == ((1, True) if told else (0, False))
    assert all(any(part in fault for fault in faults) for part in told), faults


def test_a_file_nobody_reads_and_a_code_that_is_taken_are_named(ask: Ask, home: Path, yunting: Path) -> None:
    (yunting / "order.toml").write_text("", encoding="utf-8")
    shutil.copytree(yunting, home / "jurisdictions" / "hebi")
    told = {book["jurisdiction"]: book["faults"] for book in ask("rules", "--check", "--json").json}
    assert [fault["file"] for fault in told["yunting"]] == ["order.toml"]
    assert [fault["file"] for fault in told["hebi"]] == ["book.toml"]
    assert "鹤壁" in ask("rules", "-j", "hebi").out


def test_a_book_that_cannot_be_read_does_not_stand_in_the_way_of_the_others(ask: Ask, yunting: Path) -> None:
    (yunting / "book.toml").write_text("title = [", encoding="utf-8")
    assert ask("rules", "FJ-20.2a").code == 0
    assert ask("rules", "-j", "HB").code == 0
    broken = ask("rules", "-j", "yunting")
    assert broken.code == 1
    assert "book.toml" in broken.err
