"""A second pair of eyes for protections, independent of any trained model: rules tuned to miss nothing.

What it sees keeps an item for a person and sets the hold, whatever the model says. It is allowed to be wrong one time
in ten on look-alikes; it is not allowed to overlook a death, a filed over-indebtedness or a threat to a life.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from classifiers.linear import Bare
from classifiers.protective_death import DEATH_CONCEPTS
from classifiers.protective_distress import DISTRESS_CONCEPTS
from classifiers.protective_figures import without_figures
from classifiers.protective_measures import MEASURE_CONCEPTS
from classifiers.protective_patterns import SIGNALS, Signal
from classifiers.protective_told import TOLD
from classifiers.sieve import Sieve
from classifiers.spoken import heard, written_out
from models.labels import Flag, Subcategory
from models.understanding import Cue

RULES = (*SIGNALS, *DISTRESS_CONCEPTS, *DEATH_CONCEPTS, *MEASURE_CONCEPTS, *TOLD)
_SIEVE = Sieve([rule.words for rule in RULES])
PROTECTING = 0.5  # weight from which a cue protects by itself
LONGEST_SENTENCE = 1_500

FLAG_OF_SIGNAL = {
    "distress": Flag.DISTRESS,
    "deceased": Flag.DECEASED,
    "over_indebtedness": Flag.OVER_INDEBTEDNESS,
    "represented": Flag.REPRESENTED,
    "vulnerable": Flag.VULNERABLE,
}
SUBCATEGORY_OF_SIGNAL = {
    "deceased": Subcategory.DEATH,
    "over_indebtedness": Subcategory.OVER_INDEBTEDNESS,
    "guardianship": Subcategory.GUARDIANSHIP,
    "insolvency": Subcategory.INSOLVENCY,
}

# Words worth recognising through OCR noise, and real words a letter away from them.
KEYWORDS = (
    "decede", "decedee", "defunt", "defunte", "succession", "obseques", "suicide", "suicider", "surendettement",
    "tutelle", "curatelle", "tutrice", "curateur", "curatrice", "habilitation", "liquidation", "redressement",
    "judiciaire", "liquidateur", "mandataire", "procuration", "hospitalise", "hospitalisee", "handicape", "handicapee",
    "invalidite", "depression", "cancer", "medicaments", "recevabilite", "commission", "enterrement",
)  # fmt: skip
_REAL_WORDS = (
    "decide decidee decides decider decida decence decente procede precede succede recede concede accede excede "
    "defaut defauts successions commissions judiciaires liquidations mandataires invalidites depressions cancers "
    "medicament surendettes surendette surendettee hospitalises handicapes handicape handicaps redressements "
    "liquidations liquidateurs curateurs tuteur tutelles suicides procurations habilitations permission permissions "
    "repression oppression suppression regression "
    "digression agression omission emission mission nutella chancer "
    "lancer danser cancre expression compression impression progression "
    "possession successive redresse redressee liquidatif habitation habitations defend defunts invalide dedicace "
    "validite deces entierement anterieurement"
)
REAL_WORDS = frozenset(_REAL_WORDS.split())
_TOKEN = re.compile(r"[a-z0-9]+")
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)\"»'][.!?;])\s+|\n\s*\n|…\s*")
_TITLE = re.compile(r"\b(m|mr|mme|mlle|me|art|no|n|dr|st|ste|p|l|r)\.\s+")
_OCR = str.maketrans({"0": "o", "1": "l", "5": "s", "3": "e"})
_SPLIT = (("rn", "m"), ("cl", "d"), ("ii", "u"))  # one letter that a scan broke in two
_MOSTLY_LETTERS = re.compile(r"(?=(?:[a-z]*\d){1,2}[a-z]*$)[a-z]+[015][a-z015]*[a-z]{2,}")
_NEGATED = re.compile(
    r"(?:\bne|\bn'|\bni|\bpas|\bplus|\bjamais|\baucune?|\bnullement|\bsans)(?:\w+)?(?: \w+){0,2}?"
    r"(?: ?(?:pas|plus|jamais|point|nullement|aucune?))?"
    r"(?: (?:encore|du|tout|non|en|de|sous|une?|le|la|les|au|a|suis|etais|eu|fait|depose|etre|ete|place|placee|personne"
    r"|par|bien|donc|ni|dit|question|le moindre|etat)|(?: d'| l'))*\s*$"
)
_DENYING = re.compile(r"(?:plus|pas|rien|aucune?|ne|n'|sans|perdu)\b")  # the denial is part of what announces
_STRONG_NEGATION = re.compile(r"\b(?:ne|n'\w*|ni|pas|plus|jamais|aucune?|nullement|point|sans)\b")


_BARE = Bare({ord("œ"): "oe", ord("æ"): "ae", **dict.fromkeys(map(ord, "’‘`´"), "'")})


def folded(text: str) -> str:
    """Lower case, no accents, straight apostrophes; line breaks inside a paragraph become spaces."""
    text = text.lower().translate(_BARE)
    text = re.sub(r"-\n(?=[a-z])", "", text).replace("_", " ")
    text = re.sub(r"[ \t\u00a0\u202f]+", " ", text)
    text = re.sub(r"[ ]*\n[ ]*(?=[^\n])", lambda m: "\n" if m.start() and text[m.start() - 1] == "\n" else " ", text)
    return _TITLE.sub(r"\1 ", text)


def sentences_of(text: str) -> Iterator[str]:
    """Folded sentences, OCR slips in the words that matter mended."""
    for sentence in _SENTENCE_END.split(written_out(folded(text))):
        mended = without_figures(_TOKEN.sub(lambda match: mended_word(match.group()), sentence))
        for start in range(0, max(len(mended), 1), LONGEST_SENTENCE):
            yield mended[start : start + LONGEST_SENTENCE]


@lru_cache(maxsize=20_000)
def mended_word(word: str) -> str:
    """The keyword a word was before OCR hurt it; the word itself where it may well be meant."""
    if len(word) < 6 or word in KEYWORDS or word in REAL_WORDS or word.isdigit():
        return word
    letters = word.translate(_OCR) if any(c.isdigit() for c in word) else word
    allowed = 2 if len(letters) >= 11 else 1
    whole = {letters.replace(parts, letter) for parts, letter in _SPLIT}
    for keyword in KEYWORDS:
        if letters == keyword or keyword in whole:
            return keyword
        if abs(len(keyword) - len(letters)) > allowed or letters == keyword + "s":
            continue
        if DamerauLevenshtein.distance(letters, keyword, score_cutoff=allowed) <= allowed:
            return keyword
    return heard(letters) or (letters if _MOSTLY_LETTERS.fullmatch(word) else word)


def protective_signals(text: str) -> tuple[Cue, ...]:
    """Everything in the text that announces a protection, strongest first, one cue for the same words and label.

    Cues under `PROTECTING` are for the desk only. Never raises; an empty text gives none.
    """
    found: dict[tuple[str, str], Cue] = {}
    for sentence in sentences_of(text):
        for rule in (RULES[position] for position in _SIEVE.candidates(sentence)):
            for words in _matches(rule, sentence):
                key = (rule.label, words)
                if key not in found or found[key].weight < rule.weight:
                    found[key] = Cue(rule.label, words, rule.weight)
    return tuple(sorted(found.values(), key=lambda cue: (-cue.weight, cue.label, cue.words)))


def protecting_labels(cues: tuple[Cue, ...]) -> tuple[str, ...]:
    """Labels of the cues that protect by themselves, each once."""
    return tuple(dict.fromkeys(cue.label for cue in cues if cue.weight >= PROTECTING))


def _matches(rule: Signal, sentence: str) -> Iterator[str]:
    for match in rule.words.finditer(sentence):
        if rule.unless is not None and rule.unless.search(sentence):
            continue
        before = sentence[max(0, match.start() - 45) : match.start()]
        if rule.negatable and not _DENYING.match(match.group()) and _taken_back(before):
            continue
        yield match.group().strip()


def _taken_back(before: str) -> bool:
    """Whether the words just before deny what follows: "je ne suis pas", "sans", "ni"; "sans mon tuteur" names one."""
    if re.search(r"\bsans (?:mon|ma|l'accord de mon|l'accord de ma)\s*$", before):
        return False
    negated = _NEGATED.search(before)
    return negated is not None and _STRONG_NEGATION.search(negated.group()) is not None
