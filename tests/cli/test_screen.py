from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent_console.cli.main import build
from agent_console.domain.errors import BadInput, UnknownName
from knowledge.scripts.model import scripts

APP = build(("screen", "script"))
RUNNER = CliRunner()
CASES = Path(__file__).parents[1] / "knowledge" / "screening_cases.jsonl"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_CONSOLE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")


def run(*words: str, typed: str = "") -> str:
    result = RUNNER.invoke(APP, list(words), input=typed)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


class TestScreen:
    def test_json_has_the_public_keys(self) -> None:
        found = json.loads(run("screen", "我爸胸口疼喘不上气", "--jurisdiction", "FJ", "--json"))
        assert found["predicted"][0] == "medical_120"
        assert found["urgent"] is True
        assert found["clause"] == "FJ-13.6"
        assert found["script"] == "medical_120"
        assert found["hits"][0].keys() == {"class", "clause", "words", "why", "basis"}
        assert (found["basis"], found["hits"][0]["basis"]) == ("letter", "letter")

    def test_json_says_that_an_emergency_of_a_book_that_is_silent_is_a_reading(self) -> None:
        found = json.loads(run("screen", "家里着火了", "-j", "hebi", "--json"))
        assert (found["clause"], found["basis"], found["hits"][0]["basis"]) == ("", "推定", "推定")
        ours = json.loads(run("screen", "路灯不亮", "-j", "hebi", "--json"))
        assert (ours["clause"], ours["basis"]) == ("", "")

    def test_json_says_what_to_ask_for_each_class_and_which_threat_is_heard(self) -> None:
        found = json.loads(run("screen", "我不想活了，站在桥上", "-j", "FJ", "--json"))
        assert found["questions"].keys() == set(found["predicted"])
        assert found["questions"]["police_110"] == "现在还有人在打、在追，或者人身有危险吗？"
        assert [heard["threat"] for heard in found["threats"]] == ["suicide"]
        assert found["threats"][0]["words"] == ["不想活"]
        assert found["script"] == "suicide_threat"

    def test_people_see_the_question_and_the_threat(self) -> None:
        shown = run("screen", "邻居扬言要砍死我", "-j", "binzhou")
        assert "有人扬言伤人" in shown
        assert "问一句就能定" in shown

    def test_people_see_class_clause_and_words(self) -> None:
        shown = run("screen", "村支书贪污修路的公款", "-j", "zhijiang")
        assert "纪检监察" in shown
        assert "ZJ-11.6" in shown
        assert "贪污" in shown

    def test_the_seat_s_own_jurisdiction_serves_where_none_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "config.toml").write_text('jurisdiction = "binzhou"\n', encoding="utf-8")
        assert json.loads(run("screen", "来电号码不显示，反映路灯", "--json"))["clause"] == "BZ-6.5"

    def test_batch_keeps_order_and_ids(self) -> None:
        lines = [
            {"id": "b", "jurisdiction": "any", "text": "楼上着火了"},
            {"id": "a", "jurisdiction": "HB", "text": "路灯不亮"},
        ]
        typed = "\n".join(json.dumps(line) for line in lines) + "\n"
        answers = [json.loads(line) for line in run("screen", "--batch", "-", typed=typed).splitlines()]
        assert [(line["id"], line["predicted"][0]) for line in answers] == [("b", "fire_119"), ("a", "accept")]
        assert answers[0].keys() == {"id", "predicted", "urgent", "clause", "hits", "script"}

    def test_a_bad_line_is_named(self, tmp_path: Path) -> None:
        file = tmp_path / "batch.jsonl"
        file.write_text('{"id": 1, "jurisdiction": "any", "text": "x"}\n{"id": 2, "text": 3}\n', encoding="utf-8")
        with pytest.raises(BadInput) as caught:
            run("screen", "--batch", str(file))
        assert caught.value.message.fields["line"] == 2

    def test_an_unknown_jurisdiction_lists_those_there_are(self) -> None:
        with pytest.raises(UnknownName):
            run("screen", "x", "-j", "nowhere")

    def test_without_words_the_call_is_wrong(self) -> None:
        assert RUNNER.invoke(APP, ["screen"]).exit_code == 2

    def test_evaluate_prints_the_figures(self) -> None:
        shown = run("screen", "--evaluate", str(CASES))
        assert "medical_120" in shown
        assert "紧急情形未漏" in shown
        assert "普通事项误报" in shown

    def test_evaluate_names_a_bad_line(self, tmp_path: Path) -> None:
        file = tmp_path / "gold.jsonl"
        file.write_text('{"id": "a"}\n', encoding="utf-8")
        with pytest.raises(BadInput) as caught:
            run("screen", "--evaluate", str(file))
        assert caught.value.message.fields["line"] == 1

    def test_a_class_that_does_not_exist_is_named_with_its_line(self, tmp_path: Path) -> None:
        file = tmp_path / "mine.jsonl"
        file.write_text(
            '{"id": "a", "text": "路灯不亮", "expected": "accept"}\n'
            '{"id": "b", "text": "楼上着火了", "expected": "fire", "also_ok": ["accept"]}\n',
            encoding="utf-8",
        )
        with pytest.raises(BadInput) as caught:
            run("screen", "--evaluate", str(file))
        assert caught.value.message.fields["line"] == 2
        assert caught.value.message.fields["names"] == "fire"


class TestScript:
    def test_check_passes(self) -> None:
        assert str(len(scripts())) in run("script", "--check")

    def test_a_refusal_is_walked_to_its_end(self) -> None:
        shown = run("script", "out_of_area", "-j", "FJ", typed="1\n\n\n\ny\n")
        assert "FJ-13.7" in shown
        assert "不予受理" in shown
        assert "where:1 → explain:next → guide:next → guide_code:next → understood:yes" in shown

    def test_the_script_for_a_threat_says_what_to_do_when_the_caller_is_gone(self) -> None:
        shown = run("script", "suicide_threat", "-j", "FJ", typed="1\nh\n")
        assert "来电中断" in shown
        assert "报110" in shown

    def test_h_means_that_the_caller_is_gone(self) -> None:
        assert "来电中断" in run("script", "litigation", typed="1\nh\n")

    def test_the_end_of_the_input_means_that_the_caller_is_gone(self) -> None:
        assert "来电中断" in run("script", "litigation", typed="1\n")

    def test_a_check_is_answered_by_digits_as_at_the_seat(self) -> None:
        assert "understood:yes" in run("script", "out_of_area", "-j", "FJ", typed="1\n\n\n\n1\n")
        assert "understood:no" in run("script", "out_of_area", "-j", "FJ", typed="1\n\n\n\n2\n")

    @pytest.mark.parametrize(("name", "code"), [("hidden_number", "FJ"), ("secret", "hebi"), ("discipline", "BZ")])
    def test_what_a_book_does_not_refuse_is_not_walked_as_a_refusal_there(self, name: str, code: str) -> None:
        with pytest.raises(BadInput) as caught:
            run("script", name, "-j", code)
        assert caught.value.message.key == "error.script_not_in_book"

    @pytest.mark.parametrize("code", ["FJ", "fuzhou", "BZ", "hebi", "ZJ"])
    def test_the_warning_of_an_abusive_caller_is_walked_in_every_city(self, code: str) -> None:
        shown = run("script", "security_superstition_abuse", "-j", code, typed="1\n\n2\n\n2\n\n\n")
        assert "再见" in shown

    def test_a_wrong_key_is_asked_again(self) -> None:
        assert "转接" in run("script", "fire_119", "-j", "hebi", typed="7\n2\n人民路8号\n")

    def test_an_unknown_script_lists_those_there_are(self) -> None:
        with pytest.raises(UnknownName):
            run("script", "nothing")
