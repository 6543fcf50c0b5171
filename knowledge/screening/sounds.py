"""Characters by their sound: every code point becomes that of its folded syllable."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from knowledge.search.sound import tables

_PLANE = 0x10000

Code = TypeVar("Code", bound=np.integer[Any])


@cache
def _folded() -> NDArray[np.uint32]:
    """Code point of a character → code point of its folded syllable."""
    known = tables()
    found = np.arange(_PLANE, dtype=np.uint32)
    for character, syllable in known.exact.items():
        if character < _PLANE:
            found[character] = ord(known.fold[ord(syllable)])
    return found


def sound_of(codes: NDArray[Code]) -> NDArray[Code]:
    """The folded sounds of characters; what has none stands for itself."""
    return np.where(codes < _PLANE, _folded()[codes % _PLANE], codes).astype(codes.dtype)
