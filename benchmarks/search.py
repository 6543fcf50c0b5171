"""Time of the search per key, beside plain rapidfuzz on the titles, in one run: `python -m benchmarks.search`.

Made-up entries and queries from a fixed seed. Every query is typed key by key; both engines answer the same keys in
turn, so that the load of the machine falls on both.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, product

from rapidfuzz import fuzz, process

from knowledge.search.engine import SearchEngine
from knowledge.search.entry import SearchEntry
from knowledge.search.sound import sounds, tables

SEED = 20260
_TOPICS = """
社会保障卡 居民身份证 住房公积金 失业保险金 养老保险 医疗保险 生育津贴 居住证 户口迁移 不动产登记 营业执照 食品经营许可
机动车驾驶证 结婚登记 低保 残疾人证 高龄津贴 廉租住房 自来水 天然气 供暖 路灯 公交线路 停车泊位 垃圾清运 油烟扰民
施工噪音 物业服务 电梯安全 义务教育入学
"""
_ACTIONS = """
补办 挂失 申请条件 办理流程 所需材料 收费标准 查询进度 投诉 续期 注销 变更 报销比例 办理时限 网上预约 领取地点
"""
_PLACES = """
鼓楼区 台江区 仓山区 马尾区 晋安区 长乐区 闽侯县 连江县 罗源县 闽清县 永泰县 平潭县 福清市 思明区 湖里区 集美区
"""
_GROUPS = """
个人 企业 老年人 学生 退役军人 残疾人 新生儿 外来务工人员 个体工商户 毕业生 港澳居民 现役军人
"""
_SENTENCES = (
    "先在网上提交申请，再到窗口领取。",
    "请带好身份证和户口本原件。",
    "一般在5个工作日内办结，复杂的在15个工作日内办结。",
    "对结果不满意的，可以申请重新办理。",
    "不收费，遇到收费请记下窗口号。",
    "委托他人办理的，要写委托书。",
    "材料不齐的当场告诉您缺什么。",
    "办好以后短信通知。",
)


def entries(count: int) -> list[SearchEntry]:
    """Made-up entries, the same for every run."""
    shuffled = list(product(*(words.split() for words in (_TOPICS, _ACTIONS, _PLACES, _GROUPS))))
    chance = random.Random(SEED)
    chance.shuffle(shuffled)
    return [_entry(number, parts, chance) for number, parts in enumerate(islice(shuffled, count))]


def _entry(number: int, parts: Sequence[str], chance: random.Random) -> SearchEntry:
    topic, action, place, group = parts
    body = "".join(chance.sample(_SENTENCES, 5))
    question = f"{group}的{topic}怎么{action}"
    return SearchEntry(f"e{number}", f"{place}{group}{topic}{action}", (question,), (topic, action), f"{topic}：{body}")


def queries(articles: Sequence[SearchEntry], count: int) -> list[tuple[str, str]]:
    """What is typed and the id of the entry that is meant."""
    chance = random.Random(SEED + 1)
    forms = (_exact, _pinyin, _initials, _wrong, _mixed)
    return [
        (forms[i % len(forms)](entry.title, chance), entry.id) for i, entry in enumerate(chance.sample(articles, count))
    ]


def _exact(title: str, _chance: random.Random) -> str:
    return title


def _spelling(title: str) -> list[str]:
    names = {code: syllable for syllable, code in tables().code.items()}
    return [names.get(sound, sound) for sound in sounds(title)[0]]


def _pinyin(title: str, _chance: random.Random) -> str:
    return "".join(_spelling(title))


def _initials(title: str, _chance: random.Random) -> str:
    return sounds(title)[1]


def _wrong(title: str, chance: random.Random) -> str:
    place = chance.randrange(len(title))
    return title[:place] + chance.choice("班里是事公理") + title[place + 1 :]


def _mixed(title: str, _chance: random.Random) -> str:
    return title[:-2] + "".join(_spelling(title[-2:]))


def keys(typed: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str | None]]:
    """Every prefix of every query; the entry that is meant only with the last."""
    for text, meant in typed:
        for end in range(1, len(text) + 1):
            yield text[:end], meant if end == len(text) else None


class Timed:
    """Times of one engine, and how often the entry that was meant came first or among the first five."""

    def __init__(self, name: str, answer: Callable[[str], list[str]]) -> None:
        self.name = name
        self._answer = answer
        self._times: list[float] = []
        self._ranks: list[int] = []

    def key(self, text: str, meant: str | None) -> None:
        """Answer one key."""
        start = time.perf_counter()
        found = self._answer(text)
        self._times.append(1000 * (time.perf_counter() - start))
        if meant is not None:
            self._ranks.append(found.index(meant) + 1 if meant in found else 99)

    def line(self) -> str:
        """One line of the table."""
        times = sorted(self._times)
        p50, p99 = (times[int(len(times) * share)] for share in (0.5, 0.99))
        first, five = (sum(rank <= most for rank in self._ranks) / len(self._ranks) for most in (1, 5))
        return f"{self.name:18s} p50 {p50:7.2f} ms  p99 {p99:7.2f} ms  first {first:.3f}  in five {five:.3f}"


def run(count: int, typed: int) -> None:
    """Print one block of the table."""
    articles = entries(count)
    engine = SearchEngine()
    start = time.perf_counter()
    engine.build(articles)
    built = time.perf_counter() - start
    engine.search(articles[0].title)
    titles = {entry.id: entry.title for entry in articles}

    def ours(text: str) -> list[str]:
        return [hit.id for hit in engine.search(text, limit=20)]

    def plain(text: str) -> list[str]:
        return [found[2] for found in process.extract(text, titles, scorer=fuzz.WRatio, limit=20)]

    both = Timed("search", ours), Timed("rapidfuzz WRatio", plain)
    for text, meant in keys(queries(articles, typed)):
        for timed in both:
            timed.key(text, meant)
    print(f"{count} entries, built in {built:.2f} s")
    for timed in both:
        print("  " + timed.line())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, nargs="+", default=[1_000, 10_000])
    options.add_argument("--queries", type=int, default=50)
    given = options.parse_args()
    for count in given.entries:
        run(count, given.queries)


if __name__ == "__main__":
    main()
