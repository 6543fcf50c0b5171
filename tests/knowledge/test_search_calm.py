"""The list of answers does not jump while it is read."""

from __future__ import annotations

from knowledge.search.calm import calm
from knowledge.search.entry import Hit


def hits(**scores: float) -> list[Hit]:
    return [Hit(entry_id, score, entry_id) for entry_id, score in scores.items()]


def order(shown: str, **scores: float) -> str:
    return "".join(hit.id for hit in calm(shown, hits(**scores)))


def test_what_was_shown_keeps_its_order_while_the_scores_are_near() -> None:
    assert order("abc", c=51.5, b=51.0, a=50.0) == "abc"


def test_what_is_clearly_better_passes() -> None:
    assert order("abc", c=60.0, b=51.0, a=50.0) == "cab"


def test_a_new_entry_comes_first_only_if_it_is_clearly_better() -> None:
    assert order("ab", n=51.5, a=50.0, b=40.0) == "anb"
    assert order("ab", n=54.0, a=50.0, b=40.0) == "nab"


def test_what_no_longer_matches_is_gone_and_nothing_is_lost() -> None:
    assert order("xay", b=30.0, a=29.0) == "ab"
    assert order("", b=30.0, a=29.0) == "ba"
