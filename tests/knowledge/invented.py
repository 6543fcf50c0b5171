"""A regulation of a town that does not exist, and ways to damage it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from knowledge.article import Article
from knowledge.importing.documents import read_document
from knowledge.importing.numerals import written
from knowledge.importing.report import ImportReport

TITLE = "云桥市市民来电服务规则"

CHAPTERS = {1: "总则", 4: "受理与办理", 9: "监督考核", 11: "附则"}

BODIES = (
    "为了让云桥市的市民来电有人接、有人办、有人管，结合本市情况，制定本规则。",
    "云桥市来电服务中心（以下简称服务中心）接听市民来电，登记来电内容，转交责任部门处理。",
    "服务中心昼夜有人值守。服务中心接到来电后，应当先问清地点，再登记来电人的姓名和联系方式。",
    "服务中心接听下列来电：\n（一）询问办事手续；\n（二）反映道路、供水、路灯故障；\n（三）对责任部门提出意见。",
    "下列来电由服务中心说明去向，不作登记：\n（一）需要警察、消防、急救的；\n（二）法院正在审理的；\n（三）外地的事情。",
    "服务中心当天把登记内容转给责任部门。责任部门在三个工作日内回复来电人。",
    "责任部门认为不归自己管的，在一个工作日内退给服务中心，并写明理由。依照本规则第六条转交的，退回一次为限。",
    "涉及停水停电的来电，责任部门立即派人到现场。\n责任部门处理完毕，应当告诉来电人结果。",
    "服务中心每月公布责任部门回复来电的情况。有第七条所列情形两次以上的，服务中心约谈责任部门。",
    "服务中心抽查责任部门的回复，询问来电人是否满意。来电人不满意的，责任部门重新处理。",
    "来电人的姓名、联系方式，服务中心和责任部门不得泄露。",
    "本规则由服务中心负责解释，自发布之日起施行。",
)


def lines() -> list[str]:
    """The undamaged text, one line per paragraph."""
    text = [TITLE]
    for number, body in enumerate(BODIES, 1):
        if number in CHAPTERS:
            text.append(f"第{written(list(CHAPTERS).index(number) + 1)}章 {CHAPTERS[number]}")
        first, *rest = body.split("\n")
        text += [f"第{written(number)}条 {first}", *rest]
    return text


def text() -> str:
    """The undamaged text."""
    return "\n".join(lines())


def with_number(form: str, separator: str = " ") -> str:
    """The text with its article headings written otherwise: `form` has {written}, {plain} or {wide}."""
    damaged = text()
    for number in range(len(BODIES), 0, -1):
        wide = str(number).translate({ord("0") + n: ord("０") + n for n in range(10)})
        heading = form.format(written=written(number), plain=number, wide=wide, spaced=" ".join(written(number)))
        damaged = damaged.replace(f"\n第{written(number)}条 ", f"\n{heading}{separator}")
    return damaged


class Imported(msgspec.Struct):
    """Entries and report of one damaged text."""

    entries: tuple[Article, ...]
    report: ImportReport

    @property
    def numbers(self) -> list[int | None]:
        return [entry.article for entry in self.entries]

    @property
    def bodies(self) -> list[str]:
        return [entry.body for entry in self.entries]

    @property
    def everything(self) -> str:
        """All that went into the knowledge base."""
        return msgspec.json.encode(self.entries).decode()


def read(folder: Path, content: str | bytes, name: str = "yunqiao.txt", doc: str | None = None) -> Imported:
    """Import a text as a file of that name."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    document = read_document(path, doc)
    return Imported(document.entries, document.report)
