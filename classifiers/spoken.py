"""Text-message spelling and words written by ear, brought back to the words the protective rules know."""

from __future__ import annotations

import re
from functools import lru_cache

# Only what has one reading in hurried French; the rest is left alone.
_SHORT = {
    "g": "j'ai", "jai": "j'ai", "je": "je", "jé": "j'ai", "jsui": "je suis", "jsuis": "je suis", "chui": "je suis",
    "chuis": "je suis", "jvais": "je vais", "jvai": "je vais", "jv": "je vais", "jpeux": "je peux", "jpe": "je peux",
    "jme": "je me", "jen": "j'en", "jveu": "je veux", "jveux": "je veux", "vé": "vais", "vai": "vais", "veu": "veux",
    "peu plu": "peux plus", "peu plus": "peux plus", "pe plu": "peux plus", "fer": "faire", "fér": "faire",
    "plu": "plus", "pu": "plus", "pa": "pas", "ki": "qui", "ke": "que", "koi": "quoi", "kan": "quand", "c": "c'est",
    "cé": "c'est", "es": "est", "ai mor": "est mort", "mor": "mort", "mour": "mourir", "vou": "vous", "vs": "vous",
    "ns": "nous", "ds": "dans", "ac": "avec", "avek": "avec", "ya": "il y a", "pr": "pour", "tt": "tout",
    "pri": "pris", "boulo": "boulot", "jetai": "j'etais", "ojd": "aujourd'hui", "auj": "aujourd'hui", "vi": "vie",
    "avoca": "avocat", "avocas": "avocat", "fam": "femme", "ospital": "hopital", "lopital": "l'hopital",
    "hosto": "hopital", "deseder": "decede", "peré": "pere", "depui": "depuis", "cancé": "cancer", "cance": "cancer",
    "sui": "suis", "malad": "malade", "enfan": "enfants", "bcp": "beaucoup", "mtn": "maintenant", "tjrs": "toujours",
}  # fmt: skip
_PAIRS = tuple((re.compile(rf"(?<!['\w]){re.escape(short)}(?!['\w])"), word) for short, word in _SHORT.items())
_ELISION = re.compile(
    r"\b(j|m|l|n|d|s|t|qu) (?=(?:ai|as|a|ont|est|etais|etait|en|y|hopital|eau|ecris|ouvrir|aider|il|on)\b)"
)
_HURRIED = re.compile(
    r"(?<!['\w])(?:jai|chui|chuis|jsui|jsuis|jen|jvais|jvai|ke|ki|pa|plu|sui|vou|svp|kan|koi|boulo|jme|jveu|g|c|depui|pri)(?!['\w])"
)
_STEPS = (
    (re.compile(r"oe"), "e"), (re.compile(r"eau|au"), "o"), (re.compile(r"ph"), "f"), (re.compile(r"qu|q|k"), "k"),
    (re.compile(r"(?:ss|s|t|c)ion"), "sion"), (re.compile(r"c(?=[eiy])"), "s"), (re.compile(r"c(?!h)"), "k"),
    (re.compile(r"ch"), "C"), (re.compile(r"h"), ""), (re.compile(r"y"), "i"), (re.compile(r"z"), "s"),
    (re.compile(r"ai|ei"), "e"), (re.compile(r"em(?=[pb])|en|am(?=[pb])|an"), "A"), (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"(?:ees|ee|es|er|ez|et|e|s|t|d|x)$"), ""),
)  # fmt: skip
BY_EAR = (
    "decede", "succession", "obseques", "enterrement", "suicide", "suicider", "surendettement", "surendette",
    "tutelle", "curatelle", "liquidation", "redressement", "judiciaire", "mandataire", "commission", "hospitalise",
    "handicape", "handicap", "depression", "cancer", "medicaments", "hopital", "cimetiere", "avocat", "incinere",
    "invalidite", "chimiotherapie", "heritage", "notaire", "assistante",
)  # fmt: skip


def sound(word: str) -> str:
    """Roughly how a folded French word is heard; only equal sounds are compared."""
    for pattern, letters in _STEPS:
        word = pattern.sub(letters, word)
    return word


_OF_SOUND = {sound(word): word for word in BY_EAR}


@lru_cache(maxsize=20_000)
def heard(word: str) -> str | None:
    """The keyword a folded word sounds like, or None."""
    if len(word) < 5 or not word.isalpha():
        return None
    return _OF_SOUND.get(sound(word))


def written_out(text: str) -> str:
    """Folded text with text-message words written out where the text shows that it is written that way."""
    text = _ELISION.sub(r"\1'", text)
    if _HURRIED.search(text) is None:
        return text
    for pattern, word in _PAIRS:
        text = pattern.sub(word, text)
    return text
