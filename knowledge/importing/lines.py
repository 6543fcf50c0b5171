"""Bytes of a document into numbered lines, with the mends that hold for every document."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from agent_console.domain.errors import BadInput
from knowledge.importing.numerals import NUMBER
from knowledge.importing.report import Remark

_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x7f]")
MOST_BYTES = 32 * 1024 * 1024
"""Bytes of a regulation or report at most."""
MOST_BYTES_OF_ENTRIES = 512 * 1024 * 1024
_TAGS = (
    "a|b|br|center|dd|div|dl|dt|em|font|h[1-6]|hr|i|img|li|meta|ol|p|section|span|strong|sub|sup|"
    "table|tbody|td|th|thead|tr|u|ul"
)
_BREAKING_TAG = re.compile(r"<(?:br|hr|/p|/div|/li|/tr|/h[1-6]|/dd|/dt|/section)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>|<!--.*?-->", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_BLANK = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\x00-\x08\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"^#{1,6}\s+|\*\*|__(?=\S)")
_BREAK = re.compile(r"[\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_HALF_HEADING_END = re.compile(rf"第\s*(?:{NUMBER})?\s*$")
_HALF_HEADING_START = re.compile(rf"^\s*(?:{NUMBER})?\s*[条條](?=\s|、|[\u4e00-\u9fff])")
_STRAY_QUOTE = re.compile(r"(?<=[\u4e00-\u9fff])['`´](?=[,，。;；:：、])")

_MENDS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("kb.mend.entity", lambda text: html.unescape(text) if _ENTITY.search(text) else text),
    ("kb.mend.tag", lambda text: _TAG.sub("", _BREAKING_TAG.sub("\n", text))),
    ("kb.mend.blank", lambda text: _BLANK.sub(" ", text)),
    ("kb.mend.invisible", lambda text: _INVISIBLE.sub("", text)),
    ("kb.mend.markup", lambda text: _MARKUP.sub("", text)),
    ("kb.mend.quote", lambda text: _STRAY_QUOTE.sub("", text)),
)


class Line(msgspec.Struct, frozen=True):
    """One line of a document and the number an editor shows for it."""

    number: int
    text: str


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file. Raises BadInput where there is no readable file with something in it."""
    if path.is_dir():
        raise BadInput("kb.error.folder", "kb.advice.folder", path=str(path))
    try:
        if path.stat().st_size > most:
            raise BadInput("kb.error.large", "kb.advice.large", path=str(path))
        data = path.read_bytes()
    except OSError as error:
        raise BadInput("error.file", "advice.file", path=str(path), reason=error.strerror or "") from error
    if not data.strip():
        raise BadInput("kb.error.empty", "kb.advice.empty", path=str(path))
    return data


def decode(data: bytes, path: Path) -> str:
    """Text of a UTF-8, UTF-16 (with mark) or GB 18030 file. Raises BadInput for anything else."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    elif b"\0" in data or len(_CONTROL.findall(data)) * 100 > len(data):
        raise BadInput("kb.error.binary", "kb.advice.binary", path=str(path))
    else:
        text = _first_fitting(data, path)
    strange = len(re.findall(r"[\x01-\x08\x0e-\x1b\ufffd]", text))
    if strange * 100 > len(text) + 300:
        raise BadInput("kb.error.binary", "kb.advice.binary", path=str(path))
    if not text.replace("\ufeff", "").strip():
        raise BadInput("kb.error.empty", "kb.advice.empty", path=str(path))
    return text.removeprefix("\ufeff")


def _first_fitting(data: bytes, path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            # A long UTF-8 text with a few broken bytes would otherwise be read as nonsense in GB 18030.
            text = data.decode(encoding, errors="replace")
            if text.count("\ufffd") * 200 <= len(text):
                return text
    raise BadInput("kb.error.encoding", "kb.advice.encoding", path=str(path))


def split_lines(text: str) -> tuple[list[Line], list[Remark]]:
    """Lines that carry text, cleaned of what a web page or a scanner leaves behind, and what was mended."""
    remarks: list[Remark] = []
    lines = [
        Line(number, part)
        for number, raw in enumerate(re.split(r"\r\n|\n|\r", text), 1)
        for part in _parts(number, raw, remarks)
    ]
    return _rejoin_headings(lines, remarks), remarks


def _parts(number: int, raw: str, remarks: list[Remark]) -> Iterator[str]:
    for part in _BREAK.split(_mend(number, raw, remarks)):
        tidy = re.sub(r" {2,}", " ", part).strip()
        if tidy:
            yield tidy


def _mend(number: int, raw: str, remarks: list[Remark]) -> str:
    text = _BREAK.sub("\n", raw)
    for reason, mend in _MENDS:
        fresh = mend(text)
        if fresh != text and fresh.strip():
            remarks.append(Remark(number, reason, _around_change(text, fresh)))
        text = fresh
    return text


def _around_change(before: str, after: str) -> str:
    place = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(after))
    return after[max(0, place - 12) : place + 12].strip()


def _rejoin_headings(lines: list[Line], remarks: list[Remark]) -> list[Line]:
    """Join two lines where the break runs through the number of an article."""
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before and _HALF_HEADING_END.search(before.text) and _HALF_HEADING_START.match(line.text):
            joined[-1] = Line(before.number, before.text + line.text)
            remarks.append(Remark(line.number, "kb.mend.join", line.text[:20]))
        else:
            joined.append(line)
    return joined
