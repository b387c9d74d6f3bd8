"""Which words weighed most for a label: what the desk marks on the page."""

from __future__ import annotations

from classifiers.linear import LinearModel, Weighed, folded
from models.understanding import Cue

MOST = 5
LIGHTEST = 0.02  # contributions under this are noise
SHORTEST = 3  # letters


def reasons_of(linear: LinearModel, item: Weighed, label: str, most: int = MOST) -> tuple[Cue, ...]:
    """The words that spoke most for the label, as folded words of the text, neighbours joined, heaviest first.

    Contributions are exact for the linear model (weight times value); the encoder is not asked, to stay cheap.
    """
    weighed = linear.word_weights(item, label)
    if not weighed:
        return ()
    heavy = {i for i, (word, weight) in enumerate(weighed) if weight >= LIGHTEST and len(word) >= SHORTEST}
    best = sorted(heavy, key=lambda i: -weighed[i][1])[: 3 * most]
    cues: list[Cue] = []
    taken: set[int] = set()
    for middle in best:
        if middle in taken or len(cues) == most:
            continue
        first, last = _stretch(middle, heavy)
        taken.update(range(first, last + 1))
        words = " ".join(word for word, _ in weighed[first : last + 1])
        if all(words not in cue.words for cue in cues):
            cues.append(Cue(label, words, round(sum(w for _, w in weighed[first : last + 1]), 3)))
    return tuple(cues)


def _stretch(middle: int, heavy: set[int], most: int = 4) -> tuple[int, int]:
    """Neighbouring heavy words around one, at most `most` on either side together."""
    first = last = middle
    while last + 1 in heavy and last - first + 1 < most:
        last += 1
    while first - 1 in heavy and last - first + 1 < most:
        first -= 1
    return first, last


def stands_in(cue: Cue, text: str) -> bool:
    """Whether the words of a cue stand in the text, once both are folded."""
    return cue.words.split()[0] in folded(text)
