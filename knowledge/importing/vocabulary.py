"""How much of a phrase is known: from the document around it and from the rule books.

A line that strayed in from another page shares hardly a pair of characters with the text around it. That holds
for any page it may come from, which a list of bad words never does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

import msgspec

from agent_console.resources.paths import data_folder

_IDEOGRAPHS = re.compile(r"[\u4e00-\u9fff]+")
_NORMATIVE = re.compile(
    r"应当|应[由及在将向按予对]|不得|负责|施行|予以|按照|依照|可以|必须|自.{1,12}起|"
    r"[本该]?(?:办法|规定|细则|条例|制度)(?:由|自|所称|适用)|本(?:办法|规定|细则|条例)|"
    r"依法|有权|同时废止|参照.{0,6}执行"
)
_CHAPTER_WORDS = """
    总则 附则 职责 分工 责任 职能 机构 组织 领导 受理 范围 渠道 方式 内容 原则 运行
    机制 流程 程序 办理 处置 处理 分办 交办 转办 承办 分派 分类 转派 签收 审核 反馈
    答复 回复 回访 核实 评价 监督 督办 督查 督导 检查 考核 考评 评估 问效 问责 追究
    追责 奖励 奖惩 惩处 惩戒 处罚 罚则 纪律 规定 保密 保障 知识库 信息 安全 数据 应用
    分析 队伍 人员 建设 管理 服务 工作 要求 时限 期限 诉求 热线 平台 工单 事项 法律
    特别 其他 应急 紧急 联动 整合 体系 一般 基本 权利 义务 协调 协同 归档 与 和 及
    以及 的
"""
"""What chapters of such rules are called by."""

_CHAPTER_NAME = re.compile(f"(?:{'|'.join(sorted(_CHAPTER_WORDS.split(), key=len, reverse=True))})+")


class _Clause(msgspec.Struct):
    summary: str = ""


class _Clauses(msgspec.Struct):
    clause: list[_Clause] = []


@cache
def _background() -> frozenset[str]:
    """Pairs of characters that occur in the clauses of the rule books."""
    pairs: set[str] = set()
    for path in sorted(data_folder("jurisdictions").glob("*/clauses.toml")):
        for clause in msgspec.toml.decode(path.read_bytes(), type=_Clauses).clause:
            pairs |= _pairs(clause.summary)
    return frozenset(pairs)


def _pairs(text: str) -> set[str]:
    return {run[i : i + 2] for run in _IDEOGRAPHS.findall(text) for i in range(len(run) - 1)}


class Vocabulary:
    """The pairs of characters of one document, each counted once per phrase."""

    def __init__(self, texts: Iterable[str]) -> None:
        phrases = {part for text in texts for part in re.split(r"[。！？!；;，,、：:\s]", text) if part.strip()}
        self._seen = Counter(pair for phrase in phrases for pair in _pairs(phrase))

    def knows(self, pair: str) -> bool:
        """Whether two neighbouring characters also stand together elsewhere."""
        return self._seen[pair] > 0

    def familiarity(self, phrase: str) -> float:
        """Share of the phrase's pairs that occur outside it: 0 foreign, 1 at home."""
        pairs = _pairs(phrase)
        if not pairs:
            return 0.0
        background = _background()
        return sum(self._seen[pair] > 1 or pair in background for pair in pairs) / len(pairs)

    def foreign_start(self, phrase: str) -> int:
        """How many pairs from the start of the phrase occur nowhere else."""
        background = _background()
        run = 0
        while len(pair := phrase[run : run + 2]) == 2 and _IDEOGRAPHS.fullmatch(pair):
            if self._seen[pair] > 1 or pair in background:
                break
            run += 1
        return run


def is_normative(phrase: str) -> bool:
    """Whether the phrase speaks as a rule does."""
    return bool(_NORMATIVE.search(phrase))


def is_chapter_name(phrase: str) -> bool:
    """Whether the phrase consists of nothing but words that chapters of such rules are called by."""
    name = re.sub(r"\s", "", phrase)
    return len(name) >= 2 and bool(_CHAPTER_NAME.fullmatch(name))
