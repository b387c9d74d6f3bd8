"""Hurt a text as the channel does: OCR confusions, lost lines and accents, hurried spelling, headers, trailers."""

from __future__ import annotations

import random
import unicodedata

CONFUSIONS = {
    "e": "cé", "é": "eè6", "è": "eé", "a": "oà", "o": "0ae", "0": "oO", "1": "lI", "l": "1I", "i": "l1", "n": "ru",
    "u": "nv", "m": "rn", "c": "eé", "h": "b", "b": "h6", "s": "5", "5": "S", "t": "f", "f": "t", "r": "n", "v": "u",
    "à": "a", "ê": "e", "ç": "c", "ù": "u", ".": ",", ",": ".", "'": " ", "g": "9q", "q": "g", "8": "B", "d": "cl",
}  # fmt: skip
SMS = (
    ("que ", "ke "), ("pour ", "pr "), ("vous ", "vs "), ("bonjour", "bjr"), ("c'est", "c"), ("j'ai", "jai"),
    ("s'il vous plaît", "svp"), ("qu'", "qu "), ("beaucoup", "bcp"), ("er ", "é "), ("é ", "er "), ("ez ", "é "),
    ("ss", "s"), ("nn", "n"), ("pp", "p"), ("ait ", "ai "), ("à ", "a "), ("ce ", "se "), ("l'", "l "),
)  # fmt: skip
HEADERS = (
    "Lettre recommandée avec avis de réception", "LRAR n° 1A 203 441 8872 5", "Lettre suivie", "Par fax et courrier",
    "À l'attention du service clients", "Page 1/1", "Copie", "URGENT", "Transmis par la loge", "Reçu le",
)  # fmt: skip
TRAILERS = (
    "Envoyé de mon iPhone", "Envoyé depuis mon mobile", "Ce message est confidentiel.", "Pensez à l'environnement.",
    "Tournez s.v.p.", "Télécharger Outlook pour Android",
)  # fmt: skip


def ocr_noise(text: str, rate: float, noise: random.Random) -> str:
    """Each character is confused, dropped or doubled with probability `rate`."""
    out = []
    for char in text:
        if char == "\n" or noise.random() >= rate:
            out.append(char)
            continue
        choice = noise.random()
        if choice < 0.7 and char.lower() in CONFUSIONS:
            out.append(noise.choice(CONFUSIONS[char.lower()]))
        elif choice < 0.85:
            continue
        else:
            out.append(char + noise.choice(" .'-,"))
    return "".join(out)


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def spelt_in_a_hurry(text: str, noise: random.Random) -> str:
    """A third of the habits of people who write fast, applied half of the time each."""
    for right, wrong in noise.sample(SMS, len(SMS) // 3):
        pieces = text.split(right)
        joined = [pieces[0]]
        for piece in pieces[1:]:
            joined += [wrong if noise.random() < 0.5 else right, piece]
        text = "".join(joined)
    return text


def lost_lines(text: str, noise: random.Random, share: float = 0.1) -> str:
    """Lines the reader missed; a text of three lines or fewer keeps them all."""
    lines = text.split("\n")
    if len(lines) <= 3:
        return text
    return "\n".join(line for line in lines if noise.random() > share)


def augmented(text: str, channel: str, noise: random.Random) -> str:
    """One hurt copy. E-mails keep their letters; paper passes through the scanner."""
    if noise.random() < 0.3:
        text = spelt_in_a_hurry(text, noise)
    if noise.random() < 0.15:
        text = without_accents(text)
    if noise.random() < 0.2:
        text = noise.choice(HEADERS) + "\n" + text
    if channel == "email":
        return text + "\n" + noise.choice(TRAILERS) if noise.random() < 0.3 else text
    text = lost_lines(text, noise)
    return ocr_noise(text, noise.choice((0.0, 0.005, 0.01, 0.02, 0.04, 0.08)), noise)
