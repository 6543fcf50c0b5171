"""How characters sound: toneless syllables, each one private code point.

One syllable as one character lets every string comparison work on sound unchanged. `exact` keeps the syllable,
`folded` merges what dialects and input methods confuse (zh/z, ch/c, sh/s, n/l, h/f, ang/an, eng/en, ing/in).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

_FOLDER = Path(__file__).parent
_EXACT_BASE = 0xE000
_FOLDED_BASE = 0xE400
_DIGIT_SYLLABLES = ("ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu")
_DIGIT_SOUNDS = {str(digit): syllable for digit, syllable in enumerate(_DIGIT_SYLLABLES)}
_FLAT = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_NASAL = ("ang", "eng", "ing")


class Tables(msgspec.Struct, frozen=True):
    """Readings of characters and phrases, and the code points of syllables."""

    syllables: frozenset[str]
    exact: dict[int, str]
    """Character → code point of its syllable, for str.translate."""
    letters: dict[int, str]
    """Character → first letter, for str.translate."""
    phrases: dict[str, tuple[str, str]]
    """Word read unlike its characters → its code points and first letters."""
    starts: dict[str, tuple[str, ...]]
    """First two characters → the phrases that begin so, longest first."""
    code: dict[str, str]
    """Syllable → code point."""
    fold: dict[int, str]
    """Code point → code point of the merged syllable, for str.translate."""


def folded_syllable(syllable: str) -> str:
    """Merge what is often confused: zhang → zan, nu → lu, hui → fui."""
    for heavy, flat in _FLAT:
        if syllable.startswith(heavy):
            syllable = flat + syllable[len(heavy) :]
    if syllable.startswith("n") and len(syllable) > 1:
        syllable = "l" + syllable[1:]
    if syllable.startswith("hu") and len(syllable) > 2:
        syllable = "f" + syllable[2:]
    return syllable[:-1] if syllable.endswith(_NASAL) else syllable


def _read_readings() -> tuple[dict[str, str], dict[str, list[str]]]:
    text = (_FOLDER / "tables" / "sound.txt").read_text(encoding="utf-8")
    single, _, several = text.partition("\n\n")
    characters: dict[str, str] = {}
    for line in single.splitlines():
        syllable, _, group = line.partition(" ")
        characters.update(dict.fromkeys(group, syllable))
    phrases = {line[: line.index(" ")]: line.split(" ")[1:] for line in several.splitlines()}
    own = msgspec.toml.decode((_FOLDER / "words" / "readings.toml").read_bytes(), type=dict[str, dict[str, str]])
    phrases.update({word: reading.split(" ") for word, reading in own["readings"].items()})
    return characters | _DIGIT_SOUNDS, phrases


@cache
def tables() -> Tables:
    """The tables, read at the first use (a few milliseconds)."""
    characters, phrases = _read_readings()
    names = sorted(set(characters.values()) | {"nve", "lve"})
    code = {syllable: chr(_EXACT_BASE + i) for i, syllable in enumerate(names)}
    merged = sorted({folded_syllable(syllable) for syllable in names})
    place = {syllable: chr(_FOLDED_BASE + i) for i, syllable in enumerate(merged)}
    starts: dict[str, list[str]] = {}
    for word in sorted(phrases, key=len, reverse=True):
        starts.setdefault(word[:2], []).append(word)
    return Tables(
        syllables=frozenset(names),
        exact={ord(character): code[syllable] for character, syllable in characters.items()},
        letters={ord(c): syllable[0] for c, syllable in characters.items() if not c.isdigit()},
        phrases={
            word: ("".join(code[s] for s in reading), "".join(s[0] for s in reading))
            for word, reading in phrases.items()
        },
        starts={start: tuple(words) for start, words in starts.items()},
        code=code,
        fold={ord(point): place[folded_syllable(syllable)] for syllable, point in code.items()},
    )


def sounds(spoken: str) -> tuple[str, str]:
    """Syllables (as code points) and first letters of a text, one for each character."""
    known = tables()
    exact, letters = spoken.translate(known.exact), spoken.translate(known.letters)
    parts: list[tuple[str, str]] = []
    last = 0
    for start, word in _unusual(spoken):
        parts += [(exact[last:start], letters[last:start]), known.phrases[word]]
        last = start + len(word)
    if not parts:
        return exact, letters
    parts.append((exact[last:], letters[last:]))
    return "".join(part for part, _ in parts), "".join(part for _, part in parts)


def _unusual(spoken: str) -> Iterator[tuple[int, str]]:
    """Words that are not read as their characters usually are, longest first from the left."""
    known = tables().starts
    free = 0
    for start in range(len(spoken) - 1):
        words = known.get(spoken[start : start + 2])
        if words is None or start < free:
            continue
        word = next((word for word in words if spoken.startswith(word, start)), None)
        if word is not None:
            yield start, word
            free = start + len(word)


def folded(exact: str) -> str:
    """Code points of the merged syllables; other characters stay."""
    return exact.translate(tables().fold)


def is_sound(character: str) -> bool:
    """True for the code point of a syllable."""
    return _EXACT_BASE <= ord(character) < _FOLDED_BASE + 0x400
