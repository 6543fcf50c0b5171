from __future__ import annotations

import pytest

from knowledge.importing.numerals import value, written


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一", 1),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("三十四", 34),
        ("一百", 100),
        ("一百零二", 102),
        ("一百一十二", 112),
        ("廿三", 23),
        ("一〇二", 102),
        ("10", 10),
        ("１０", 10),
        ("二 十 一", 21),
    ],
)
def test_a_number_is_read_in_every_script(text: str, number: int) -> None:
    assert value(text) == number


@pytest.mark.parametrize("number", [1, 9, 10, 11, 20, 21, 99, 100, 101, 110, 111, 120, 999])
def test_what_is_written_reads_back(number: int) -> None:
    assert value(written(number)) == number
