"""Numbers as headings write them: 第二十一条, 第21条, 第２１条, 第 二十 一 条."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "Ｏ": 0, "两": 2, "壹": 1}
_TENS = {"十": 10, "廿": 20, "卅": 30}
_SIGN = "〇零○一二两三四五六七八九十廿卅百0-9０-９"

NUMBER = rf"[{_SIGN}](?: ?[{_SIGN}]){{0,6}}"
"""Pattern of a number in either script, blanks between the characters allowed."""


def value(text: str) -> int | None:
    """The number that the characters stand for, or None."""
    signs = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if signs.isascii():
        return int(signs) if signs.isdigit() else None
    if not set(signs) & {"十", "廿", "卅", "百"}:
        digits = [_DIGITS.get(sign, -1) if not sign.isdigit() or sign in _DIGITS else int(sign) for sign in signs]
        return None if -1 in digits else int("".join(map(str, digits)))
    return _sum(signs)


def _sum(signs: str) -> int | None:
    total, digit = 0, 0
    for sign in signs:
        if sign == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif sign in _TENS:
            total, digit = total + (digit or 1) * _TENS[sign], 0
        elif sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign.isdigit():
            digit = int(sign)
        else:
            return None
    return total + digit


def written(number: int) -> str:
    """A number below 1000 as articles are counted: 21 is 二十一."""
    signs = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{signs[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{signs[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (signs[ones] if ones or not number else "")
