"""Writes the character tables of the search: `python -m knowledge.search.make_tables` (`make tables`).

Simplified characters come from OpenCC's TSCharacters (Apache-2.0), as packed in opencc-python-reimplemented;
readings from pypinyin (MIT). Both are needed only here: at run time their import would cost more than a second.
"""

from __future__ import annotations

import unicodedata
from importlib.resources import files
from itertools import groupby
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent / "tables"
_CHARACTERS = range(0x4E00, 0x9FA6)
_KEPT = frozenset("著乾")
"""Also simplified characters, in words of their own."""
_TONELESS_U = str.maketrans("üǖǘǚǜ", "vvvvv")


def toneless(reading: str) -> str:
    """`lǜ` → `lv`, `zhōng` → `zhong`."""
    plain = unicodedata.normalize("NFC", reading).translate(_TONELESS_U)
    return "".join(letter for letter in unicodedata.normalize("NFD", plain) if letter.isascii())


def simplified_pairs() -> dict[str, str]:
    """Traditional character → simplified one, where they differ."""
    main_table = _pairs("TSCharacters.txt")
    variants = {**_pairs("TWVariantsRev.txt"), **_pairs("HKVariantsRev.txt")}
    simplified = set(main_table.values())
    for variant, character in variants.items():
        if variant not in simplified:
            main_table.setdefault(variant, main_table.get(character, character))
    return {key: main_table[key] for key in sorted(main_table) if key not in _KEPT}


def _pairs(name: str) -> dict[str, str]:
    lines = (files("opencc") / "dictionary" / name).read_text(encoding="utf-8").splitlines()
    columns = (line.split("\t") for line in lines)
    firsts = ((traditional, simplified.split(" ")[0]) for traditional, simplified in columns)
    return {a: b for a, b in firsts if len(a) == len(b) == 1 and a != b}


def readings(skipped: dict[str, str]) -> dict[str, str]:
    """Character → its usual toneless syllable; traditional ones are left out, they never reach the table."""
    from pypinyin.pinyin_dict import pinyin_dict

    found: dict[str, str] = {}
    for code in _CHARACTERS:
        reading = pinyin_dict.get(code, "").split(",")[0]
        if reading and chr(code) not in skipped:
            found[chr(code)] = toneless(reading)
    return found


def phrase_readings(usual: dict[str, str]) -> dict[str, list[str]]:
    """Words of two to four characters that are not read as their characters usually are."""
    from pypinyin.phrases_dict import phrases_dict

    syllables = set(usual.values())
    found: dict[str, list[str]] = {}
    for word, parts in phrases_dict.items():
        read = [toneless(part[0]) for part in parts]
        default = [usual.get(character, "") for character in word]
        if 2 <= len(word) <= 4 and len(read) == len(word) and read != default and set(read) <= syllables:
            found[word] = read
    return found


def main() -> None:
    """Write tables/simplified.txt and tables/sound.txt."""
    _FOLDER.mkdir(exist_ok=True)
    pairs = simplified_pairs()
    text = f"{''.join(pairs)}\n{''.join(pairs.values())}\n"
    (_FOLDER / "simplified.txt").write_text(text, encoding="utf-8")
    usual = readings(pairs)
    ordered = sorted(usual, key=lambda character: (usual[character], character))
    lines = [f"{syllable} {''.join(group)}" for syllable, group in groupby(ordered, key=usual.__getitem__)]
    phrases = phrase_readings(usual)
    lines += ["", *(f"{word} {' '.join(phrases[word])}" for word in sorted(phrases))]
    (_FOLDER / "sound.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
