"""One telephone number, many spellings."""

from __future__ import annotations

import re
import unicodedata

_ABROAD = re.compile(r"^\s*(\+|00)\s*86")
_MOBILE = re.compile(r"^(?:0|86)?(1[3-9]\d{9})$")


def digits_of(number: str) -> str:
    """Digits of a number as it is dialled inside the country; "" where there are none.

    Country code and the 0 that some exchanges put before a mobile number are taken off; full-width digits
    count.
    """
    plain = unicodedata.normalize("NFKC", number)
    without_country = _ABROAD.sub("", plain)
    digits = "".join(character for character in without_country if character.isascii() and character.isdigit())
    mobile = _MOBILE.match(digits)
    if mobile:
        return mobile[1]
    is_landline_from_abroad = without_country != plain and digits and not digits.startswith("0")
    return f"0{digits}" if is_landline_from_abroad else digits
