from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
import pytest

from agent_console.domain.errors import BadInput, UnknownName
from agent_console.resources.rule_books import jurisdiction_codes, load_book, load_clauses
from knowledge.screening.model import ACCEPT, CLASSES, EMERGENCIES
from knowledge.scripts.check import check
from knowledge.scripts.model import Option, Script, Step, script_for, scripts
from knowledge.scripts.questions import Questions, check_questions, questions, stored_questions
from knowledge.scripts.runner import HANG_UP, begin

from ..support.scripts import walks

CLAUSES = frozenset(clause.id for code in jurisdiction_codes() for clause in load_clauses(code))
JURISDICTIONS = [("", ""), *((code, load_book(code).parent) for code in jurisdiction_codes())]
ALL = list(scripts().values())


BREATH = 60
"""Characters that can be said in one breath: half a minute at hotline speed."""
NUMBER = re.compile(r"(?<!\d)(?!110|119|120|122|12345)\d{5}(?!\d)|网站|窗口|办公室|信箱")


def by_id(script: Script) -> str:
    return script.id


def worded(script: Script) -> Iterator[Step]:
    """Every step in the words of every city."""
    for code, parent in JURISDICTIONS:
        yield from script.steps(code, parent).values()


class TestContent:
    def test_every_class_but_accept_has_a_script(self) -> None:
        assert {script_for(name).id for name in CLASSES if name != ACCEPT} == {
            script.id for script in scripts().values() if not script.threat
        }

    @pytest.mark.parametrize("script", ALL, ids=by_id)
    def test_the_check_finds_nothing(self, script: Script) -> None:
        assert check(script, CLAUSES) == []

    @pytest.mark.parametrize("script", ALL, ids=by_id)
    @pytest.mark.parametrize(("code", "parent"), JURISDICTIONS)
    def test_every_way_ends_and_a_refusal_was_explained_and_guided(
        self, script: Script, code: str, parent: str
    ) -> None:
        ends = list(walks(begin(script, code, parent)))
        assert ends
        for run in ends:
            if run.outcome in ("refused", "transferred", "followed_up"):
                assert run.explained
                assert run.guided

    @pytest.mark.parametrize("name", EMERGENCIES)
    def test_an_emergency_hands_over_on_one_key_and_asks_one_question(self, name: str) -> None:
        script = script_for(name)
        run = begin(script)
        assert {option.way for option in run.step.options} == {"transfer", "three_way", "number_given"}
        kinds = {step.id: step.kind for step in script.step}
        for way in walks(run):
            assert [kinds[entry.partition(":")[0]] for entry in way.path].count("ask") <= 1
        assert name.endswith(script.target)
        handed = run.answer("1")
        assert (handed.way, handed.explained, handed.guided) == ("transfer", True, True)
        done = handed.answer("next", "人民路8号")
        assert done.outcome == "transferred"
        assert done.answers == {"place": "人民路8号"}

    @pytest.mark.parametrize("name", EMERGENCIES)
    def test_whoever_has_to_call_themselves_is_asked_where_before_they_are_told_to_hang_up(self, name: str) -> None:
        asked = begin(script_for(name)).answer("3")
        assert (asked.step.field, asked.step.needed) == ("place", True)
        told = asked.answer("next", "人民路8号")
        assert "请您现在就挂断" in told.step.text
        assert told.answer("next").outcome == "transferred"

    @pytest.mark.parametrize("name", EMERGENCIES)
    def test_whoever_hangs_up_after_the_hand_over_was_handed_over(self, name: str) -> None:
        first = begin(script_for(name))
        assert first.hang_up().outcome == "interrupted"
        for key in ("1", "2"):
            gone = first.answer(key).hang_up()
            assert (gone.outcome, gone.explained, gone.guided) == ("transferred", True, True)
            assert gone.path[-1] == f"where:{HANG_UP}"
        assert first.answer("3").hang_up().outcome == "interrupted"
        assert first.answer("3").answer("next", "人民路8号").hang_up().outcome == "transferred"

    @pytest.mark.parametrize("script", ALL, ids=by_id)
    def test_no_step_is_longer_than_one_breath(self, script: Script) -> None:
        for step in worded(script):
            assert len(step.spoken) <= BREATH, step.id

    @pytest.mark.parametrize("script", ALL, ids=by_id)
    def test_every_number_or_office_a_city_must_confirm_is_marked(self, script: Script) -> None:
        for step in worded(script):
            if step.kind != "end" and (NUMBER.search(step.text) or step.id == "guide_code"):
                assert step.local_check, step.id

    @pytest.mark.parametrize("script", ALL, ids=by_id)
    def test_whoever_is_asked_yes_or_no_is_asked_one_thing(self, script: Script) -> None:
        for step in worded(script):
            if step.kind == "check" and step.id == "understood":
                assert step.text == "我这样说，您听明白了吗？"

    @pytest.mark.parametrize(
        ("code", "parent", "near"),
        [
            ("binzhou", "", "淄博0533"),
            ("zhijiang", "", "宜昌0717"),
            ("hebi", "", "安阳0372"),
            ("fuzhou", "fujian", "温州0577"),
            ("yunting", "", "北京010"),
        ],
    )
    def test_who_calls_the_wrong_city_is_told_how_to_reach_the_right_one(
        self, code: str, parent: str, near: str
    ) -> None:
        how, area_code = (script_for("out_of_area").steps(code, parent)[name] for name in ("guide", "guide_code"))
        assert "直接拨12345" in how.spoken
        assert "区号，再拨12345" in how.spoken
        assert near in area_code.text
        assert near not in area_code.spoken

    def test_who_begins_with_a_secret_is_stopped_and_not_greeted(self) -> None:
        assert begin(script_for("secret")).step.text.startswith("请您先不要往下说")

    def test_what_is_said_can_be_overridden_and_is_inherited(self) -> None:
        script = script_for("congress_cppcc")
        own = script.steps("fujian")["explain"].text
        assert own != script.steps("binzhou")["explain"].text
        assert script.steps("fuzhou", "fujian")["explain"].text == own

    def test_binzhou_takes_what_has_not_been_brought_to_court(self) -> None:
        script = script_for("litigation")
        assert begin(script, "binzhou").answer("2").outcome == "resume"
        assert begin(script, "fujian").answer("2").outcome is None

    def test_binzhou_takes_what_no_arbitration_or_reconsideration_has_taken_up(self) -> None:
        script = script_for("reconsideration_arbitration")
        assert begin(script, "binzhou").answer("3").outcome == "resume"
        assert [begin(script, "binzhou").answer(key).outcome for key in ("1", "2")] == [None, None]
        assert begin(script, "fujian").answer("3").outcome is None

    @pytest.mark.parametrize(("code", "parent"), JURISDICTIONS)
    def test_a_petition_only_to_come_is_taken_where_the_book_refuses_only_one_that_has_begun(
        self, code: str, parent: str
    ) -> None:
        outcome = begin(script_for("petition"), code, parent).answer("3").outcome
        assert outcome == ("resume" if code in ("binzhou", "zhijiang") else None)
        assert begin(script_for("petition"), code, parent).answer("4").outcome == "resume"

    @pytest.mark.parametrize(
        ("name", "due"), [("litigation", "2"), ("reconsideration_arbitration", "3"), ("petition", "3")]
    )
    def test_nobody_is_told_that_a_procedure_runs_which_is_only_due(self, name: str, due: str) -> None:
        run = begin(script_for(name), "fujian").answer(due)
        while run.outcome is None:
            assert "已经" not in run.step.text
            assert "不服" not in run.step.text or "不服政府部门的决定" in run.step.text
            run = run.answer("yes" if run.step.kind == "check" else "next")
        assert run.outcome == "refused"

    def test_a_repeat_of_a_running_order_becomes_a_follow_up(self) -> None:
        run = begin(script_for("in_progress_or_duplicate")).answer("no").answer("1")
        assert run.answer("next").answer("next").outcome == "followed_up"

    def test_an_unknown_name_lists_those_there_are(self) -> None:
        with pytest.raises(UnknownName):
            script_for("nonsense")


class TestThreats:
    """A threat of suicide or of violence has a script of its own, whatever class it is in."""

    @pytest.mark.parametrize("name", ["suicide_threat", "violence_threat"])
    def test_help_is_called_in_on_the_first_key_and_nobody_is_told_to_hang_up(self, name: str) -> None:
        first = begin(script_for(name))
        called = {option.key: (option.way, option.target) for option in first.step.options if option.way}
        assert called["1"] == ("three_way", "")
        assert called["2"] == ("three_way", "120")
        assert {way for way, _ in called.values()} == {"three_way", "reported"}
        assert first.answer("1").target == "110"
        assert first.answer("2").target == "120"
        assert all("挂断" not in step.text or "不要挂断" in step.text for step in script_for(name).step)

    @pytest.mark.parametrize("name", ["suicide_threat", "violence_threat"])
    def test_the_next_thing_asked_is_where_they_are(self, name: str) -> None:
        handed = begin(script_for(name)).answer("1")
        assert (handed.step.kind, handed.step.field) == ("ask", "place")

    @pytest.mark.parametrize("name", ["suicide_threat", "violence_threat"])
    def test_nobody_is_left_alone_on_any_way_that_hands_over(self, name: str) -> None:
        steps = script_for(name).steps()
        for run in walks(begin(script_for(name))):
            if run.outcome == "transferred":
                said = "".join(steps[entry.partition(":")[0]].text for entry in run.path)
                assert "陪" in said or "守着" in said or "通着话" in said

    @pytest.mark.parametrize("name", ["suicide_threat", "violence_threat"])
    def test_the_helpline_is_marked_to_be_checked_locally(self, name: str) -> None:
        steps = [step for step in script_for(name).step if "12356" in step.text]
        assert steps
        assert all(step.local_check for step in steps)

    @pytest.mark.parametrize("name", ["suicide_threat", "violence_threat"])
    def test_when_the_caller_is_gone_the_number_goes_to_110_at_once(self, name: str) -> None:
        assert "110" in script_for(name).hang_up
        assert begin(script_for(name)).hang_up().outcome == "interrupted"


class TestQuestions:
    """One question that decides, for every class, in each city's own words where they differ."""

    @pytest.mark.parametrize("code", ["", *jurisdiction_codes()])
    def test_every_class_has_one_that_can_be_said_in_twenty_seconds(self, code: str) -> None:
        asked = questions(code, load_book(code).parent if code else "")
        assert set(asked) == set(CLASSES)
        assert all(2 <= len(question) <= 40 for question in asked.values())

    def test_binzhou_asks_whether_the_court_took_the_case_already(self) -> None:
        assert "立案了没有" in questions("binzhou")["litigation"]
        assert "立案了没有" not in questions("zhijiang")["litigation"]

    def test_fuzhou_asks_as_fujian_does(self) -> None:
        assert questions("fuzhou", "fujian")["out_of_area"] == "事情发生在福建省内还是省外？"

    def test_a_city_without_words_of_its_own_asks_what_all_ask(self) -> None:
        assert questions("yunting")["fire_119"] == "现在还在烧、在冒烟，或者有人困在里面吗？"

    @pytest.mark.parametrize(
        ("stored", "fault"),
        [
            (Questions(ask={}), "no_question"),
            (Questions(ask={"accept": "谁？", "nonsense": "谁？"}), "question_class"),
            (Questions(ask={"accept": "谁？"}, wording={"nowhere": {}}), "question_class"),
            (Questions(ask={"accept": ""}), "question_length"),
            (Questions(ask={"accept": "问" * 41}), "question_length"),
        ],
    )
    def test_each_kind_of_fault_is_found(self, stored: Questions, fault: str) -> None:
        found = check_questions(stored, ("accept",), ("fujian",))
        assert [one.key for one in found] == [f"script.fault.{fault}"]

    def test_the_check_finds_nothing_in_those_that_are_shipped(self) -> None:
        assert check_questions(stored_questions(), CLASSES, jurisdiction_codes()) == []


class TestRunner:
    @pytest.mark.parametrize("script", ALL, ids=by_id)
    def test_the_caller_may_hang_up_at_every_step(self, script: Script) -> None:
        for step in script.step:
            if step.kind != "end":
                run = msgspec.structs.replace(begin(script), current=step.id)
                gone = run.hang_up()
                assert gone.outcome == "interrupted"
                assert gone.path[-1] == f"{step.id}:{HANG_UP}"
                assert not gone.explained
                assert not gone.guided

    def test_the_path_shows_the_branch_and_nothing_is_ticked_before_it_was_said(self) -> None:
        run = begin(script_for("out_of_area"))
        at_explain = run.answer("1")
        assert not at_explain.explained
        half_guided = at_explain.answer("next").answer("next")
        assert (half_guided.explained, half_guided.guided) == (True, False)
        done = half_guided.answer("next").answer("yes")
        assert done.path == ("where:1", "explain:next", "guide:next", "guide_code:next", "understood:yes")
        assert done.outcome == "refused"

    def test_a_key_the_step_does_not_take_is_refused(self) -> None:
        run = begin(script_for("out_of_area"))
        with pytest.raises(BadInput):
            run.answer("9")
        with pytest.raises(BadInput):
            run.hang_up().answer(HANG_UP)

    def test_speaking_time_is_that_of_120_characters_a_minute(self) -> None:
        assert Step(id="a", kind="say", text="字" * 120).seconds == 60
        assert Step(id="a", kind="say", text="字").seconds == 1

    def test_a_note_to_the_operator_takes_no_speaking_time(self) -> None:
        step = Step(id="a", kind="say", text="先拨（念区号），再拨12345。（常用区号：武汉027）")
        assert step.spoken == "先拨，再拨12345。"
        assert step.seconds == 6


def script_of(*steps: Step, start: str = "a", **fields: object) -> Script:
    base = Script(id="t", version=1, title="t", classes=("t",), start=start, step=steps)
    return msgspec.structs.replace(base, **fields)


END = Step(id="end", kind="end", text="完", outcome="resume")
REFUSED = Step(id="end", kind="end", text="完", outcome="refused")


class TestCheck:
    @pytest.mark.parametrize(
        ("script", "fault"),
        [
            (script_of(Step(id="a", kind="say", text="x", next="end"), END, start="b"), "start"),
            (script_of(Step(id="a", kind="say", text="x", next="nowhere"), END), "dead_end"),
            (script_of(Step(id="a", kind="choice", text="x"), END), "dead_end"),
            (script_of(Step(id="a", kind="say", text="x", next="a")), "dead_end"),
            (script_of(Step(id="a", kind="end", text="x")), "outcome"),
            (
                script_of(
                    Step(id="a", kind="say", text="x", next="end"), Step(id="b", kind="say", text="x", next="end"), END
                ),
                "unreachable",
            ),
            (script_of(Step(id="a", kind="say", text="x", next="end"), REFUSED), "owed"),
            (
                script_of(
                    Step(id="a", kind="choice", text="x", options=(Option("1", "x", "b"), Option("2", "y", "end"))),
                    Step(id="b", kind="say", text="x", next="end", marks=("explained", "guided")),
                    REFUSED,
                ),
                "owed",
            ),
            (script_of(Step(id="a", kind="say", text="x", next="end"), END, clauses=("XX-1",)), "clause"),
            (script_of(Step(id="a", kind="say", text="x", next="end"), END, wording={"fujian": {"z": "x"}}), "wording"),
            (script_of(Step(id="a", kind="say", text="x", next="end"), END, leads={"fujian": {"a:1": "x"}}), "wording"),
            (script_of(END, END, start="end"), "twice"),
        ],
    )
    def test_each_kind_of_fault_is_found(self, script: Script, fault: str) -> None:
        assert f"script.fault.{fault}" in {found.key for found in check(script, CLAUSES)}

    def test_a_city_may_go_past_a_step_that_serves_the_others(self) -> None:
        first = Step(id="a", kind="choice", text="x", options=(Option("1", "x", "b"), Option("2", "y", "end")))
        steps = (first, Step(id="b", kind="say", text="x", next="end"), END)
        assert check(script_of(*steps, leads={"binzhou": {"a:1": "end"}})) == []

    def test_clauses_are_looked_up_only_where_there_is_a_book(self) -> None:
        script = script_of(Step(id="a", kind="say", text="x", next="end"), END, clauses=("XX-1",))
        assert check(script) == []
