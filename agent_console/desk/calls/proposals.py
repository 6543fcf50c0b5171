"""Filling the order form from what is already known; a proposal, never a decision."""

from __future__ import annotations

import re

import msgspec

from agent_console.domain.intake.calls import Call
from agent_console.domain.rule_book import RuleBook
from agent_console.domain.work_order.orders import OrderDetails

_TITLE_LENGTH = 24
_CLAUSE_END = re.compile(r"[，。！？；,.!?;\n]")
_PARTS = (
    ("district", re.compile(r"[\u4e00-\u9fff]{2,4}?(?:新区|区|县|市)(?!政府|别|域|分)")),
    ("street", re.compile(r"[\u4e00-\u9fff]{2,6}?(?:街道|镇|乡)(?!政府|办)")),
    ("community", re.compile(r"[\u4e00-\u9fff\d]{2,8}?(?:社区|小区|花园|新村|家园|公寓|村)")),
    (
        "point",
        re.compile(
            r"[\u4e00-\u9fff]{1,8}?(?:路|街|巷|大道|弄)(?:[\d一二三四五六七八九十]+号)?"
            r"(?:[\d一二三四五六七八九十]+(?:栋|幢|号楼|单元|室))*"
        ),
    ),
)
_LEAD_IN = re.compile(r"^.*[在到](?=.{2})")
"""Words before the name that the patterns take along: 我家在…"""
_KIND_CUES = (
    ("举报", re.compile(r"举报|揭发|违法|无证")),
    ("表扬", re.compile(r"表扬|感谢|点赞")),
    ("建议", re.compile(r"建议|希望能|能不能增设|最好")),
    ("投诉", re.compile(r"投诉|态度|不处理|没人管|扰民|拖欠|乱|吵|噪|不作为")),
    ("咨询", re.compile(r"咨询|怎么|如何|请问|多少|哪里|什么时候|需要什么|能不能|是否")),
    ("求助", re.compile(r"求助|帮|停水|停电|漏|坏了|不亮|堵")),
)
_SAME_AS = {"建议": ("建议", "意见建议"), "举报": ("举报", "投诉"), "表扬": ("表扬",), "求助": ("求助", "投诉")}


def propose(call: Call, note: str, book: RuleBook, *, urgent: bool) -> OrderDetails:
    """An order form for the matter told in `note` during `call`."""
    text = note.strip()
    known = OrderDetails(
        channel=call.channel,
        line=call.line,
        received_at=call.taken_at,
        caller_name=call.caller_name,
        caller_number=call.number,
        contact_number=call.contact or call.number,
        caller_type=call.caller_type or (book.caller_types[0].id if book.caller_types else ""),
        anonymous=call.anonymous,
        confidential=call.confidential,
        language=call.language,
        kind=propose_kind(text, book),
        title=_title(text),
        content=text,
        urgency="urgent" if urgent else "normal",
    )
    return msgspec.structs.replace(known, **_places(text))


def propose_kind(text: str, book: RuleBook) -> str:
    """The kind the words sound like, of those the book knows; "" where nothing speaks for one."""
    known = {kind.id for kind in book.kinds}
    for kind, cue in _KIND_CUES:
        if cue.search(text):
            for name in _SAME_AS.get(kind, (kind,)):
                if name in known:
                    return name
    return ""


def _title(text: str) -> str:
    clauses = [clause.strip() for clause in _CLAUSE_END.split(text) if clause.strip()]
    title = ""
    for clause in clauses:
        if title and len(title) + len(clause) >= _TITLE_LENGTH:
            break
        title = f"{title}，{clause}" if title else clause
    return title[:_TITLE_LENGTH]


def place_in(text: str) -> str:
    """The place the note names, from the district to the door; "" where it names none."""
    return "".join(_LEAD_IN.sub("", part) for part in _places(text).values())


def _places(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    rest = text
    for part, pattern in _PARTS:
        match = pattern.search(rest)
        if match:
            found[part] = match[0]
            rest = rest[match.end() :]
    return found
