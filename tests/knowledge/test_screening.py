from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import pytest

from agent_console.resources.rule_books import jurisdiction_codes, load_book
from agent_console.texts import TEXTS
from knowledge.screening.cues import cue_table
from knowledge.screening.engine import Screener
from knowledge.screening.evaluation import Figures, Labelled, figures, judged
from knowledge.screening.matcher import WordIndex, expand, normalise
from knowledge.screening.model import ACCEPT, CLASSES, COMMON, Screening

CASES = [
    msgspec.json.decode(line, type=Labelled)
    for line in (Path(__file__).parent / "screening_cases.jsonl").read_bytes().splitlines()
]


@cache
def screener(jurisdiction: str = "any") -> Screener:
    return Screener(None if jurisdiction == "any" else load_book(jurisdiction))


def screen(text: str, jurisdiction: str = "any") -> Screening:
    return screener(jurisdiction).screen(text)


def best(text: str, jurisdiction: str = "any") -> str:
    return screen(text, jurisdiction).best.screening_class


def names(screening: Screening) -> list[str]:
    return [proposal.screening_class for proposal in screening.proposals]


@pytest.fixture(scope="module")
def result() -> Figures:
    return figures(judged(case, screen(case.text, case.jurisdiction)) for case in CASES)


class TestOwnStatements:
    def test_there_are_enough_of_them_in_every_class_and_half_are_ordinary(self) -> None:
        assert len(CASES) >= 150
        assert {case.expected for case in CASES} == set(CLASSES)
        assert {case.jurisdiction for case in CASES} == {"any", *jurisdiction_codes()}
        assert 0.4 <= sum(case.expected == ACCEPT for case in CASES) / len(CASES) <= 0.6

    def test_nearly_no_emergency_is_missed(self, result: Figures) -> None:
        assert result.emergencies.right >= 0.97 * result.emergencies.total

    def test_ordinary_matters_raise_few_alarms(self, result: Figures) -> None:
        assert result.false_alarms.right <= 0.11 * result.false_alarms.total

    def test_nearly_all_are_right(self, result: Figures) -> None:
        assert result.all.right >= 0.92 * result.all.total
        assert result.urgent_found.right >= 0.96 * result.urgent_found.total


class TestProposals:
    @pytest.mark.parametrize("jurisdiction", ["any", *jurisdiction_codes()])
    def test_a_class_the_book_does_not_know_is_never_proposed(self, jurisdiction: str) -> None:
        hidden = {
            "fujian": {"civil_dispute", "vague_unreasonable", "hidden_number", "security_superstition_abuse"},
            "fuzhou": {"civil_dispute", "vague_unreasonable", "hidden_number", "security_superstition_abuse"},
            "zhijiang": {"congress_cppcc", "hidden_number", "security_superstition_abuse"},
            "binzhou": {"civil_dispute", "discipline", "vague_unreasonable"},
            "hebi": {"civil_dispute", "secret", "privacy", "congress_cppcc", "military", "hidden_number"},
            "any": set(CLASSES) - COMMON,
        }[jurisdiction]
        for case in CASES:
            assert not hidden & set(names(screen(case.text, jurisdiction)))

    def test_accept_is_always_among_them_and_first_when_nothing_matched(self) -> None:
        assert all(ACCEPT in names(screen(case.text)) for case in CASES)
        quiet = screen("今天天气不错")
        assert names(quiet) == [ACCEPT]
        assert quiet.best.confidence == "clear"
        assert not quiet.script
        assert names(screen("")) == [ACCEPT]

    def test_words_are_those_of_the_note(self) -> None:
        for case in CASES:
            for proposal in screen(case.text, case.jurisdiction).proposals:
                assert all(case.text[start:end] == text for start, end, text in proposal.words)

    def test_a_proposal_says_why_and_on_which_words(self) -> None:
        proposal = screen("我爸胸口疼得厉害，喘不上气", "fujian").best
        assert proposal.screening_class == "medical_120"
        assert proposal.clause == "FJ-13.6"
        assert proposal.confidence == "clear"
        assert "喘不上气" in [span.text for span in proposal.words]
        assert proposal.why

    def test_a_live_emergency_goes_before_every_refusal(self) -> None:
        found = screen("法院判了他不给钱，现在他拿着刀在我家砸门", "fujian")
        assert found.best.screening_class == "police_110"
        assert "litigation" in names(found)

    def test_the_same_note_gives_the_same_answer(self) -> None:
        text = "楼上着火了，有人被困在里面"
        assert Screener(load_book("hebi")).screen(text) == Screener(load_book("hebi")).screen(text)

    def test_every_class_and_confidence_has_its_name(self) -> None:
        assert {f"class.{name}" for name in CLASSES} <= set(TEXTS)
        assert {"confidence.clear", "confidence.suspected"} <= set(TEXTS)


class TestClauses:
    @pytest.mark.parametrize(
        ("jurisdiction", "clause", "basis"),
        [
            ("fujian", "FJ-13.6", "letter"),
            ("fuzhou", "FJ-13.6", "letter"),
            ("zhijiang", "ZJ-11.2", "letter"),
            ("binzhou", "BZ-7.1", "letter"),
            ("hebi", "", "推定"),
            ("any", "", "推定"),
        ],
    )
    def test_emergencies_exist_everywhere_and_are_assumed_where_the_book_is_silent(
        self, jurisdiction: str, clause: str, basis: str
    ) -> None:
        proposal = screen("楼上着火了，浓烟滚滚", jurisdiction).best
        assert (proposal.screening_class, proposal.clause, proposal.basis) == ("fire_119", clause, basis)

    @pytest.mark.parametrize(
        ("jurisdiction", "text", "clause"),
        [
            ("fujian", "村支书贪污修路的公款", "FJ-13.2"),
            ("zhijiang", "村支书贪污修路的公款", "ZJ-11.6"),
            ("hebi", "村支书贪污修路的公款", "HB-5.3"),
            ("binzhou", "来电号码没有显示，反映路灯不亮", "BZ-6.5"),
            ("binzhou", "工单已经办结也答复了，我就是要再投诉一遍", "BZ-23.3"),
            ("binzhou", "接通就辱骂话务员，满口脏话", "BZ-8"),
            ("hebi", "安阳的公积金取不出来", "HB-2.2"),
        ],
    )
    def test_a_refusal_names_the_clause_of_this_book(self, jurisdiction: str, text: str, clause: str) -> None:
        assert screen(text, jurisdiction).best.clause == clause

    def test_private_debt_is_a_civil_dispute_in_zhijiang_and_litigation_in_fujian(self) -> None:
        text = "合伙人欠我货款不还，有欠条"
        assert best(text, "zhijiang") == "civil_dispute"
        assert best(text, "fujian") == "litigation"
        assert best(text, "binzhou") == ACCEPT, "BZ-6.2 takes only what is already before a court"

    def test_a_petition_still_to_come_is_refused_in_fujian_only_where_the_book_says_so(self) -> None:
        text = "我准备下周去省信访局上访"
        assert best(text, "fujian") == "petition"
        assert best(text, "zhijiang") == ACCEPT
        assert best(text, "binzhou") == ACCEPT

    def test_the_border_is_the_province_for_fujian_and_the_city_for_zhijiang(self) -> None:
        assert best("厦门的公交车不停站", "fuzhou") == ACCEPT
        assert best("江西南昌的公交车不停站", "fuzhou") == "out_of_area"
        assert best("宜昌的公交车不停站", "zhijiang") == "out_of_area"
        assert best("枝江的公交车不停站", "zhijiang") == ACCEPT

    def test_where_somebody_comes_from_is_not_where_it_happened(self) -> None:
        assert best("我是江西人，在福州打工，想问居住证", "fujian") == ACCEPT
        assert best("儿子在北京上大学，户口还在滨州", "binzhou") == ACCEPT


class TestTurnedDown:
    @pytest.mark.parametrize(
        "text",
        [
            "消防通道被占了",
            "救护车收费太贵",
            "家里没着火，但是消火栓没水",
            "火锅店太吵",
            "去年我家着过火，想问补助",
            "电梯经常坏，怕哪天困人",
            "楼上打电话声音太大",
            "路口经常出车祸，建议装红绿灯",
            "民警态度不好",
            "二十六楼电梯停着，爬上来快断气了，货梯卡能不能给一张",
            "打架的那两家已经调解完了，踢坏的门牌谁补",
            "我们在校园拍短片，有场持刀抢劫的戏，道具刀要不要报备",
        ],
    )
    def test_what_only_sounds_like_an_emergency_is_accepted(self, text: str) -> None:
        assert best(text) == ACCEPT
        assert not screen(text).urgent

    def test_asking_where_a_court_is_is_an_ordinary_question(self) -> None:
        assert best("想问一下法院地址在哪里", "fujian") == ACCEPT

    def test_full_width_traditional_and_dialect_characters_are_read(self) -> None:
        assert best("樓上著火了，燒起來了") == "fire_119"
        assert best("要打１２０，人没气了") == "medical_120"
        assert best("伢掉河里哒，看不到人哒", "zhijiang") == "fire_119"


class TestUrgent:
    @pytest.mark.parametrize("text", ["楼道里有煤气味", "马路塌陷了一个大坑", "电线断了垂在路上", "外墙瓷砖正在往下掉"])
    def test_danger_others_remove_is_accepted_and_urgent(self, text: str) -> None:
        screening = screen(text)
        assert ACCEPT in names(screening)
        assert screening.urgent

    def test_a_finished_crime_keeps_its_class_and_is_not_urgent(self) -> None:
        screening = screen("上个月电动车被偷了")
        assert screening.best.screening_class == "police_110"
        assert not screening.urgent

    def test_a_hazard_only_feared_is_not_urgent(self) -> None:
        assert not screen("担心燃气管老化会漏气").urgent


class TestCues:
    def test_every_group_has_words(self) -> None:
        assert [name for name, words in cue_table().groups.items() if not all(words) or not words] == []

    def test_every_cue_points_to_a_class_or_turns_one_down(self) -> None:
        known = {*CLASSES, "urgent", "live", "emergency", "refusal"}
        for cues in cue_table().by_anchor.values():
            for cue in cues:
                assert cue.classes or cue.against
                assert {*cue.classes, *cue.against} <= known
                assert cue.why

    def test_words_are_written_with_bars_and_braces(self) -> None:
        assert expand("着火|喘不{上,过}气") == ["着火", "喘不上气", "喘不过气"]

    def test_an_innocent_word_hides_what_it_contains(self) -> None:
        index = WordIndex({"fire": ["火"], "station": ["火车站"], "_mask": ["火车"]})
        assert index.find("火车站有火") == {"station": [(0, 3)], "fire": [(4, 5)]}

    def test_normalising_keeps_every_position(self) -> None:
        assert all(len(normalise(case.text)) == len(case.text) for case in CASES)
