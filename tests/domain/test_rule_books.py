"""The five rule books as they are loaded, what one takes over from another, and a sixth made of data only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_console.domain.errors import BadInput, UnknownName
from agent_console.domain.intake.calls import CloseCall, TakeCall
from agent_console.domain.intake.matters import Conclude
from agent_console.domain.intake.outcomes import Refused
from agent_console.domain.people import Actor
from agent_console.domain.work_order.order_clocks import handling
from agent_console.domain.work_order.order_steps import (
    CompleteOrder,
    DecideExtension,
    DispatchOrder,
    ExtendOrder,
    RaiseOrder,
)
from agent_console.domain.work_order.order_steps import SignOrder as Sign
from agent_console.domain.work_order.orders import OrderDetails
from agent_console.resources import jurisdictions, limits, paths, refusals, rule_books
from agent_console.resources.rule_books import find_clause, house, jurisdiction_codes, load_book, load_clauses
from tests.support.rule_of import CLERK, FIVE, clock_of, context, facts
from tests.support.stories import CallStory, OrderStory

BOOKS = [
    ("fujian", "FJ", "in_force", ""),
    ("zhijiang", "ZJ", "draft", "征求意见稿"),
    ("binzhou", "BZ", "in_force", ""),
    ("hebi", "HB", "provisional", "暂行"),
    ("fuzhou", "FZ", "reported", "据新闻报道"),
]


def test_there_are_five_rule_books() -> None:
    assert jurisdiction_codes() == ("binzhou", "fujian", "fuzhou", "hebi", "zhijiang")


@pytest.mark.parametrize(("code", "prefix", "status", "mark"), BOOKS)
@pytest.mark.clause("ZJ-0")
@pytest.mark.clause("FZ-2")
@pytest.mark.clause("HB-0.1")
def test_a_rule_book_says_what_it_is_worth(code: str, prefix: str, status: str, mark: str) -> None:
    book = load_book(code)
    assert (book.code, book.prefix, book.status, book.mark) == (code, prefix, status, mark)


@pytest.mark.parametrize("name", ["fujian", "FJ", "fj", " Fujian "])
def test_a_jurisdiction_goes_by_code_or_prefix(name: str) -> None:
    assert load_book(name).code == "fujian"


def test_an_unknown_jurisdiction_is_told_which_there_are() -> None:
    with pytest.raises(UnknownName) as caught:
        load_book("atlantis")
    assert caught.value.message.fields == {"name": "atlantis", "known": "binzhou、fujian、fuzhou、hebi、zhijiang"}


@pytest.mark.parametrize(
    ("code", "items"),
    [
        pytest.param("fujian", 8, marks=pytest.mark.clause("FJ-13.0")),
        pytest.param("zhijiang", 9, marks=pytest.mark.clause("ZJ-11.0")),
        pytest.param("binzhou", 6, marks=pytest.mark.clause("BZ-6.0")),
        pytest.param("hebi", 4, marks=pytest.mark.clause("HB-5.0")),
        ("fuzhou", 8),
    ],
)
def test_the_list_of_what_is_not_taken_is_as_long_as_in_the_text(code: str, items: int) -> None:
    book = load_book(code)
    assert len(book.refusals) == items
    assert len({item.clause for item in book.refusals}) == items


@pytest.mark.parametrize("code", FIVE)
def test_everything_a_book_says_rests_on_a_clause_that_exists(code: str) -> None:
    book = load_book(code)
    cited = {kind.clause for kind in book.kinds}
    cited |= {named.clause for named in (*book.channels, *book.caller_types)}
    cited |= {required.clause for required in book.required}
    cited |= {item.clause for item in book.refusals} | {book.refusing.clause, book.emergency_clause}
    cited |= {book.outcome_clause}
    for step in book.steps.values():
        cited |= {step.clause, *(required.clause for required in step.requires)}
    for clause in filter(None, cited):
        assert find_clause(clause).id == clause


@pytest.mark.parametrize("code", [code for code in FIVE if code != "fuzhou"])
def test_nothing_of_one_rule_book_acts_in_another(code: str) -> None:
    book = load_book(code)
    cited = {step.clause for step in book.steps.values()} | {item.clause for item in book.refusals}
    cited |= {rule.clause for rules in book.limits.limits.values() for rule in rules}
    assert {clause.partition("-")[0] for clause in cited} == {book.prefix}
    assert book.inherited == frozenset()


@pytest.mark.parametrize("code", FIVE)
def test_a_clause_stands_in_one_book_under_one_id(code: str) -> None:
    ids = [clause.id for clause in load_clauses(code)]
    assert len(ids) == len(set(ids))
    assert {clause_id.partition("-")[0] for clause_id in ids} == {load_book(code).prefix}
    assert all(clause.summary.strip() for clause in load_clauses(code))


def test_a_clause_is_found_in_any_case() -> None:
    assert find_clause(" fj-20.2A ").id == "FJ-20.2a"


@pytest.mark.parametrize(("name", "key"), [("FJ-99", "error.clause"), ("XX-1", "error.jurisdiction")])
def test_an_unknown_clause_is_named(name: str, key: str) -> None:
    with pytest.raises(UnknownName) as caught:
        find_clause(name)
    assert caught.value.message.key == key


@pytest.mark.clause("FJ-32.2")
def test_fuzhou_takes_over_from_fujian_what_the_report_does_not_tell_and_says_so() -> None:
    fuzhou, fujian = load_book("fuzhou"), load_book("fujian")
    assert fuzhou.parent == "fujian"
    assert fuzhou.inherited == {
        "caller_types",
        "required",
        "outcome_clause",
        "refusals",
        "steps.dispatch",
        "steps.sign",
        "steps.return",
        "steps.extend",
        "steps.complete",
        "steps.reassign",
        "roles.province",
    }
    assert fuzhou.steps == fujian.steps
    assert fuzhou.refusals == fujian.refusals
    assert fuzhou.kinds != fujian.kinds
    assert fuzhou.channels != fujian.channels


@pytest.mark.clause("FJ-32.2")
def test_a_limit_fuzhou_inherits_says_where_it_comes_from() -> None:
    book = load_book("fuzhou").limits
    assert all(rule.inherited for rule in book.rules("return"))
    assert not any(rule.inherited for rule in book.rules("handle"))
    assert book.parent_name == "福建省办法"


@pytest.mark.clause("FZ-4.3")
def test_fuzhou_has_ten_channels_six_of_them_named() -> None:
    assert [channel.id for channel in load_book("fuzhou").channels] == [
        "phone",
        "website",
        "mail",
        "wechat",
        "weibo",
        "qq",
        "free_1",
        "free_2",
        "free_3",
        "free_4",
    ]


def test_two_books_have_two_versions() -> None:
    assert len({load_book(code).version for code in FIVE}) == 5


def test_the_house_offers_the_five_reasons_of_an_invalid_call() -> None:
    assert house().invalid_reasons == ("无声", "误拨", "骚扰", "断线", "恶作剧")


SIXTH = {
    "book.toml": """
title = "临江市热线办法"
short_title = "临江市办法"
prefix = "LJ"
region = "临江市"
status = "in_force"
outcome_clause = "LJ-1"
[[kinds]]
id = "心愿"
clause = "LJ-2"
[[channels]]
id = "window"
name = "窗口"
clause = "LJ-3"
[steps.dispatch]
clause = "LJ-4"
roles = ["operator"]
[steps.sign]
clause = "LJ-5"
roles = ["unit_clerk"]
requires = [{field = "seal", clause = "LJ-5"}]
[steps.return]
clause = "LJ-6"
[steps.extend]
clause = "LJ-7"
decided_by = ["mayor"]
[steps.complete]
clause = "LJ-8"
requires = [{field = "thanks", clause = "LJ-8"}]
""",
    "limits.toml": """
prefix = "LJ"
name = "临江市办法"
[[limits.handle]]
clause = "LJ-9"
amount = 7
unit = "natural_day"
start = ["signed"]
[[extensions]]
clause = "LJ-7"
length = "exactly_original"
""",
    "refusals.toml": """
refusing = {clause = "LJ-10", requires = ["guided"]}
[[refusals]]
item = "10(一)"
title = "天气"
clause = "LJ-10"
""",
    "clauses.toml": """
[[clause]]
id = "LJ-1"
article = "1"
summary = "件件有着落"
part = "intake"
status = "acts"
""",
}


def _forget_what_was_read() -> None:
    for module in (jurisdictions, rule_books, limits, refusals):
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


@pytest.fixture
def sixth_city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of data with the house rules and one city nobody has heard of."""
    shipped = paths.data_folder("jurisdictions")
    calendars = paths.data_folder("calendars")
    folder = tmp_path / "data" / "jurisdictions"
    (folder / "linjiang").mkdir(parents=True)
    (tmp_path / "data" / "calendars").symlink_to(calendars)
    (folder / "house.toml").write_bytes((shipped / "house.toml").read_bytes())
    for name, text in SIXTH.items():
        (folder / "linjiang" / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(paths, "_root", lambda: tmp_path)
    _forget_what_was_read()
    yield folder / "linjiang"
    monkeypatch.undo()
    _forget_what_was_read()


def test_a_sixth_city_needs_no_code(sixth_city: Path) -> None:
    call = CallStory("linjiang")
    facts(call.do(TakeCall("c1", "m1")))
    assert call.call.channel == "window"
    facts(call.do(Conclude("m1", Refused("LJ-10", guided=True))))
    facts(call.do(CloseCall()))

    story = OrderStory("linjiang")
    wish = OrderDetails(channel="window", kind="心愿", title="想看雪", content="冬天能不能下雪", lead="城市管理局")
    facts(story.do(RaiseOrder("o1", "260302900100012", "c1", "m1", wish)))
    facts(story.do(DispatchOrder()))
    facts(story.do(Sign({"seal": "红"}), CLERK))
    deadline = handling(story.order, context("linjiang"))
    assert (clock_of(deadline.due), deadline.clause) == ("2026-03-09T23:59:59+08:00", "LJ-9")
    facts(story.do(ExtendOrder(0, {}), CLERK))
    facts(story.do(DecideExtension(granted=True), Actor("市长", "mayor")))
    assert clock_of(story.order.due) == "2026-03-16T23:59:59+08:00"
    facts(story.do(CompleteOrder({"thanks": "收到锦旗"}), CLERK))


@pytest.mark.parametrize(
    ("cut", "missing"),
    [
        (
            '[steps.sign]\nclause = "LJ-5"\nroles = ["unit_clerk"]\nrequires = [{field = "seal", clause = "LJ-5"}]\n',
            "steps.sign",
        ),
        ('[[kinds]]\nid = "心愿"\nclause = "LJ-2"\n', "kinds"),
        ('[[channels]]\nid = "window"\nname = "窗口"\nclause = "LJ-3"\n', "channels"),
    ],
)
def test_a_book_that_leaves_out_what_every_desk_needs_is_not_loaded(sixth_city: Path, cut: str, missing: str) -> None:
    text = SIXTH["book.toml"]
    assert cut in text
    (sixth_city / "book.toml").write_text(text.replace(cut, ""), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_book("linjiang")
    assert caught.value.message.fields["reason"] == missing
    assert str(caught.value.message.fields["path"]).endswith("linjiang/book.toml")


def test_a_slip_in_a_book_names_file_and_key(sixth_city: Path) -> None:
    (sixth_city / "book.toml").write_text(SIXTH["book.toml"] + "\nroels = 1\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_book("linjiang")
    assert "roels" in str(caught.value.message.fields["reason"])
