"""Where a line may break in what people typed, so that no column has to tear words."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

LONGEST = 24
"""Letters of a word that stays whole; longer ones may break after each `PIECE`."""
PIECE = 12
_SLASHED = re.compile(r"(?<=[^\s/][/@])(?=[^\s/])")
_LONG = re.compile(rf"[^\s/@-]{{{LONGEST + 1},}}")
_BREAK = "\N{ZERO WIDTH SPACE}"


def as_typed(text: str) -> str:
    """What a macro has escaped, as it was before: whoever puts it on the page escapes it once more."""
    return str(text.unescape()) if isinstance(text, Markup) else text


def soft(text: str) -> Markup:
    """Escaped, with soft places after a slash, an @, and within words of more than `LONGEST` letters."""
    pieces = _LONG.sub(lambda word: _broken(word[0]), as_typed(text).replace(_BREAK, ""))
    return escape(_SLASHED.sub(_BREAK, pieces)).replace(_BREAK, Markup("<wbr>"))


def _broken(word: str) -> str:
    """A comma behind it makes no word longer."""
    if len(word.rstrip(",.;:!?)“”")) <= LONGEST:
        return word
    return _BREAK.join(re.findall(rf".{{1,{PIECE}}}", word))
