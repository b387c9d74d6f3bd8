"""French elisions as engines misread them: `1'huissier`, `I'eau` and `| argent` are l'huissier, l'eau and l argent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ocr.engines import SeenLine, SeenWord

_ELIDED = re.compile(r"^([(\[«\"“]?)[1I|]['’](?=[^\W\d_])")  # an article before a letter; no number is written so
_BAR_BEFORE = re.compile(r"^\|(?=[aeiouyhâàéèêëîïôöûùœ][a-zà-ÿœ]+)")
_VOWEL = re.compile(r"^[aeiouyhâàéèêëîïôöûùœ][a-zà-ÿœ]+")
_BARS = frozenset("|")
_CLOSE = 0.9  # in line heights: further off a bar is the rule of a table


def with_elisions(lines: Sequence[SeenLine]) -> tuple[SeenLine, ...]:
    """Each line with its elided articles put right."""
    return tuple(_line(line) for line in lines)


def _line(line: SeenLine) -> SeenLine:
    if not any(word.text[0] in '1I|([«"“' for word in line.words):
        return line
    words = [_word(word, line.words[at + 1 : at + 2], line) for at, word in enumerate(line.words)]
    return replace(line, words=tuple(words))


def _word(word: SeenWord, after: Sequence[SeenWord], line: SeenLine) -> SeenWord:
    if word.text in _BARS:
        near = bool(after) and after[0].left - word.right < _CLOSE * line.height
        return replace(word, text="l") if near and _VOWEL.match(after[0].text) else word
    text = _ELIDED.sub(r"\1l'", word.text)
    return replace(word, text=_BAR_BEFORE.sub("l", text))
