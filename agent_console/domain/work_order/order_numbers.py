"""The number of an order: yyMMdd, seat, running number of the day, check digit; 15 digits."""

from __future__ import annotations

import unicodedata
from datetime import date

LENGTH = 15
TAIL = 5
"""An order is found by this many last digits."""

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def _check_digit(digits: str) -> str:
    """Luhn's digit: it finds every single wrong digit and nearly every pair swapped."""
    total = sum(
        _DOUBLED[int(digit)] if position % 2 == 0 else int(digit) for position, digit in enumerate(reversed(digits))
    )
    return str(-total % 10)


def compose(day: date, seat: int, running: int) -> str:
    """Number of the `running`-th order (1–9999) of `day` at `seat` (0–9999)."""
    if not (0 <= seat <= 9999 and 1 <= running <= 9999):
        raise ValueError(f"seat {seat}, running number {running}")
    digits = f"{day:%y%m%d}{seat:04d}{running:04d}"
    return digits + _check_digit(digits)


def is_valid(number: str) -> bool:
    """True where length, digits and check digit are right."""
    return len(number) == LENGTH and number.isascii() and number.isdigit() and _check_digit(number[:-1]) == number[-1]


def plain(text: str) -> str:
    """What a person typed, without spaces and dashes; full-width digits of an input method count."""
    return "".join(character for character in unicodedata.normalize("NFKC", text) if character.isalnum())


def grouped(number: str) -> str:
    """For reading aloud: 261122 9001 00017."""
    return f"{number[:6]} {number[6:10]} {number[10:]}"
